"""The seasonal profile: what a place in the season adds to a value, learned once and used again."""

from functools import lru_cache

import numpy as np
import pandas as pd

from lstm_core.arrays import TimeValues
from lstm_core.errors import SeriesError

MOST_ROWS = 20_000
"""Longer series are decomposed in their newest rows: robust STL needs seconds beyond, and seasons change anyway."""

LONGEST = 10_000
"""Longest season that is learned: its profile has as many numbers, and a run keeps them."""
ROWS_PER_FIT = 20
"""Fits in a period, at least."""


def learn_profile(values: TimeValues, phases: np.ndarray, period: int, *, field: str) -> list[float]:
    """Median of the robust STL season at each place of the season; they add up to 0.

    Parameters
    ----------
    values : (time,) complete
    phases : (time,) place of every row in the season, 0 to period - 1
    field : control that can cure what is refused here

    Raises
    ------
    SeriesError
        If no season is known, or fewer than two of them are there to learn from.
    """
    check_period(len(values), period, field=field)
    newest = slice(-max(MOST_ROWS, 2 * period), None)
    _, season = decompose(values[newest], period)
    by_place = pd.Series(season).groupby(phases[newest]).median().reindex(range(period)).to_numpy()
    return (by_place - by_place.mean()).tolist()


def decompose(values: TimeValues, period: int) -> tuple[TimeValues, TimeValues]:
    """Trend and season by robust STL, each (time,).

    Trend and season of a long period move slowly: they are fitted at every twentieth of a period and joined by lines,
    as the authors of STL advise. A period of 1,440 rows takes a second so, and minutes at every row.
    """
    return _fit(np.ascontiguousarray(values, dtype=np.float64).tobytes(), period)


@lru_cache(maxsize=4)
def _fit(content: bytes, period: int) -> tuple[TimeValues, TimeValues]:
    """Trend and season of values given as bytes; a step learns from the same values that it is then applied to."""
    from statsmodels.tsa.seasonal import STL

    jump = max(period // ROWS_PER_FIT, 1)
    values = np.frombuffer(content)
    parts = STL(values.copy(), period=period, robust=True, trend_jump=jump, low_pass_jump=jump).fit()
    trend, season = np.asarray(parts.trend), np.asarray(parts.seasonal)
    trend.flags.writeable = season.flags.writeable = False
    return trend, season


def check_period(n_rows: int, period: int, *, field: str) -> None:
    """Refuse a season that is unknown or does not fit twice.

    Raises
    ------
    SeriesError
        Says how many rows there are and how many two seasons take.
    """
    if period < 2:
        raise SeriesError(
            "No season length is known for this series",
            expected="a season of at least 2 rows",
            advice="Give the season length, or choose a way without seasons.",
            field=field,
        )
    if period > LONGEST:
        raise SeriesError(
            "The season is too long to be learned",
            received=f"season length {period:,}",
            expected=f"at most {LONGEST:,} rows",
            advice="Bring the rows to a longer step first, or choose a way without seasons.",
            field=field,
        )
    if n_rows < 2 * period:
        raise SeriesError(
            "Too few rows to learn a season from",
            received=f"{n_rows:,} rows to learn from, season length {period:,}",
            expected=f"at least {2 * period:,} rows, two seasons",
            advice="Give a shorter season length, learn from more rows, or choose a way without seasons.",
            field=field,
        )
