"""Forecasts far ahead on screen: every number arrives, text from data is inert, missing bands are not drawn."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lstm_core.evaluation.ahead.closed_loop import FreeRun, Loops
from lstm_core.evaluation.ahead.outlook import Outlook
from lstm_core.evaluation.forecast import Forecast
from lstm_core.figures.ahead import plot_growth, plot_outlook, plot_run
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.series.record import Series

EVIL = "<a href='x'>%{y}</a>"


@pytest.fixture
def series() -> Series:
    index = pd.date_range("2001-01-01", periods=50, freq="D").as_unit("us")
    return Series(values=np.arange(50.0)[:, None], index=index, columns=(EVIL,), name="w", unit="m")


def outlook(index: pd.Index, *, bounded: bool = True) -> Outlook:
    told = np.array([50.0, 51.0, 52.0])
    widths = np.array([[1.0], [2.0], [4.0 if bounded else np.inf]]) * np.ones(3)
    return Outlook(
        index=index,
        predicted=told,
        naive=np.full(3, 49.0),
        seasonal_naive=np.array([43.0, 44.0, 45.0]),
        lower=told - widths,
        upper=told + widths,
        n_calibration=20,
    )


def plain(figure: go.Figure) -> str:
    text = figure.to_json()
    go.Figure(json.loads(text))
    return text


def trace(figure: go.Figure, name: str):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_forecast_bands_and_naive_ones_stand_at_their_dates(series, theme):
    index = pd.date_range("2001-02-20", periods=3, freq="D").as_unit("us")
    figure = plot_outlook(series, EVIL, outlook(index), n_known=10, name="LSTM", theme=theme)
    assert "<a" not in plain(figure)
    assert list(trace(figure, "LSTM forecast").y) == [50, 51, 52]
    assert [pd.Timestamp(x) for x in trace(figure, "LSTM forecast").x] == list(index)
    assert list(trace(figure, "80% band").y) == [48, 49, 50]
    assert list(trace(figure, "Seasonal naive").y) == [43, 44, 45]
    assert list(trace(figure, "Actual").y) == list(range(40, 50))
    assert figure.layout.yaxis.title.text.endswith("[m]")


def test_the_legend_names_lines_in_the_order_in_which_they_end(series):
    told = replace(outlook(pd.RangeIndex(50, 53)), others={"ets": np.array([9.0, 9.0, 60.0])})
    figure = plot_outlook(series, EVIL, told, n_known=10, name="LSTM", theme=LIGHT)
    ranked = sorted((one for one in figure.data if one.legendrank), key=lambda one: one.legendrank)
    assert [one.name for one in ranked] == ["ETS", "LSTM forecast", "Naive", "Seasonal naive"]
    assert all(
        one.legendrank > 1000 for one in ranked
    )  # behind the bands and the truth, which have the usual rank


def test_a_band_without_a_limit_is_not_drawn(series):
    index = pd.date_range("2001-02-20", periods=3, freq="D")
    figure = plot_outlook(series, EVIL, outlook(index, bounded=False), n_known=10, name="LSTM", theme=LIGHT)
    assert {"50% band", "80% band"} <= {one.name for one in figure.data}
    assert "95% band" not in {one.name for one in figure.data}


def test_rows_are_counted_on_both_sides_where_dates_cannot_go_on(series):
    figure = plot_outlook(series, EVIL, outlook(pd.RangeIndex(50, 53)), n_known=10, name="LSTM", theme=LIGHT)
    assert list(trace(figure, "Actual").x) == list(range(40, 50))
    assert list(trace(figure, "LSTM forecast").x) == [50, 51, 52]
    assert figure.layout.xaxis.title.text == "Row"


def test_a_free_run_shows_both_loops_and_the_truth(series):
    rows = np.array([45, 46, 47])
    run = FreeRun(
        rows=rows, actual=rows + 0.0, one_step=rows + 1.0, closed=rows + 2.0, naive=np.full(3, 44.0)
    )
    figure = plot_run(series, EVIL, run, n_before=5, name="GRU", theme=DARK)
    assert "<a" not in plain(figure)
    assert list(trace(figure, "GRU, one step ahead (open loop)").y) == [46, 47, 48]
    assert list(trace(figure, "GRU, its own forecasts fed back (closed loop)").y) == [47, 48, 49]
    assert list(trace(figure, "Actual").y) == list(range(40, 48))


@pytest.mark.parametrize(("horizon", "marked"), [(1, False), (2, True), (3, False)])
def test_errors_of_every_way_and_where_feeding_back_begins(horizon, marked):
    def missing(size: float) -> Forecast:
        told = np.full((2, 3), size)
        return Forecast(origins=np.array([1, 2]), actual=np.zeros((2, 3)), predicted=told, part="test")

    made = {"closed": missing(2.0), "stepwise": missing(2.5), "naive": missing(3.0)}
    figure = plot_growth(Loops(made=made, every=1), horizon=horizon, name="LSTM", unit=EVIL, theme=LIGHT)
    assert "<a" not in plain(figure)
    assert list(trace(figure, "LSTM, closed loop").y) == [2, 2, 2]
    assert list(trace(figure, "Naive").y) == [3, 3, 3]
    assert list(trace(figure, "LSTM, one step ahead (open loop)").y) == [2, 2, 2]
    assert trace(figure, "Naive").legendrank == 1001
    assert bool(figure.layout.shapes) is marked
