"""Training curves: a state in, traces out."""

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.figures.theme import DARK, LIGHT
from lstm_core.figures.training import MAX_EPOCHS_DRAWN, plot_losses, thin
from lstm_core.training.events import EpochEnded, RunFailed, fold


def state(*val_losses, final=False):
    events = [
        EpochEnded(epoch=number, loss=2 * loss, val_loss=loss, seconds=float(number))
        for number, loss in enumerate(val_losses, start=1)
    ]
    return fold([*events, *([RunFailed(cause="error", message="x")] if final else [])])


def draw(told, **changes):
    choices = {"theme": LIGHT, "log": False, "epochs_planned": 50, "loss_name": "mse"} | changes
    figure = plot_losses(told, **choices)
    go.Figure(figure.to_dict())  # it was built without plotly's own checks: make up for them
    return figure


def test_both_losses_and_the_best_epoch_are_drawn():
    figure = draw(state(0.9, 0.3, 0.5))
    train, validation, best = figure.data
    assert (train.name, list(train.x), list(train.y)) == ("train", [1, 2, 3], [1.8, 0.6, 1.0])
    assert (validation.name, list(validation.y)) == ("validation", [0.9, 0.3, 0.5])
    assert (best.name, list(best.x), list(best.y)) == ("best epoch (2)", [2], [0.3])
    assert train.line.dash != validation.line.dash


def test_the_x_axis_stands_still_while_the_run_is_live():
    ranges = {tuple(draw(state(*[0.5] * n)).layout.xaxis.range) for n in range(40)}
    assert ranges == {(0.5, 50.5)}


def test_a_run_that_is_over_fills_its_axis():
    assert tuple(draw(state(*[0.5] * 20, final=True)).layout.xaxis.range) == (0.5, 20.5)


def test_a_run_without_epochs_is_an_empty_frame():
    figure = draw(state())
    assert [list(trace.x) for trace in figure.data] == [[], []]
    assert figure.layout.xaxis.title.text == "Epoch"


def test_the_log_axis_is_one_click():
    assert draw(state(0.5), log=True).layout.yaxis.type == "log"
    assert draw(state(0.5)).layout.yaxis.type == "linear"


@pytest.mark.parametrize(("loss", "unit"), [("mse", "scaled units squared"), ("mae", "scaled units")])
def test_the_loss_axis_names_its_unit(loss, unit):
    assert draw(state(0.5), loss_name=loss).layout.yaxis.title.text == f"Loss: {loss} [{unit}]"


def test_colours_come_from_the_theme():
    assert draw(state(0.5, 0.4), theme=DARK).data[0].line.color == DARK.train


@given(n=st.integers(0, 3000), keep=st.integers(1, 3000))
def test_long_curves_are_thinned_and_keep_their_ends_and_the_best(n, keep):
    epochs = [EpochEnded(epoch=number, loss=1, val_loss=1, seconds=0) for number in range(1, n + 1)]
    numbers = [ended.epoch for ended in thin(epochs, keep=keep if keep <= n else None)]
    assert len(numbers) <= MAX_EPOCHS_DRAWN
    assert numbers == sorted(set(numbers))
    if n:
        assert (numbers[0], numbers[-1]) == (1, n)
    if keep <= n:
        assert keep in numbers
