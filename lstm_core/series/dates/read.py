"""Dates in text and in numbers: detected where there is no doubt, asked for where there is."""

import re
from collections import Counter
from dataclasses import dataclass, replace

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.dates.clocks import all_with_colon, with_colon
from lstm_core.series.dates.formats import PARSERS, Parsed, parse_numbers
from lstm_core.series.dates.languages import without_weekdays
from lstm_core.series.reading.number_forms import is_missing, is_number, plain_letters
from lstm_core.series.record import Step
from lstm_core.series.roles import DateFormat
from lstm_core.series.words import counted

ACCEPTED = (
    "2020-01-31, 31/01/2020, 31.01.2020, 31 Jan 2020, January 31, 2020, 31. Januar 2020, 2020-01, 2020Q1, "
    "2020-W05, 2020, 20200131, seconds since 1970"
)
_TIME = r"((?:[ T]|, ?| - )\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?)?( ?(Z|[+-]\d{2}:?\d{2}))?"
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("time only", re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?")),
    ("quarter", re.compile(r"\d{4}[ -]?[Qq][1-4]|[Qq][1-4][ -/]?\d{4}")),
    ("ISO week", re.compile(r"\d{4}-?[Ww]\d{2}(-?[1-7])?")),
    ("ISO", re.compile(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?" + _TIME)),
    ("ISO", re.compile(r"\d{8}[ T]\d{2}:?\d{2}(:?\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?")),
    ("month", re.compile(r"(0?[1-9]|1[0-2])[-/.](1\d|20|21)\d{2}|\d{4}[ -]?[Mm](0?[1-9]|1[0-2])")),
    ("day or month first", re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})" + _TIME)),
    ("month name", re.compile(r"(?=.*\d)(?=.*[^\W\d_]{3,}).{5,60}")),
)
_WITH_LETTERS = ("month name", "text")
_MOST_AT_END = 5
_N_LOOKED_AT = 200
_BETWEEN = " - "
_WITH_DAYS = ("ISO", "day or month first")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DateReading:
    """Dates of a column.

    Attributes
    ----------
    dates : one per kept row, none missing
    format : how they were written
    n_kept : rows kept from the top; rows under them are no observations ("Total")
    because : evidence for the format, as a clause; "" when a person chose it
    """

    dates: pd.DatetimeIndex
    format: DateFormat
    n_kept: int
    steps: tuple[Step, ...] = ()
    because: str = ""


def read_dates(column: pd.Series, wanted: DateFormat | None = None) -> DateReading:
    """Read a column as dates.

    Parameters
    ----------
    column : text or numbers, one cell per row
    wanted : how the dates are written; None detects it and refuses to guess between day and month first (B33)

    Raises
    ------
    SeriesError
        Ambiguous order (B33), times without dates (B41), no date at all (B57), or a row that is no date (B35, B37, B44,
        B45, B47): the message names the row.
    """
    name = str(column.name)
    if pd.api.types.is_numeric_dtype(column):
        parsed, n_kept = parse_numbers(column, wanted), len(column)
    else:
        column = _plain(column)
        parsed, n_kept = _read_text(column, wanted)
    dropped = _dropped_rows(column, n_kept)
    dates = parsed.dates.iloc[:n_kept]
    bad = dates.isna()
    if bad.all():
        raise _no_dates(name, column)
    if bad.any():
        raise _bad_row(name, column, int(bad.to_numpy().argmax()), parsed.format)
    if len(dates) > 1 and dates.min() == dates.max():
        raise SeriesError(
            f"Every row of column '{name}' has the same date",
            received=str(dates.iloc[0]),
            expected="dates that increase",
            advice="Choose another time column, or number the rows.",
            field="time",
        )
    index = pd.DatetimeIndex(dates).as_unit("us")
    return DateReading(
        dates=index.rename(None),
        format=parsed.format,
        n_kept=n_kept,
        steps=(*parsed.steps, *dropped),
        because="" if wanted else parsed.because or f"row 1 says '{_shown(column.iloc[0])}'",
    )


def _shown(cell: object) -> str:
    return (f"{cell:.15g}" if isinstance(cell, float) else str(cell))[:30]


def kind_of(cell: str) -> str:
    """How a cell is written: a kind of date, `number`, `missing` or `text`."""
    if is_missing(cell):
        return "missing"
    if not cell.isascii():
        cell = plain_letters(cell)
    if is_number(cell):
        return "number"
    cell = with_colon(cell)
    if (start := start_of(cell)) is not None:
        cell = start
    return next((kind for kind, form in _KINDS if form.fullmatch(cell)), "text")


def usual_kind(column: pd.Series) -> str:
    """Kind that most of the first filled cells have."""
    cells = (str(cell) for cell in column.head(1000))
    kinds = Counter(kind for cell in cells if (kind := kind_of(cell)) != "missing")
    return kinds.most_common(1)[0][0] if kinds else "missing"


def _plain(column: pd.Series) -> pd.Series:
    """Text whose digits and spaces are those of ASCII (B70), and whose clocks have colons."""
    foreign = column.str.contains(r"[^\x00-\x7f]", regex=True)
    column = column.mask(foreign, column[foreign].map(plain_letters)) if foreign.any() else column
    return all_with_colon(column)


def _read_text(column: pd.Series, wanted: DateFormat | None) -> tuple[Parsed, int]:
    kind = usual_kind(column)
    if kind in _WITH_LETTERS and (bare := without_weekdays(column)) is not None:
        parsed, n_kept = _read_text(bare, wanted)
        detail = "Names of weekdays in front of the dates are left out."
        step = Step(name="weekdays", count=len(column), detail=detail)
        return replace(parsed, steps=(*parsed.steps, step)), n_kept
    if (starts := _starts(column)) is not None:
        parsed, n_kept = _read_text(starts, wanted)
        detail = "Every cell names a start and an end; the row is dated at its start."
        step = Step(name="start of the interval", count=len(column), detail=detail)
        return replace(parsed, steps=(*parsed.steps, step)), n_kept
    if kind == "time only":
        raise SeriesError(
            f"Column '{column.name}' holds no dates, only times",
            received=f"'{column.iloc[0]}'",
            expected="a date in every row, with or without a time",
            advice="Add the date to every time, or number the rows.",
            field="time",
        )
    n_kept = len(column) - _count_at_end(column, kind)
    rows = column.iloc[:n_kept]
    if kind == "number" and wanted not in ("mixed", "ISO", "day first", "month first", "month name"):
        return parse_numbers(pd.to_numeric(rows, errors="coerce"), wanted), n_kept
    parser = PARSERS.get(wanted or kind)
    if parser is None:
        raise _no_dates(str(column.name), column)
    return parser(rows), n_kept


def start_of(cell: str) -> str | None:
    """First of two dates of one form, `01.01.2020 00:00 - 01.01.2020 01:00`; None where a cell is no such pair."""
    start, mark, end = cell.partition(_BETWEEN)
    if not mark or not start[:1].isdigit() or _BETWEEN in end:
        return None
    both = [next((kind for kind, form in _KINDS if form.fullmatch(one.strip())), "") for one in (start, end)]
    return start.strip() if both[0] == both[1] and both[0] in _WITH_DAYS else None


def _starts(column: pd.Series) -> pd.Series | None:
    """Starts of the pairs of dates in a column; None where its first filled cells hold none."""
    head = [str(cell) for cell in column.head(_N_LOOKED_AT) if not is_missing(str(cell))]
    if not head or any(start_of(cell) is None for cell in head[:-_MOST_AT_END] or head[:1]):
        return None
    return column.map(lambda cell: start_of(str(cell)) or str(cell)).astype("str")


def _count_at_end(column: pd.Series, kind: str) -> int:
    """Rows at the end that are no observations: totals and notes (B25)."""
    n_rows = 0
    for cell in reversed(column.tail(_MOST_AT_END + 1).tolist()):
        if kind_of(str(cell)) == kind or re.match(r"\d", str(cell)):
            return n_rows
        n_rows += 1
    return 0 if n_rows > _MOST_AT_END or n_rows == len(column) else n_rows


def _dropped_rows(column: pd.Series, n_kept: int) -> tuple[Step, ...]:
    dropped = column.iloc[n_kept:]
    if dropped.empty:
        return ()
    listed = ", ".join(
        f"row {n_kept + place + 1:,} ('{str(cell)[:30]}')" for place, cell in enumerate(dropped)
    )
    detail = f"{counted(len(dropped), 'row')} at the end without a date left out: {listed}."
    return (Step(name="drop end rows", count=len(dropped), detail=detail),)


def _no_dates(name: str, column: pd.Series) -> SeriesError:
    shown = next((str(cell) for cell in column.head(1000) if not is_missing(str(cell))), "")
    return SeriesError(
        f"Column '{name}' holds no dates" + ("" if shown else ": it is empty"),
        received=f"'{shown[:40]}'" if shown else "empty cells",
        expected=f"one of these forms: {ACCEPTED}",
        advice="Choose another time column or date format, or number the rows.",
        field="time",
    )


def _bad_row(name: str, column: pd.Series, row: int, form: DateFormat) -> SeriesError:
    cell = str(column.iloc[row])
    if is_missing(cell) or cell == "nan":
        what, advice = (
            f"Row {row + 1:,} of column '{name}' has no date",
            "Fill in the date or remove the row.",
        )
    else:
        what = f"Row {row + 1:,} of column '{name}' is not a date of the form '{form}': '{cell[:40]}'"
        other = kind_of(cell) not in ("text", "number")
        advice = (
            "Correct the cell, or choose the date format 'mixed' if the file mixes several."
            if other
            else "Correct the cell, or remove the row."
        )
    return SeriesError(
        what,
        received=f"'{cell[:40]}'",
        expected="a date that exists, written like the others",
        advice=advice,
        field="date_format",
    )
