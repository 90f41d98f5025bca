"""Intervals: bands around the forecasts of the test part, some steps ahead, in original units.

Conformal bands are made of the errors of the validation part, which the weights were not fitted to, and put around the
forecasts of the test part. Where the target was trained on its logarithm or Box-Cox transform, whose swings grow with
the level, errors are measured on that scale and the band is brought back through its inverse, which rises: what the
band holds there it holds here, and it grows with the level. Elsewhere the half width is the same for every window.
Differences need nothing of their own: errors are taken of whole forecasts, after they were added up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import SampleRows
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.intervals.adaptive import RATE, adaptive_half_widths
from lstm_core.evaluation.intervals.conformal import split_conformal
from lstm_core.preparation.transform import FittedTransform
from lstm_core.recipe.transform import change_power, undo_power

Method = Literal["split", "adaptive", "dropout", "quantiles"]
METHODS: dict[Method, str] = {
    "split": "Split conformal",
    "adaptive": "Adaptive conformal",
    "dropout": "Monte-Carlo dropout",
    "quantiles": "Quantile networks",
}
LEVELS = (0.5, 0.8, 0.95)
BandEdges = Float[np.ndarray, "level sample"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bands:
    """Bands of several levels around the forecasts of one step of the horizon.

    Attributes
    ----------
    levels : share of truths that each band is to hold
    lower, upper : (level, sample) original units; infinite where a band has no limit, never NaN, lower <= upper
    actual, predicted : (sample,) original units, oldest first
    rows : (sample,) row of the series each value belongs to
    step : how many steps ahead was forecast, 1, 2, ...
    n_errors : how many errors fixed widths were made of; None where widths follow the truths or come from no errors
    """

    method: Method
    levels: tuple[float, ...]
    lower: BandEdges
    upper: BandEdges
    actual: np.ndarray
    predicted: np.ndarray
    rows: SampleRows
    step: int
    unit: str = ""
    n_errors: int | None = None

    def __post_init__(self) -> None:
        """Refuse shapes that would broadcast, and edges that have changed places."""
        shape = (len(self.levels), len(self.actual))
        if self.lower.shape != shape or self.upper.shape != shape:
            raise ValueError(f"edges {self.lower.shape} and {self.upper.shape} must be {shape}")
        if not (self.lower <= self.upper).all():
            raise ValueError("a lower edge lies above its upper one, or is no number")

    @property
    def name(self) -> str:
        """What the method is called."""
        return METHODS[self.method]

    @property
    def held(self) -> np.ndarray:
        """Whether each band holds its truth, (level, sample)."""
        return (self.lower <= self.actual) & (self.actual <= self.upper)

    @property
    def unbounded(self) -> np.ndarray:
        """Whether a band has no limit, (level, sample)."""
        return ~(np.isfinite(self.lower) & np.isfinite(self.upper))


def split_bands(
    validation: Forecast,
    test: Forecast,
    transform: FittedTransform,
    *,
    step: int = 1,
    levels: Sequence[float] = LEVELS,
) -> Bands:
    """Bands as wide everywhere on the scale that errors are measured on.

    Parameters
    ----------
    validation, test : forecasts of both parts, original units
    transform : of the target, says which scale that is
    """
    sizes = error_sizes(validation, transform, step=step)
    widths = split_conformal(sizes[:, None], levels)
    made = _around("split", test.at_step(step), transform, widths, levels, step)
    return replace(made, n_errors=len(sizes))


def adaptive_bands(
    validation: Forecast,
    test: Forecast,
    transform: FittedTransform,
    *,
    step: int = 1,
    levels: Sequence[float] = LEVELS,
    rate: float = RATE,
) -> Bands:
    """Bands that widen after misses and narrow after hits; each knows only what was known at its origin.

    The first one is that of `split_bands`, unless the validation part is longer than `adaptive.MOST`.
    """
    past, errors = (error_sizes(one, transform, step=step) for one in (validation, test))
    widths = [
        adaptive_half_widths(past, errors, test.origins, step=step, level=level, rate=rate)
        for level in levels
    ]
    return _around("adaptive", test.at_step(step), transform, np.stack(widths), levels, step)


def drawn_bands(
    draws: Float[np.ndarray, "draw sample horizon"],
    test: Forecast,
    *,
    step: int = 1,
    levels: Sequence[float] = LEVELS,
) -> Bands:
    """Bands between quantiles of many forecasts of the same windows, such as those of Monte-Carlo dropout.

    Parameters
    ----------
    draws : original units; of the newest windows of `test`, or of all
    """
    n = draws.shape[1]
    test = replace(test, origins=test.origins[-n:], actual=test.actual[-n:], predicted=test.predicted[-n:])
    outside = (1 - np.asarray(levels)) / 2
    edges = np.quantile(draws[:, :, step - 1], [outside, 1 - outside], axis=0)
    return _between("dropout", test.at_step(step), edges[0], edges[1], levels, step)


def quantile_bands(
    edges: Float[np.ndarray, "edge sample horizon"], test: Forecast, *, level: float, step: int = 1
) -> Bands:
    """Band between the forecasts of two networks; where they cross, the lower one is taken as the lower edge.

    Parameters
    ----------
    edges : original units, of networks trained to the quantiles (1 - level) / 2 and (1 + level) / 2
    test : of the network that the band is put around
    """
    edges = np.sort(edges[:, :, step - 1], axis=0)
    return _between("quantiles", test.at_step(step), edges[:1], edges[1:], (level,), step)


def count_crossings(edges: Float[np.ndarray, "edge sample horizon"], *, step: int = 1) -> int:
    """At how many windows the network of the lower edge says more than that of the upper one."""
    return int((edges[0, :, step - 1] > edges[1, :, step - 1]).sum())


def error_sizes(made: Forecast, transform: FittedTransform, *, step: int) -> np.ndarray:
    """How far off each forecast was, (sample,), on the scale that errors are measured on; not negative."""
    one = made.at_step(step)
    actual, predicted = (_measured(values[:, 0], transform) for values in (one.actual, one.predicted))
    return np.abs(actual - predicted)


def _around(
    method: Method,
    test: Forecast,
    transform: FittedTransform,
    widths: np.ndarray,
    levels: Sequence[float],
    step: int,
) -> Bands:
    """Forecast plus and minus half widths, (level, 1 or sample), on the scale that errors are measured on."""
    middle = _measured(test.predicted[:, 0], transform)
    exponent, size = transform.exponent, transform.size
    lower, upper = (undo_power(middle + sign * widths, exponent, size) for sign in (-1, 1))
    return _between(method, test, lower, upper, levels, step)


def _between(
    method: Method,
    test: Forecast,
    lower: np.ndarray,
    upper: np.ndarray,
    levels: Sequence[float],
    step: int,
) -> Bands:
    return Bands(
        method=method,
        levels=tuple(levels),
        lower=lower,
        upper=upper,
        actual=test.actual[:, 0],
        predicted=test.predicted[:, 0],
        rows=test.origins,
        step=step,
        unit=test.unit,
    )


def _measured(values: np.ndarray, transform: FittedTransform) -> np.ndarray:
    """Original units to the scale that errors are measured on: that of the power, else the same."""
    if transform.exponent is None:
        return values
    # A forecast may have sunk to 0, which has no logarithm: the smallest number above it has.
    return change_power(np.maximum(values, np.finfo(np.float64).tiny), transform.exponent, transform.size)
