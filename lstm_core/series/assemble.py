"""From a table and its roles to a series: dates read, numbers read, repairs done, every step listed."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.cleaning import repair
from lstm_core.series.cleaning.clean import clean
from lstm_core.series.cleaning.learned import Learned
from lstm_core.series.cleaning.spec import Cleaning
from lstm_core.series.cleaning.workpiece import Stage, Workpiece
from lstm_core.series.dates.clocks import from_local
from lstm_core.series.dates.read import read_dates
from lstm_core.series.dates.spacing import Spacing, find_spacing, rows_since
from lstm_core.series.missing_codes import find_codes
from lstm_core.series.reading.number_forms import Marks
from lstm_core.series.reading.numbers import read_values
from lstm_core.series.record import Series, Step
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.table import Table
from lstm_core.series.words import counted

_FIRST_USUAL_YEAR, _LAST_USUAL_YEAR = 1000, 2200
MIN_ROWS = 20
"""Fewest rows of a series: 14 to train, 2 to validate and 4 to test at the default shares."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observations:
    """The chosen columns as numbers on their dates, in file order, before any repair.

    Attributes
    ----------
    frame : float64 columns, target first, NaN where missing
    texts : the text columns on the same rows
    date_format : how the dates were written, None when rows are numbered
    steps : what reading dates and numbers did
    date_reason : what speaks for the date format, as a clause; "" when a person chose it
    """

    frame: pd.DataFrame
    texts: pd.DataFrame
    date_format: DateFormat | None
    steps: tuple[Step, ...]
    date_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assembled:
    """A series with its making: the rows before and behind every repair and step, and what these learned.

    Attributes
    ----------
    last_known : date or number of the last row that repairs and steps learned from, None when they learned nothing
    """

    series: Series
    stages: tuple[Stage, ...]
    learned: Learned
    last_known: Hashable | None = None


def to_series(
    table: Table,
    roles: ColumnRoles,
    observed: Observations | None = None,
    cleaning: Cleaning | None = None,
) -> Series:
    """Turn a table into a series: complete, ordered, with unique dates; see `assemble`."""
    return assemble(table, roles, observed, cleaning).series


def assemble(
    table: Table,
    roles: ColumnRoles,
    observed: Observations | None = None,
    cleaning: Cleaning | None = None,
    learned: Learned | None = None,
) -> Assembled:
    """Repair and clean the chosen columns of a table, and check what came out.

    Parameters
    ----------
    observed : Observations, optional
        What `observe` gave for the same table and roles, to spare a second reading.
    cleaning : Cleaning, optional
        Steps behind the repairs; none when left out.
    learned : Learned, optional
        What the same repairs and steps learned from another table of the same kind: nothing is learned anew, and every
        row counts as one behind the known rows. None: learn from the first rows.

    Raises
    ------
    SeriesError
        A column does not exist or holds no numbers, dates cannot be read, a repair is needed that was not chosen, a
        step cannot be done, or fewer than `MIN_ROWS` rows remain (B4, B53).
    """
    observed, cleaning = observed or observe(table, roles), cleaning or Cleaning()
    first = None if learned is None or learned.first is None else pd.Timestamp(learned.first)
    mended = repair.mend(
        observed.frame,
        roles,
        known_rows=cleaning.known_rows if learned is None else lambda _: 0,
        learned=None if learned is None else learned.gaps,
        first=first,
    )
    _check_length(mended.frame, len(observed.frame))
    index = mended.frame.index
    spacing = find_spacing(index) if isinstance(index, pd.DatetimeIndex) else Spacing(words="")
    piece = Workpiece(
        frame=mended.frame,
        texts=_texts_at(observed.texts, index),
        n_known=mended.n_known,
        period=roles.period or spacing.period,
        offset=rows_since(first, index),
    )
    cleaned = clean(piece, cleaning.steps, None if learned is None else learned.steps)
    _check_length(cleaned.frame, len(observed.frame))
    taught = learned or Learned(
        first=index[0].to_pydatetime(warn=False) if isinstance(index, pd.DatetimeIndex) else None,
        gaps=mended.learned,
        steps=cleaned.learned,
    )
    stages = (*mended.stages, *cleaned.stages)
    done = (*table.steps, *observed.steps, *(step for stage in stages for step in stage.steps))
    series = _finish(table, roles, mended, cleaned.frame, done)
    last_known = index[mended.n_known - 1] if mended.n_known else None
    return Assembled(series=series, stages=stages, learned=taught, last_known=last_known)


def _finish(
    table: Table, roles: ColumnRoles, mended: repair.Mended, frame: pd.DataFrame, steps: tuple[Step, ...]
) -> Series:
    """Series of cleaned rows, with its spacing, its notes and the marks of its repairs."""
    start, made = len(mended.frame) - len(frame), frame.shape[1] - mended.frame.shape[1]
    if isinstance(frame.index, pd.DatetimeIndex):
        spacing = find_spacing(frame.index)
    else:
        spacing, frame = Spacing(words=""), frame.reset_index(drop=True)
    return Series(
        values=frame.to_numpy(dtype=np.float64),
        index=frame.index,
        columns=tuple(map(str, frame.columns)),
        name=table.name,
        unit=roles.unit or table.unit(roles.target),
        step=spacing.words,
        period=roles.period or spacing.period,
        steps=(*steps, *_notes(frame, spacing, roles)),
        filled=np.pad(mended.filled[start:], ((0, 0), (0, made))),
        merged=mended.merged[start:],
    )


