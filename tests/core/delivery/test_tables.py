"""CSV to take away: every digit kept, nothing a spreadsheet would run."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.delivery.tables import inert, series_csv, table_csv
from lstm_core.errors import SeriesError
from lstm_core.recipe.script import read_series
from lstm_core.series.record import Series


def series_of(values: np.ndarray, columns: tuple[str, ...], index: pd.Index | None = None) -> Series:
    rows = pd.RangeIndex(len(values)) if index is None else index
    return Series(values=values, index=rows, columns=columns, name="s")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_numbers_come_back_bit_by_bit(tmp_path_factory, numbers):
    series = series_of(np.array(numbers)[:, None], ("y",))
    path = tmp_path_factory.mktemp("csv") / "series.csv"
    path.write_bytes(series_csv(series, ("y",)))
    times, values = read_series(path)
    assert values.tobytes() == series.values.tobytes()
    assert times == [str(row) for row in range(len(numbers))]


def test_columns_come_in_the_order_asked_for_with_the_time_first():
    dates = pd.date_range("2001-01-31", periods=3, freq="ME", name="month")
    series = series_of(np.arange(6.0).reshape(3, 2), ("a", "b"), dates)
    assert series_csv(series, ("b", "a")).decode() == (
        "month,b,a\n2001-01-31,1.0,0.0\n2001-02-28,3.0,2.0\n2001-03-31,5.0,4.0\n"
    )
    with pytest.raises(SeriesError):
        series_csv(series, ("c",))


OWASP = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", OWASP)
def test_text_that_starts_a_formula_is_quoted_and_numbers_are_not(text):
    series = series_of(np.array([[-1.0, -2.5]]), (text, "x"))
    header, row = csv.reader(io.StringIO(series_csv(series, (text, "x")).decode(), newline=""))
    assert header == ["time", "'" + text.replace("\r", " "), "x"]
    assert row == ["0", "-1.0", "-2.5"]
    assert table_csv(["a"], [[text], [-3]]).decode().endswith("\n-3\n")


def test_harmless_text_is_left_alone():
    assert [inert(text) for text in ("", "a=b", "'x", "a,b")] == ["", "a=b", "'x", "a,b"]
