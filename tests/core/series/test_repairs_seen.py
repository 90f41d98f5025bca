"""Which values a repair made up, and what a table looks like while it waits for one (B50, B59: counted and drawn)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jaxtyping import TypeCheckError

from lstm_core.errors import SeriesError
from lstm_core.runs.artifacts import series_from_bytes, series_to_bytes
from lstm_core.series.assemble import observe, to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.record import Series
from lstm_core.series.table import ReadOptions
from lstm_core.series.unrepaired import lay_out

HEAD = "date,y,x\n"
ROWS = [f"2020-01-{day:02d},{day},{day * day}\n" for day in range(1, 31)]


def read(rows, **roles):
    table = read_table((HEAD + "".join(rows)).encode(), "file.csv", ReadOptions())
    return table, detect_roles(table).model_copy(update={"features": ("x",), **roles})


def repaired(rows, **roles) -> Series:
    return to_series(*read(rows, **roles))


def with_rows(**changed: str) -> list[str]:
    """`ROWS` with some days replaced: `d5=",25"` leaves y of day 5 empty."""
    rows = list(ROWS)
    for day, cells in changed.items():
        rows[int(day[1:]) - 1] = f"2020-01-{int(day[1:]):02d},{cells}\n"
    return rows


GAPPED = with_rows(d5=",25", d6=",", d20="20,")


@pytest.mark.parametrize("how", ["interpolate", "forward fill"])
def test_filled_values_are_known_by_row_and_column(how):
    series = repaired(GAPPED, gaps=how)
    assert np.argwhere(series.filled).tolist() == [[4, 0], [5, 0], [5, 1], [19, 1]]
    assert series.filled.sum() == next(step.count for step in series.steps if step.name == how)
    assert not series.merged.any()


def test_a_series_without_repairs_has_no_marks_and_marks_cannot_be_written():
    series = repaired(ROWS)
    assert not series.filled.any()
    assert not series.merged.any()
    with pytest.raises(ValueError, match="read-only"):
        series.filled[0, 0] = True


def test_rows_dropped_at_an_open_end_take_their_marks_along():
    series = repaired(with_rows(d1=",1", d6=",36"), gaps="interpolate")
    assert series.n_rows == 29
    assert np.argwhere(series.filled).tolist() == [[4, 0]]


def test_dropped_rows_leave_no_mark():
    assert not repaired(GAPPED, gaps="drop").filled.any()


def test_inserted_dates_count_as_filled():
    series = repaired(ROWS[:9] + ROWS[10:], missing_dates="insert", gaps="interpolate")
    assert np.argwhere(series.filled).tolist() == [[9, 0], [9, 1]]


@pytest.mark.parametrize("how", ["mean", "last"])
def test_merged_dates_are_known(how):
    series = repaired([*ROWS, "2020-01-30,40,0\n", "2020-01-03,5,0\n", "2020-01-03,6,0\n"], duplicates=how)
    assert np.flatnonzero(series.merged).tolist() == [2, 29]


def test_gaps_of_numbered_rows_are_known():
    series = repaired(GAPPED, gaps="interpolate", time=None)
    assert np.argwhere(series.filled).tolist() == [[4, 0], [5, 0], [5, 1], [19, 1]]


def test_marks_of_another_shape_are_refused():
    with pytest.raises((ValueError, TypeCheckError)):
        Series(
            values=np.ones((5, 1)),
            index=pd.RangeIndex(5),
            columns=("y",),
            name="n",
            filled=np.zeros((4, 1), dtype=bool),
        )


def test_marks_are_no_part_of_the_fingerprint():
    series = repaired(GAPPED, gaps="interpolate")
    bare = Series(values=series.values, index=series.index, columns=series.columns, name="bare")
    assert bare.fingerprint == series.fingerprint


@given(
    empty=st.sets(st.integers(2, 29), min_size=1, max_size=20),
    how=st.sampled_from(["interpolate", "forward fill"]),
)
def test_every_value_without_a_mark_is_the_one_that_was_read(empty, how):
    rows = with_rows(**{f"d{day}": f",{day * day}" for day in empty})
    series = repaired(rows, gaps=how, longest_fill=30)
    assert {int(row) + 1 for row in np.flatnonzero(series.filled[:, 0])} == empty
    days = np.arange(1.0, 31.0)
    read_values = np.column_stack([days, days**2])
    np.testing.assert_array_equal(series.values[~series.filled], read_values[~series.filled])


def test_marks_survive_storage():
    series = repaired([*GAPPED, "2020-01-30,40,0\n"], gaps="interpolate", duplicates="mean")
    back = series_from_bytes(series_to_bytes(series))
    np.testing.assert_array_equal(back.filled, series.filled)
    np.testing.assert_array_equal(back.merged, series.merged)
    assert back.fingerprint == series.fingerprint


def test_a_series_stored_without_marks_still_opens():
    series = repaired(ROWS)
    content = series_to_bytes(series)
    assert b'"filled"' not in content
    assert not series_from_bytes(content).filled.any()


class TestWaiting:
    def test_missing_places_stay_empty_and_nothing_is_filled(self):
        waiting = laid_out(GAPPED)
        assert np.argwhere(waiting.missing).tolist() == [[4, 0], [5, 0], [5, 1], [19, 1]]
        assert waiting.values[6].tolist() == [7, 49]
        assert waiting.columns == ("y", "x")

    def test_rows_of_the_same_date_are_all_there_in_time_order(self):
        waiting = laid_out([*ROWS, "2020-01-03,5,0\n"])
        assert np.flatnonzero(waiting.repeated).tolist() == [2, 3]
        assert waiting.values[2:4, 0].tolist() == [3, 5]
        assert waiting.index.is_monotonic_increasing

    def test_inserted_dates_are_missing_places(self):
        waiting = laid_out(ROWS[:9] + ROWS[10:], missing_dates="insert")
        assert np.flatnonzero(waiting.missing.any(axis=1)).tolist() == [9]

    def test_dates_without_a_grid_are_shown_as_they_are(self):
        uneven = [
            f"2020-01-01 00:{minute:02d},{minute},1\n"
            for minute in np.cumsum([1, 3, 2, 5, 1, 4, 2, 3, 7] * 2)
        ]
        with pytest.raises(SeriesError, match="cannot be inserted"):
            repaired(uneven, missing_dates="insert")
        assert laid_out(uneven, missing_dates="insert").values.shape == (18, 2)

    def test_numbered_rows_keep_the_order_of_the_file(self):
        waiting = laid_out(GAPPED, time=None)
        assert waiting.index.tolist() == list(range(30))


def laid_out(rows, **roles):
    table, chosen = read(rows, **roles)
    return lay_out(observe(table, chosen), chosen, unit="m")
