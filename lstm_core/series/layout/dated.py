"""One of several files on its dates, ready to be joined."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.repair import count_moved, date_in_words
from lstm_core.series.dates.read import read_dates
from lstm_core.series.detect import find_time_column, is_mostly_numbers
from lstm_core.series.reading.number_forms import Marks
from lstm_core.series.reading.numbers import read_text, read_values
from lstm_core.series.record import Step
from lstm_core.series.roles import DateFormat
from lstm_core.series.table import ReadOptions, Table
from lstm_core.series.words import counted

_ZONE = re.compile(r":\d{2}(?:[.,]\d+)? ?(Z|[+-]\d{2}:?\d{2})$")
PLAIN = ReadOptions(decimal=".", thousands="none", signs=False)
"""How text of several files is read once it is written plainly."""
_SWAPPED = str.maketrans(",.", ".,")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dated:
    """Values of a file on its dates, in order of time.

    Attributes
    ----------
    table : the file as it was read
    time : name of its time column
    frame : (rows with a date, value columns); numbers, or text with its numbers written plainly
    zone : offset of its clock from UTC (`+02:00`, `Z`), "" when it states none
    steps : what was done, beside the steps of the table
    known_as : file whose place this one takes; "" for none
    """

    table: Table
    time: str
    frame: pd.DataFrame
    zone: str = ""
    steps: tuple[Step, ...] = ()
    known_as: str = ""

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.table.name

    @property
    def index(self) -> pd.DatetimeIndex:
        """Dates of the rows."""
        return pd.DatetimeIndex(self.frame.index)

    def once(self, rule: str) -> "Dated":
        """The same with one row per date.

        Parameters
        ----------
        rule : `mean`, `last`, or `refuse`, which lets only unique dates pass

        Raises
        ------
        SeriesError
            If dates repeat and the rule refuses them, or text cannot be averaged.
        """
        repeated = self.index.duplicated(keep="last")
        n_extra = int(repeated.sum())
        if n_extra == 0:
            return self
        if rule == "refuse":
            raise SeriesError(
                f"{self.name}: {counted(n_extra, 'row')} with the date of another row, first at "
                f"{date_in_words(self.index[repeated][0])}",
                expected="one row per date in every file that is joined",
                advice="Choose to average rows with the same date, or to keep the last one. If several series share "
                "the dates, choose the long layout for this file.",
                field="join_repeated",
            )
        if rule == "mean":
            grouped = {str(name): _averaged(self.frame[name], self.name) for name in self.frame}
            frame = pd.DataFrame(grouped)
            how = "averaged"
        else:
            frame, how = self.frame[~repeated], "dropped; the last row of each date stays"
        detail = f"{self.name}: {counted(n_extra, 'row')} with the date of another row {how}."
        step = Step(name=f"duplicates: {rule}", count=n_extra, detail=detail)
        return replace(self, frame=frame, steps=(*self.steps, step))


def date_table(table: Table, *, time: str | None = None, date_format: DateFormat | None = None) -> Dated:
    """Put the rows of a table on their dates.

    Parameters
    ----------
    time : name of the time column; None finds it
    date_format : how the dates are written; None detects it

    Raises
    ------
    SeriesError
        If there is no column of dates, or a row of it cannot be read: the message names the file.
    """
    time = time or find_time_column(table)
    if time is None or time not in table.columns:
        raise SeriesError(
            f"{table.name} has no column of dates"
            if time is None
            else f"{table.name} has no column '{time}'",
            received="the columns " + ", ".join(table.columns)[:200],
            expected="a column of dates in every file, because files are joined on time",
            advice="Choose the time column of the file, or remove the file.",
            field="join_time",
        )
    cells = table.frame[time]
    try:
        reading = read_dates(cells, date_format)
    except SeriesError as error:
        raise named(error, table.name) from None
    columns = {
        str(name): _plainly(table.frame[name].iloc[: reading.n_kept], table)
        for name in table.columns
        if name != time
    }
    if not columns:
        raise SeriesError(
            f"{table.name} holds nothing beside its dates",
            expected="at least one column of numbers",
            advice="Remove the file.",
            field="join_time",
        )
    frame = pd.DataFrame(columns).set_axis(reading.dates, axis=0)
    steps = tuple(replace(step, detail=f"{table.name}: {step.detail}") for step in reading.steps)
    n_moved = count_moved(reading.dates)
    if n_moved:
        detail = f"{table.name}: {counted(n_moved, 'row')} moved into time order."
        steps = (*steps, Step(name="sort", count=n_moved, detail=detail))
        frame = frame.sort_index(kind="stable")
    return Dated(table=table, time=time, frame=frame, zone=_zone_of(cells, steps), steps=steps)


def named(error: SeriesError, file_name: str) -> SeriesError:
    """The same refusal with the name of the file in front."""
    return type(error)(
        f"{file_name}: {error.what}",
        received=error.received,
        expected=error.expected,
        advice=error.advice,
        field=error.field,
    )


def on_one_clock(files: Sequence[Dated]) -> tuple[list[Dated], tuple[Step, ...]]:
    """Files whose clocks differ by their time zones, all moved to UTC; a file that states none is left as it is."""
    zones = {one.zone for one in files}
    if len(zones) == 1:
        return list(files), ()
    steps = []
    stated = zones - {""}
    if len(stated) > 1:
        files = [_to_utc(one) for one in files]
        listed = ", ".join(f"{one.name} {one.zone}" for one in files if one.zone)
        detail = f"The files are on different clocks ({listed}); all were converted to UTC."
        steps.append(Step(name="convert to UTC", count=len(stated), detail=detail))
    silent = [one.name for one in files if not one.zone]
    if silent:
        clock = "UTC" if len(stated) > 1 else f"the clock of {next(iter(stated))}"
        detail = f"No time zone is stated in {', '.join(silent)}; its times are taken to be on {clock}."
        steps.append(Step(name="no time zone", count=len(silent), detail=detail))
    return list(files), tuple(steps)


def _averaged(column: pd.Series, file_name: str) -> pd.Series:
    """Mean per date; of a column of words the last one."""
    if not is_mostly_numbers(column):
        return column.groupby(level=0).last()
    try:
        reading = read_values(column, Marks.of(PLAIN))
    except SeriesError as error:
        raise named(error, file_name) from None
    return reading.numbers.groupby(level=0).mean()


def _to_utc(one: Dated) -> Dated:
    if one.zone in ("", "Z"):
        return one
    sign = -1 if one.zone[0] == "-" else 1
    shift = sign * pd.Timedelta(hours=int(one.zone[1:3]), minutes=int(one.zone[-2:]))
    return replace(one, frame=one.frame.set_axis(one.index - shift, axis=0))


def _zone_of(cells: pd.Series, steps: tuple[Step, ...]) -> str:
    """Clock that `read_dates` left the dates on."""
    if any(step.name == "convert to UTC" for step in steps):
        return "Z"
    found = _ZONE.search(str(cells.iloc[0]))
    return "" if found is None else "Z" if found[1] in ("+00:00", "+0000") else found[1]


def _plainly(column: pd.Series, table: Table) -> pd.Series:
    """Text with numbers in it, all written as `1234.5`, so that columns of several files can be read in one way.

    Marks of the other kind are put into a cell that is no number in its own file, so that it does not become one.
    """
    if pd.api.types.is_numeric_dtype(column) or not is_mostly_numbers(column):
        return column
    reading = read_text(column, Marks.of(table.options))
    if not reading.bad.any():
        return reading.numbers
    plain = reading.numbers.astype("str").where(reading.numbers.notna(), "")
    return plain.where(~reading.bad, column.str.translate(_SWAPPED)).rename(str(column.name))
