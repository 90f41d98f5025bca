"""The dialect of a text table: lines above it, separator, names, units row, decimal mark."""

import csv
import re
from collections import Counter
from dataclasses import replace
from itertools import islice

import clevercsv

from lstm_core.series.dates.names import is_run_of_dates
from lstm_core.series.detect import names_a_time
from lstm_core.series.reading.dialect_findings import (
    NAMES,
    Dialect,
    dialect_findings,
    is_value,
    value_columns,
)
from lstm_core.series.reading.number_forms import find_decimal, is_missing
from lstm_core.series.record import Step
from lstm_core.series.table import Decimal, Delimiter, ReadOptions, Thousands
from lstm_core.series.words import counted

SAMPLE = 200_000
"""Characters of the text that detection looks at."""
_N_LINES = 60
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKS: tuple[Delimiter, ...] = (",", ";", "\t", "|")
_BY_MARK: dict[str, Delimiter] = {",": ",", ";": ";", "\t": "\t", "|": "|", " ": " "}
_MOST_LABELS = 20
_LONGEST_UNIT = 15
_SAID = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


def detect_dialect(text: str, options: ReadOptions) -> Dialect:
    """Decide what the options leave open, from the first lines of the text.

    Every decision that a person may want to change is a step.
    """
    lines = first_lines(text)
    n_comments = _count_comments(lines) if options.skip_lines is None else options.skip_lines
    said = (
        _SAID.fullmatch(lines[n_comments - 1].strip()) if n_comments and options.skip_lines is None else None
    )
    delimiter = options.delimiter or _said_delimiter(said) or _detect_delimiter(lines[n_comments:])
    rows = split_lines(lines[n_comments:], delimiter)
    n_titles = _count_titles(rows) if options.skip_lines is None else 0
    if options.skip_lines is None and options.label_rows is None:
        n_titles += _count_above_names(rows[n_titles:])
    rows = [row for row in rows[n_titles:] if any(row)]
    header, units_row, n_labels = _detect_head(rows, options)
    body = rows[int(header) + int(units_row) + n_labels :]
    decimal, shown = (options.decimal, "") if options.decimal else detect_marks(body, options.thousands)
    found = Dialect(
        skip_lines=n_comments + n_titles,
        delimiter=delimiter,
        decimal=decimal,
        header=header,
        units_row=units_row,
        label_rows=n_labels,
    )
    findings = dialect_findings(found, lines, rows, shown)
    return replace(found, steps=_steps(found, options), findings=findings)


def detect_marks(body: list[list[str]], thousands: Thousands | None) -> tuple[Decimal | None, str]:
    """Decimal mark that the cells show, and the cell that shows it; a chosen thousands mark leaves the other one."""
    if thousands in (",", "."):
        return "." if thousands == "," else ",", ""
    return find_decimal(cell for row in body for cell in row)


def detect_grid(
    rows: list[list[str]], options: ReadOptions, decimal: Decimal, *, numbers: list[int]
) -> tuple[Dialect, int]:
    """Decide what the options leave open for cells that are already apart: the rows of a sheet.

    Parameters
    ----------
    rows : the first rows with any cell, all equally long, below those that the options skip
    decimal : already decided, by the cells that are text
    numbers : row of the sheet of every row, from 1

    Returns
    -------
    dialect, n_titles : `skip_lines` counts rows of the sheet; how many of `rows` stand above the table
    """
    n_titles = _count_group_rows(rows) if options.skip_lines is None else 0
    table = rows[n_titles:]
    header, units_row, n_labels = _detect_head(table, options)
    found = Dialect(
        skip_lines=numbers[n_titles] - 1 if options.skip_lines is None else options.skip_lines,
        delimiter=",",
        decimal=decimal,
        header=header,
        units_row=units_row,
        label_rows=n_labels,
    )
    titles = [" ".join(filter(None, row)) for row in rows[:n_titles]]
    told = dialect_findings(found, titles, table, "")
    findings = tuple(one for one in told if one.field != "delimiter")
    return replace(found, steps=_steps(found, options), findings=findings), n_titles


def _detect_head(rows: list[list[str]], options: ReadOptions) -> tuple[bool, bool, int]:
    """Whether names stand in the first row, whether units stand below them, and how many further rows are no values."""
    header = _detect_header(rows) if options.header is None else options.header
    asked = options.label_rows is None and options.units_row is not False
    n_labels = _count_labels(rows) if header and asked else options.label_rows or 0
    units_row = header and (_detect_units(rows, n_labels) if options.units_row is None else options.units_row)
    return header, units_row, n_labels - int(asked and units_row and n_labels > 0)


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


def _count_comments(lines: list[str]) -> int:
    """Lines above the table that start with #, are blank, or name the separator for Excel (B23)."""
    last = 0
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith("#") or _SAID.fullmatch(line.strip()):
            last = number
        elif line.strip():
            break
    return last


def _said_delimiter(said: re.Match[str] | None) -> Delimiter | None:
    """Separator that the first line names: `sep=;`, as Excel writes and reads it."""
    return _BY_MARK.get(said.group(1)) if said else None


def _detect_delimiter(lines: list[str]) -> Delimiter:
    """The mark that gives most rows the same number of cells, most of them values; clevercsv where none or two do."""
    filled = [line for line in lines if line.strip()]
    scores: dict[Delimiter, float] = {
        mark: score for mark in _MARKS if (score := _score(split_lines(filled, mark)))
    }
    best: list[Delimiter] = [mark for mark, score in scores.items() if score == max(scores.values())]
    if len(best) == 1:
        return best[0]
    try:
        found = clevercsv.Sniffer().sniff("\n".join(filled[:30])[:4000], delimiters="".join(_BY_MARK))
    except clevercsv.Error:
        found = None
    sniffed = _BY_MARK.get(str(found.delimiter)) if found else None
    if best and sniffed not in best:
        return best[-1]  # a comma stands in numbers too; the other marks hardly do
    return sniffed or ","


