"""How the values of a series are spread, whatever their order."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import stats

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.correlogram import is_constant, without_unit

MOST_BINS = 60
FEW_VALUES = 12
"""A column with no more distinct values than this counts or names something."""
SKEWED, HEAVY = 1.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distribution:
    """Histogram and moments.

    Attributes
    ----------
    edges : (bin + 1,) original units
    counts : (bin,) values in each bin
    smallest, mean, median, largest, deviation : original units; the deviation is the population's
    skewness, kurtosis : dimensionless, 0 for a normal distribution; NaN when the values never change
    n_distinct : different values
    verdict : one sentence
    """

    edges: Float[np.ndarray, " edge"]
    counts: Int[np.ndarray, " bin"]
    smallest: float
    mean: float
    median: float
    largest: float
    deviation: float
    skewness: float
    kurtosis: float
    n_distinct: int
    verdict: str


def describe_distribution(values: TimeValues) -> Distribution:
    """Histogram (Freedman and Diaconis 1981, at most 60 bins) and moments of at least one value."""
    low, high = float(values.min()), float(values.max())
    centred = values - (low / 2 + high / 2)
    size = float(np.abs(centred).max()) or 1.0
    # Computed without the unit: squares of values beyond 1e154 would overflow.
    unit_free = centred / size
    n_distinct = len(np.unique(values))
    skewness, kurtosis = _moments(values)
    counts, edges = np.histogram(unit_free, bins=_n_bins(unit_free))
    return Distribution(
        edges=edges * size + (low / 2 + high / 2),
        counts=counts,
        smallest=low,
        mean=float(unit_free.mean()) * size + (low / 2 + high / 2),
        median=float(np.median(values)),
        largest=high,
        deviation=float(unit_free.std()) * size,
        skewness=skewness,
        kurtosis=kurtosis,
        n_distinct=n_distinct,
        verdict=_judge(values, skewness, kurtosis, n_distinct),
    )


def _moments(values: TimeValues) -> tuple[float, float]:
    if is_constant(values):
        return float("nan"), float("nan")
    unit_free = without_unit(values)
    return float(stats.skew(unit_free)), float(stats.kurtosis(unit_free))


def _n_bins(values: TimeValues) -> int:
    low, quarter, three_quarters, high = np.quantile(values, [0, 0.25, 0.75, 1])
    width = 2 * (three_quarters - quarter) / len(values) ** (1 / 3)
    return int(np.clip(np.ceil((high - low) / width), 1, MOST_BINS)) if width > 0 else MOST_BINS


def _judge(values: TimeValues, skewness: float, kurtosis: float, n_distinct: int) -> str:
    if n_distinct == 1:
        return "One value only."
    if n_distinct <= FEW_VALUES and n_distinct < len(values) / 4:
        return f"Only {n_distinct} different values: the column counts or names something."
    if abs(skewness) > SKEWED:
        side = "large" if skewness > 0 else "small"
        cure = (
            " All values are above 0: a logarithm (on the Windows page) would bring the tail in."
            if values.min() > 0 and skewness > 0
            else ""
        )
        return f"A long tail of {side} values (skewness {skewness:.2f}).{cure}".replace("-", "−")
    if kurtosis > HEAVY:
        return f"Symmetric, with more extremes than a normal distribution (excess kurtosis {kurtosis:.1f})."
    return f"No long tail (skewness {skewness:.2f}).".replace("-", "−")
