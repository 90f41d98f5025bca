"""Forecast, residuals and sensitivity on screen: every number arrives, light enough to travel, inert."""

import itertools

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation import residuals as room
from lstm_core.evaluation.copycat import copy_check
from lstm_core.evaluation.explanation.effects import StepEffects
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import LagCheck, lag_check
from lstm_core.figures.forecast import plot_copy_check, plot_forecast, plot_lag_check
from lstm_core.figures.residuals import (
    plot_against_predicted,
    plot_histogram,
    plot_memory,
    plot_quantiles,
    plot_residuals,
    plot_rolling_spread,
)
from lstm_core.figures.sensitivity import plot_effect_spread, plot_step_effects, with_unit
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.preparation.split import Split
from lstm_core.series.record import Series

LARGEST_FIGURE = 300_000
EVIL = "<a href='x'>%{y}</a>"
INERT = "‹a href='x'›% {y}‹/a›"


def world(n_rows=200, *, stride=1, column="level"):
    rng = np.random.default_rng(0)
    index = pd.date_range("2000-01-01", periods=n_rows, freq="h")
    series = Series(
        values=rng.normal(size=(n_rows, 1)).cumsum(axis=0), index=index, columns=(column,), name="w", unit="m"
    )
    cuts = np.array([0, 0.7, 0.8, 1.0]) * n_rows
    ranges = [range(int(first), int(last)) for first, last in itertools.pairwise(cuts)]
    split = Split(train=ranges[0], validation=ranges[1], test=ranges[2])
    made = {}
    for part in ("train", "validation", "test"):
        rows = np.arange(max(split.part(part).start, 5), split.part(part).stop, stride)
        actual = series.values[rows]
        made[part] = Forecast(
            origins=rows,
            actual=actual,
            predicted=actual + rng.normal(size=actual.shape),
            part=part,
            unit="m",
            label=EVIL,
        )
    return series, split, made


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_forecast_lies_on_its_rows_in_its_colour(theme):
    series, split, made = world()
    figure = plot_forecast(series, "level", made, [made["test"]], split=split, theme=theme)
    lines = [one for one in figure.data if one.legendgroup == "lstm"]
    assert [len(line.x) for line in lines] == [135, 20, 40]
    np.testing.assert_array_equal(lines[2].y, made["test"].predicted[:, 0])
    assert pd.Timestamp(lines[2].x[0]) == series.index[160]
    assert {line.line.color for line in lines} == {theme.forecast}
    assert [shape.fillcolor for shape in figure.layout.shapes] == [theme.train, theme.validation, theme.test]
    assert figure.layout.yaxis.title.text == "level [m]"


def test_only_the_stretch_of_the_drawn_parts_is_shown():
    series, split, made = world()
    figure = plot_forecast(series, "level", {"test": made["test"]}, split=split, theme=LIGHT)
    assert len(trace(figure, "Actual").x) == 40


def test_windows_with_a_stride_are_markers_without_a_line():
    series, split, made = world(stride=5)
    figure = plot_forecast(series, "level", made, split=split, theme=LIGHT)
    assert trace(figure, INERT).mode == "markers"


def test_long_forecast_travels_in_less_than_300_kb():
    series, split, made = world(300_000)
    baselines = [made["test"]] * 3
    figure = plot_forecast(series, "level", made, baselines, split=split, theme=LIGHT)
    assert len(figure.to_json()) < LARGEST_FIGURE


def test_text_from_data_is_inert_everywhere():
    series, split, made = world(column=EVIL)
    lag = lag_check(made["test"], series.values[:, 0])
    effects, window, _ = three_steps(columns=(EVIL, "other"))
    figures = [
        plot_forecast(series, EVIL, made, [made["test"]], split=split, theme=LIGHT),
        plot_lag_check(lag, lag, name="LSTM", unit=EVIL, theme=LIGHT),
        plot_histogram(room.histogram(room.residuals(made["test"])), unit=EVIL, theme=LIGHT),
        plot_step_effects(effects, 0, 0, window=window, labels=[EVIL] * 3, theme=LIGHT),
        plot_effect_spread(effects.over_windows(), 0, unit=EVIL, theme=LIGHT),
    ]
    for figure in figures:
        assert "<a" not in figure.to_json()
        assert "\\u003ca" not in figure.to_json()


def test_lag_check_marks_the_best_shift_and_warns_of_a_copy():
    series, _, made = world()
    test = made["test"]
    values = series.values[:, 0]
    copy = Forecast(
        origins=test.origins, actual=test.actual, predicted=values[test.origins - 1, None], part="test"
    )
    check = lag_check(copy, values)
    figure = plot_lag_check(check, check, name="GRU", unit="m", theme=LIGHT)
    marker = figure.data[2]
    assert figure.data[0].name == "GRU"
    assert (marker.x[0], marker.marker.color) == (1, LIGHT.warning)
    np.testing.assert_array_equal(figure.data[0].y, check.errors)


@pytest.mark.parametrize(
    ("errors", "colour"), [([1.0, 2.0], "train"), ([2.0, 1.9], "muted"), ([2.0, 0.1], "warning")]
)
def test_best_shift_is_green_only_where_it_is_the_own_row(errors, colour):
    check = LagCheck(
        errors=np.array(errors),
        best_shift=int(np.argmin(errors)),
        skill=0.0,
        copies_last_value=errors[1] == 0.1,
        n=9,
    )
    marker = plot_lag_check(check, check, name="LSTM", unit="m", theme=LIGHT).data[2].marker
    assert marker.color == getattr(LIGHT, colour)


