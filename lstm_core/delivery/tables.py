"""Tables to take away: CSV in full precision that no spreadsheet runs as a program."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from lstm_core.evaluation.table import row_times
from lstm_core.series.record import Series

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """Text as it may stand in a spreadsheet's cell: one line, and what would start a formula gets a leading quote."""
    line = " ".join(text.splitlines()) if "\r" in text or "\n" in text else text
    return f"'{line}" if text.startswith(FORMULA_STARTS) else line


def table_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Header and rows as CSV. Numbers keep every digit; text is made inert (see `inert`)."""
    buffer = io.StringIO()
    lines = csv.writer(buffer, lineterminator="\n")
    lines.writerow([inert(name) for name in header])
    lines.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return buffer.getvalue().encode()


def series_csv(series: Series, columns: Sequence[str]) -> bytes:
    """Columns of a series as CSV: times first, then the columns in the order given.

    Reading the numbers back gives the same float64, bit by bit.

    Raises
    ------
    SeriesError
        If a column does not exist.
    """
    times = [str(moment) for moment in row_times(series, np.arange(series.n_rows))]
    values = np.column_stack([series.column(name) for name in columns])
    name = series.index.name
    rows = ([moment, *map(float, row)] for moment, row in zip(times, values, strict=True))
    return table_csv(["time" if name is None else str(name), *columns], rows)
