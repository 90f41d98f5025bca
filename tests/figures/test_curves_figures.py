"""Curves under each other and the example: a state in, traces out."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from lstm_core.figures.curves import NORM_HEIGHT, RATE_HEIGHT, plot_curves, plot_rates
from lstm_core.figures.example import plot_example
from lstm_core.figures.theme import DARK, HEIGHT, LIGHT
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series
from lstm_core.training.events import EpochEnded, ExampleForecast, RunFailed, fold
from lstm_core.training.example import example
from lstm_core.training.plan import TrainingPlan

EXPONENTIAL = TrainingPlan(schedule="exponential", learning_rate=0.01, decay_epochs=5, epochs=50)


def state(n: int, *, final: bool = False, **measured):
    events = [
        EpochEnded(epoch=number, loss=1.0, val_loss=1.0 / number, seconds=number, **measured)
        for number in range(1, n + 1)
    ]
    return fold([*events, *([RunFailed(cause="error", message="x")] if final else [])])


def draw(told, plan=EXPONENTIAL, **changes) -> go.Figure:
    choices = {"theme": LIGHT, "log": False, "norms": True} | changes
    figure = plot_curves(told, plan, **choices)
    go.Figure(figure.to_dict())  # it was built without plotly's own checks: make up for them
    return figure


def named(figure: go.Figure) -> dict[str, go.Scatter]:
    return {trace.name: trace for trace in figure.data}


def test_panels_share_the_axis_of_the_epochs_and_do_not_overlap():
    figure = draw(state(3, learning_rate=0.01, gradient_norm=2.0, weight_norm=5.0))
    axes = [figure.layout[name] for name in ("yaxis", "yaxis2", "yaxis3")]
    domains = [axis.domain for axis in axes]
    assert domains[0][1] == 1.0
    assert domains[2][0] == pytest.approx(0.0, abs=1e-9)
    assert domains[0][0] > domains[1][1] > domains[1][0] > domains[2][1]
    assert [axis.title.text for axis in axes] == [
        "Loss: mse [scaled units squared]",
        "Learning rate",
        "Length",
    ]
    assert {trace.xaxis for trace in figure.data} == {None}
    assert figure.layout.xaxis.anchor == "y3"
    assert figure.layout.height > HEIGHT + RATE_HEIGHT + NORM_HEIGHT
    assert draw(state(3), TrainingPlan(), norms=False).layout.height == HEIGHT


def test_the_losses_keep_their_height_whatever_stands_below():
    heights = []
    for plan, norms in ((TrainingPlan(), False), (EXPONENTIAL, False), (EXPONENTIAL, True)):
        layout = draw(state(2), plan, norms=norms).layout
        low, high = layout.yaxis.domain
        heights.append((high - low) * (layout.height - layout.margin.t - layout.margin.b))
    assert heights == pytest.approx([HEIGHT - 44] * 3)


def test_rate_axis_and_epochs_stand_still_while_the_run_is_live():
    ranges = {
        (tuple(figure.layout.xaxis.range), tuple(figure.layout.yaxis2.range), figure.layout.height)
        for figure in (draw(state(n, learning_rate=0.01)) for n in range(20))
    }
    assert len(ranges) == 1


def test_planned_rates_are_dotted_and_told_ones_solid():
    traces = named(draw(state(2, learning_rate=0.01)))
    assert traces["planned"].y[:5] == pytest.approx((0.01, 0.008187, 0.006703, 0.005488, 0.004493), abs=1e-6)
    assert (traces["planned"].line.dash, traces["learning rate"].line.dash) == ("dot", "solid")
    assert tuple(traces["learning rate"].x) == (1, 2)


def test_a_rate_that_falls_on_plateau_is_drawn_as_it_was_told():
    falling = fold(
        EpochEnded(epoch=number, loss=1.0, val_loss=1.0, seconds=1.0, learning_rate=rate)
        for number, rate in enumerate((0.01, 0.01, 0.005), start=1)
    )
    traces = named(draw(falling, TrainingPlan(schedule="plateau", learning_rate=0.01)))
    assert tuple(traces["learning rate"].y) == (0.01, 0.01, 0.005)
    assert set(traces["first rate"].y) == {0.01}


def test_the_clip_norm_is_a_line_only_when_there_is_one():
    told = state(3, gradient_norm=2.0, weight_norm=5.0)
    assert set(named(draw(told, TrainingPlan(clipnorm=0.5)))["clip norm (0.5)"].y) == {0.5}
    without = named(draw(told, TrainingPlan(clipnorm=None)))
    assert not any(name.startswith("clip") for name in without)
    assert without["gradient"].line.dash != without["weights"].line.dash


def test_lengths_that_were_not_recorded_leave_an_empty_panel():
    traces = named(draw(state(3)))
    assert tuple(traces["gradient"].x) == tuple(traces["weights"].x) == ()


def test_penalties_are_part_of_the_axis_title():
    title = draw(state(1), penalised=True).layout.yaxis.title.text
    assert title == "Loss: mse + weight penalty [scaled units squared]"


def test_long_runs_are_thinned_in_every_panel():
    plan = TrainingPlan(schedule="cosine", epochs=10_000)
    figure = draw(state(2000, learning_rate=0.1, gradient_norm=1.0, weight_norm=1.0), plan)
    assert max(len(trace.x) for trace in figure.data) <= 300


def test_planned_rates_before_a_run():
    figure = plot_rates(EXPONENTIAL, theme=DARK)
    go.Figure(figure.to_dict())
    (planned,) = figure.data
    assert len(planned.x) == 50
    assert figure.layout.yaxis.title.text == "Learning rate"


@pytest.fixture
def shown():
    values = 100 + 20 * np.sin(np.arange(300) / 4)
    dates = pd.date_range("2020-01-01", periods=300, freq="D")
    series = Series(
        values=values[:, None], index=dates, columns=("level",), unit="m", name="tide", step="1 day"
    )
    return series, example(prepare(series, PreparationSpec(target="level", window=WindowSpec(length=8))))


def told(epoch: int, shown, value: float) -> ExampleForecast:
    return ExampleForecast(epoch=epoch, values=tuple([value] * len(shown.rows)))


def test_the_example_has_dates_unit_and_both_forecasts(shown):
    series, rows = shown
    figure = plot_example(series, "level", rows, told(7, rows, 110.0), told(1, rows, 100.0), theme=LIGHT)
    first, actual, newest = figure.data
    assert [trace.name for trace in figure.data] == ["after epoch 1", "Actual", "forecast after epoch 7"]
    assert (actual.line.color, newest.line.color) == (LIGHT.actual, LIGHT.forecast)
    assert first.line.dash == "dot"
    assert pd.Timestamp(actual.x[0]) == series.index[rows.rows[0]]
    assert figure.layout.yaxis.title.text == "level [m]"


def test_the_axes_of_the_example_stand_still_whatever_is_forecast(shown):
    series, rows = shown
    frames = {
        tuple(plot_example(series, "level", rows, now, None, theme=LIGHT).layout.yaxis.range)
        for now in (None, told(1, rows, 0.0), told(2, rows, 1e9))
    }
    assert len(frames) == 1
    low, high = frames.pop()
    assert low < rows.actual.min() < rows.actual.max() < high


def test_one_forecast_is_not_drawn_twice(shown):
    series, rows = shown
    only = told(1, rows, 100.0)
    figure = plot_example(series, "level", rows, only, only, theme=LIGHT)
    assert [trace.name for trace in figure.data] == ["Actual", "forecast after epoch 1"]
