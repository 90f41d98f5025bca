"""Whether there is anything to learn: noise, a random walk, or something with a memory (F22)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from statsmodels.tsa.stattools import acf

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.correlogram import (
    autocorrelations,
    is_constant,
    partial_autocorrelations,
    without_unit,
)

TESTED_ROWS = 20_000
"""Longer series are tested on their newest rows."""
LAGS = (10, 60)
"""Few lags, so that a memory of one step does not drown in silent lags; and many, so that a late echo is heard."""
MIN_ROWS = 12
ALPHA = 0.01
"""Stricter than 5%: one random walk in twenty should not be called learnable."""
SMALLEST_SHARE = 0.02
"""Less variance than this explained by the past is not worth a network, however certain it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnability:
    """What the past of a series says about its next value.

    Attributes
    ----------
    something : bool
        Whether the past helps beyond repeating the last value (random walk) or the mean (noise).
    naive_error : float
        Mean absolute error of repeating the last value, over all rows, original units.
    p_values, p_steps : float
        Ljung-Box p-values of the values and of their differences; small means memory. NaN when not defined.
    explained : float
        Share of the variance of the differences that earlier differences explain linearly, 0 to 1.
    lags, n_tested : int
        Most lags, and newest rows, the tests used.
    verdict : str
        One sentence; the naive error belongs beside it, with its unit.
    """

    something: bool
    naive_error: float
    p_values: float
    p_steps: float
    explained: float
    lags: int
    n_tested: int
    verdict: str


def check_learnability(values: TimeValues) -> Learnability:
    """Tell noise and random walks from series with something to learn.

    Ljung-Box (1978) tests whether the first autocorrelations are all 0: of the values (all 0: noise, the mean is
    the best forecast) and of the steps from one value to the next (all 0: a random walk, the last value is). It looks
    at 10 and at 60 lags and doubles the smaller p-value (Bonferroni).
    """
    with np.errstate(over="ignore"):
        naive_error = float(np.abs(np.diff(values)).mean()) if len(values) > 1 else float("nan")
    tested = values[-TESTED_ROWS:]
    n = len(tested)
    if n < MIN_ROWS:
        return _nothing(naive_error, n, f"Too few rows to tell: at least {MIN_ROWS} are needed.")
    if is_constant(tested):
        return _nothing(naive_error, n, "The series never changes: nothing to learn.")
    unit_free = without_unit(tested)
    steps = np.diff(unit_free)
    lags = tuple(sorted({min(most, max(n // 10, 3)) for most in LAGS}))
    p_values = ljung_box(unit_free, lags=lags)
    if np.ptp(steps) <= 1e-9 * np.abs(steps).max():
        return Learnability(
            something=True,
            naive_error=naive_error,
            p_values=p_values,
            p_steps=float("nan"),
            explained=1.0,
            lags=lags[-1],
            n_tested=n,
            verdict="Every step is the same: a straight line forecasts this series perfectly, no network is needed.",
        )
    p_steps, explained = ljung_box(steps, lags=lags), explained_share(steps, n_lags=lags[-1])
    something, verdict = _judge(p_values, p_steps, explained)
    return Learnability(
        something=something,
        naive_error=naive_error,
        p_values=p_values,
        p_steps=p_steps,
        explained=explained,
        lags=lags[-1],
        n_tested=n,
        verdict=verdict,
    )


def ljung_box(values: TimeValues, *, lags: tuple[int, ...]) -> float:
    """p-value of the Ljung-Box test over the first 1 to `lags` lags; several numbers of lags are paid for (Bonferroni).

    Parameters
    ----------
    lags : ascending
    """
    # The same Q as `acorr_ljungbox`, which takes the square of the rows in time: it has no FFT.
    result: Any = acf(values, nlags=lags[-1], qstat=True, fft=True, result_object=True)
    return min(1.0, len(lags) * float(min(result.pvalues[lag - 1] for lag in lags)))


def explained_share(values: TimeValues, *, n_lags: int) -> float:
    """Share of the variance that an autoregression explains: `1 - product(1 - pacf_k^2)` over the lags that stand out.

    Each factor is the fall of the innovation variance in Levinson-Durbin (Box & Jenkins 1976, appendix A3.2); lags
    inside the 95% band of the PACF are left out, or noise would explain `n_lags / n` of itself.
    """
    partial = partial_autocorrelations(autocorrelations(values, n_lags=n_lags))[1:]
    loud = partial[np.abs(partial) > 1.96 / np.sqrt(len(values))]
    return float(np.clip(1 - np.prod(1 - np.clip(loud, -1, 1) ** 2), 0, 1))


def _judge(p_values: float, p_steps: float, explained: float) -> tuple[bool, str]:
    if p_values >= ALPHA:
        return False, (
            "Little to learn beyond repeating the last value or, better here, the mean: the values look like noise "
            f"(Ljung-Box {_p(p_values)})."
        )
    if p_steps >= ALPHA or explained < SMALLEST_SHARE:
        return False, (
            "Little to learn beyond repeating the last value: the steps from one value to the next look like noise "
            f"(Ljung-Box {_p(p_steps)})."
            if p_steps >= ALPHA
            else "Little to learn beyond repeating the last value: earlier steps explain only "
            f"{explained:.1%} of the next one."
        )
    return True, (
        f"There is something to learn: earlier steps explain about {explained:.0%} of the next one's variance "
        f"(Ljung-Box {_p(p_steps)})."
    )


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _nothing(naive_error: float, n_tested: int, verdict: str) -> Learnability:
    undefined = float("nan")
    return Learnability(
        something=False,
        naive_error=naive_error,
        p_values=undefined,
        p_steps=undefined,
        explained=0.0,
        lags=0,
        n_tested=n_tested,
        verdict=verdict,
    )
