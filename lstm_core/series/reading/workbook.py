"""From an Excel workbook to a table: which sheet, which rows, what every cell says.

Called in the reader's process only (`reader`): a workbook of a few kilobytes can unpack to gigabytes. The cells become
text, as a CSV would hold them, so that names, units, dates and numbers are found by the same rules.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.reading.dialect import Dialect, detect_grid
from lstm_core.series.reading.ingest import name_and_type
from lstm_core.series.reading.numbers import detect_decimal
from lstm_core.series.reading.sheet_cells import ExcelError, Tally, is_value, show
from lstm_core.series.reading.workbook_file import check_parts
from lstm_core.series.record import Step
from lstm_core.series.table import Decimal, ReadOptions, Table
from lstm_core.series.words import counted
from lstm_core.settings import Settings

_DETECTED_FROM = 60
"""Rows that names, units and titles are detected from."""


@dataclass(slots=True)
class Sheet:
    """Filled cells of a sheet.

    Attributes
    ----------
    rows : row number as Excel counts -> column number (from 1) -> value; rows and cells without a value are absent
    unsure : (row, column) of cells that hold no value, and perhaps a formula that was never calculated
    """

    name: str
    rows: dict[int, dict[int, Any]] = field(default_factory=dict)
    unsure: list[tuple[int, int]] = field(default_factory=list)

    @property
    def has_table(self) -> bool:
        """Whether the sheet holds numbers or dates in two rows or more."""
        n_rows = sum(any(is_value(value) for value in row.values()) for row in self.rows.values())
        return n_rows > 1


def list_sheets(source: bytes) -> tuple[str, ...]:
    """Names of the sheets with cells, in the order of the workbook.

    Raises
    ------
    SeriesError
        As `read_workbook`.
    """
    with _opened(source) as book:
        return tuple(sheet.title for sheet in book.worksheets)


def read_workbook(source: bytes, name: str, options: ReadOptions) -> Table:
    """Read one sheet of an Excel workbook.

    Parameters
    ----------
    options : ReadOptions
        `sheet` names the sheet (None: the first one with numbers), `skip_lines` counts rows of the sheet.

    Raises
    ------
    SeriesError
        No workbook of ours (B93, B94, B98, B99), damaged, empty (B92), no such sheet, a cell far outside (B96),
        formulas without values (B88), or as `name_and_type`.
    """
    with _opened(source) as book:
        names = tuple(sheet.title for sheet in book.worksheets)
        sheet = _choose_sheet(book, names, options)
    tally = Tally()
    dialect, cells, numbers = _lay_out(sheet, options, tally)
    if sheet.unsure:
        _refuse_formulas(source, sheet, numbers[0])
    found = ReadOptions(
        decimal=dialect.decimal,
        header=dialect.header,
        skip_lines=dialect.skip_lines,
        units_row=dialect.units_row,
        label_rows=dialect.label_rows,
        thousands=options.thousands,
        signs=options.signs,
        last_rows=options.last_rows,
        sheet=sheet.name,
    )
    chosen = _sheet_step(sheet.name, names) if options.sheet is None else ()
    blank = _blank_rows(numbers)
    return name_and_type(
        Table(
            frame=cells,
            name=name,
            options=found,
            steps=(*chosen, *dialect.steps, *blank, *tally.steps()),
            findings=dialect.findings,
            kind="Excel",
            sheets=names,
        )
    )


@contextmanager
def _opened(source: bytes, *, values: bool = True) -> Iterator[Any]:
    """Workbook for reading; whatever breaks openpyxl is told as a damaged file."""
    check_parts(source)
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and print areas, which no table has
        try:
            book = openpyxl.load_workbook(
                io.BytesIO(source), read_only=True, data_only=values, keep_links=False
            )
            try:
                yield book
            finally:
                book.close()
        except (SeriesError, MemoryError):
            raise
        except Exception as error:  # a stranger's file: anything can be wrong in it
            raise SeriesError(
                "The workbook is damaged, or no Excel workbook of the usual kind",
                received=type(error).__name__,
                expected="an .xlsx file as Excel, LibreOffice or a library saves it",
                advice="Open it in a spreadsheet, save it as .xlsx once more, and upload that file.",
                field="upload",
            ) from error


def _choose_sheet(book: Any, names: tuple[str, ...], options: ReadOptions) -> Sheet:
    """Read the named sheet, or the first that holds a table (B87)."""
    if options.sheet is not None:
        if options.sheet not in names:
            raise SeriesError(
                f"The workbook has no sheet '{options.sheet[:80]}'",
                expected="one of " + ", ".join(names)[:300],
                advice="Choose a sheet of this workbook.",
                field="sheet",
            )
        names = (options.sheet,)
    filled = None
    for name in names:
        sheet = _read_sheet(book[name], name)
        if sheet.has_table:
            return sheet
        filled = filled or (sheet if sheet.rows else None)
    if filled is None:
        raise SeriesError(
            "The workbook is empty" if options.sheet is None else f"Sheet '{options.sheet}' is empty",
            expected="a sheet with a header and rows of values",
            advice="Choose another sheet or upload another file.",
            field="upload" if options.sheet is None else "sheet",
        )
    return filled


def _read_sheet(cells: Any, name: str) -> Sheet:
    """Stream the cells of a sheet; refuse one that lies far outside as soon as it is met (B96)."""
    limit = Settings().max_columns
    sheet, left = Sheet(name=name), None
    cells.reset_dimensions()  # what the sheet says of its size may be wrong, and blank rows would be padded to it
    for row in cells.iter_rows():
        filled = {}
        for cell in row:
            if cell.value is not None:
                filled[cell.column] = cell
            elif getattr(cell, "data_type", None) == "n" and hasattr(cell, "row"):
                sheet.unsure.append((cell.row, cell.column))
        if not filled:
            continue
        first, last = min(filled), max(filled)
        left = first if left is None else min(left, first)
        if last - left >= limit:
            raise _too_wide(name, filled[last].coordinate, last - left + 1, limit)
        sheet.rows[filled[last].row] = {place: _value(cell) for place, cell in filled.items()}
    return sheet


def _value(cell: Any) -> Any:
    """Value of a cell; an error of Excel becomes an object of its own, since text may look like one."""
    return ExcelError(str(cell.value)) if cell.data_type == "e" else cell.value


def _too_wide(name: str, coordinate: str, n_columns: int, limit: int) -> SeriesError:
    return SeriesError(
        f"The table on sheet '{name}' has more columns than the limit: cell {coordinate} holds a value",
        received=f"{n_columns:,} columns",
        expected=f"at most {limit} columns",
        advice="Delete what stands far right of the table, or keep only the columns you need.",
        field="upload",
    )


def _lay_out(sheet: Sheet, options: ReadOptions, tally: Tally) -> tuple[Dialect, pd.DataFrame, list[int]]:
    """Titles, names and units found; the cells as columns of text, and the sheet row of each row."""
    skipped = options.skip_lines or 0
    numbers = [number for number in sheet.rows if number > skipped]
    if not numbers:
        raise SeriesError(
            "No rows are left after skipping",
            received=f"{skipped} rows to skip",
            expected="fewer rows to skip",
            field="skip_lines",
        )
    left = min(min(sheet.rows[number]) for number in numbers)
    right = max(max(sheet.rows[number]) for number in numbers)
    places = range(left, right + 1)
    first = [[sheet.rows[number].get(place) for place in places] for number in numbers[:_DETECTED_FROM]]
    decimal = options.decimal or detect_decimal(
        [cell for row in first for cell in row if isinstance(cell, str)]
    )
    rows = [[show(cell, decimal, Tally()) for cell in row] for row in first]
    dialect, n_titles = detect_grid(rows, options, decimal, numbers=numbers)
    numbers = numbers[n_titles:]
    return dialect, _as_text(sheet, numbers, places, decimal, tally), numbers


def _as_text(sheet: Sheet, numbers: list[int], places: range, decimal: Decimal, tally: Tally) -> pd.DataFrame:
    """Cells of the rows as text columns numbered from 0, without columns that hold nothing at the left."""
    columns = [
        [show(sheet.rows[number].get(place), decimal, tally, at=(number, place)) for number in numbers]
        for place in places
    ]
    while len(columns) > 1 and not any(columns[0]):
        columns.pop(0)
    return pd.DataFrame({place: pd.Series(cells, dtype="str") for place, cells in enumerate(columns)})


def _refuse_formulas(source: bytes, sheet: Sheet, header_row: int) -> None:
    """Refuse formulas that were never calculated: without this they would be missing values (B88)."""
    unsure = {place for place in sheet.unsure if place[0] > header_row}
    if not unsure:
        return
    with _opened(source, values=False) as book:
        book[sheet.name].reset_dimensions()
        formulas = [
            (cell.coordinate, cell.column)
            for row in book[sheet.name].iter_rows(max_row=max(unsure)[0])
            for cell in row
            if getattr(cell, "data_type", None) == "f" and (cell.row, cell.column) in unsure
        ]
    if not formulas:
        return
    first, column = formulas[0]
    named = sheet.rows[header_row].get(column)
    raise SeriesError(
        (f"Column '{str(named)[:80]}' holds" if isinstance(named, str) else f"Sheet '{sheet.name}' holds")
        + " formulas without values",
        received=f"{counted(len(formulas), 'formula')} never calculated, first in cell {first}",
        expected="cells that Excel has calculated",
        advice="Open the file in Excel or LibreOffice, save it there, and upload it again.",
        field="upload",
    )


def _sheet_step(name: str, names: tuple[str, ...]) -> tuple[Step, ...]:
    if len(names) == 1:
        return ()
    detail = f"The workbook has {len(names)} sheets; '{name}', the first one with numbers, was read."
    return (Step(name="sheet", count=len(names), detail=detail),)


def _blank_rows(numbers: list[int]) -> tuple[Step, ...]:
    n_blank = numbers[-1] - numbers[0] + 1 - len(numbers)
    detail = f"{counted(n_blank, 'blank row')} between the rows of the table left out."
    return (Step(name="blank rows", count=n_blank, detail=detail),) if n_blank else ()
