"""The series on screen: thinned, light enough to travel, inert."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lstm_core.figures.series import MAX_COLUMNS, plot_series, thin, time_axis
from lstm_core.figures.theme import DARK, LIGHT, MAX_POINTS
from lstm_core.figures.unrepaired import plot_unrepaired
from lstm_core.series.record import Series
from lstm_core.series.unrepaired import Unrepaired

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


def repaired(n_rows: int, filled_rows, merged_rows=(), columns: tuple[str, ...] = ("level",)) -> Series:
    series = walk(n_rows, columns)
    filled = np.zeros((n_rows, len(columns)), dtype=bool)
    filled[filled_rows] = True
    merged = np.zeros(n_rows, dtype=bool)
    merged[list(merged_rows)] = True
    return replace(series, filled=filled, merged=merged)


def test_b59_filled_values_are_drawn_counted_and_told():
    series = repaired(50, [3, 4, 20], [7])
    line, filled, merged = plot_series(series, theme=LIGHT).data
    assert (filled.name, merged.name) == ("filled (3)", "merged dates (1)")
    np.testing.assert_array_equal(filled.y, series.values[[3, 4, 20], 0])
    np.testing.assert_array_equal(merged.y, series.values[[7], 0])
    assert filled.marker.color == LIGHT.warning
    assert filled.marker.symbol != merged.marker.symbol
    assert filled.mode == merged.mode == "markers"
    assert "filled" in filled.hovertemplate
    assert (line.showlegend, filled.showlegend) == (False, True)
    assert plot_series(series, theme=LIGHT).layout.showlegend


def test_b59_no_repair_no_marker():
    figure = plot_series(repaired(50, []), theme=LIGHT)
    assert len(figure.data) == 1
    assert not figure.layout.showlegend


def test_b59_each_panel_marks_its_own_column_and_the_key_counts_all():
    series = repaired(50, [3], columns=("a", "b"))
    filled = series.filled.copy()
    filled[10, 1] = True
    figure = plot_series(replace(series, filled=filled), theme=LIGHT)
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [(mark.yaxis, len(mark.x), mark.name) for mark in marks] == [
        ("y", 1, "filled (3)"),
        ("y2", 2, "filled (3)"),
    ]
    assert [mark.showlegend for mark in marks] == [True, False]


def test_b59_a_gap_in_a_million_rows_is_never_thinned_away():
    rows = [*range(200_000, 500_000), 777_777]
    figure = plot_series(repaired(1_000_000, rows), theme=LIGHT)
    filled = figure.data[1]
    assert filled.name == "filled (300,001)"
    assert len(filled.x) <= MAX_POINTS
    assert np.datetime64("1990-01-01") + np.timedelta64(777_777, "m") in np.asarray(filled.x)
    assert len(figure.to_json()) < LARGEST_FIGURE


def waiting(values, repeated=()) -> Unrepaired:
    values = np.asarray(values, dtype=float).reshape(len(values), -1)
    flags = np.zeros(len(values), dtype=bool)
    flags[list(repeated)] = True
    index = pd.date_range("2020-01-01", periods=len(values), freq="D")
    return Unrepaired(values=values, index=index, columns=("<b>y",), unit="m", repeated=flags)


def test_b59_while_it_waits_the_line_is_broken_and_the_missing_places_are_marked():
    line, missing = plot_unrepaired(waiting([1, 2, np.nan, np.nan, 5]), theme=DARK).data
    assert np.isnan(line.y).tolist() == [False, False, True, True, False]
    assert not line.connectgaps
    assert missing.name == "missing (2)"
    assert missing.marker.color == DARK.warning
    assert missing.marker.symbol.endswith("-open")  # a closed thin cross takes the grey of its outline
    assert missing.x.astype("datetime64[D]").tolist() == [
        pd.Timestamp("2020-01-03").date(),
        pd.Timestamp("2020-01-04").date(),
    ]
    assert np.isfinite(missing.y).all()


def test_b50_while_it_waits_rows_with_the_same_date_are_marked():
    line, repeated = plot_unrepaired(waiting([1, 2, 3], repeated=[1, 2]), theme=LIGHT).data
    assert line.y.tolist() == [1, 2, 3]
    assert (repeated.name, repeated.y.tolist()) == ("same date (2)", [2, 3])


def test_b59_a_million_waiting_rows_keep_every_gap_and_travel_light():
    values = np.random.default_rng(0).normal(size=1_000_000).cumsum()
    values[300_000:400_000] = np.nan
    values[777_777] = np.nan
    figure = plot_unrepaired(waiting(values), theme=LIGHT)
    line, missing = figure.data
    assert np.isnan(line.y).sum() >= 2
    assert missing.name == "missing (100,001)"
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_a_column_of_nothing_is_drawn_empty():
    figure = plot_unrepaired(waiting([np.nan] * 5), theme=LIGHT)
    assert "<b>" not in figure.layout.yaxis.title.text
    assert figure.data[1].name == "missing (5)"
