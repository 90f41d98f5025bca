"""A series taken apart: trend, seasons, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.ndimage import uniform_filter1d
from statsmodels.tsa.seasonal import MSTL, STL

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.correlogram import is_constant

TESTED_ROWS = 20_000
"""Longer series are taken apart in their newest rows."""
MIN_ROWS = 12
MOST_WORK = 1_000_000
"""Rows times season length from which the slow smoothers visit every tenth place and are drawn straight between."""
STRONG, CLEAR = 0.85, 0.64
"""From 0.64 on R's `nsdiffs` takes a seasonal difference (Wang, Smith and Hyndman 2006). Below, it may be nothing: a
smoother that follows noise finds seasons of strength 0.3 to 0.6 in it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decomposition:
    """Observed = trend + seasons + remainder, row by row, in original units.

    Attributes
    ----------
    first : row of the series that these rows start with
    observed, trend, remainder : (time,)
    seasonal : (season, time), in the order of `periods`
    periods : rows of each season, ascending; empty when there is none
    trend_strength : `max(0, 1 - Var(remainder) / Var(trend + remainder))`
    season_strengths : the same with each season
    method : STL, MSTL, or a moving average
    verdict : one sentence
    """

    first: int
    observed: TimeValues
    trend: TimeValues
    seasonal: Float[np.ndarray, "season time"]
    remainder: TimeValues
    periods: tuple[int, ...]
    trend_strength: float
    season_strengths: tuple[float, ...]
    method: str
    verdict: str


def decompose(values: TimeValues, periods: Sequence[int]) -> Decomposition | None:
    """Take the newest rows apart; None when there are too few, or they never change.

    One season: STL (Cleveland et al. 1990). Several: MSTL (Bandara et al. 2021), which takes STL in turns. None: a
    centred moving average over a tenth of the rows is the trend. All of them look at both sides of a row: good to look
    at, and a leak as an input of a network.

    Parameters
    ----------
    periods : rows of each season; those of which fewer than two fit are left out
    """
    observed = values[-TESTED_ROWS:]
    n = len(observed)
    if n < MIN_ROWS or is_constant(observed):
        return None
    fitting = tuple(sorted({period for period in periods if 2 <= period <= (n - 1) // 2}))
    halves = observed / 2
    middle = halves.max() + halves.min()
    size = float(np.abs(halves - middle / 2).max())
    trend, seasonal, method = _take_apart((halves - middle / 2) / size, fitting)
    unit_free = (halves - middle / 2) / size
    remainder = unit_free - trend - seasonal.sum(axis=0)
    strengths = tuple(_strength(one, remainder) for one in seasonal)
    trend_strength = _strength(trend, remainder)
    back = 2 * size
    return Decomposition(
        first=len(values) - n,
        observed=observed,
        trend=trend * back + middle,
        seasonal=seasonal * back,
        remainder=remainder * back,
        periods=fitting,
        trend_strength=trend_strength,
        season_strengths=strengths,
        method=method,
        verdict=_judge(trend_strength, dict(zip(fitting, strengths, strict=True)), n, len(values)),
    )


def _take_apart(
    values: TimeValues, periods: tuple[int, ...]
) -> tuple[TimeValues, Float[np.ndarray, "season time"], str]:
    n = len(values)
    if not periods:
        size = max(n // 10, 3) | 1
        trend = uniform_filter1d(values, size=size, mode="nearest")
        return trend, np.zeros((0, n)), f"moving average over {size} rows"
    jump = 1 if n * periods[-1] <= MOST_WORK else max(periods[0] // 10, 1)
    jumps = {"trend_jump": jump, "low_pass_jump": jump}
    if len(periods) == 1:
        one: Any = STL(values, period=periods[0], **jumps).fit()
        return np.asarray(one.trend), np.asarray(one.seasonal)[None], "STL"
    several: Any = MSTL(values, periods=periods, stl_kwargs=dict[str, int | bool | None](jumps)).fit()
    return np.asarray(several.trend), np.asarray(several.seasonal).T.copy(), "MSTL"


def _strength(part: TimeValues, remainder: TimeValues) -> float:
    whole = float(np.var(part + remainder))
    return max(0.0, 1 - float(np.var(remainder)) / whole) if whole > 0 else 0.0


def _judge(trend: float, seasons: dict[int, float], n_rows: int, n_all: int) -> str:
    told = [f"a {_word(trend)} trend (strength {trend:.2f})"]
    told += [
        f"a {_word(strength)} season of {period} rows ({strength:.2f})"
        for period, strength in seasons.items()
    ]
    if not seasons:
        told.append("no season")
    sentence = "The series has " + (" and ".join(told) if len(told) < 3 else ", ".join(told)) + "."
    if n_rows < n_all:
        sentence += f" Newest {n_rows:,} rows.".replace(",", "\u202f")
    return sentence


def _word(strength: float) -> str:
    return "strong" if strength > STRONG else "clear" if strength > CLEAR else "weak"
