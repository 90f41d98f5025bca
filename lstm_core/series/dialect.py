"""The dialect of a text table: lines above it, separator, names, units row, decimal mark."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import get_args

import clevercsv

from lstm_core.series.date_names import is_run_of_dates
from lstm_core.series.numbers import detect_decimal, is_missing, is_number
from lstm_core.series.record import Step
from lstm_core.series.table import Decimal, Delimiter, ReadOptions
from lstm_core.series.words import counted

NAMES: dict[str, str] = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
SAMPLE = 200_000
"""Characters of the text that detection looks at."""
_N_LINES = 60
_LINE_END = re.compile(r"\r\n|\r|\n")
# Numbers with two marks or a colon, quarters, weeks, and month names with a number beside them.
_DATE = re.compile(
    r"\d{1,4}([-/.]\d{1,2}){1,2}([-/.]\d{1,4})?([ T].*)?|\d{1,2}:\d{2}.*|\d{4}\s?-?[QqWw]\d{1,2}"
    r"|(\d{1,2}[. -]*)?[A-Za-z]{3,9}[. -]*(\d{1,2},? *)?\d{2,4}|[Qq]\d[ -]?\d{4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a text table is laid out; every field decided.

    Attributes
    ----------
    skip_lines : lines above the table
    header : whether its first row holds the names
    units_row : whether a row of units stands under the names
    """

    skip_lines: int
    delimiter: Delimiter
    decimal: Decimal
    header: bool
    units_row: bool
    steps: tuple[Step, ...] = ()


def detect_dialect(text: str, options: ReadOptions) -> Dialect:
    """Decide what the options leave open, from the first lines of the text.

    Every decision that a person may want to change is a step.
    """
    lines = first_lines(text)
    n_comments = _count_comments(lines) if options.skip_lines is None else options.skip_lines
    delimiter = options.delimiter or _detect_delimiter(lines[n_comments:])
    rows = split_lines(lines[n_comments:], delimiter)
    n_titles = _count_titles(rows) if options.skip_lines is None else 0
    rows = [row for row in rows[n_titles:] if any(row)]
    header = _detect_header(rows) if options.header is None else options.header
    units_row = header and (_detect_units(rows) if options.units_row is None else options.units_row)
    body = rows[int(header) + int(units_row) :]
    decimal = options.decimal or detect_decimal([cell for row in body for cell in row])
    found = Dialect(
        skip_lines=n_comments + n_titles,
        delimiter=delimiter,
        decimal=decimal,
        header=header,
        units_row=units_row,
    )
    return Dialect(**{**_fields(found), "steps": _steps(found, options)})


def first_lines(text: str) -> list[str]:
    """First physical lines, without their ends; a first line longer than the sample comes whole."""
    lines = _LINE_END.split(text[:SAMPLE], maxsplit=_N_LINES)[:_N_LINES]
    return lines if len(lines) > 1 else _LINE_END.split(text, maxsplit=1)[:1]


def split_lines(lines: list[str], delimiter: Delimiter) -> list[list[str]]:
    """Cells of the first lines, trimmed; quoted cells may span lines."""
    if delimiter == " ":
        return [line.split() for line in lines]
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter)
    try:
        return [[cell.strip() for cell in row] for row in islice(reader, _N_LINES)]
    except csv.Error:  # a cell beyond the csv module's limit: refused later, with its row
        return [line.split(delimiter) for line in lines]


def _fields(dialect: Dialect) -> dict[str, object]:
    return {name: getattr(dialect, name) for name in Dialect.__slots__}


def _count_comments(lines: list[str]) -> int:
    """Lines above the table that start with # or are blank (B23)."""
    last = 0
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("#"):
            last = number
        elif line.strip():
            break
    return last


def _detect_delimiter(lines: list[str]) -> Delimiter:
    sample = "\n".join(line for line in lines[:30] if line.strip())[:4000]
    choices = get_args(Delimiter)
    try:
        found = clevercsv.Sniffer().sniff(sample, delimiters="".join(choices))
    except clevercsv.Error:
        found = None
    return next((choice for choice in choices if found and choice == found.delimiter), ",")


def _count_titles(rows: list[list[str]]) -> int:
    """Lines of one cell above a header of several: a title or a note."""
    counts = Counter(len(row) for row in rows if any(row))
    usual = counts.most_common(1)[0][0] if counts else 1
    first = next((place for place, row in enumerate(rows) if len(row) > 1), 0)
    # Without names under it, a single cell above several is a header that is too short: refused later (B18).
    named = bool(rows) and not any(_is_value(cell) for cell in rows[first])
    return first if usual > 1 and named and len(rows) > first + 1 else 0


def _is_value(cell: str) -> bool:
    return is_number(cell) or _DATE.fullmatch(cell) is not None


def _value_columns(rows: list[list[str]]) -> list[int]:
    """Columns whose cells are mostly numbers or dates."""
    found = []
    for place in range(max((len(row) for row in rows), default=0)):
        cells = [row[place] for row in rows if len(row) > place and not is_missing(row[place])]
        if cells and sum(map(_is_value, cells)) > len(cells) / 2:
            found.append(place)
    return found


def _detect_header(rows: list[list[str]]) -> bool:
    """Names differ from what stands under them: text above values (B22)."""
    if not rows:
        return True
    first, body = rows[0], rows[1:]
    if not body:
        return not any(_is_value(cell) for cell in first)
    if is_run_of_dates(first) and not any(map(is_run_of_dates, body)):
        return True
    above = [first[place] for place in _value_columns(body) if place < len(first)]
    named = any(not is_missing(cell) and not _is_value(cell) for cell in above)
    return named or not any(_is_value(cell) for cell in above)


def _detect_units(rows: list[list[str]]) -> bool:
    """A row without any value under the names and above columns of values (B24)."""
    if len(rows) < 3:
        return False
    units, body = rows[1], rows[2:]
    above = [units[place] for place in _value_columns(body) if place < len(units)]
    return any(not is_missing(cell) for cell in above) and not any(_is_value(cell) for cell in above)


def _steps(found: Dialect, options: ReadOptions) -> tuple[Step, ...]:
    steps = []
    if options.skip_lines is None and found.skip_lines:
        detail = f"{counted(found.skip_lines, 'line')} above the table skipped (comments or a title)."
        steps.append(Step(name="skip lines", count=found.skip_lines, detail=detail))
    if options.delimiter is None and found.delimiter != ",":
        detail = f"The separator is the {NAMES[found.delimiter]}, not the comma."
        steps.append(Step(name="separator", count=1, detail=detail))
    if options.decimal is None and found.decimal == ",":
        steps.append(
            Step(name="decimal mark", count=1, detail="The decimal mark is the comma: 3,14 is read as 3.14.")
        )
    if options.header is None and not found.header:
        detail = "The first row is already data, so the columns are numbered."
        steps.append(Step(name="no header", count=1, detail=detail))
    if options.units_row is None and found.units_row:
        detail = "The second row holds units and was taken out of the values."
        steps.append(Step(name="units row", count=1, detail=detail))
    return tuple(steps)