def _score(rows: list[list[str]]) -> float:
    """Share of rows with the usual width times the share of values; 0 where cells are too few or rows too uneven."""
    widths = Counter(len(row) for row in rows if any(row))
    usual, n_rows = widths.most_common(1)[0] if widths else (0, 0)
    if usual < 2 or n_rows < 0.9 * widths.total():
        return 0.0
    cells = [cell for row in rows for cell in row if cell]
    return n_rows / widths.total() * sum(map(is_value, cells)) / max(len(cells), 1)


def _count_titles(rows: list[list[str]]) -> int:
    """Lines above the names: a title, a note, or pairs such as `Account;DE12`, all narrower than the table."""
    widths = Counter(len(row) for row in rows if any(row))
    usual = widths.most_common(1)[0][0] if widths else 1
    dated = next((place for place, row in enumerate(rows) if is_run_of_dates(row)), 0)
    if dated and all(len(row) < len(rows[dated]) for row in rows[:dated]):
        return dated  # however few series stand below, and however many notes
    if (n_above := _count_above_blank(rows, usual)) > 0:
        return n_above
    wide = (place for place, row in enumerate(rows) if len(row) >= usual and sum(map(bool, row)) > 1)
    first = next(wide, 0)
    # Without names under them, narrow rows are a header that is too short: refused later (B18).
    dates_across = bool(rows) and is_run_of_dates(rows[first])
    named = dates_across or (bool(rows) and not any(is_value(cell) for cell in rows[first]))
    return first if usual > 1 and named and len(rows) > first + 1 else 0


def _count_above_names(rows: list[list[str]]) -> int:
    """Rows above the names, with a title or names of groups: the names begin with a word for the date, and are whole.

    `,Boiler,Boiler,Grid` above `Date,Flow,Temp,Load`; a title with commas in it above `Date,Value,Anomaly`.
    """
    for place, row in enumerate(rows[: 1 + _count_labels(rows)]):
        if row and names_a_time(row[0]) and all(row) and not any(map(is_value, row)):
            return place if len(set(row)) == len(row) == max(map(len, rows)) else 0
    return 0


def _count_above_blank(rows: list[list[str]], usual: int) -> int:
    """Lines down to the last blank one above the names, where what stands above it is another table, or a letter head.

    Nothing there is as wide as the table; or the names begin with a word for the date, and nothing there with a value.
    """
    for place in range(len(rows) - 2, 0, -1):
        names, above = rows[place + 1], [row for row in rows[:place] if any(row)]
        is_head = len(names) == usual > 1 and all(names) and not any(map(is_value, names))
        if any(rows[place]) or not is_head or not above:
            continue
        dated = names_a_time(names[0]) and not any(is_value(row[0]) for row in above)
        if dated or all(len(row) != usual for row in above):
            return place + 1
    return 0


def _count_group_rows(rows: list[list[str]]) -> int:
    """Rows above the names that are at most half full: a title, or merged names of groups of columns (B90)."""
    n_filled = [sum(bool(cell) for cell in row) for row in rows]
    usual = Counter(n_filled).most_common(1)[0][0] if rows else 0
    for place, row in enumerate(rows[:-1]):
        title = not any(row[1:])
        group = not any(map(is_value, rows[place + 1]))  # names stand below it
        if 2 * n_filled[place] > usual or any(map(is_value, row)) or not (title or group):
            return place
    return 0


def _detect_header(rows: list[list[str]]) -> bool:
    """Names differ from what stands under them: text above values (B22)."""
    if not rows:
        return True
    first, body = rows[0], rows[1:]
    if not body:
        return not any(is_value(cell) for cell in first)
    if is_run_of_dates(first) and not any(map(is_run_of_dates, body)):
        return True
    above = [first[place] for place in value_columns(body) if place < len(first)]
    named = any(not is_missing(cell) and not is_value(cell) for cell in above)
    return named or not any(is_value(cell) for cell in above)


def _detect_units(rows: list[list[str]], n_labels: int) -> bool:
    """A row without any value under the names and above columns of values (B24)."""
    if len(rows) < 3:
        return False
    units, body = rows[1], rows[max(2, 1 + n_labels) :]
    columns = value_columns(body)
    above = [units[place] for place in columns if place < len(units)]
    if any(is_value(cell) for cell in above) or not any(not is_missing(cell) for cell in above):
        return False
    # With more rows like it, a name of its own for the first column, or words, it is one more row of names.
    brief = all(len(cell) <= _LONGEST_UNIT and "(" not in cell[1:] for cell in above)
    unnamed = is_missing(above[0]) or not (rows[2][columns[0]] or names_a_time(above[0]))
    return n_labels < 2 or (brief and unnamed)


def _count_labels(rows: list[list[str]]) -> int:
    """Rows between names and values, units included: their first cell is no date or number like those below it."""
    body = rows[1:]
    columns = value_columns(body)
    if not columns:
        return 0
    first = columns[0]
    for n_rows, row in enumerate(body[:_MOST_LABELS]):
        others = [row[place] for place in columns[1:] if place < len(row)]
        head = row[first] if first < len(row) else ""
        if is_value(head) or (is_missing(head) and any(map(is_value, others))):
            return n_rows
    return 0


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
    if options.label_rows is None and found.label_rows:
        detail = f"{counted(found.label_rows, 'row')} between names and values left out."
        steps.append(Step(name="label rows", count=found.label_rows, detail=detail))
    return tuple(steps)
