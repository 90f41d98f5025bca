"""The seasonal profile: what a place in the season adds to a value, learned once and used again."""

import numpy as np
import pandas as pd

from lstm_core.arrays import TimeValues
from lstm_core.errors import SeriesError

MOST_ROWS = 20_000
"""Longer series are decomposed in their newest rows: robust STL needs seconds beyond, and seasons change anyway."""


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
    from statsmodels.tsa.seasonal import STL

    check_period(len(values), period, field=field)
    newest = slice(-max(MOST_ROWS, 2 * period), None)
    season = STL(values[newest], period=period, robust=True).fit().seasonal
    by_place = pd.Series(season).groupby(phases[newest]).median().reindex(range(period)).to_numpy()
    return (by_place - by_place.mean()).tolist()


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
    if n_rows < 2 * period:
        raise SeriesError(
            "Too few rows to learn a season from",
            received=f"{n_rows:,} rows to learn from, season length {period:,}",
            expected=f"at least {2 * period:,} rows, two seasons",
            advice="Give a shorter season length, learn from more rows, or choose a way without seasons.",
            field=field,
        )
