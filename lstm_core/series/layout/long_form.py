"""The long form between two layouts: one row per series and moment, taken from any layout of a file."""

from dataclasses import dataclass

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.dates.read import read_dates
from lstm_core.series.layout.calendar_columns import CalendarColumns, calendar_columns
from lstm_core.series.layout.spec import LayoutSpec, across_columns
from lstm_core.series.reading.number_forms import Marks
from lstm_core.series.reading.numbers import NumberReading, read_values
from lstm_core.series.record import Step
from lstm_core.series.table import Table
from lstm_core.series.words import counted

NO_NAME = "without a name"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LongForm:
    """Values with their moment and series, row by row.

    Attributes
    ----------
    times : when, as the file writes it; its name is that of the future time column
    labels : which series; "" in a file of only one
    values : columns of values, numbers or text with numbers in it
    steps : what was done
    """

    times: pd.Series
    labels: pd.Series
    values: pd.DataFrame
    steps: tuple[Step, ...] = ()

    def rows(self, kept: pd.Series, *steps: Step) -> "LongForm":
        """The rows that are flagged, with what was done to choose them."""
        return LongForm(
            times=self.times[kept].reset_index(drop=True),
            labels=self.labels[kept].reset_index(drop=True),
            values=self.values[kept].reset_index(drop=True),
            steps=(*self.steps, *steps),
        )


def to_long(table: Table, layout: LayoutSpec) -> LongForm:
    """Take a table apart into moments, series and values.

    Raises
    ------
    SeriesError
        If a column does not exist or is missing for this layout.
    """
    _check_columns(table, layout)
    ways = {"long": _from_long, "calendar": _from_calendar, "dates across": _from_across}
    return ways[layout.kind](table, layout)


def labels_of(table: Table, layout: LayoutSpec) -> pd.Series:
    """Name of the series of every row: its cells with ` / ` between them, "" where a file has only one series."""
    labels = pd.Series("", index=table.frame.index, dtype="str")
    if not layout.series:
        return labels
    for name in layout.series:
        cells = table.frame[name].astype("str").fillna("").replace("nan", "")
        labels = labels + cells.where((labels == "") | (cells == ""), " / " + cells)
    return labels.replace("", NO_NAME)


def read_numbers(column: pd.Series, marks: Marks) -> NumberReading:
    """Values of a column as float64; a column without any cell is all missing.

    Raises
    ------
    SeriesError
        If a cell is neither a number nor missing.
    """
    if not pd.api.types.is_numeric_dtype(column) and (column == "").all():
        numbers = pd.Series(float("nan"), index=column.index, name=column.name)
        return NumberReading(numbers=numbers, bad=numbers.isna() & False)
    return read_values(column, marks)


def _from_long(table: Table, layout: LayoutSpec) -> LongForm:
    time, series, values = layout.time, layout.series, layout.values
    if time is None or not series or not values:
        absent = "date" if time is None else "name of the series" if not series else "values"
        raise SeriesError(
            f"A long table needs a column for the {absent}",
            received="the columns " + ", ".join(table.columns)[:200],
            expected="columns for the date, the name of the series and the values, such as ds, unique_id and y",
            advice="Choose the column, or another layout.",
            field="layout_time" if time is None else "layout_series",
        )
    n_dates = int(table.frame[time].nunique())
    detail = (
        f"A row holds one series at one moment: {counted(table.n_rows, 'row')} on {counted(n_dates, 'date')}, told "
        f"apart by {' and '.join(series)}. Every series became a column."
    )
    return LongForm(
        times=table.frame[time],
        labels=labels_of(table, layout),
        values=table.frame[list(values)],
        steps=(
            Step(name="long layout", count=table.n_rows, detail=detail),
            *_left_out(table, (time, *series, *values)),
        ),
    )


