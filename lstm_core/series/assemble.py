"""From a table and its roles to a series: dates read, numbers read, repairs done, every step listed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series import repair
from lstm_core.series.clocks import from_local
from lstm_core.series.dates import read_dates
from lstm_core.series.numbers import count_missing_words, missing_words_step, read_column
from lstm_core.series.record import Series, Step
from lstm_core.series.roles import ColumnRoles, DateFormat
from lstm_core.series.spacing import Spacing, find_spacing
from lstm_core.series.table import Table
from lstm_core.series.words import counted

MIN_ROWS = 20
"""Fewest rows of a series: 14 to train, 2 to validate and 4 to test at the default shares."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observations:
    """The chosen columns as numbers on their dates, in file order, before any repair.

    Attributes
    ----------
    frame : float64 columns, target first, NaN where missing
    date_format : how the dates were written, None when rows are numbered
    steps : what reading dates and numbers did
    """

    frame: pd.DataFrame
    date_format: DateFormat | None
    steps: tuple[Step, ...]


def to_series(table: Table, roles: ColumnRoles, observed: Observations | None = None) -> Series:
    """Turn a table into a series: complete, ordered, with unique dates.

    Parameters
    ----------
    observed : Observations, optional
        What `observe` gave for the same table and roles, to spare a second reading.

    Raises
    ------
    SeriesError
        A column does not exist or holds no numbers, dates cannot be read, a repair is needed that was not chosen, or
        fewer than `MIN_ROWS` rows remain (B4, B53).
    """
    observed = observed or observe(table, roles)
    mended = repair.mend(observed.frame, roles)
    frame, steps = mended.frame, [*table.steps, *observed.steps, *mended.steps]
    if len(frame) < MIN_ROWS:
        raise SeriesError(
            f"The series has only {counted(len(frame), 'row')}",
            received=counted(len(frame), "row"),
            expected=f"at least {MIN_ROWS} rows, for a window of a few steps and three parts",
            advice="Use a longer series.",
            field="upload",
        )
    if isinstance(frame.index, pd.DatetimeIndex):
        spacing = find_spacing(frame.index)
    else:
        spacing, frame = Spacing(words=""), frame.reset_index(drop=True)
    steps.extend(_notes(frame, spacing, roles))
    return Series(
        values=frame.to_numpy(dtype=np.float64),
        index=frame.index,
        columns=roles.columns,
        name=table.name,
        unit=roles.unit or table.unit(roles.target),
        step=spacing.words,
        period=roles.period or spacing.period,
        steps=tuple(steps),
        filled=mended.filled,
        merged=mended.merged,
    )


def observe(table: Table, roles: ColumnRoles) -> Observations:
    """Read the chosen columns as numbers and the time column as dates.

    Raises
    ------
    SeriesError
        A column does not exist, is chosen twice (B79), holds no numbers (B60), or the dates cannot be read.
    """
    _check_roles(table, roles)
    steps: list[Step] = []
    n_kept, index, form = table.n_rows, pd.RangeIndex(table.n_rows), None
    if roles.time is not None:
        reading = read_dates(table.frame[roles.time], roles.date_format)
        n_kept, index, form = reading.n_kept, reading.dates, reading.format
        steps.extend(reading.steps)
        if roles.zone is not None:
            index, converted = from_local(index, roles.zone)
            steps.append(converted)
    else:
        detail = "No time column: the rows are numbered from 0 in the order of the file."
        steps.append(Step(name="row numbers", count=table.n_rows, detail=detail))
    columns = {}
    for name in roles.columns:
        column = table.frame[name].iloc[:n_kept]
        columns[name] = read_column(column, table.options.decimal or ".").to_numpy()
        n_words = 0 if pd.api.types.is_numeric_dtype(column) else count_missing_words(column)
        if n_words:
            steps.append(missing_words_step(name, n_words))
    return Observations(frame=pd.DataFrame(columns, index=index), date_format=form, steps=tuple(steps))


def _check_roles(table: Table, roles: ColumnRoles) -> None:
    asked = {
        "target": [roles.target],
        "features": list(roles.features),
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
    chosen = [*roles.columns, *([roles.time] if roles.time else [])]
    twice = next((name for name in chosen if chosen.count(name) > 1), None)
    if twice is not None:
        raise SeriesError(
            f"Column '{twice}' has two roles",
            expected="a column is the time, the target or a further input, and only once",
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
    constant = constant_columns(frame)
    if constant:
        never = "the series never changes: there is nothing to learn"
        detail = f"Constant: {', '.join(constant)}" + (f"; {never}." if roles.target in constant else ".")
        notes.append(Step(name="constant columns", count=len(constant), detail=detail))
    return notes


def count_future(index: pd.Index) -> int:
    """Rows dated after now (B58)."""
    if not isinstance(index, pd.DatetimeIndex):
        return 0
    return int((index > pd.Timestamp.now(tz="UTC").tz_localize(None)).sum())


def constant_columns(frame: pd.DataFrame) -> tuple[str, ...]:
    """Columns with at most one value (B65)."""
    return tuple(str(name) for name in frame.columns if not frame[name].min() < frame[name].max())
