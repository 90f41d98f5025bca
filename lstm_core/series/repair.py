"""Repairs: order, duplicates, absent dates, gaps. Each is asked for, named and counted.

Every repair takes a frame of float64 columns on an index and gives the new frame with the step it took, or none.
"""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from lstm_core.arrays import SeriesFlags, TimeFlags
from lstm_core.errors import SeriesError
from lstm_core.series.clocks import clock_set_back
from lstm_core.series.record import Step
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.spacing import absent_dates, find_spacing
from lstm_core.series.words import counted
from lstm_core.settings import Settings


class Repaired(NamedTuple):
    """A frame after a repair, and what was done."""

    frame: pd.DataFrame
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mended:
    """A frame after all repairs: what was done, and to which values.

    Attributes
    ----------
    filled : (time, feature), values that stand in a former gap
    merged : (time,), rows that stand for several of the same date
    """

    frame: pd.DataFrame
    steps: tuple[Step, ...]
    filled: SeriesFlags
    merged: TimeFlags


def mend(frame: pd.DataFrame, roles: ColumnRoles) -> Mended:
    """Do every repair that was chosen, in the only order that works: sort, merge, insert, fill.

    Raises
    ------
    SeriesError
        If a repair is needed that was not chosen, or one cannot be done.
    """
    ordered, sorting = sort_rows(frame, roles)
    repeated = ordered.index[ordered.index.duplicated()]
    merged, merging = merge_duplicates(ordered, roles)
    whole, inserting = insert_absent_dates(merged, roles)
    filled, filling = fill_gaps(whole, roles)
    missing = whole.isna()
    return Mended(
        frame=filled,
        steps=(*sorting, *merging, *inserting, *filling),
        # Dates are unique here, so the rows that are left are found by their date.
        filled=(missing if len(filled) == len(whole) else missing.loc[filled.index]).to_numpy(),
        merged=filled.index.isin(repeated),
    )


def sort_rows(frame: pd.DataFrame, roles: ColumnRoles) -> Repaired:
    """Bring rows into time order; rows with the same date keep the order of the file (B49).

    Raises
    ------
    SeriesError
        If rows are out of order and sorting is off.
    """
    n_moved = count_moved(frame.index)
    if n_moved == 0:
        return Repaired(frame)
    if not roles.sort:
        raise SeriesError(
            f"{counted(n_moved, 'row')} out of time order",
            expected="dates that increase",
            advice="Turn on sorting, or sort the file.",
            field="sort",
        )
    detail = f"{counted(n_moved, 'row')} out of time order moved to their place."
    return Repaired(frame.sort_index(kind="stable"), (Step(name="sort", count=n_moved, detail=detail),))


def count_moved(index: pd.Index) -> int:
    """Rows that stand elsewhere once the rows are sorted; 0 when they are in order."""
    if index.is_monotonic_increasing:
        return 0
    order = index.argsort() if index.is_unique else pd.Series(index).argsort(kind="stable").to_numpy()
    return int((order != range(len(index))).sum())


def merge_duplicates(frame: pd.DataFrame, roles: ColumnRoles) -> Repaired:
    """Make every date unique: the mean or the last of the rows that share it (B50).

    Raises
    ------
    SeriesError
        If dates repeat and no repair was chosen; names the first.
    """
    repeated = frame.index.duplicated(keep="last")
    n_extra = int(repeated.sum())
    if n_extra == 0:
        return Repaired(frame)
    first = frame.index[int(repeated.argmax())]
    if roles.duplicates == "refuse":
        clock = isinstance(frame.index, pd.DatetimeIndex) and clock_set_back(frame.index)
        raise SeriesError(
            f"{counted(n_extra, 'row')} with the date of another row, first at {date_in_words(first)}",
            expected="one row per date",
            advice="Choose to average rows with the same date, or to keep the last one."
            + (f" The clock was set back at {clock}: naming its time zone keeps both hours." if clock else ""),
            field="duplicates",
        )
    if roles.duplicates == "mean":
        merged, how = frame.groupby(level=0).mean(), "averaged"
    else:
        merged, how = frame[~repeated], "dropped; the last row of each date stays"
    detail = f"{counted(n_extra, 'row')} with the date of another row {how}."
    return Repaired(merged, (Step(name=f"duplicates: {roles.duplicates}", count=n_extra, detail=detail),))


