"""Gaps: missing values filled or dropped, each counted. Behind the known rows only the past fills a gap."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.seasonal_profile import learn_profile
from lstm_core.series.dates.spacing import find_spacing
from lstm_core.series.record import Step
from lstm_core.series.roles import ColumnRoles, Gaps
from lstm_core.series.words import counted, date_in_words

Learned = dict[str, list[float]]
"""Column -> its mean, or its seasonal profile."""

_HOW: dict[Gaps, str] = {
    "interpolate": "filled by a straight line between their neighbours",
    "linear": "filled by a straight line from row to row",
    "spline": "filled by a smooth curve (cubic spline) through their neighbours",
    "forward fill": "filled with the value before them",
    "seasonal": "filled by the usual season and a straight line",
    "mean": "filled with the mean of the rows to learn from",
}
_LINES = ("interpolate", "linear", "spline", "seasonal")
"""Ways that look at both sides of a gap, and at its left side alone behind the known rows."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filled:
    """A frame without missing values, and what was done and learned on the way."""

    frame: pd.DataFrame
    steps: tuple[Step, ...] = ()
    learned: Learned = field(default_factory=dict)


def fill_gaps(
    frame: pd.DataFrame,
    roles: ColumnRoles,
    *,
    n_known: int | None = None,
    offset: int = 0,
    learned: Learned | None = None,
) -> Filled:
    """Fill or drop missing values (B59).

    Parameters
    ----------
    n_known : the first rows, which may be looked at as a whole; None: all of them
    offset : rows from the first row that `learned` comes from to the first row here
    learned : means or seasons from an earlier fill; None: learn them from the known rows

    Raises
    ------
    SeriesError
        If values are missing and no repair was chosen, a gap is longer than allowed, or there is nothing to learn from.
    """
    n_known = len(frame) if n_known is None else n_known
    missing = frame.isna()
    n_missing = int(missing.to_numpy().sum())
    learned = _learn(frame, roles, n_known) if learned is None else learned
    if n_missing == 0:
        return Filled(frame=frame, learned=learned)
    if roles.gaps == "refuse":
        raise _refuse(frame, missing, n_missing)
    if roles.gaps == "drop":
        kept = frame.dropna()
        n_dropped = len(frame) - len(kept)
        detail = f"{counted(n_dropped, 'row')} with missing values dropped; their neighbours now touch."
        return Filled(frame=kept, steps=(Step(name="drop", count=n_dropped, detail=detail),))
    _check_lengths(missing, roles)
    filled, n_carried = _fill(frame, roles, n_known, offset, learned)
    return _close_ends(roles, missing, filled, n_carried, learned)


def _close_ends(
    roles: ColumnRoles, missing: pd.DataFrame, filled: pd.DataFrame, n_carried: int, learned: Learned
) -> Filled:
    """Drop rows at an end that nothing could fill, and count everything."""
    open_rows = filled.isna().any(axis=1)
    n_open, steps = int(open_rows.sum()), []
    if n_open:
        filled = filled[~open_rows]
        detail = f"{counted(n_open, 'row')} at an end dropped: a gap there has nothing to fill it from."
        steps.append(Step(name="drop open ends", count=n_open, detail=detail))
    n_filled = int(missing[~open_rows].to_numpy().sum())
    detail = f"{counted(n_filled, 'missing value')} {_HOW[roles.gaps]}."
    if n_carried:
        detail += (
            f" {n_carried:,} of them lie behind the rows to learn from and carry on from the value before: "
            "a line to the next one would look into the future."
        )
    return Filled(
        frame=filled, steps=(Step(name=roles.gaps, count=n_filled, detail=detail), *steps), learned=learned
    )


def _learn(frame: pd.DataFrame, roles: ColumnRoles, n_known: int) -> Learned:
    """Mean or season of every column over the known rows; nothing for other ways."""
    if roles.gaps not in ("mean", "seasonal"):
        return {}
    known = frame.iloc[:n_known]
    empty = next((name for name in known.columns if known[name].isna().all()), None)
    if empty is not None:
        raise SeriesError(
            f"Column '{empty}' has no value in the rows to learn from",
            received=f"{len(known):,} rows without a value",
            expected="at least one value",
            advice="Learn from more rows, or choose another way to fill gaps.",
            field="gaps",
        )
    if roles.gaps == "mean":
        return {str(name): [float(known[name].mean())] for name in known.columns}
    period, phases = _period(frame, roles), np.arange(len(known))
    whole = known.interpolate(method="linear", limit_direction="both")
    return {
        str(name): learn_profile(whole[name].to_numpy(), phases % max(period, 1), period, field="gaps")
        for name in known.columns
    }


