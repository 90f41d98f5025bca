"""The series on screen: thinned, light enough to travel, inert."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.figures.series import MAX_COLUMNS, plot_series, thin, time_axis
from lstm_core.figures.theme import DARK, LIGHT, MAX_POINTS
from lstm_core.series.record import Series

LARGEST_FIGURE = 300_000  # bytes of JSON the browser may be sent


def walk(n_rows: int, columns: tuple[str, ...] = ("level",), freq: str | None = "min") -> Series:
    values = np.random.default_rng(0).normal(size=(n_rows, len(columns))).cumsum(axis=0)
    index = pd.date_range("1990-01-01", periods=n_rows, freq=freq) if freq else pd.RangeIndex(n_rows)
    return Series(
        values=values,
        index=index,
        columns=columns,
        name="walk",
        unit="m",
        step="1 minute",
    )


@pytest.mark.parametrize("freq", ["min", "us", None])
def test_a_million_points_travel_in_less_than_300_kb(freq):
    figure = plot_series(walk(1_000_000, freq=freq), theme=LIGHT)
    assert len(figure.data[0].x) <= MAX_POINTS
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_many_long_columns_together_travel_in_less_than_300_kb():
    columns = tuple(f"column {i}" for i in range(12))
    figure = plot_series(walk(20_000, columns, freq="s"), theme=DARK)
    assert len(figure.data) == MAX_COLUMNS
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_thinning_keeps_both_ends_and_a_lonely_spike():
    values = np.zeros(100_000)
    values[54_321] = 9.0
    rows = thin(values)
    assert rows[0] == 0
    assert rows[-1] == 99_999
    assert 54_321 in rows
    assert (np.diff(rows) > 0).all()


def test_a_short_series_is_drawn_whole():
    series = walk(50, freq="D")
    line = plot_series(series, theme=LIGHT).data[0]
    np.testing.assert_array_equal(line.y, series.values[:, 0])
    np.testing.assert_array_equal(np.asarray(line.x, dtype="datetime64[D]"), series.index.to_numpy())


def test_dates_keep_every_digit_they_need():
    series = walk(10, freq="250us")
    np.testing.assert_array_equal(time_axis(series), series.index.to_numpy())


def test_dates_with_a_zone_are_drawn_in_that_zone():
    index = pd.date_range("2020-01-01 00:00", periods=5, freq="h", tz="Asia/Tokyo")
    series = Series(values=np.arange(5.0)[:, None], index=index, columns=("y",), name="y")
    assert str(time_axis(series)[0]) == "2020-01-01T00:00"
    assert plot_series(series, theme=LIGHT).layout.xaxis.title.text == "Date [Asia/Tokyo]"


def test_each_panel_is_named_and_only_the_first_has_the_unit():
    figure = plot_series(walk(30, ("a", "b")), theme=LIGHT)
    assert figure.layout.yaxis.title.text == "a [m]"
    assert figure.layout.yaxis2.title.text == "b"
    assert figure.layout.xaxis2.title.text == "Date"


def test_chosen_columns_only():
    figure = plot_series(walk(30, ("a", "b", "c")), theme=LIGHT, columns=("c",))
    assert [trace.name for trace in figure.data] == ["c"]


def test_names_from_a_file_are_inert():
    figure = plot_series(walk(30, ("<img src=x onerror=alert(1)>",)), theme=LIGHT)
    assert "<img" not in figure.data[0].name
    assert "<img" not in figure.layout.yaxis.title.text
