"""A series taken apart, on screen."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.diagnostics.crosscorrelation import cross_correlate
from lstm_core.diagnostics.decomposition import decompose
from lstm_core.diagnostics.distribution import describe_distribution
from lstm_core.diagnostics.missingness import describe_missingness
from lstm_core.diagnostics.spectrum import find_spectrum
from lstm_core.figures.patterns import (
    plot_crosscorrelation,
    plot_decomposition,
    plot_distribution,
    plot_missingness,
    plot_periodogram,
)
from lstm_core.figures.theme import DARK, LIGHT, MAX_POINTS
from lstm_core.series.record import Series
from lstm_core.series.samples import load_sample

CO2 = load_sample("co2")
VALUES = CO2.values[:, 0]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_part_has_a_panel_on_one_time_axis(theme):
    parts = decompose(VALUES, [52])
    figure = plot_decomposition(parts, CO2, "co2", theme=theme)
    assert [trace.name for trace in figure.data] == ["Observed", "Trend", "Season 52", "Remainder"]
    assert len({trace.xaxis for trace in figure.data}) == 4
    assert {figure.layout[f"xaxis{n}"].matches for n in ("", 2, 3)} == {"x4"}
    assert all(len(trace.x) <= MAX_POINTS // 2 for trace in figure.data)
    drawn = dict(zip(figure.data[1].x.astype("datetime64[D]"), figure.data[1].y, strict=True))
    for date in list(drawn)[::100]:
        assert drawn[date] == parts.trend[CO2.index.get_loc(pd.Timestamp(date))]


def test_a_decomposition_of_newest_rows_stands_where_they_are():
    series = Series(
        values=np.sin(np.arange(20_300) / 8)[:, None],
        index=pd.RangeIndex(20_300),
        columns=("y",),
        name="long",
    )
    figure = plot_decomposition(decompose(series.values[:, 0], [50]), series, "y", theme=LIGHT)
    assert figure.data[0].x[0] == 300
    assert figure.data[0].x[-1] == 20_299


def test_the_periodogram_keeps_its_highest_peak_and_marks_the_season():
    rows = np.arange(20_000)
    found = find_spectrum(np.sin(2 * np.pi * rows / 24) + np.random.default_rng(0).normal(size=20_000))
    figure = plot_periodogram(found, theme=LIGHT, season=24)
    assert len(figure.data[0].x) <= MAX_POINTS
    assert max(figure.data[0].y) == found.shares.max()
    assert figure.layout.shapes[0].x0 == 24
    assert figure.layout.annotations[0].x == pytest.approx(np.log10(24))
    assert figure.layout.xaxis.type == "log"
    assert not plot_periodogram(found, theme=LIGHT).layout.shapes


def test_the_histogram_holds_every_value_and_both_middles():
    spread = describe_distribution(VALUES)
    figure = plot_distribution(spread, name="co2", unit="ppm", theme=LIGHT)
    assert sum(figure.data[0].y) == len(VALUES)
    assert {trace.name: trace.x[0] for trace in figure.data[1:]} == {
        "mean": spread.mean,
        "median": spread.median,
    }
    assert len({trace.line.dash for trace in figure.data[1:]}) == 2
    assert figure.layout.xaxis.title.text == "co2 [ppm]"


def test_gaps_are_drawn_where_they_were():
    figure = plot_missingness(describe_missingness(CO2), CO2, theme=LIGHT)
    heat = figure.data[0]
    assert heat.z.shape == (1, 200)
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert list(heat.y) == ["co2"]
    missing_year = heat.x[np.argmax(heat.z[0])].astype("datetime64[Y]").astype(int) + 1970
    assert missing_year in (1958, 1964)


def test_cross_correlation_is_drawn_on_both_sides():
    series = load_sample("macrodata")
    found = cross_correlate(series.values[:, 0], series.values[:, 1], n_lags=10, prewhiten=True)
    figure = plot_crosscorrelation(found, "infl", theme=LIGHT)
    drawn = {
        int(x): y
        for trace in figure.data
        if trace.mode == "markers"
        for x, y in zip(trace.x, trace.y, strict=True)
    }
    assert drawn == dict(zip(found.lags.tolist(), found.values, strict=True))
    low, high = figure.layout.yaxis.range
    assert low < -found.band
    assert high > max(drawn.values())
    assert "infl is earlier" in figure.layout.xaxis.title.text


def test_names_from_data_stay_inert():
    series = load_sample("macrodata")
    found = cross_correlate(series.values[:, 0], series.values[:, 1], n_lags=10, prewhiten=False)
    figure = plot_crosscorrelation(found, "<b>x</b>", theme=LIGHT)
    assert "<" not in figure.layout.xaxis.title.text
