"""Every layout turned into one row per moment: long rows, year x month sheets and dates across become columns."""

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.dates.parts import assemble_dates
from lstm_core.series.dates.read import read_dates
from lstm_core.series.layout.long_form import LongForm, labels_of, read_numbers, to_long
from lstm_core.series.layout.spec import LayoutSpec, find_layout
from lstm_core.series.reading.column_types import type_columns
from lstm_core.series.reading.header import clean_names
from lstm_core.series.reading.number_forms import Marks
from lstm_core.series.record import Step
from lstm_core.series.table import Table
from lstm_core.series.words import counted
from lstm_core.settings import Settings

LAYOUT_STEPS = ("date parts", "long layout", "calendar layout", "dates across")
"""Names of the steps that say what a file was taken for, and why."""
_CELLS_PER_ROW = 20
"""Cells that a turned table may have, per row that the limit of rows allows: what fits into memory."""


def reshape(table: Table, wanted: LayoutSpec) -> Table:
    """Turn a table so that a row is a moment and a column is a quantity.

    Parameters
    ----------
    wanted : LayoutSpec
        How the file is laid out; its kind "detect" finds it.

    Raises
    ------
    SeriesError
        The table cannot have that layout, holds a series twice at one date, or turning it would pass a limit.
    """
    layout = find_layout(table, wanted)
    if layout.date_parts:
        table = assemble_dates(table, layout.date_parts)
    if layout.kind == "wide":
        return table
    marks = Marks.of(table.options)
    long = _merge(_choose(to_long(table, layout), layout), layout, marks)
    several = len(long.labels.drop_duplicates()) > 1
    columns = _spread(long) if several else _as_it_stands(long, layout)
    titles = [title for value in long.values for title in _titles(long, str(value))]
    names, _ = clean_names([str(long.times.name), *titles])
    frame, trimmed = _trim(pd.concat(columns, axis=1).set_axis(list(names), axis=1), layout)
    frame, typed = _type_again(frame, marks)
    per_value = len(titles) // long.values.shape[1]
    units = [table.unit(str(value)) for value in long.values for _ in range(per_value)]
    known = tuple((name, unit) for name, unit in zip(names[1:], units, strict=True) if unit)
    return replace(table, frame=frame, units=known, steps=(*table.steps, *long.steps, *trimmed, *typed))


def series_names(table: Table, wanted: LayoutSpec) -> tuple[str, ...]:
    """Names of the series in a file, in its order; none when it holds only one.

    Raises
    ------
    SeriesError
        If the table cannot have the layout that was asked for.
    """
    layout = find_layout(table, wanted)
    if layout.date_parts:
        table = assemble_dates(table, layout.date_parts)
    if not layout.series or any(name not in table.columns for name in layout.series):
        return ()
    return tuple(labels_of(table, layout).drop_duplicates())


def _choose(long: LongForm, layout: LayoutSpec) -> LongForm:
    """Only the series that were chosen; refuses one that the file does not hold, and more than a table may have."""
    names = list(long.labels.drop_duplicates())
    absent = next((name for name in layout.chosen if name not in names), None)
    if absent is not None:
        raise SeriesError(
            f"The file holds no series '{absent[:60]}'",
            received=absent[:60],
            expected="one of " + ", ".join(names)[:300],
            advice="Choose among the series of the file.",
            field="layout_chosen",
        )
    n_taken, n_most = len(layout.chosen or names) * long.values.shape[1], Settings().max_columns
    if n_taken > n_most:
        raise SeriesError(
            f"The file holds {len(names):,} series, more than a table may have columns",
            received=f"{n_taken:,} columns",
            expected=f"at most {n_most:,}",
            advice="Choose the series to load.",
            field="layout_chosen",
        )
    if not layout.chosen or len(layout.chosen) == len(names):
        return long
    detail = f"{len(layout.chosen):,} of {len(names):,} series taken: {', '.join(layout.chosen)[:200]}."
    step = Step(name="choose series", count=len(layout.chosen), detail=detail)
    return long.rows(long.labels.isin(layout.chosen), step)


