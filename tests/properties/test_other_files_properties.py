"""A workbook or a Parquet file gives what was written, wherever it stands; a damaged workbook is told in words."""

import io
from contextlib import suppress

import numpy as np
import openpyxl
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.parquet import read_parquet
from lstm_core.series.reading.workbook import read_workbook
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import ReadOptions
from tests.core.series.workbooks import saved, written

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(-1e12, 1e12, allow_subnormal=False) | st.none()
COLUMN = st.lists(NUMBERS, min_size=24, max_size=24).filter(
    lambda cells: any(cell is not None for cell in cells)
)
STARTS = st.datetimes(pd.Timestamp("1910-01-01").to_pydatetime(), pd.Timestamp("2090-01-01").to_pydatetime())
STEPS = st.sampled_from(["D", "h", "min", "7D", "37min"])


def days(start, step) -> pd.DatetimeIndex:
    return pd.date_range(pd.Timestamp(start).floor("s"), periods=24, freq=step)


def as_floats(cells) -> np.ndarray:
    return np.array([np.nan if cell is None else float(cell) for cell in cells])


@given(COLUMN, COLUMN, STARTS, STEPS, st.integers(0, 3), st.integers(0, 3), st.booleans())
@settings(max_examples=15)
def test_a_sheet_gives_what_was_written_wherever_it_stands(y, z, start, step, above, left, titled):
    index = days(start, step)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    if titled:
        sheet.cell(1, left + 1, "Report of the year")
    rows = [
        ["when", "y", "z"],
        *([day.to_pydatetime(), *pair] for day, *pair in zip(index, y, z, strict=True)),
    ]
    for row, cells in enumerate(rows, start=1 + above + titled):
        for place, cell in enumerate(cells, start=1 + left):
            sheet.cell(row, place, cell)
    table = read_workbook(saved(book), "book.xlsx", ReadOptions())
    assert table.columns == ("when", "y", "z")
    for name, cells in (("y", y), ("z", z)):
        np.testing.assert_allclose(table.frame[name].astype(float), as_floats(cells), rtol=1e-15)
    # Excel counts days: a moment is good to a millisecond.
    read = to_series(table, ColumnRoles(time="when", target="y", gaps="drop")) if None not in y else None
    if read is not None:
        assert abs(read.index - index).max() <= pd.Timedelta("1ms")


@given(COLUMN, STARTS, STEPS, st.sampled_from(["s", "ms", "us", "ns"]), st.booleans())
@settings(max_examples=15)
def test_a_parquet_file_gives_what_was_written(y, start, step, unit, as_index):
    index = days(start, step).as_unit(unit)
    frame = pd.DataFrame({"when": index, "y": as_floats(y)})
    sink = io.BytesIO()
    (frame.set_index("when") if as_index else frame).to_parquet(sink)
    table = read_parquet(sink.getvalue(), "file.parquet", ReadOptions())
    assert table.columns == ("when", "y")
    np.testing.assert_array_equal(table.frame["y"], as_floats(y))
    roles = ColumnRoles(time="when", target="y", gaps="interpolate", longest_fill=24)
    with suppress(SeriesError):  # too few rows are left when both ends are missing
        read = to_series(table, roles)
        assert read.index.isin(index).all()


BOOK = written([["y", "z"], *([place, f"{place},5"] for place in range(24))])


@given(st.data(), st.sampled_from(["cut", "flip", "zeros"]))
@settings(max_examples=40)
def test_a_damaged_workbook_is_told_in_words_or_read(data, damage):
    source = bytearray(BOOK)
    place = data.draw(st.integers(4, len(source) - 1))
    if damage == "cut":
        source = source[:place]
    elif damage == "flip":
        source[place] ^= data.draw(st.integers(1, 255))
    else:
        source[place : place + 16] = bytes(len(source[place : place + 16]))
    with suppress(SeriesError):
        detect_roles(read_workbook(bytes(source), "book.xlsx", ReadOptions()))
