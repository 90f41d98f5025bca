"""A forecast: what was predicted, what came true, and when, in original units."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import HorizonValues, SampleRows, WindowInputs
from lstm_core.errors import RunError
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared

Predictor = Callable[[WindowInputs], HorizonValues]
"""Windows in, forecasts out, both transformed and scaled: `(sample, window, feature) -> (sample, horizon)`.

An LSTM is `partial(forward, spec, weights)`; anything else with this shape is scored the same way.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """Forecast and truth of one part, oldest window first, in original units.

    Attributes
    ----------
    origins : (sample,) row of the first forecast value of each window
    actual, predicted : (sample, horizon) float64, read-only, finite; column h is h + 1 steps ahead
    part : which part of the series
    unit : unit of the target, "" when unknown
    label : what made the forecast, in words
    """

    origins: SampleRows
    actual: HorizonValues
    predicted: HorizonValues
    part: Part
    unit: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        """Refuse shapes that would broadcast instead of pairing up, such as (n, 1) against (n,)."""
        if self.actual.ndim != 2 or not self.actual.shape == self.predicted.shape:
            raise ValueError(f"actual {self.actual.shape} and predicted {self.predicted.shape} must match")
        if self.origins.shape != self.actual.shape[:1]:
            raise ValueError(f"{self.origins.shape[0]} origins for {self.actual.shape[0]} windows")
        check_finite(self.predicted, self.label)
        for name in ("origins", "actual", "predicted"):
            array = getattr(self, name).view()
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        """Number of windows."""
        return len(self.origins)

    @property
    def horizon(self) -> int:
        """How many steps ahead each window forecasts."""
        return self.actual.shape[1]

    @property
    def rows(self) -> np.ndarray:
        """Row of the series that each value belongs to, shape (sample, horizon)."""
        return self.origins[:, None] + np.arange(self.horizon)

    def at_step(self, step: int) -> "Forecast":
        """Only the values `step` steps ahead (1, 2, ...), as a forecast with horizon 1.

        Its origins move along, so that `rows` still says which row each value belongs to.

        Raises
        ------
        ValueError
            If the forecast does not reach that far.
        """
        if not 1 <= step <= self.horizon:
            raise ValueError(f"step {step} is outside 1..{self.horizon}")
        column = slice(step - 1, step)
        return Forecast(
            origins=self.origins + (step - 1),
            actual=self.actual[:, column],
            predicted=self.predicted[:, column],
            part=self.part,
            unit=self.unit,
            label=self.label,
        )


def check_finite(predicted: np.ndarray, label: str = "") -> None:
    """Refuse forecasts that are NaN or infinite.

    Raises
    ------
    RunError
        If any is.
    """
    if not np.isfinite(predicted).all():
        raise RunError(
            f"The forecast of {label or 'the network'} is not a number everywhere",
            advice="Train again with a lower learning rate, a clip norm of 1, or the tanh activation.",
            field="learning_rate",
        )


def forecast(predict: Predictor, prepared: Prepared, *, part: Part, label: str, unit: str = "") -> Forecast:
    """Forecast every window of a part and bring the result back to original units.

    The truth is read from the series itself, so that it carries no rounding of the scaled float32 targets.

    Raises
    ------
    ValueError
        If `predict` does not return (sample, horizon).
    RunError
        If a forecast is NaN or infinite.
    """
    windows = prepared.part(part)
    scaled = np.asarray(predict(windows.inputs))
    if scaled.shape != windows.targets.shape:
        raise ValueError(f"the predictor returned {scaled.shape} for targets of {windows.targets.shape}")
    predicted = prepared.to_original(scaled, windows.origins)
    return paired(prepared, predicted, part=part, label=label, unit=unit)


def paired(
    prepared: Prepared, predicted: HorizonValues, *, part: Part, label: str, unit: str = ""
) -> Forecast:
    """Put forecasts in original units, shape (sample, horizon), beside the truth of the same rows."""
    origins = prepared.part(part).origins
    rows = origins[:, None] + np.arange(prepared.spec.window.horizon)
    return Forecast(
        origins=origins,
        actual=prepared.values[rows, 0],
        predicted=predicted,
        part=part,
        unit=unit,
        label=label,
    )
