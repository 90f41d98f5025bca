"""From bytes to a table: decoded, laid out, split, named, typed; every decision is a step."""

import re
from dataclasses import replace

import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import MIN_ROWS, to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.cells import split_cells
from lstm_core.series.reading.column_types import type_columns
from lstm_core.series.reading.dialect import SAMPLE, Dialect, detect_dialect, first_lines, split_lines
from lstm_core.series.reading.encoding import decode
from lstm_core.series.reading.flags import without_flags
from lstm_core.series.reading.footnotes import without_footnotes
from lstm_core.series.reading.header import clean_names
from lstm_core.series.reading.named_units import about_units, units_in
from lstm_core.series.reading.number_forms import Marks
from lstm_core.series.record import Step
from lstm_core.series.table import ReadOptions, Table
from lstm_core.series.words import counted
from lstm_core.settings import Settings

__all__ = ["check_size", "detect_roles", "read_table", "to_series"]

_LINE_END = re.compile(r"\r\n|\r|\n")
MEGABYTE = 1_000_000


def read_table(source: bytes, name: str, options: ReadOptions) -> Table:
    """Read a delimited text file.

    Parameters
    ----------
    source : bytes
        The file as it came.
    name : str
        What to call it.
    options : ReadOptions
        How to read it; None means detect. `Table.options` says what was found.

    Raises
    ------
    SeriesError
        The file is too large (B82), is no text table (B1-B12), its rows do not have the same number of cells
        (B16-B18), it has no rows (B3), or it is beyond a limit (B26, B27, B83).
    """
    limits = Settings()
    check_size(len(source), limits)
    text, encoding, decoded = decode(source, options.encoding)
    dialect = detect_dialect(text, options)
    body = _drop_lines(text, dialect.skip_lines)
    n_columns = _count_columns(body, dialect, limits)
    cells, n_short = split_cells(body, dialect.delimiter, n_columns=n_columns, skipped=dialect.skip_lines)
    found = ReadOptions(
        encoding=encoding,
        delimiter=dialect.delimiter,
        decimal=dialect.decimal,
        thousands=options.thousands,
        signs=options.signs,
        header=dialect.header,
        skip_lines=dialect.skip_lines,
        units_row=dialect.units_row,
        label_rows=dialect.label_rows,
        last_rows=options.last_rows,
    )
    read = Table(
        frame=cells,
        name=name,
        options=found,
        steps=(*decoded, *dialect.steps, *_short_rows(n_short)),
        findings=dialect.findings,
    )
    return name_and_type(read)


def name_and_type(cells: Table) -> Table:
    """Turn a table of text cells, names among them, into named and typed columns.

    Parameters
    ----------
    cells : Table
        Its frame is text only, columns numbered from 0; its options are all decided.

    Raises
    ------
    SeriesError
        No rows (B3), a cell that is too long (B27), too many rows (B83).
    """
    names, units, frame, named = _take_names(cells.frame, cells.options)
    trimmed = frame.apply(lambda column: column.str.strip()).set_axis(list(names), axis=1)
    table, noted = without_footnotes(trimmed)
    table, flagged = without_flags(table)
    return type_text(replace(cells, frame=table, units=units, steps=(*cells.steps, *named, *noted, *flagged)))


def type_text(table: Table) -> Table:
    """Turn the text columns of a table into numbers where they are; other columns stay as they are.

    Raises
    ------
    SeriesError
        A cell that is too long (B27), too many rows (B83).
    """
    limits = Settings()
    _check_cells(table.frame.select_dtypes("str"), limits)
    frame, shortened = _limit_rows(table.frame, table.options, limits)
    typed = type_columns(frame.select_dtypes("str"), Marks.of(table.options))
    if len(typed.frame.columns):
        frame = frame.assign(**typed.frame)
    signed = (*table.units, *((name, sign) for name, sign in typed.signs if not table.unit(name)))
    named = units_in(name for name in table.columns if name not in dict(signed))
    return replace(
        table,
        frame=frame,
        options=table.options.model_copy(update=typed.options(table.options)),
        units=(*signed, *named),
        steps=(*table.steps, *shortened, *typed.steps),
        findings=(*table.findings, *typed.findings, *about_units(named)),
    )


def check_size(n_bytes: int, limits: Settings) -> None:
    """Refuse a file above the limit before anything reads it (B82).

    Raises
    ------
    SeriesError
        Says the size and the limit.
    """
    if n_bytes > limits.max_upload_mb * MEGABYTE:
        raise SeriesError(
            "The file is larger than the limit",
            received=f"{n_bytes / MEGABYTE:,.1f} MB",
            expected=f"at most {limits.max_upload_mb} MB",
            advice="Keep only the columns and the years you need, and upload it again.",
            field="upload",
        )


def _drop_lines(text: str, n_lines: int) -> str:
    start = 0
    for _ in range(n_lines):
        end = _LINE_END.search(text, start)
        if end is None:
            raise SeriesError(
                "No lines are left after skipping",
                received=f"{n_lines} lines to skip",
                expected="fewer lines to skip",
                field="skip_lines",
            )
        start = end.end()
    return text[start:]


