"""How a text table is laid out, and the sentences that say why."""

import re
from dataclasses import dataclass

from lstm_core.series.dates.languages import is_spoken_date
from lstm_core.series.findings import Finding, quoted
from lstm_core.series.reading.number_forms import MARK_NAMES, is_doubtful, is_missing, is_number, undress
from lstm_core.series.record import Step
from lstm_core.series.table import Decimal, Delimiter
from lstm_core.series.words import counted

NAMES: dict[str, str] = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space"}
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?"
_CLOCK = rf"(?:(?:[ T]|, ?| - ){_TIME})?"
_MONTHS = r"(?:jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-zé]*"
_DATE = re.compile(
    r"(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2}\.?)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{8}(?=[ T]))"
    + _CLOCK
    + rf"|\d{{8}}T\d{{4,6}}Z?|{_TIME}"
    r"|\d{1,2}[-/.]\d{4}|\d{4}[ -]?[MQW]\d{1,2}(?:-?\d)?|Q\d[ -]?\d{4}"
    r"|(?:[a-z]{3,9},? )?(?:\d{1,2}[. -]*)?" + _MONTHS + r"[., -]*(?:\d{1,2},? *)?\d{2,4}" + _CLOCK,
    re.IGNORECASE,
)
"""Dates as files write them; laxer than the parsers, because it only tells values from names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a text table is laid out; every field decided.

    Attributes
    ----------
    skip_lines : lines above the table
    decimal : None while nothing in the first lines decides it
    header : whether its first row holds the names
    units_row : whether a row of units stands under the names
    label_rows : further rows under them that are no values
    """

    skip_lines: int
    delimiter: Delimiter
    decimal: Decimal | None
    header: bool
    units_row: bool
    label_rows: int = 0
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()


def is_value(cell: str) -> bool:
    """Whether a cell is a number or a date."""
    return is_number(cell) or _DATE.fullmatch(cell) is not None or is_spoken_date(cell)


def value_columns(rows: list[list[str]]) -> list[int]:
    """Columns whose cells are mostly numbers or dates."""
    found = []
    for place in range(max((len(row) for row in rows), default=0)):
        cells = [row[place] for row in rows if len(row) > place and not is_missing(row[place])]
        if cells and sum(map(is_value, cells)) > len(cells) / 2:
            found.append(place)
    return found


def dialect_findings(
    found: Dialect, lines: list[str], rows: list[list[str]], shown: str
) -> tuple[Finding, ...]:
    """Every decision about the layout with the line that speaks for it.

    Parameters
    ----------
    lines : the first lines of the file
    rows : cells of the first lines of the table, names first where it has any
    shown : cell that shows the decimal mark, "" when none does
    """
    return tuple(
        Finding(field=field, sentence=sentence)
        for field, sentence in (
            ("skip_lines", _about_lines(found, lines)),
            ("delimiter", _about_delimiter(found, rows)),
            ("header", _about_header(found, rows)),
            ("units_row", _about_units(found, rows)),
            ("label_rows", _about_labels(found, rows)),
            ("decimal", _about_decimal(found, rows, shown)),
        )
    )


def _about_lines(found: Dialect, lines: list[str]) -> str:
    if not found.skip_lines:
        return "The table begins at the first line."
    first = next((f", such as {quoted(line)}," for line in lines if line.strip()), "")
    return f"{counted(found.skip_lines, 'line')} above the table{first} " + (
        "is left out." if found.skip_lines == 1 else "are left out."
    )


def _about_delimiter(found: Dialect, rows: list[list[str]]) -> str:
    width = len(rows[0]) if rows else 1
    if width == 1:
        return "There is one column: nothing separates cells."
    n_equal = sum(len(row) == width for row in rows)
    return (
        f"A {NAMES[found.delimiter]} separates the cells: it makes {width} of them in {n_equal} of the first "
        f"{counted(len(rows), 'row')}."
    )


def _about_header(found: Dialect, rows: list[list[str]]) -> str:
    first, body = (rows[0], rows[1 + int(found.units_row) + found.label_rows :]) if rows else ([], [])
    if not found.header:
        value = next((cell for cell in first if is_value(cell)), "")
        return "The first row is data, not names" + (f": it holds {quoted(value)}." if value else ".")
    columns = [place for place in value_columns(body) if place < len(first) and first[place]]
    if not columns:
        return "The first row holds the names, because it holds no value."
    place = columns[0]
    below = next(row[place] for row in body if len(row) > place and not is_missing(row[place]))
    return f"The first row holds the names: {quoted(first[place])} stands above {quoted(below)}."


def _about_units(found: Dialect, rows: list[list[str]]) -> str:
    if not found.units_row or len(rows) < 2:
        return "No row of units stands under the names."
    unit = next((cell for cell in rows[1] if cell), "")
    return f"The second row holds units, such as {quoted(unit)}: it stands above values and is none."


def _about_labels(found: Dialect, rows: list[list[str]]) -> str:
    if not found.label_rows or len(rows) < 2 + int(found.units_row):
        return "The values begin right below."
    label = next((cell for cell in rows[1 + int(found.units_row)] if cell), "")
    return f"{counted(found.label_rows, 'row')} such as {quoted(label)} come before the first value and are left out."


def _about_decimal(found: Dialect, rows: list[list[str]], shown: str) -> str:
    if found.decimal is not None:
        because = f", because a cell says {quoted(shown)}." if shown else "."
        return f"The decimal mark is the {MARK_NAMES[found.decimal]}{because}"
    cells = ((cell, undress(cell)) for row in rows for cell in row)
    doubtful = next(
        (cell for cell, worn in cells if worn and any(is_doubtful(worn.body, mark) for mark in ",.")), ""
    )
    if not doubtful:
        return "No number in the first lines shows a decimal mark."
    mark = MARK_NAMES["," if "," in doubtful else "."]
    return f"A cell says {quoted(doubtful)}: its {mark} may begin decimals or only group digits."