def insert_absent_dates(frame: pd.DataFrame, roles: ColumnRoles) -> Repaired:
    """Add an empty row for every date the regular grid has and the file does not (B52).

    Raises
    ------
    SeriesError
        If that makes more rows than the limit (B54), or the dates follow no grid.
    """
    if roles.missing_dates == "keep" or not isinstance(frame.index, pd.DatetimeIndex):
        return Repaired(frame)
    spacing = find_spacing(frame.index)
    if not spacing.is_regular:
        raise SeriesError(
            f"Absent dates cannot be inserted, because the steps are {spacing.words or 'unknown'}",
            expected="steps of one length",
            advice="Keep the rows as neighbours.",
            field="missing_dates",
        )
    limit = Settings().max_rows
    if len(frame) + spacing.n_absent > limit:
        raise SeriesError(
            "Inserting the absent dates would make more rows than the limit",
            received=f"{len(frame) + spacing.n_absent:,} rows",
            expected=f"at most {limit:,} rows",
            advice="Keep the rows as neighbours.",
            field="missing_dates",
        )
    if spacing.n_absent == 0:
        return Repaired(frame)
    absent = absent_dates(frame.index, spacing)
    detail = (
        f"{counted(len(absent), 'absent date')} inserted as missing values, first {date_in_words(absent[0])}."
    )
    whole = frame.reindex(frame.index.union(absent))
    return Repaired(whole, (Step(name="insert dates", count=len(absent), detail=detail),))


def fill_gaps(frame: pd.DataFrame, roles: ColumnRoles) -> Repaired:
    """Fill or drop missing values (B59).

    Raises
    ------
    SeriesError
        If values are missing and no repair was chosen, a gap is longer than allowed, or a gap at the start has nothing
        to fill it from.
    """
    missing = frame.isna()
    n_missing = int(missing.to_numpy().sum())
    if n_missing == 0:
        return Repaired(frame)
    if roles.gaps == "refuse":
        raise _refuse_gaps(frame, missing, n_missing)
    if roles.gaps == "drop":
        kept = frame.dropna()
        n_dropped = len(frame) - len(kept)
        detail = f"{counted(n_dropped, 'row')} with missing values dropped; their neighbours now touch."
        return Repaired(kept, (Step(name="drop", count=n_dropped, detail=detail),))
    _check_lengths(missing, roles)
    if roles.gaps == "interpolate":
        method = "time" if isinstance(frame.index, pd.DatetimeIndex) else "linear"
        filled = frame.interpolate(method=method, limit_area="inside")
        how = "filled by a straight line between their neighbours"
    else:
        filled, how = frame.ffill(), "filled with the value before them"
    steps = []
    n_open = int(filled.isna().any(axis=1).sum())
    if n_open:
        filled = filled.dropna()
        steps.append(
            Step(
                name="drop open ends",
                count=n_open,
                detail=f"{counted(n_open, 'row')} at an end dropped: a gap there has nothing to fill it from.",
            )
        )
    n_filled = n_missing - int(missing.loc[~missing.index.isin(filled.index)].to_numpy().sum())
    detail = f"{counted(n_filled, 'missing value')} {how}."
    return Repaired(filled, (Step(name=roles.gaps, count=n_filled, detail=detail), *steps))


def longest_run(missing: pd.Series) -> tuple[int, int]:
    """Length and first row of the longest run of True."""
    flags = missing.to_numpy()
    runs = pd.Series(flags).groupby((~flags).cumsum()).sum()
    block = int(runs.to_numpy().argmax())
    length = int(runs.iloc[block])
    starts = ((~flags).cumsum() == runs.index[block]) & flags
    return length, int(starts.argmax()) if length else 0


def date_in_words(moment: object) -> str:
    """A date without its midnight and without seconds that are 0, a row number as such."""
    if isinstance(moment, pd.Timestamp):
        exact = "auto" if moment.second or moment.microsecond or moment.nanosecond else "minutes"
        at_midnight = moment == moment.normalize()
        return str(moment.date()) if at_midnight else moment.isoformat(sep=" ", timespec=exact)
    return f"row {moment}"


def _refuse_gaps(frame: pd.DataFrame, missing: pd.DataFrame, n_missing: int) -> SeriesError:
    column = next(name for name in frame.columns if missing[name].any())
    row = int(missing[column].to_numpy().argmax())
    where = (
        date_in_words(frame.index[row]) if isinstance(frame.index, pd.DatetimeIndex) else f"row {row + 1:,}"
    )
    return SeriesError(
        f"{counted(n_missing, 'value')} missing, first in column '{column}' at {where}",
        expected="a number in every row",
        advice="Choose a repair: interpolate, forward fill, or drop the rows.",
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
