"""Whether another column leads the target, and by how many rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy import stats
from scipy.signal import correlate, lfilter
from statsmodels.tsa.stattools import levinson_durbin

from lstm_core.arrays import LagValues, TimeValues
from lstm_core.diagnostics.correlogram import autocorrelations, is_constant, without_unit

MOST_FILTER_LAGS = 30
MIN_ROWS = 30
PREDICTABLE = 1e-9
"""Of a column within -1 to 1, less than this is rounding: its own past says all of it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossCorrelation:
    """Correlation of the target with a column `lag` rows earlier.

    Attributes
    ----------
    lags : (lag,) -n to n rows; above 0 the column leads, below 0 it follows
    values : (lag,) -1 to 1
    band : half-width; two unrelated white series stay within -band..band with probability 95% at each lag
    filter_lags : lags of the autoregression that was taken out of both before; 0 when none was
    strongest : lag with the largest correlation, sign aside
    p_leads : that the column leads at none of the lags above 0 (Haugh 1976); NaN unless prewhitened
    n_observations : rows that were compared
    verdict : one sentence
    """

    lags: Int[np.ndarray, " lag"]
    values: LagValues
    band: float
    filter_lags: int
    strongest: int
    p_leads: float
    n_observations: int
    verdict: str


def cross_correlate(
    target: TimeValues, column: TimeValues, *, n_lags: int, prewhiten: bool
) -> CrossCorrelation | None:
    """Correlate at every lag; None when there are too few rows, or one of the two never changes.

    Two series that remember themselves agree at many lags by chance, far outside the band. Prewhitening (Box and
    Jenkins 1976, section 11.2) takes that memory out: an autoregression is fitted to the column (order by AIC), both
    are filtered with it, and what is left of them is correlated.
    """
    if len(target) < MIN_ROWS or is_constant(target) or is_constant(column):
        return None
    first, second, order, p_leads = without_unit(column), without_unit(target), 0, float("nan")
    if prewhiten:
        weights = autoregression(first)
        order = len(weights)
        p_leads = haugh(first, second, n_lags=n_lags)
        first, second = whiten(first, weights)[order:], whiten(second, weights)[order:]
        if first.std() < PREDICTABLE or second.std() < PREDICTABLE:
            return None
    n = len(first)
    n_lags = min(n_lags, n // 2 - 1)
    lags, values = np.arange(-n_lags, n_lags + 1), _correlations(first, second, n_lags)
    band = float(stats.norm.ppf(0.975) / np.sqrt(n))
    strongest = int(lags[np.abs(values).argmax()])
    return CrossCorrelation(
        lags=lags,
        values=values,
        band=band,
        filter_lags=order,
        strongest=strongest,
        p_leads=p_leads,
        n_observations=n,
        verdict=_judge(lags, values, band, p_leads),
    )


def _correlations(
    first: Float[np.ndarray, " row"], second: Float[np.ndarray, " row"], n_lags: int
) -> LagValues:
    """Correlation of the second with the first `lag` rows earlier, lags -n to n."""
    n = len(first)
    first, second = first - first.mean(), second - second.mean()
    products = correlate(second, first, mode="full", method="fft")[n - 1 - n_lags : n + n_lags]
    return products / (n * first.std() * second.std())


def haugh(column: TimeValues, target: TimeValues, *, n_lags: int) -> float:
    """p-value of a column leading a target at none of the lags 1 to `n_lags`.

    Each of the two is filtered with its own autoregression: only between two white series are correlations at
    different lags independent. `n^2 sum(r_k^2 / (n - k))` then follows chi-square with `n_lags` degrees of freedom
    (Haugh 1976). NaN when nothing of one of them is left.
    """
    own = (autoregression(column), autoregression(target))
    start = max(len(weights) for weights in own)
    first, second = (
        whiten(values, weights)[start:] for values, weights in zip((column, target), own, strict=True)
    )
    n = len(first)
    n_lags = min(n_lags, n // 2 - 1)
    if first.std() < PREDICTABLE or second.std() < PREDICTABLE:
        return float("nan")
    leading = _correlations(first, second, n_lags)[n_lags + 1 :]
    q = n**2 * float((leading**2 / (n - np.arange(1, n_lags + 1))).sum())
    return float(stats.chi2.sf(q, n_lags))


def whiten(values: TimeValues, weights: LagValues) -> TimeValues:
    """What an autoregression leaves of each row; the first rows, which have too few before them, are wrong."""
    return np.asarray(lfilter(np.r_[1.0, -weights], [1.0], values))


def autoregression(values: TimeValues) -> LagValues:
    """Yule-Walker coefficients of lags 1, 2, ...; as many as the AIC asks for, at most 30 or a tenth of the rows."""
    n = len(values)
    most = min(MOST_FILTER_LAGS, n // 10)
    acf = autocorrelations(values, n_lags=most)
    result: Any = levinson_durbin(acf, nlags=most, isacov=True)
    left, weights = np.r_[1.0, result[3][1:]], result[4]  # statsmodels leaves the variance of order 0 out
    # A series that its own past predicts exactly leaves nothing.
    aic = n * np.log(np.maximum(left, 1e-300)) + 2 * np.arange(most + 1)
    order = int(np.argmin(aic))
    return np.asarray(weights[1 : order + 1, order])


def _judge(lags: Int[np.ndarray, " lag"], values: LagValues, band: float, p_leads: float) -> str:
    """Name the strongest lag, at the strictness that looking at many lags asks for; else all leads together."""
    # One of twenty lags leaves a 95% band by chance: together all lags shall do so in 5% (Bonferroni).
    wide = band / stats.norm.ppf(0.975) * stats.norm.ppf(1 - 0.025 / len(lags))
    best = int(np.abs(values).argmax())
    lag, value = int(lags[best]), float(values[best])
    if abs(value) <= wide and p_leads < 0.05:
        first = int(lags[lags > 0][np.abs(values[lags > 0]).argmax()])
        return (
            f"No single lag stands out, but those at which it leads do so together (Haugh's test, p = {p_leads:.2g}), "
            f"most at {first}: it may be worth reading."
        )
    if abs(value) <= wide:
        return "No lag stands out: the column says nothing about the target that a straight line could use."
    rows = f"{abs(lag)} row{'' if abs(lag) == 1 else 's'}"
    told = f"correlation {value:+.2f}".replace("-", "−")
    if lag == 0:
        leads = np.flatnonzero((lags > 0) & (np.abs(values) > wide))
        also = f" It also leads by {int(lags[leads[0]])}." if len(leads) and np.isfinite(p_leads) else ""
        return f"It moves together with the target, in the same row ({told}), which no window holds.{also}"
    if lag < 0:
        return f"It follows the target by {rows} ({told}): what it says, the target has said before."
    return f"It leads the target by {rows} ({told}): worth reading."