def _check_length(frame: pd.DataFrame, n_read: int) -> None:
    if len(frame) < MIN_ROWS:
        advice = "Use a longer series."
        if n_read >= MIN_ROWS:
            left = f"Of {counted(n_read, 'row')}, repairs and steps leave these"
            advice = f"{left}: choose a finer regular step, or drop fewer rows."
        raise SeriesError(
            f"The series has only {counted(len(frame), 'row')}",
            expected=f"at least {MIN_ROWS} rows, for a window of a few steps and three parts",
            advice=advice,
            field="upload",
        )


def _texts_at(texts: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Text of the newest row at or before each moment; rows that repairs merged or made have no text of their own."""
    if not len(texts.columns) or texts.index.equals(index):
        return texts if len(texts.columns) else pd.DataFrame(index=index)
    ordered = texts.sort_index(kind="stable")
    return ordered[~ordered.index.duplicated(keep="last")].reindex(index, method="ffill")


def observe(table: Table, roles: ColumnRoles) -> Observations:
    """Read the chosen columns as numbers and the time column as dates.

    Raises
    ------
    SeriesError
        A column does not exist, is chosen twice (B79), holds no numbers (B60), or the dates cannot be read.
    """
    _check_roles(table, roles)
    steps: list[Step] = []
    n_kept, index, form, reason = table.n_rows, pd.RangeIndex(table.n_rows), None, ""
    if roles.time is not None:
        dated = read_dates(table.frame[roles.time], roles.date_format)
        n_kept, index, form, reason = dated.n_kept, dated.dates, dated.format, dated.because
        steps.extend(dated.steps)
        if roles.zone is not None:
            index, converted = from_local(index, roles.zone)
            steps.append(converted)
    else:
        detail = "No time column: the rows are numbered from 0 in the order of the file."
        steps.append(Step(name="row numbers", count=table.n_rows, detail=detail))
    columns = {}
    for name in roles.columns:
        column = table.frame[name].iloc[:n_kept]
        reading = read_values(column, Marks.of(table.options))
        columns[name] = reading.numbers.to_numpy()
        steps.extend(reading.steps)
    texts = {name: table.frame[name].iloc[:n_kept].astype("str").to_numpy() for name in roles.text}
    return Observations(
        frame=pd.DataFrame(columns, index=index),
        texts=pd.DataFrame(texts, index=index),
        date_format=form,
        steps=tuple(steps),
        date_reason=reason,
    )


def _check_roles(table: Table, roles: ColumnRoles) -> None:
    asked = {
        "target": [roles.target],
        "features": list(roles.features),
        "text": list(roles.text),
        "time": [roles.time] if roles.time else [],
    }
    for field, names in asked.items():
        for name in names:
            if name not in table.columns:
                raise SeriesError(
                    f"The table has no column '{name}'",
                    received=name,
                    expected="one of " + ", ".join(table.columns)[:300],
                    advice="Choose a column of the table.",
                    field=field,
                )
    chosen = [*roles.columns, *roles.text, *([roles.time] if roles.time else [])]
    twice = next((name for name in chosen if chosen.count(name) > 1), None)
    if twice is not None:
        raise SeriesError(
            f"Column '{twice}' has two roles",
            expected="a column is the time, the target, a further input or a text column, and only once",
            advice="The past of the target is always read; take it out of the further inputs.",
            field="features",
        )


def _notes(frame: pd.DataFrame, spacing: Spacing, roles: ColumnRoles) -> list[Step]:
    """What the person should know although nothing was changed (B51, B52, B58, B65)."""
    notes = []
    if spacing.n_irregular:
        detail = f"{counted(spacing.n_irregular, 'step')} between rows unlike the usual one"
        detail += f" ({spacing.words})." if spacing.words else "."
        notes.append(Step(name="irregular steps", count=spacing.n_irregular, detail=detail))
    if spacing.n_absent:
        detail = (
            f"{counted(spacing.n_absent, 'date')} absent; the rows around them are treated as neighbours."
        )
        notes.append(Step(name="absent dates", count=spacing.n_absent, detail=detail))
    n_future = count_future(frame.index)
    if n_future:
        detail = f"{counted(n_future, 'row')} dated in the future."
        notes.append(Step(name="future dates", count=n_future, detail=detail))
    notes.extend(_far_dates(frame.index))
    notes.extend(
        Step(
            name="likely missing",
            count=found.count,
            detail=f"{found.sentence}: it may stand for a missing value.",
        )
        for found in find_codes(frame[list(roles.columns)])
    )
    constant = constant_columns(frame)
    if constant:
        never = "the series never changes: there is nothing to learn"
        detail = f"Constant: {', '.join(constant)}" + (f"; {never}." if roles.target in constant else ".")
        notes.append(Step(name="constant columns", count=len(constant), detail=detail))
    return notes


def _far_dates(index: pd.Index) -> tuple[Step, ...]:
    """Dates so far away that they often stand for "unknown" or "for ever" (B46)."""
    if not isinstance(index, pd.DatetimeIndex):
        return ()
    far = index[(index.year < _FIRST_USUAL_YEAR) | (index.year > _LAST_USUAL_YEAR)]
    if far.empty:
        return ()
    detail = f"{counted(len(far), 'row')} before the year {_FIRST_USUAL_YEAR} or after {_LAST_USUAL_YEAR}, such as "
    detail += f"{far[-1]:%Y-%m-%d}; charts reach that far. Leave such rows out if the date stands for none."
    return (Step(name="far dates", count=len(far), detail=detail),)


def count_future(index: pd.Index) -> int:
    """Rows dated after now (B58)."""
    if not isinstance(index, pd.DatetimeIndex):
        return 0
    return int((index > pd.Timestamp.now(tz="UTC").tz_localize(None)).sum())


def constant_columns(frame: pd.DataFrame) -> tuple[str, ...]:
    """Columns with at most one value (B65)."""
    return tuple(str(name) for name in frame.columns if not frame[name].min() < frame[name].max())
