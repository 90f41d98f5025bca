"""Repairs: order, regular step, duplicates, absent dates. Each is asked for, named and counted.

Every repair takes a frame of float64 columns on an index and gives the new frame with the step it took, or none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from lstm_core.arrays import SeriesFlags, TimeFlags
from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.gaps import Learned, fill_gaps
from lstm_core.series.cleaning.workpiece import Stage
from lstm_core.series.dates.clocks import clock_set_back
from lstm_core.series.dates.spacing import absent_dates, find_spacing, rows_since
from lstm_core.series.missing_codes import mark_codes
from lstm_core.series.record import Step
from lstm_core.series.roles import ColumnRoles, RegularStep
from lstm_core.series.words import counted, date_in_words
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
    stages : one per repair that did something
    filled : (time, feature), values that stand in a former gap
    merged : (time,), rows that stand for several of the same date
    n_known : the first rows, from which steps may learn
    learned : what filling gaps learned, per column
    """

    frame: pd.DataFrame
    stages: tuple[Stage, ...]
    filled: SeriesFlags
    merged: TimeFlags
    n_known: int
    learned: Learned

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done, in order."""
        return tuple(step for stage in self.stages for step in stage.steps)


def mend(
    frame: pd.DataFrame,
    roles: ColumnRoles,
    *,
    known_rows: Callable[[int], int] = int,
    learned: Learned | None = None,
    first: pd.Timestamp | None = None,
) -> Mended:
    """Do every repair that was chosen, in the only order that works: codes, sort, regular step, merge, insert, fill.

    Parameters
    ----------
    known_rows : how many of some rows may be looked at as a whole when gaps are filled; all of them when left out
    learned, first : what an earlier fill learned, and the first row it was learned on

    Raises
    ------
    SeriesError
        If a repair is needed that was not chosen, or one cannot be done.
    """
    stages: list[Stage] = []
    valid = _note(stages, "missing_codes", frame, Repaired(*mark_codes(frame, roles.missing_codes)))
    ordered = _note(stages, "sort", valid, sort_rows(valid, roles))
    even = _note(stages, "regular_step", ordered, resample(ordered, roles))
    merged = _note(stages, "duplicates", even, merge_duplicates(even, roles))
    whole = _note(stages, "missing_dates", merged, insert_absent_dates(merged, roles))
    n_known, missing = known_rows(len(whole)), whole.isna()
    offset = rows_since(first, whole.index)
    filled = fill_gaps(whole, roles, n_known=n_known, offset=offset, learned=learned)
    _note(stages, "gaps", whole, Repaired(filled.frame, filled.steps))
    last_known = filled.frame.index.isin(whole.index[:n_known]).sum()
    return Mended(
        frame=filled.frame,
        stages=tuple(stages),
        # Dates are unique here, so the rows that are left are found by their date.
        filled=(missing if len(filled.frame) == len(whole) else missing.loc[filled.frame.index]).to_numpy(),
        merged=filled.frame.index.isin(even.index[even.index.duplicated()]),
        n_known=min(known_rows(len(filled.frame)), int(last_known)),
        learned=filled.learned,
    )


def _note(stages: list[Stage], key: str, before: pd.DataFrame, repaired: Repaired) -> pd.DataFrame:
    """Add a stage when a repair did something; returns its frame."""
    after = repaired.frame
    if repaired.steps:
        stages.append(
            Stage(
                key=key,
                before=before,
                after=after,
                touched=_touched(key, before, after),
                steps=repaired.steps,
            )
        )
    return after


def _touched(key: str, before: pd.DataFrame, after: pd.DataFrame) -> SeriesFlags:
    """Values of `after` that a repair made or moved."""
    if key == "missing_codes":
        return (before.notna() & after.isna()).to_numpy()
    if key == "gaps":
        return before.isna().loc[after.index].to_numpy()
    if key == "missing_dates":
        rows = ~after.index.isin(before.index)
    elif key == "duplicates":
        rows = after.index.isin(before.index[before.index.duplicated()])
    else:
        rows = np.zeros(len(after), dtype=bool)
    return np.repeat(rows[:, None], after.shape[1], axis=1)


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
    if roles.date_format in ("day first", "month first") and n_moved > len(frame) / 2:
        detail += " So many are a sign that day and month changed places: try the other date format."
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
            + (
                f" The clock was set back at {clock}: naming its time zone keeps both hours." if clock else ""
            ),
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


_RULES: dict[RegularStep, tuple[str, float]] = {
    "minute": ("1min", 60),
    "5 minutes": ("5min", 300),
    "10 minutes": ("10min", 600),
    "15 minutes": ("15min", 900),
    "30 minutes": ("30min", 1800),
    "hour": ("1h", 3600),
    "3 hours": ("3h", 10_800),
    "6 hours": ("6h", 21_600),
    "12 hours": ("12h", 43_200),
    "day": ("1D", 86_400),
    "business day": ("B", 86_400 * 7 / 5),
    "week": ("W-MON", 604_800),
    "month": ("MS", 86_400 * 365.25 / 12),
    "quarter": ("QS", 86_400 * 365.25 / 4),
    "year": ("YS", 86_400 * 365.25),
}
"""pandas' rule, and seconds of one step."""


def resample(frame: pd.DataFrame, roles: ColumnRoles) -> Repaired:
    """Bring the rows to a regular step, dated at the start of each (B51).

    Raises
    ------
    SeriesError
        If rows are only numbered, or that makes more rows than the limit (B54: counted before anything is made).
    """
    if roles.regular_step is None:
        return Repaired(frame)
    if not isinstance(frame.index, pd.DatetimeIndex):
        raise SeriesError(
            "A regular step needs dates, and the rows are only numbered",
            expected="a time column",
            advice="Choose a time column, or leave the steps as they are.",
            field="regular_step",
        )
    rule, seconds = _RULES[roles.regular_step]
    n_rows = int((frame.index[-1] - frame.index[0]).total_seconds() / seconds) + 1
    limit = Settings().max_rows
    if n_rows > limit:
        raise SeriesError(
            "The regular step would make more rows than the limit",
            received=f"about {n_rows:,} rows",
            expected=f"at most {limit:,} rows",
            advice="Choose a longer step.",
            field="regular_step",
        )
    groups = frame.resample(rule, label="left", closed="left")
    even = groups.sum(min_count=1) if roles.aggregate == "sum" else groups.agg(roles.aggregate)
    n_empty = int(even.isna().all(axis=1).sum())
    detail = (
        f"{counted(len(frame), 'row')} brought to {counted(len(even), 'step')} of one {roles.regular_step} each, "
        f"dated at its start; rows of one step became their {roles.aggregate}."
    )
    detail += f" {counted(n_empty, 'step')} without rows: a gap." if n_empty else ""
    return Repaired(even, (Step(name="regular step", count=len(even), detail=detail),))
