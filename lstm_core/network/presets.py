"""The named networks of the source documents, with their input shapes and what the documents say about them."""

from dataclasses import dataclass

from lstm_core.network.spec import LayerSpec, NetworkSpec, count_parameters


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
class Growth:
    """One change on the way from one network to another.

    Attributes
    ----------
    change : what was changed
    n_parameters : of the network after the change
    added : parameters the change brought (negative: took away)
    """

    change: str
    n_parameters: int
    added: int


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
}


def growth(before: Preset, after: Preset) -> tuple[Growth, ...]:
    """Walk from one preset to another, one change at a time, and count what each change costs.

    The order is: input columns, units of the layers both have, further layers, layers taken away, dropout, horizon.
    The last `n_parameters` is that of `after`.
    """
    layers, features, horizon = list(before.network.layers), before.n_features, before.horizon
    count, steps = before.n_parameters, []

    def note(change: str) -> None:
        nonlocal count
        now = count_parameters(_stack(*layers), n_features=features, horizon=horizon)
        steps.append(Growth(change=change, n_parameters=now, added=now - count))
        count = now

    goal = after.network.layers
    if features != after.n_features:
        change = f"Input columns: {features} to {after.n_features}"
        features = after.n_features
        note(change)
    for at in range(min(len(layers), len(goal))):
        if layers[at].units != goal[at].units:
            change = f"LSTM {at + 1}: {layers[at].units} to {goal[at].units} units"
            layers[at] = layers[at].model_copy(update={"units": goal[at].units})
            note(change)
    for at in range(len(layers), len(goal)):
        layers.append(goal[at].model_copy(update={"dropout": 0.0}))
        note(f"LSTM {at + 1}: a further layer of {goal[at].units} units")
    while len(layers) > len(goal):
        gone = layers.pop()
        note(f"LSTM {len(layers) + 1}: the layer of {gone.units} units is gone")
    for at, (have, want) in enumerate(zip(layers, goal, strict=True)):
        if have.dropout != want.dropout:
            layers[at] = have.model_copy(update={"dropout": want.dropout})
            note(f"Dropout {at + 1}: {have.dropout:g} to {want.dropout:g}")
    if horizon != after.horizon:
        change = f"Horizon: {horizon} to {after.horizon}"
        horizon = after.horizon
        note(change)
    return tuple(steps)