def _count_columns(body: str, dialect: Dialect, limits: Settings) -> int:
    """Cells of the first row, before everything is split (B26)."""
    lines = [line for line in first_lines(body) if line.strip()]
    rows = split_lines(lines, dialect.delimiter)
    if not rows or not rows[0]:
        raise no_rows()
    # A first line that is longer than the sample is counted whole, quotes or not: it is far beyond the limit.
    n_columns = max(len(rows[0]), lines[0].count(dialect.delimiter) + 1 if len(lines[0]) > SAMPLE else 0)
    if n_columns > limits.max_columns:
        raise too_many_columns(n_columns, limits)
    return n_columns


def _check_cells(frame: pd.DataFrame, limits: Settings) -> None:
    """Refuse a cell that holds a document rather than a value (B27)."""
    for name in frame.columns:
        lengths = frame[name].str.len()
        if (longest := int(lengths.max())) > limits.max_cell_kb * 1000:
            raise SeriesError(
                f"Row {int(lengths.to_numpy().argmax()) + 1:,} of column '{name}' holds a very long text",
                received=f"{longest:,} characters",
                expected=f"at most {limits.max_cell_kb * 1000:,}",
                advice="Remove the column, or check the separator and the quotes.",
                field="delimiter",
            )


def _take_names(
    cells: pd.DataFrame, options: ReadOptions
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...], pd.DataFrame, tuple[Step, ...]]:
    """Names and units from the first rows, and the rows that remain."""
    steps: tuple[Step, ...] = ()
    if options.header:
        names, steps = clean_names([str(name) for name in cells.iloc[0]])
    else:
        names = tuple(f"column {place + 1}" for place in range(cells.shape[1]))
    units: tuple[tuple[str, str], ...] = ()
    if options.units_row and len(cells) > 1:
        shown, _ = clean_names([str(unit) for unit in cells.iloc[1]])
        stated = [bool(unit) for unit in cells.iloc[1]]
        units = tuple(
            (name, unit.strip("[]()")[:40])
            for name, unit, given in zip(names, shown, stated, strict=True)
            if given
        )
    n_above = int(bool(options.header)) + int(bool(options.units_row)) + (options.label_rows or 0)
    cells = cells.iloc[n_above:]
    # A one-column file keeps blank lines as missing values; those at its end are only line ends.
    if cells.shape[1] == 1:
        filled = (cells[cells.columns[0]] != "").to_numpy().nonzero()[0]
        cells = cells.iloc[: filled[-1] + 1 if len(filled) else 0]
    if cells.empty:
        raise no_rows()
    return names, units, cells.reset_index(drop=True), steps


def _limit_rows(
    cells: pd.DataFrame, options: ReadOptions, limits: Settings
) -> tuple[pd.DataFrame, tuple[Step, ...]]:
    """Keep the last rows when asked to; refuse more rows than the limit (B83)."""
    steps: tuple[Step, ...] = ()
    if options.last_rows is not None and len(cells) > options.last_rows:
        n_left_out = len(cells) - options.last_rows
        detail = (
            f"Only the last {options.last_rows:,} rows are used; {counted(n_left_out, 'older row')} left out."
        )
        steps = (Step(name="last rows", count=n_left_out, detail=detail),)
        cells = cells.iloc[-options.last_rows :].reset_index(drop=True)
    if len(cells) > limits.max_rows:
        raise too_many_rows(len(cells), limits)
    return cells, steps


def _short_rows(n_short: int) -> tuple[Step, ...]:
    detail = (
        f"{counted(n_short, 'row')} with fewer cells than the first row; the absent cells count as missing."
    )
    return (Step(name="short rows", count=n_short, detail=detail),) if n_short else ()


def too_many_columns(n_columns: int, limits: Settings) -> SeriesError:
    """Build the refusal of a table that is too wide (B26)."""
    return SeriesError(
        "The table has more columns than the limit",
        received=f"{n_columns:,} columns",
        expected=f"at most {limits.max_columns} columns",
        advice="Keep only the columns you need; a wide table with one row per series must be turned first.",
        field="upload",
    )


def too_many_rows(n_rows: int, limits: Settings) -> SeriesError:
    """Build the refusal of a table that is too long, with the offer to use its end (B83)."""
    return SeriesError(
        "The table has more rows than the limit",
        received=f"{n_rows:,} rows",
        expected=f"at most {limits.max_rows:,} rows",
        advice=f"Use only the last {limits.max_rows:,} rows, or average them over longer steps.",
        field="last_rows",
    )


def no_rows() -> SeriesError:
    """Build the refusal of a table that is only a header (B3)."""
    return SeriesError(
        "The table has no data rows",
        expected=f"at least {MIN_ROWS} rows, for a window of a few steps and three parts",
        advice="Upload a file with a header and rows of values under it.",
        field="upload",
    )
