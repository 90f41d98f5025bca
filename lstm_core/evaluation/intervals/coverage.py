"""Coverage: how often bands held the truth, how wide they were, and whether both could be chance."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

from lstm_core.evaluation.intervals.bands import Bands, Method
from lstm_core.evaluation.intervals.conformal import conformal_rank
from lstm_core.evaluation.verdict import Verdict, amount, part_of

CHANCE = 0.95
"""How often bands that hold exactly as many as they should would be measured inside the range of chance."""
ROUGHER = 0.05
"""How much larger misses of one part must be for it to be called rougher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the bands of one method and level did on the windows of a part.

    Attributes
    ----------
    level : share they were to hold
    held : share they held
    n : how many were measured
    low, high : shares held that lie within chance, were the promise kept and the windows independent
    width : mean width of those with a limit, original units; NaN when none has one
    unbounded : how many have no limit
    score : mean interval score, original units; smaller is better
    n_errors : see `Bands`
    """

    method: Method
    level: float
    held: float
    n: int
    low: float
    high: float
    width: float
    unbounded: int
    score: float
    n_errors: int | None = None

    @property
    def off(self) -> int:
        """-1: holds less than chance allows, 1: more, 0: within it."""
        return int(self.held > self.high) - int(self.held < self.low)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rolling:
    """Coverage of one level over time.

    Attributes
    ----------
    size : how many windows each share looks over
    low, high : shares that lie within chance in so many independent windows
    rows : (place,) row of the series of the newest of them
    shares : (place,) share of them whose bands held
    """

    method: Method
    level: float
    size: int
    low: float
    high: float
    rows: np.ndarray
    shares: np.ndarray


def measure(bands: Bands) -> tuple[Coverage, ...]:
    """Coverage, width and score of every level, in the order of `bands.levels`."""
    n = len(bands.actual)
    measured = []
    for level, held, unbounded, lower, upper in zip(
        bands.levels, bands.held, bands.unbounded, bands.lower, bands.upper, strict=True
    ):
        low, high = chance_range(n, level, n_errors=bands.n_errors)
        measured.append(
            Coverage(
                method=bands.method,
                level=level,
                held=float(held.mean()),
                n=n,
                low=low,
                high=high,
                width=2 * mean_half_width(bands, level=level),
                unbounded=int(unbounded.sum()),
                score=float(interval_scores(lower, upper, bands.actual, level).mean()),
                n_errors=bands.n_errors,
            )
        )
    return tuple(measured)


@lru_cache(maxsize=256)
def chance_range(n: int, level: float, *, n_errors: int | None = None) -> tuple[float, float]:
    """Shares held in n independent windows that 95 of 100 measurements of a kept promise lie between.

    Binomial for a level that is exactly right. Split conformal promises it on average over the errors it might have
    been given: with the k-th smallest of m errors as width the share held is distributed Beta(k, m + 1 - k), and what
    n windows show of it is beta-binomial (Angelopoulos and Bates 2023, section 3.2).

    Parameters
    ----------
    n_errors : how many errors a fixed width was made of; None: the binomial
    """
    rank = conformal_rank(n_errors, level) if n_errors else 0
    if n_errors and rank <= n_errors:
        # scipy's own `interval` adds up from 0 again at every look: ten times as slow for 200,000 windows.
        so_far = np.cumsum(stats.betabinom.pmf(np.arange(n + 1), n, rank, n_errors + 1 - rank))
        low, high = np.searchsorted(so_far, [(1 - CHANCE) / 2, (1 + CHANCE) / 2])
    else:
        low, high = stats.binom.interval(CHANCE, n, level)
    return float(low) / n, float(high) / n


def interval_scores(lower: np.ndarray, upper: np.ndarray, actual: np.ndarray, level: float) -> np.ndarray:
    """Winkler's interval score: the width, and `2 / (1 - level)` times how far outside the truth lies.

    Smaller is better, and no band has a smaller mean score than the true quantiles (Winkler 1972; Gneiting and
    Raftery 2007, section 6.2).

    Parameters
    ----------
    lower, upper, actual : (sample,) original units
    """
    outside = np.maximum(lower - actual, 0) + np.maximum(actual - upper, 0)
    return (upper - lower) + 2 / (1 - level) * outside


def rolling(bands: Bands, *, level: float, size: int) -> Rolling:
    """How the coverage of one level came and went; there must be at least `size` windows."""
    held = bands.held[bands.levels.index(level)]
    low, high = chance_range(size, level)
    counted = np.concatenate([[0], np.cumsum(held)])
    return Rolling(
        method=bands.method,
        level=level,
        size=size,
        low=low,
        high=high,
        rows=bands.rows[size - 1 :],
        shares=(counted[size:] - counted[:-size]) / size,
    )


def rolling_size(n: int) -> int:
    """How many windows a rolling coverage looks over: a fifth of them, 20 to 200, but no more than there are."""
    return min(max(n // 5, 20), 200, n)


def mean_half_width(bands: Bands, *, level: float) -> float:
    """Half the mean width of the bands of one level that have a limit, original units; NaN when none has one."""
    at = bands.levels.index(level)
    widths = (bands.upper[at] - bands.lower[at])[~bands.unbounded[at]]
    return float(widths.mean() / 2) if len(widths) else float("nan")


def coverage_verdict(found: Coverage, *, calibrated_on: np.ndarray, errors: np.ndarray, unit: str) -> Verdict:
    """Say how many of the bands held, whether that is what they promise, and why not.

    Parameters
    ----------
    calibrated_on, errors : (sample,) misses of the validation and of the test part in original units, same step
    """
    asked = f"{found.level:.0%} bands"
    if found.unbounded == found.n:
        return Verdict(
            tone="caution",
            sentence=f"The validation part is too short for {asked}: no error of it is large enough to be sure.",
        )
    chance = f"{found.low:.0%} to {found.high:.0%} would be chance in {found.n} windows"
    if found.n_errors:
        chance += f" with a width from {found.n_errors} errors"
    seen = f"Of the {asked} {part_of(found.held)} held the truth ({chance})"
    if found.off == 0:
        width = f"at a mean width of {amount(found.width, unit)}"
        limits = f"; {found.unbounded} of them had no limit" if found.unbounded else ""
        return Verdict(tone="good", sentence=f"{seen}, which fits what they promise, {width}{limits}.")
    word = "narrow" if found.off < 0 else "wide"
    reason = _reason(found, calibrated_on, errors, unit)
    return Verdict(tone="caution", sentence=f"{seen}: too {word}. {reason}")


def _reason(found: Coverage, calibrated_on: np.ndarray, errors: np.ndarray, unit: str) -> str:
    if found.method == "dropout" and found.off < 0:
        return "They tell how unsure the weights are and leave out the noise of the series, so this is usual."
    if found.method == "quantiles":
        return "They were learned on the train windows alone and never checked against errors on later ones."
    if found.method == "adaptive":
        return "The level moves a little with every truth: a larger rate or a longer test part helps."
    then, now = (float(np.abs(one).mean()) for one in (calibrated_on, errors))
    sizes = f"a typical miss was {amount(then, unit)} there and is {amount(now, unit)} here"
    if found.off < 0 and now > then * (1 + ROUGHER):
        return f"The validation part was calmer than the test part: {sizes}."
    if found.off > 0 and now < then * (1 - ROUGHER):
        return f"The validation part was rougher than the test part: {sizes}."
    return f"Typical misses do not explain it ({sizes}): rare large ones do, or many at a time."
