"""Pictures of replaced steps, of importance, and of explanations side by side."""

import numpy as np

from lstm_core.evaluation.effects import ReplacedEffects
from lstm_core.evaluation.importance import Importance
from lstm_core.figures.importance import plot_importance
from lstm_core.figures.sensitivity import plot_step_effects, with_put_in, with_unit
from lstm_core.figures.theme import LIGHT


def replaced(n_draws=1):
    mean = np.arange(12.0).reshape(3, 2, 2) - 4
    return ReplacedEffects(mean=mean, deviation=mean**2, n_draws=n_draws, columns=("level", "other"))


def test_replaced_steps_have_one_bar_and_what_was_put_in():
    effects, window = replaced(), np.arange(6.0).reshape(3, 2)
    figure = plot_step_effects(effects, 1, 0, window=window, labels=["a", "b", "c"], theme=LIGHT)
    _, _, bars, heat = figure.data
    np.testing.assert_array_equal(bars.y, effects.mean[:, 0, 1])
    np.testing.assert_array_equal(heat.z, effects.mean[:, :, 1].T)
    assert not bars.error_y.visible
    put = with_put_in(with_unit(figure, "kg", 0), np.array([7.0, 8, 9]), theme=LIGHT).data[-1]
    assert list(put.x) == [3, 2, 1]
    assert put.yaxis == "y"


def test_draws_have_whiskers():
    figure = plot_step_effects(
        replaced(10), 0, 1, window=np.zeros((3, 2)), labels=["a", "b", "c"], theme=LIGHT
    )
    bars = figure.data[2]
    assert bars.error_y.visible
    np.testing.assert_array_equal(bars.error_y.array, replaced().deviation[:, 1, 0])


def importance(columns):
    n = len(columns)
    by_step = np.arange(2.0 * 3 * n).reshape(2, 3, n)
    return Importance(
        by_feature=np.array([np.arange(n), np.arange(n) + 2.0]),
        by_step=by_step,
        mae=1.0,
        n=9,
        columns=columns,
    )


def test_importance_ranks_the_columns_and_shows_the_steps_of_one():
    found = importance(("level", "rain"))
    columns, steps = plot_importance(found, 0, unit="kg", theme=LIGHT).data
    assert list(columns.y) == ["rain", "level"]
    assert list(columns.x) == [2, 1]
    assert list(columns.error_x.array) == [1, 1]
    assert list(steps.x) == [3, 2, 1]
    np.testing.assert_array_equal(steps.y, found.by_step[:, :, 0].mean(axis=0))


def test_importance_of_one_column_shows_its_steps_alone():
    figure = plot_importance(importance(("level",)), 0, unit="kg", theme=LIGHT)
    assert len(figure.data) == 1
    assert figure.layout.yaxis.title.text == "Growth of MAE [kg]"
