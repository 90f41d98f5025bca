"""The profile of a column equals what pandas says about it."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.series.profile import ColumnProfile, profile
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.samples import sample_table
from lstm_core.series.table import ReadOptions

ROWS = "".join(
    f"2020-01-{day:02d},{day if day != 7 else ''},{'oops' if day == 9 else day / 2},{'sun' if day % 3 else 'n/a'},5,\n"
    for day in range(1, 31)
)


def profiles(text: str) -> dict[str, ColumnProfile]:
    table = read_table(text.encode(), "file.csv", ReadOptions())
    return {one.name: one for one in profile(table)}


def test_kinds_missing_cells_and_constants():
    found = profiles("date,y,half,weather,same,nothing\n" + ROWS)
    assert {name: one.kind for name, one in found.items()} == {
        "date": "dates", "y": "numbers", "half": "numbers and text", "weather": "text", "same": "numbers",
        "nothing": "empty",
    }  # fmt: skip
    assert {name: one.n_missing for name, one in found.items()} == {
        "date": 0, "y": 1, "half": 0, "weather": 10, "same": 0, "nothing": 30,
    }  # fmt: skip
    assert found["half"].n_unread == 1
    assert (found["date"].first, found["date"].last) == ("2020-01-01", "2020-01-30")
    assert found["same"].is_constant
    assert found["nothing"].is_constant
    assert not found["y"].is_constant
    assert found["weather"].low is found["weather"].mean is found["date"].high is None
    assert (found["weather"].first, found["weather"].n_distinct) == ("sun", 1)


@pytest.mark.parametrize("name", ["macrodata", "co2"])
def test_numbers_equal_those_of_pandas(name):
    table = sample_table(name)
    for one in profile(table):
        column = table.frame[one.name]
        if one.kind != "numbers":
            continue
        assert one.mean == pytest.approx(column.mean(), rel=1e-12)
        assert (one.low, one.high) == (column.min(), column.max())
        assert (one.n_missing, one.n_distinct) == (column.isna().sum(), column.nunique())
        assert one.unit == table.unit(one.name)


def test_infinite_cells_do_not_hide_the_numbers():
    found = profiles("y\n" + "1.5\n2.5\ninf\n" * 10)["y"]
    assert (found.low, found.mean, found.high) == (1.5, 2.0, 2.5)


def test_every_cell_of_a_column_of_numbers_is_read_missing_or_unread():
    found = profiles("date,y\n" + "2020-01-01,1.5\n" * 27 + "2020-01-02,n/a\n2020-01-03,\n2020-01-04,oops\n")[
        "y"
    ]
    assert (found.kind, found.n_missing, found.n_unread) == ("numbers and text", 2, 1)


def test_long_texts_are_cut():
    found = profiles("date,text\n" + f"2020-01-01,{'x' * 200}\n2020-01-02,b\n")["text"]
    assert len(found.first) == 80


def test_decimal_commas_are_numbers():
    found = profiles("y;z\n" + "1,5;a\n2,5;b\n" * 15)["y"]
    assert found.mean == 2.0
    assert np.isfinite(found.mean)
    assert pd.isna(profiles("y;z\n" + "1,5;a\n2,5;b\n" * 15)["z"].mean)
