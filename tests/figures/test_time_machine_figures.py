"""One moment of a training on screen: every number arrives, axes stand still, text from data is inert."""

import json

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.replay import Moment, Replay
from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.figures.time_machine import mark_epochs, plot_errors, plot_moment, plot_part, plot_pull
from lstm_core.figures.training import plot_losses
from lstm_core.series.record import Series
from lstm_core.training.events import EpochEnded, RunState

EVIL = "<a href='x'>%{y}</a>"
REPLAY = Replay(
    epochs=np.array([1, 5, 9]),
    moments={
        part: [Moment(mae=mae, lowest=-3.0, highest=40.0, worst=25.0) for mae in maes]
        for part, maes in (("validation", (3.0, 2.0, 2.5)), ("test", (4.0, 3.0, 3.5)))
    },
    naive={"validation": 2.2, "test": 3.2},
)


@pytest.fixture
def series() -> Series:
    values = np.linspace(0, 30, 300)[:, None]
    index = pd.date_range("2001-01-01", periods=300, freq="D")
    return Series(values=values, index=index, columns=(EVIL,), name="w", unit="m")


def made(series: Series, shift: float, *, n: int = 60) -> Forecast:
    rows = np.arange(300 - n, 300)
    actual = series.values[rows]
    return Forecast(
        origins=rows, actual=actual, predicted=actual + shift, part="test", unit="m", label="LSTM"
    )


def plain(figure: go.Figure) -> dict:
    """The figure as the browser gets it; building it again holds every name in it to be one that plotly knows."""
    drawn = json.loads(figure.to_json())
    go.Figure(drawn)
    return drawn


def trace(figure: go.Figure, name: str):
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_forecast_and_residuals_of_both_epochs_arrive(series, theme):
    both = [("LSTM at epoch 5", made(series, 2.0)), ("LSTM at the best epoch, 9", made(series, -1.0))]
    figure = plot_moment(series, EVIL, both, REPLAY, theme=theme)
    plain(figure)
    for name, one in both:
        np.testing.assert_allclose(trace(figure, name).y, one.predicted[:, 0])
        missed = trace(figure, f"{name}: residual")
        np.testing.assert_allclose(missed.y, (one.actual - one.predicted)[:, 0])
        assert missed.yaxis == "y2"
        assert pd.Timestamp(missed.x[0]) == series.index[one.origins[0]]
    assert trace(figure, both[0][0]).opacity > trace(figure, both[1][0]).opacity


def test_axes_are_those_of_all_kept_epochs_whichever_is_shown(series):
    figures = [
        plot_moment(series, EVIL, [("LSTM", made(series, shift))], REPLAY, theme=LIGHT)
        for shift in (0.0, 9.0)
    ]
    for axis in ("yaxis", "yaxis2"):
        assert figures[0].layout[axis].range == figures[1].layout[axis].range
    low, high = figures[0].layout.yaxis.range
    assert low < -3.0
    assert high > 40.0
    assert figures[0].layout.yaxis2.range[1] > 25.0


def test_windows_that_stand_alone_are_markers(series):
    rows = np.array([250, 270, 290])
    one = Forecast(origins=rows, actual=series.values[rows], predicted=series.values[rows], part="test")
    figure = plot_moment(series, EVIL, [("LSTM", one)], REPLAY, theme=LIGHT)
    assert {line.mode for line in figure.data} == {"markers"}


def test_text_from_data_is_inert(series):
    figure = plot_moment(series, EVIL, [("LSTM", made(series, 1.0))], REPLAY, theme=LIGHT)
    part = plot_part(
        np.zeros((4, 2)),
        np.zeros(4),
        np.arange(4),
        limits=(0.0, 1.0),
        names=(EVIL, EVIL, EVIL),
        theme=LIGHT,
    )
    pull = plot_pull([(EVIL, np.zeros(2))], (2, 1), limit=0.0, unit=EVIL, theme=LIGHT)
    for one in (figure, part, pull):
        text = one.to_json()
        assert "<a" not in text
        assert "%{y}<" not in text


def test_errors_by_epoch_stand_beside_the_naive_one():
    figure = plot_errors(REPLAY, epoch=5, overfitting=None, n_epochs=9, unit="m", theme=LIGHT)
    plain(figure)
    np.testing.assert_allclose(trace(figure, "test").x, [1, 5, 9])
    np.testing.assert_allclose(trace(figure, "test").y, [4.0, 3.0, 3.5])
    np.testing.assert_allclose(trace(figure, "validation").y, [3.0, 2.0, 2.5])
    assert set(trace(figure, "naive on test").y) == {3.2}
    assert [word.text for word in figure.layout.annotations] == ["epoch 5"]


@pytest.mark.parametrize(("epoch", "side"), [(2, "left"), (9, "right")])
def test_chosen_epoch_and_the_start_of_overfitting_are_marked_on_the_losses(epoch, side):
    ended = tuple(EpochEnded(epoch=at, loss=1 / at, val_loss=1.0, seconds=at) for at in range(1, 10))
    losses = plot_losses(
        RunState(epochs=ended, best_epoch=4), theme=LIGHT, log=False, epochs_planned=9, loss_name="mse"
    )
    n_lines = len(losses.data)
    figure = mark_epochs(losses, epoch=epoch, overfitting=5, n_epochs=9, theme=LIGHT)
    plain(figure)
    assert len(figure.data) == n_lines
    assert {(line.x0, line.x1) for line in figure.layout.shapes} == {(epoch, epoch), (5, 5)}
    words = {word.text: word for word in figure.layout.annotations}
    assert set(words) == {f"epoch {epoch}", "overfits from 5"}
    assert words[f"epoch {epoch}"].xanchor == side  # towards the middle: nothing is cut off at the edge


def test_a_pull_runs_from_the_oldest_step_to_the_newest_on_a_fixed_axis():
    effects = [("LSTM at epoch 5", np.array([0.0, 1.0, -4.0])), ("best", np.array([1.0, 2.0, 8.0]))]
    figure = plot_pull(effects, (3, 2, 1), limit=10.0, unit="m", theme=DARK)
    plain(figure)
    np.testing.assert_allclose(figure.data[0].y, effects[0][1])
    np.testing.assert_allclose(figure.data[1].y, effects[1][1])
    assert list(figure.data[0].x) == [3, 2, 1]
    assert figure.layout.xaxis.range[0] > figure.layout.xaxis.range[1]
    assert figure.layout.yaxis.range == (-10.5, 10.5)


@pytest.mark.parametrize("limits", [(0.0, 1.0), (-2.5, 2.5)])
def test_a_gate_is_drawn_on_the_given_scale_one_line_per_unit(limits):
    values = np.arange(12.0).reshape(4, 3) / 12
    figure = plot_part(
        values,
        np.arange(4.0),
        np.arange(10, 14),
        limits=limits,
        names=("Step", "y", "units"),
        theme=LIGHT,
    )
    plain(figure)
    heat = figure.data[1]
    np.testing.assert_allclose(heat.z, values.T, rtol=1e-6)
    assert (heat.zmin, heat.zmax) == limits
    assert (heat.xaxis, heat.yaxis) == ("x2", "y2")