def _merge(long: LongForm, layout: LayoutSpec, marks: Marks) -> LongForm:
    """One row per series and date, by the rule that was chosen.

    Rows of the same date in a file of one series are left alone when no rule was chosen: they wait for the repair of
    duplicates like those of any other file.
    """
    keys = pd.DataFrame({"label": long.labels, "time": long.times})
    repeated = keys.duplicated(keep="last")
    n_extra = int(repeated.sum())
    if n_extra == 0 or (layout.repeated == "refuse" and len(keys["label"].drop_duplicates()) == 1):
        return long
    if layout.repeated == "refuse":
        row = int(repeated.to_numpy().argmax())
        raise SeriesError(
            f"{counted(n_extra, 'row')} with the series and the date of another row, first series "
            f"'{str(long.labels.iloc[row])[:60]}' at {str(long.times.iloc[row])[:40]}",
            expected="one row per series and date",
            advice="Choose to average such rows, to add them up, or to keep the last one.",
            field="layout_repeated",
        )
    how = {"mean": "averaged", "sum": "added up", "last": "dropped; the last row stays"}[layout.repeated]
    detail = f"{counted(n_extra, 'row')} with the series and the date of another row {how}."
    step = Step(name=f"same series and date: {layout.repeated}", count=n_extra, detail=detail)
    if layout.repeated == "last":
        return long.rows(~repeated, step)
    readings = {str(name): read_numbers(long.values[name], marks) for name in long.values}
    numbers = pd.DataFrame({name: reading.numbers for name, reading in readings.items()})
    read = tuple(step for reading in readings.values() for step in reading.steps)
    groups = numbers.groupby([keys["label"], keys["time"]], sort=False)
    merged = (groups.mean() if layout.repeated == "mean" else groups.sum(min_count=1)).reset_index()
    return LongForm(
        times=merged["time"].rename(str(long.times.name)),
        labels=merged["label"],
        values=merged[list(long.values.columns)],
        steps=(*long.steps, *read, step),
    )


def _spread(long: LongForm) -> list[pd.Series]:
    """Times, then a column per value and series in the order of the file; rows go by time where dates are clear."""
    rows, moments = pd.factorize(long.times)
    places, labels = pd.factorize(long.labels)
    n_rows, n_series = len(moments), len(labels)
    limit = Settings().max_rows * _CELLS_PER_ROW
    if n_rows * n_series * long.values.shape[1] > limit:
        raise SeriesError(
            "One column per series would make a table beyond the limit",
            received=f"{n_rows:,} dates of {n_series:,} series",
            expected=f"at most {limit:,} cells",
            advice="Choose fewer series.",
            field="layout_chosen",
        )
    order = _order(pd.Series(moments, name=long.times.name))
    columns = [pd.Series(moments)[order].reset_index(drop=True)]
    for name in long.values:
        cells = long.values[name]
        is_number = pd.api.types.is_numeric_dtype(cells)
        grid = np.full(
            (n_rows, n_series), np.nan if is_number else "", dtype=np.float64 if is_number else object
        )
        grid[rows, places] = cells.to_numpy()
        columns.extend(
            pd.Series(grid[order, place], dtype="float64" if is_number else "str")
            for place in range(n_series)
        )
    return columns


def _as_it_stands(long: LongForm, layout: LayoutSpec) -> list[pd.Series]:
    """Times and values of the only series, in the order of the file; dates across may stand in any order."""
    frame = pd.concat([long.times, long.values], axis=1)
    if layout.kind == "dates across":
        frame = frame.iloc[_order(long.times)].reset_index(drop=True)
    return [frame.iloc[:, place] for place in range(frame.shape[1])]


def _type_again(frame: pd.DataFrame, marks: Marks) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """Numbers for every series whose cells are all numbers, where a cell of another series made the column text."""
    texts = [name for name in frame.columns[1:] if frame[name].dtype == "str"]
    if not texts:
        return frame, ()
    typed = type_columns(frame[texts], marks)
    return frame.assign(**{str(name): typed.frame[name] for name in texts}), typed.steps


def _titles(long: LongForm, value: str) -> list[str]:
    """Column names of a value: the series, with the value in front when there are several."""
    labels = [str(label) for label in long.labels.drop_duplicates()]
    if long.values.shape[1] == 1:
        return [label or value for label in labels]
    return [f"{value} ({label})" if label else value for label in labels]


def _order(times: pd.Series) -> np.ndarray:
    """Rows in order of time; as they stand when the dates cannot be read without a choice."""
    if pd.api.types.is_numeric_dtype(times):
        return np.asarray(times.argsort(kind="stable"))
    with suppress(SeriesError):
        reading = read_dates(times)
        if reading.n_kept == len(times):
            return np.asarray(pd.Series(reading.dates).argsort(kind="stable"))
    return np.arange(len(times))


def _trim(frame: pd.DataFrame, layout: LayoutSpec) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """Leave out moments without any value at both ends: cells of a sheet that time has not reached."""
    if layout.kind == "long":
        return frame, ()
    values = frame[frame.columns[1:]]
    known = values.notna().any(axis=1).to_numpy().nonzero()[0]
    if not len(known) or (known[0] == 0 and known[-1] == len(frame) - 1):
        return frame, ()
    kept = frame.iloc[known[0] : known[-1] + 1].reset_index(drop=True)
    n_open = len(frame) - len(kept)
    detail = f"{counted(n_open, 'moment')} without any value at the ends of the sheet left out."
    return kept, (Step(name="empty ends", count=n_open, detail=detail),)