def _period(frame: pd.DataFrame, roles: ColumnRoles) -> int:
    index = frame.index
    return roles.period or (find_spacing(index).period if isinstance(index, pd.DatetimeIndex) else 1)


def _fill(
    frame: pd.DataFrame, roles: ColumnRoles, n_known: int, offset: int, learned: Learned
) -> tuple[pd.DataFrame, int]:
    """Frame with its gaps filled, as far as they can be, and how many values carry on from the one before."""
    if roles.gaps == "forward fill":
        return frame.ffill(), 0
    if roles.gaps == "mean":
        return frame.fillna({name: numbers[0] for name, numbers in learned.items()}), 0
    season = pd.DataFrame(0.0, index=frame.index, columns=frame.columns)
    if roles.gaps == "seasonal":
        for name, profile in learned.items():
            season[name] = np.asarray(profile)[(np.arange(len(frame)) + offset) % len(profile)]
    free = frame - season
    head = _lines(free.iloc[:n_known], roles.gaps)
    joined = pd.concat([head, free.iloc[n_known:]])
    # A gap at the end of the file has no value behind it in any way of filling: its rows are dropped, not invented.
    inside = frame.bfill().notna()
    filled = joined.ffill().where(inside) + season
    n_carried = int((joined.isna() & filled.notna()).to_numpy().sum())
    return frame.where(frame.notna(), filled), n_carried


def _lines(known: pd.DataFrame, how: Gaps) -> pd.DataFrame:
    """Gaps between two values of the known rows, filled by a line or a curve."""
    dated = isinstance(known.index, pd.DatetimeIndex)
    if how == "spline":
        return known.apply(_spline)
    method = "time" if how == "interpolate" and dated else "linear"
    return known.interpolate(method=method, limit_area="inside")


def _spline(column: pd.Series) -> pd.Series:
    from scipy.interpolate import CubicSpline

    there = column.notna().to_numpy()
    rows = np.flatnonzero(there)
    if len(rows) < 4:
        return column.interpolate(method="linear", limit_area="inside")
    if isinstance(column.index, pd.DatetimeIndex):
        at = (column.index - column.index[0]).total_seconds().to_numpy()
    else:
        at = column.index.to_numpy(dtype=np.float64)
    inside = ~there & (np.arange(len(column)) > rows[0]) & (np.arange(len(column)) < rows[-1])
    values = column.to_numpy(copy=True)
    values[inside] = CubicSpline(at[there], values[there])(at[inside])
    return pd.Series(values, index=column.index)


def longest_run(missing: pd.Series) -> tuple[int, int]:
    """Length and first row of the longest run of True."""
    flags = missing.to_numpy()
    runs = pd.Series(flags).groupby((~flags).cumsum()).sum()
    block = int(runs.to_numpy().argmax())
    length = int(runs.iloc[block])
    starts = ((~flags).cumsum() == runs.index[block]) & flags
    return length, int(starts.argmax()) if length else 0


def _refuse(frame: pd.DataFrame, missing: pd.DataFrame, n_missing: int) -> SeriesError:
    column = next(name for name in frame.columns if missing[name].any())
    row = int(missing[column].to_numpy().argmax())
    where = (
        date_in_words(frame.index[row]) if isinstance(frame.index, pd.DatetimeIndex) else f"row {row + 1:,}"
    )
    return SeriesError(
        f"{counted(n_missing, 'value')} missing, first in column '{column}' at {where}",
        expected="a number in every row",
        advice="Choose a repair: interpolate (straight line), forward fill (repeat the last value), or drop the rows.",
        field="gaps",
    )


def _check_lengths(missing: pd.DataFrame, roles: ColumnRoles) -> None:
    for name in missing.columns:
        length, row = longest_run(missing[name])
        if length > roles.longest_fill:
            raise SeriesError(
                f"A gap of {length:,} rows in column '{name}' starts at {date_in_words(missing.index[row])}",
                received=f"{length:,} missing values in a row",
                expected=f"at most {roles.longest_fill:,}",
                advice="Raise the longest gap to fill, drop the rows, or use the part after the gap.",
                field="longest_fill",
            )
