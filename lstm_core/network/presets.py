"""The named networks of the source documents, with their input shapes and what the documents say about them."""

from dataclasses import dataclass

from lstm_core.network.counts import count_parameters
from lstm_core.network.spec import LayerSpec, NetworkSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A network somebody else described.

    Attributes
    ----------
    title : what a person picks
    says : what the document says about it
    window_length, n_features, horizon : the input and output it was described for
    """

    title: str
    says: str
    network: NetworkSpec
    window_length: int
    n_features: int
    horizon: int = 1

    @property
    def n_parameters(self) -> int:
        """How many numbers it learns on its own input shape."""
        return count_parameters(self.network, n_features=self.n_features, horizon=self.horizon)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputShape:
    """The three numbers of an input, as the documents write them: batch, steps, columns."""

    name: str
    batch: int
    steps: int
    n_features: int
    columns: str


INPUT_SHAPES = (
    InputShape(name="Temperature", batch=32, steps=10, n_features=1, columns="the temperature"),
    InputShape(
        name="Words of a text", batch=16, steps=20, n_features=100, columns="an embedding of 100 numbers"
    ),
    InputShape(name="Machine", batch=64, steps=50, n_features=3, columns="temperature, pressure, vibration"),
    InputShape(name="Stock", batch=32, steps=30, n_features=5, columns="open, high, low, close, volume"),
    InputShape(name="ECG", batch=32, steps=100, n_features=1, columns="the voltage"),
)
"""Temperature, words and machine with the shapes of the document; it gives only the columns of stock and ECG."""


WIDTHS = (32, 50, 100, 200)


def _stack(*layers: LayerSpec) -> NetworkSpec:
    return NetworkSpec(layers=layers)


PRESETS: dict[str, Preset] = {
    "first": Preset(
        title="First example: 50 units on 10 steps",
        says="The hands-on example of the introduction: 10 steps of a noisy sine wave, one column, the next value. "
        "The tutorial it comes from uses relu; tanh is loaded here, because relu lets the cell state grow "
        "without bound.",
        network=_stack(LayerSpec(units=50)),
        window_length=10,
        n_features=1,
    ),
    "basic": Preset(
        title="Basic: 50 units for prices",
        says="30 days of price, volume and moving average; the target is the next day's price. “a basic and "
        "comparatively lightweight model, suitable for datasets with relatively simple temporal dependencies and a "
        "moderate number of features.” The tutorial it comes from uses relu; tanh is loaded here.",
        network=_stack(LayerSpec(units=50)),
        window_length=30,
        n_features=3,
    ),
    "sensor": Preset(
        title="Sensor: 100 and 50 units for a machine",
        says="30 steps of 10 sensors; the target is an anomaly score. The first layer hands every step to the second "
        "(return_sequences), and dropout slows the overfitting that a larger network invites. The tutorial it "
        "comes from uses relu; tanh is loaded here.",
        network=_stack(LayerSpec(units=100), LayerSpec(units=50, dropout=0.2)),
        window_length=30,
        n_features=10,
    ),
    "shallow": Preset(
        title="Shallow: one layer of 32",
        says="5 steps of 2 columns, 100 windows of random numbers. Its tutorial calls it insufficient. On random "
        "numbers there is nothing to learn, so the validation loss decides, not the depth.",
        network=_stack(LayerSpec(units=32)),
        window_length=5,
        n_features=2,
    ),
    "deep": Preset(
        title="Deep: two layers of 32",
        says="The same input with a second layer on the whole sequence of the first. Its tutorial expects it to learn "
        "higher-level patterns; it has 2.8 times as many numbers to learn from the same 100 windows.",
        network=_stack(LayerSpec(units=32), LayerSpec(units=32)),
        window_length=5,
        n_features=2,
    ),
    "two columns": Preset(
        title="Two columns: 50 units for the scaling table",
        says="Four rows of two columns, whose sizes differ by a factor of 100, and one step each: the tutorial shows "
        "with it what scaling does. One step is no sequence: nothing is remembered, so take a real window.",
        network=_stack(LayerSpec(units=50)),
        window_length=1,
        n_features=2,
    ),
    "plain": Preset(
        title="Plain: 100 units on 15 columns",
        says="200 windows of 10 steps and 15 columns of random numbers, without any regularisation: 46 501 numbers to "
        "learn from 200 windows. The tutorial compares it with the next one.",
        network=_stack(LayerSpec(units=100)),
        window_length=10,
        n_features=15,
    ),
    "regularised": Preset(
        title="Regularised: the same with L2, batch norm and dropout",
        says="The same input with three brakes on overfitting: a penalty on the weights of the input (L2 0.01), batch "
        "normalisation, and 30% dropout. Of its 46 901 numbers 200 are averages that are not trained. Its tutorial "
        "says that it generalises better; on random numbers nothing can, so compare both on your series, with "
        "several seeds.",
        network=_stack(LayerSpec(units=100, l2=0.01, normalization="batch", dropout=0.3)),
        window_length=10,
        n_features=15,
    ),
    **{
        f"{units} units": Preset(
            title=f"Width: {units} units",
            says=f"One of the four widths the introduction tries: {', '.join(map(str, WIDTHS[:-1]))} and {WIDTHS[-1]} "
            "units on one column. Twice the units are nearly four times the numbers to learn.",
            network=_stack(LayerSpec(units=units)),
            window_length=10,
            n_features=1,
        )
        for units in WIDTHS
    },
}
