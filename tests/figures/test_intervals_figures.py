"""Bands on screen: every edge where it belongs, misses marked, bands without a limit cut at the edge."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.intervals.bands import Bands
from lstm_core.evaluation.intervals.coverage import rolling
from lstm_core.figures.intervals import LOOKS, plot_bands, plot_half_widths, plot_rolling
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.series.record import Series

EVIL = "<b>%{y}</b>"


def world(n=120, *, half=1.0, method="split", column="level"):
    rng = np.random.default_rng(0)
    series = Series(
        values=rng.normal(size=(n + 30, 1)),
        index=pd.date_range("2000-01-01", periods=n + 30, freq="D"),
        columns=(column,),
        name="w",
        unit="m",
    )
    half = np.broadcast_to(half, (2, n)) * [[1.0], [2.0]]
    bands = Bands(
        method=method,
        levels=(0.5, 0.8),
        lower=-half,
        upper=half,
        actual=series.values[30:, 0],
        predicted=np.zeros(n),
        rows=np.arange(30, n + 30),
        step=1,
        unit="m",
    )
    return series, bands


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_band_of_the_level_and_the_truths_outside_it(theme):
    series, bands = world()
    figure = plot_bands(series, "level", bands, 0.8, theme=theme)
    np.testing.assert_array_equal(trace(figure, "80% band").y, np.full(120, 2.0))
    np.testing.assert_array_equal(trace(figure, "Lower edge").y, np.full(120, -2.0))
    missed = trace(figure, "Outside the band")
    np.testing.assert_array_equal(missed.y, bands.actual[np.abs(bands.actual) > 2])
    assert missed.marker.color == theme.warning
    assert pd.Timestamp(trace(figure, "Actual").x[0]) == series.index[30]
    assert figure.layout.yaxis.title.text == "level [m]"


def test_bands_without_a_limit_reach_the_edge_of_the_chart():
    series, bands = world(half=np.where(np.arange(120) % 10 == 0, np.inf, 1.0))
    figure = plot_bands(series, "level", bands, 0.8, theme=LIGHT)
    upper, (_, top) = np.asarray(trace(figure, "80% band").y), figure.layout.yaxis.range
    assert np.isfinite(upper).all()
    assert upper[0] == top > 2.0
    assert upper[1] == 2.0


def test_coverage_over_time_has_a_line_a_method_and_the_range_of_chance():
    series, bands = world()
    _, other = world(method="adaptive", half=1.5)
    made = [rolling(one, level=0.8, size=30) for one in (bands, other)]
    figure = plot_rolling(series, made, theme=LIGHT)
    np.testing.assert_allclose(trace(figure, "Split conformal").y, 100 * made[0].shares)
    assert trace(figure, "Split conformal").line.dash != trace(figure, "Adaptive conformal").line.dash
    band = figure.layout.shapes[0]
    assert (band.y0, band.y1) == (100 * made[0].low, 100 * made[0].high)
    assert "[%]" in figure.layout.yaxis.title.text


def test_half_widths_by_steps_ahead():
    figure = plot_half_widths(
        {"split": np.array([1.0, 2.0]), "adaptive": np.array([1.5, np.nan])}, unit="m", theme=LIGHT
    )
    np.testing.assert_array_equal(trace(figure, "Split conformal").x, [1, 2])
    assert figure.layout.yaxis.title.text == "Mean half width [m]"


def test_many_windows_stay_light_enough_to_travel_and_names_inert():
    series, bands = world(50_000, column=EVIL)
    text = plot_bands(series, EVIL, bands, 0.5, theme=LIGHT).to_json()
    assert len(text) < 500_000
    assert "%{y}</b>" not in text
    assert len(plot_rolling(series, [rolling(bands, level=0.5, size=200)], theme=LIGHT).to_json()) < 200_000


def test_no_two_methods_look_alike():
    for place in range(3):
        assert len({look[place] for look in LOOKS.values()}) == len(LOOKS)
