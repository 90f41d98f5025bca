"""The example: rows of the validation part whose forecast is drawn again and again while the network trains."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from lstm_core.arrays import HorizonValues, SampleRows, WindowInputs
from lstm_core.preparation.windows import Prepared
from lstm_core.training.events import ExampleForecast

MOST_ROWS = 64
"""Enough to see a season or two; few enough to be computed twice a second."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """A stretch of the series, forecast in blocks as long as the horizon, each from its own window.

    Attributes
    ----------
    rows : (step) rows of the series, rising; a stride can leave rows out between two blocks
    actual : (step) original units
    origins : (sample) first row of every block
    inputs : (sample, window, feature) scaled, what each block is forecast from
    """

    rows: Int[np.ndarray, "step"]
    actual: Float[np.ndarray, "step"]
    origins: SampleRows
    inputs: WindowInputs


def example(prepared: Prepared) -> Example:
    """The last rows of the validation part: at most `MOST_ROWS`, but one block at least.

    The part is not learned from, and unlike the test part it may be looked at while choices are made.
    """
    windows, horizon = prepared.validation, prepared.spec.window.horizon
    most = max(MOST_ROWS // horizon, 1)
    chosen: list[int] = []
    for at in range(len(windows) - 1, -1, -1):
        if len(chosen) == most:
            break
        if not chosen or windows.origins[at] + horizon <= windows.origins[chosen[-1]]:
            chosen.append(at)
    places = np.array(chosen[::-1])
    origins = windows.origins[places]
    rows = (origins[:, None] + np.arange(horizon)).ravel()
    return Example(rows=rows, actual=prepared.values[rows, 0], origins=origins, inputs=windows.inputs[places])


def in_original_units(prepared: Prepared, example: Example, predicted: HorizonValues) -> tuple[float, ...]:
    """Forecast of the example's windows as one value per row, ready to be told."""
    return tuple(float(value) for value in prepared.to_original(predicted, example.origins).ravel())


def mean_error(example: Example, told: ExampleForecast) -> float:
    """Mean absolute error of a forecast of the example, in original units."""
    return float(np.mean(np.abs(np.array(told.values) - example.actual)))
