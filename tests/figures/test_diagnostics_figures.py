"""ACF and PACF on screen."""

import numpy as np
import pytest

from lstm_core.diagnostics.correlogram import correlogram
from lstm_core.figures.diagnostics import plot_acf, plot_pacf
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.series.samples import load_sample

SUNSPOTS = correlogram(load_sample("sunspots").values[:, 0], n_lags=20)


@pytest.mark.parametrize(("plot", "values"), [(plot_acf, SUNSPOTS.acf), (plot_pacf, SUNSPOTS.pacf)])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_lag_but_the_trivial_one_is_drawn_once(plot, values, theme):
    figure = plot(SUNSPOTS, theme=theme)
    drawn = {
        int(x): y
        for trace in figure.data
        if trace.mode == "markers"
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert drawn == {lag: values[lag] for lag in range(1, 21)}


def test_the_band_is_centred_on_zero():
    band = plot_acf(SUNSPOTS, theme=LIGHT).data[0]
    np.testing.assert_allclose(band.y[:20], SUNSPOTS.acf_band[1:])
    np.testing.assert_allclose(band.y[:20], -band.y[20:][::-1])


def test_what_stands_out_differs_in_colour_and_in_marker():
    figure = plot_pacf(SUNSPOTS, theme=LIGHT)
    loud, quiet = figure.data[1:]
    assert set(loud.x) == {lag for lag in range(1, 21) if abs(SUNSPOTS.pacf[lag]) > SUNSPOTS.pacf_band[lag]}
    assert loud.marker.symbol != quiet.marker.symbol
    assert loud.marker.color != quiet.marker.color


def test_stems_reach_from_zero_to_the_value():
    for trace in plot_acf(SUNSPOTS, theme=LIGHT).data[1:]:
        reached = trace.y + trace.error_y.array - trace.error_y.arrayminus
        np.testing.assert_allclose(reached, 0, atol=1e-12)


def test_season_and_cutoff_are_marked_where_they_are():
    assert plot_acf(SUNSPOTS, theme=LIGHT, season=10).layout.shapes[0].x0 == 10
    assert plot_pacf(SUNSPOTS, theme=LIGHT, cutoff=9).layout.annotations[0].text == "cuts off at 9"
    assert not plot_acf(SUNSPOTS, theme=LIGHT, season=52).layout.shapes
    assert not plot_pacf(SUNSPOTS, theme=LIGHT).layout.shapes


def test_axes_say_what_they_measure():
    layout = plot_pacf(SUNSPOTS, theme=LIGHT).layout
    assert layout.xaxis.title.text == "Lag [rows]"
    assert layout.yaxis.title.text == "Partial autocorrelation"
