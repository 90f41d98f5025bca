"""Integrated gradients: how a forecast's distance from that of a baseline is shared out between the values it read.

Sundararajan, Taly and Yan (2017): walk from the baseline x' to the values x in a straight line, take the slope of the
forecast F on the way, and multiply its mean with the way::

    value_t = (x_t - x'_t) * mean over a in 0..1 of dF/dx_t (x' + a (x - x'))

The values add up to F(x) - F(x'): nothing is left over and nothing counted twice (completeness). The mean is taken at
the midpoints of equal parts, and their number is doubled until the sum is within 1 % of what it should be. Gradient
times input is the same with one slope, that at x, and need not add up. Both equal `weight * (x - x')` for a straight
line.

Everything is in original units. Slopes reach through the scaling, the power and the differences by the chain rule
(`slope.history_slope`), so the sum holds for forecasts in original units too, whatever the transform; the line is
straight in original units, and for a target with differences the values before the window have a share as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from lstm_core.errors import PreparationError
from lstm_core.evaluation.explanation.replacement import rounding_of, train_mean
from lstm_core.evaluation.explanation.slope import InputGradient, history_slope
from lstm_core.evaluation.forecast import Predictor
from lstm_core.preparation import histories
from lstm_core.preparation.histories import HistoryValues
from lstm_core.preparation.windows import Prepared

Baseline = Literal["mean", "window", "zero"]
"""Where the walk begins, the same at every step: the mean of each column over the train rows, over the values of the
window itself, or 0."""

FEWEST_POINTS, MOST_POINTS = 16, 1_024
COMPLETE = 0.01
"""How far the sum may be off, as a share of the distance that is shared out."""
BATCH_WINDOWS = 2_048


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attribution:
    """What every value before a forecast adds to it, seen from a baseline; original unit of the target.

    Attributes
    ----------
    values : (sample, reach, feature) oldest step first, target first
    forecast : (sample,) with the values as they are
    from_baseline : (sample,) with the baseline in their place
    n_points : (sample,) points on the way at which the slope was taken
    rounding : a gap below this is rounding, not a sum that fails
    """

    values: HistoryValues
    forecast: Float[np.ndarray, "sample"]
    from_baseline: Float[np.ndarray, "sample"]
    n_points: Int[np.ndarray, "sample"]
    rounding: float

    @property
    def distance(self) -> Float[np.ndarray, "sample"]:
        """What is shared out: the forecast minus that of the baseline."""
        return self.forecast - self.from_baseline

    @property
    def gap(self) -> Float[np.ndarray, "sample"]:
        """Sum of the values minus the distance."""
        return self.values.sum(axis=(1, 2)) - self.distance

    @property
    def is_complete(self) -> np.ndarray:
        """(sample,) whether the values add up to the distance within 1 %, or within rounding."""
        return np.abs(self.gap) <= np.maximum(COMPLETE * np.abs(self.distance), self.rounding)


def baseline_of(prepared: Prepared, known: HistoryValues, kind: Baseline) -> HistoryValues:
    """Put the baseline in the place of all values, (sample, reach, feature), original units.

    Raises
    ------
    PreparationError
        If the baseline is 0 and the network reads a logarithm or a power, which need values above 0.
    """
    if kind == "window":
        length = prepared.spec.window.length
        return np.broadcast_to(known[:, -length:].mean(axis=1, keepdims=True), known.shape)
    if kind == "zero":
        if prepared.transform.exponent is not None:
            raise PreparationError(
                f"The network reads the {prepared.spec.transform.power} of '{prepared.spec.target}', "
                "which has no value at 0",
                received="a baseline of 0",
                expected="the train mean or the window's own mean",
                field="baseline",
            )
        return np.zeros_like(known)
    return np.broadcast_to(train_mean(prepared), known.shape)


def gradient_times_input(
    predict: Predictor,
    gradient: InputGradient,
    prepared: Prepared,
    known: HistoryValues,
    *,
    start: HistoryValues,
    step: int | None,
) -> Attribution:
    """Slope of the forecast at every value, times the value's distance from the baseline.

    Parameters
    ----------
    predict, gradient : such as a `TrainedNetwork` and its `gradient`
    known : (sample, reach, feature) values before the forecasts, original units; of `histories.histories`
    start : the same of the baseline, such as `baseline_of` gives
    step : step of the horizon, 1, 2, ...; None: mean over the horizon
    """
    pieces = [
        history_slope(predict, gradient, prepared, known[part], step=step) for part in _parts(len(known), 1)
    ]
    return _attribution(predict, prepared, (known, start), np.concatenate(pieces) * (known - start), step)


def integrated_gradients(
    predict: Predictor,
    gradient: InputGradient,
    prepared: Prepared,
    known: HistoryValues,
    *,
    start: HistoryValues,
    step: int | None,
) -> Attribution:
    """Mean slope of the forecast on the straight way from the baseline, times the way; see the top of this file.

    Windows whose sum is not complete with `MOST_POINTS` points keep what they have, and `is_complete` says so.

    Parameters
    ----------
    predict, gradient, known, start, step : as for `gradient_times_input`
    """
    way = known - start
    found = _attribution(predict, prepared, (known, start), np.zeros(known.shape), step)
    open_ = np.arange(len(known))
    n_points = FEWEST_POINTS
    while len(open_) and n_points <= MOST_POINTS:
        shares = ((np.arange(n_points) + 0.5) / n_points)[:, None, None]
        for part in _parts(len(open_), n_points):
            rows = open_[part]
            between = start[rows, None] + shares * way[rows, None]
            slope = history_slope(
                predict, gradient, prepared, between.reshape(-1, *known.shape[1:]), step=step
            )
            found.values[rows] = slope.reshape(between.shape).mean(axis=1) * way[rows]
        found.n_points[open_] = n_points
        open_ = open_[~found.is_complete[open_]]
        n_points *= 2
    found.values.flags.writeable = False
    return found


def _attribution(
    predict: Predictor,
    prepared: Prepared,
    ends: tuple[HistoryValues, HistoryValues],
    values: HistoryValues,
    step: int | None,
) -> Attribution:
    """These values beside the forecasts at both ends of the way."""
    if step is not None and not 1 <= step <= prepared.spec.window.horizon:
        raise ValueError(f"step {step} is outside 1..{prepared.spec.window.horizon}")
    told = []
    for known in ends:
        scaled = np.asarray(predict(histories.to_inputs(prepared, known)))
        original = histories.from_outputs(prepared, scaled, known)
        told.append(original.mean(axis=1) if step is None else original[:, step - 1])
    return Attribution(
        values=values,
        forecast=told[0],
        from_baseline=told[1],
        n_points=np.ones(len(values), dtype=int),
        rounding=rounding_of(prepared),
    )


def _parts(n_windows: int, n_points: int) -> Iterator[slice]:
    """Windows that are walked at once."""
    size = max(BATCH_WINDOWS // n_points, 1)
    for first in range(0, n_windows, size):
        yield slice(first, min(first + size, n_windows))
