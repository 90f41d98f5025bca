"""Cells of a text table: rows split into columns of text, or an error with the line."""

import io
import re

import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from lstm_core.errors import SeriesError
from lstm_core.series.reading.dialect import NAMES, first_lines
from lstm_core.series.table import Delimiter

_LONG_ROW = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
_OPEN_QUOTE = re.compile(r"EOF inside string starting at row (\d+)")


def split_cells(text: str, delimiter: Delimiter, *, n_columns: int, skipped: int) -> tuple[pd.DataFrame, int]:
    """Split the text of a table, header row included.

    Parameters
    ----------
    text : the table, without the lines above it
    n_columns : cells in its first row
    skipped : lines above it, to name lines as an editor numbers them

    Returns
    -------
    cells, n_short : columns of text numbered from 0; how many rows had fewer cells than the first (B19)

    Raises
    ------
    SeriesError
        A quote that never closes (B16), a row with more cells than the first (B17, B18).
    """
    quick, n_short = None, 0
    if delimiter != " ":
        quick, n_short = _split_quickly(text, delimiter, n_columns)
    if quick is not None:
        return quick, 0
    try:
        cells = pd.read_csv(
            io.StringIO(text),
            sep=r"\s+" if delimiter == " " else delimiter,
            header=None,
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_values=[],
            skip_blank_lines=n_columns > 1,
            engine="c",
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise _explain(str(error), text, delimiter, skipped) from None
    return cells.fillna(""), n_short


def _split_quickly(text: str, delimiter: Delimiter, n_columns: int) -> tuple[pd.DataFrame | None, int]:
    """Arrow's reader: six times faster, and it counts short rows; pandas' has the last word on anything odd."""
    n_short, n_long = 0, 0

    def count(row: arrow_csv.InvalidRow) -> str:
        nonlocal n_short, n_long
        n_short += row.actual_columns < row.expected_columns
        n_long += row.actual_columns > row.expected_columns
        return "skip"

    quoted = '"' in text
    names = [str(place) for place in range(n_columns)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode("utf-8", errors="replace")),
            read_options=arrow_csv.ReadOptions(column_names=names, use_threads=not quoted),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=quoted,
                ignore_empty_lines=n_columns > 1,
                invalid_row_handler=count,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None, 0
    if n_short or n_long or quoted or not len(table):  # Arrow lets a quote stay open at the end
        return None, n_short
    frame = table.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=float("nan"))}.get)
    frame.columns = range(n_columns)
    return frame, 0


def _explain(complaint: str, text: str, delimiter: Delimiter, skipped: int) -> SeriesError:
    if found := _LONG_ROW.search(complaint):
        expected, line, saw = (int(part) for part in found.groups())
        lines = first_lines(text)
        shown = f": '{lines[line - 1][:60]}'" if line <= len(lines) else ""
        return SeriesError(
            f"Line {line + skipped:,} has {saw} cells, but the first row of the table has {expected}{shown}",
            received=f"{saw} cells",
            expected=f"{expected} cells separated by a {NAMES[delimiter]}",
            advice="Remove the extra cell, put text that holds the separator into quotes, or choose another separator. "
            "If the table only begins further below, skip the lines above its names.",
            field="delimiter",
        )
    if found := _OPEN_QUOTE.search(complaint):
        line = int(found.group(1)) + 1 + skipped
        return SeriesError(
            f"The quote that opens at line {line:,} never closes",
            expected='a second " at the end of the cell',
            advice="Close the quote in an editor and upload the file again.",
            field="upload",
        )
    return SeriesError(
        "The table cannot be split into rows and columns",
        expected="the same number of cells in every row",
        advice="Choose another separator, or save the file as CSV (UTF-8).",
        field="delimiter",
    )