def test_correlations_by_shift_arrive():
    series, _, made = world()
    check = copy_check(made["test"], series.values[:, 0])
    figure = plot_copy_check(check, check, name="GRU", theme=DARK)
    np.testing.assert_array_equal(trace(figure, "GRU, changes").y, check.changes)
    np.testing.assert_array_equal(trace(figure, "GRU, values").y, check.values)
    assert list(trace(figure, "GRU, values").x) == list(range(-10, 11))
    assert figure.layout.shapes[0].y1 == check.band


def test_residual_pictures_hold_the_numbers():
    series, _, made = world()
    left = room.residuals(made["test"])
    np.testing.assert_array_equal(plot_residuals(left, series, theme=LIGHT).data[0].y, left.values)
    scatter = plot_against_predicted(left, theme=LIGHT).data[0]
    np.testing.assert_array_equal(scatter.x, left.predicted)
    counted = room.histogram(left, n_bins=12)
    bars = plot_histogram(counted, unit="m", theme=LIGHT).data[0]
    assert sum(bars.y) == len(left)
    points = room.normal_quantiles(left)
    line = plot_quantiles(points, unit="m", theme=LIGHT).data[1]
    np.testing.assert_allclose(np.diff(line.y) / np.diff(line.x), points.slope)
    memory = room.memory(left)
    bars = plot_memory(memory, theme=LIGHT).data
    assert len(bars[0].x) + len(bars[1].x) == len(memory.acf)
    assert all(abs(height) > memory.band for height in bars[1].y)


def test_many_residuals_are_thinned_for_drawing_and_keep_their_extremes():
    series, _, made = world(300_000)
    left = room.residuals(made["test"])
    drawn = plot_against_predicted(left, theme=LIGHT).data[0]
    assert len(drawn.x) <= 2000
    over_time = plot_residuals(left, series, theme=LIGHT).data[0]
    for line in (drawn, over_time):
        assert (max(line.y), min(line.y)) == (left.values.max(), left.values.min())
    assert len(plot_quantiles(room.normal_quantiles(left), unit="m", theme=LIGHT).data[0].x) <= 2000


def three_steps(columns=("level", "other")):
    up = np.arange(12.0).reshape(3, 2, 2) - 4
    effects = StepEffects(up=up, down=-up / 2, sizes=np.ones(2), columns=columns)
    return effects, np.arange(6.0).reshape(3, 2), ["a", "b", "c"]


def test_step_effects_are_aligned_under_the_window_oldest_left():
    effects, window, labels = three_steps()
    figure = plot_step_effects(effects, 1, 0, window=window, labels=labels, theme=LIGHT)
    values, strongest, up, down, heat = figure.data
    assert list(values.x) == list(up.x) == list(down.x) == list(heat.x) == [3, 2, 1]
    assert figure.layout.xaxis.range[0] > figure.layout.xaxis.range[1]
    np.testing.assert_array_equal(values.y, window[:, 0])
    np.testing.assert_array_equal(up.y, effects.up[:, 0, 1])
    np.testing.assert_array_equal(down.y, effects.down[:, 0, 1])
    np.testing.assert_array_equal(heat.z, effects.up[:, :, 1].T)
    assert heat.zmin == -heat.zmax
    assert strongest.x[0] == 1


def test_effects_name_their_unit_and_the_mark_its_column():
    effects, window, labels = three_steps()
    figure = with_unit(plot_step_effects(effects, 0, 1, window=window, labels=labels, theme=LIGHT), "kg", 1)
    assert figure.layout.yaxis2.title.text == "Change [kg]"
    assert "[" not in figure.layout.yaxis.title.text  # only the target's unit is known
    shown = plot_step_effects(effects, 0, 0, window=window, labels=labels, theme=LIGHT)
    name = shown.layout.yaxis.title.text
    assert with_unit(shown, "kg", 0).layout.yaxis.title.text == f"{name} [kg]"
    assert figure.data[4].colorbar.title.text == "Change of forecast [kg]"
    assert figure.data[1].name == "Moves the forecast most in this column"


def test_spread_holds_the_median_between_the_quantiles():
    effects, _, _ = three_steps()
    spread = effects.over_windows()
    high, low, median = plot_effect_spread(spread, 1, unit="m", theme=LIGHT).data
    np.testing.assert_array_equal(median.y, spread.median[:, 1])
    assert (np.array(low.y) <= np.array(high.y)).all()


def test_nudge_of_nothing_still_has_a_scale():
    effects, window, labels = three_steps()
    flat = StepEffects(up=effects.up * 0, down=effects.down * 0, sizes=np.zeros(2), columns=effects.columns)
    heat = plot_step_effects(flat, 0, 0, window=window, labels=labels, theme=LIGHT).data[4]
    assert (heat.zmin, heat.zmax) == (-1, 1)


def test_the_rolling_spread_stands_on_its_dates_under_the_band_of_a_steady_one():
    series, _, made = world(2000)
    rolling = room.rolling_spread(room.residuals(made["test"]))
    figure = plot_rolling_spread(rolling, series, theme=LIGHT)
    assert figure.data[0].x[-1] == series.index[rolling.rows[-1]]
    np.testing.assert_allclose(figure.data[0].y[-1], rolling.spread[-1])
    assert figure.layout.yaxis.title.text == "Standard deviation [m]"
    band = next(shape for shape in figure.layout.shapes if shape.type == "rect")
    assert (band.y0, band.y1) == (rolling.low, rolling.high)
    assert plot_rolling_spread(rolling, theme=DARK).layout.xaxis.title.text == "Row"