def _from_calendar(table: Table, layout: LayoutSpec) -> LongForm:
    columns = calendar_columns(table)
    if columns is None or layout.time is None:  # `find_layout` refuses such a table
        raise ValueError("the table has no calendar columns")
    n_each = len(columns.names)
    detail = f"{counted(table.n_rows, 'row')} of {n_each} {columns.unit}s became {table.n_rows * n_each:,} moments."
    if columns.unit == "hour":
        detail += f" Hour {columns.counts_from} is taken to start at midnight."
    used = (layout.time, *layout.series, *columns.names)
    values, read = _row_by_row(table, columns.names)
    return LongForm(
        times=_calendar_times(table.frame[layout.time], columns),
        labels=labels_of(table, layout).repeat(n_each).reset_index(drop=True),
        values=values,
        steps=(
            Step(name="calendar layout", count=table.n_rows, detail=detail),
            *read,
            *_left_out(table, used),
        ),
    )


def _from_across(table: Table, layout: LayoutSpec) -> LongForm:
    across = across_columns(table)
    detail = (
        f"A row holds one series and {len(across):,} columns are dates, {across[0]} to {across[-1]}: rows and columns "
        "changed places."
    )
    values, read = _row_by_row(table, across)
    return LongForm(
        times=pd.Series(list(across) * table.n_rows, dtype="str", name="date"),
        labels=labels_of(table, layout).repeat(len(across)).reset_index(drop=True),
        values=values,
        steps=(
            Step(name="dates across", count=table.n_rows, detail=detail),
            *read,
            *_left_out(table, (*layout.series, *across)),
        ),
    )


def _calendar_times(first: pd.Series, columns: CalendarColumns) -> pd.Series:
    """Every row's moments, row by row: `1950-01`, `1950Q1`, `2020-01-31 05:00`."""
    if columns.unit == "hour":
        reading = read_dates(first)
        if reading.n_kept < len(first):
            raise SeriesError(
                f"Row {reading.n_kept + 1:,} of column '{first.name}' has no date",
                received=f"'{str(first.iloc[reading.n_kept])[:40]}'",
                expected="a date in every row",
                advice="Remove the row.",
                field="layout_time",
            )
        starts = pd.Series(reading.dates.strftime("%Y-%m-%d"), dtype="str")
        ends = [f" {hour:02d}:00" for hour in range(24)]
    else:
        starts = first.astype("int64").astype("str")
        form = "Q{}" if columns.unit == "quarter" else "-{:02d}"
        ends = [form.format(number) for number in range(1, len(columns.names) + 1)]
    repeated = starts.repeat(len(ends)).reset_index(drop=True)
    name = "time" if columns.unit == "hour" else columns.unit
    return (repeated + pd.Series(ends * len(first), dtype="str")).rename(name)


def _row_by_row(table: Table, names: tuple[str, ...]) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """Columns of numbers as one column `value`, all cells of the first row, then of the second; how they were read."""
    readings = [read_numbers(table.frame[name], Marks.of(table.options)) for name in names]
    cells = pd.concat([reading.numbers for reading in readings], axis=1).to_numpy(dtype="float64")
    steps = tuple(step for reading in readings for step in reading.steps)
    return pd.DataFrame({"value": cells.ravel()}), steps


def _left_out(table: Table, used: tuple[str, ...]) -> tuple[Step, ...]:
    names = [name for name in table.columns if name not in used]
    if not names:
        return ()
    detail = f"{counted(len(names), 'column')} left out: {', '.join(names)[:200]}."
    return (Step(name="leave out columns", count=len(names), detail=detail),)


def _check_columns(table: Table, layout: LayoutSpec) -> None:
    asked = {
        "layout_time": [layout.time] if layout.time else [],
        "layout_series": list(layout.series),
        "layout_values": list(layout.values),
    }
    for field, names in asked.items():
        absent = next((name for name in names if name not in table.columns), None)
        if absent is not None:
            raise SeriesError(
                f"The table has no column '{absent}'",
                received=absent,
                expected="one of " + ", ".join(table.columns)[:300],
                advice="Choose a column of the table.",
                field=field,
            )
