"""Pictures of replaced steps, of importance, and of explanations side by side."""

import numpy as np

from lstm_core.evaluation.explanation.effects import ReplacedEffects
from lstm_core.evaluation.explanation.importance import Importance
from lstm_core.evaluation.explanation.truth import Trust, TruthTest
from lstm_core.figures.explanation import plot_credits, plot_truth
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


BLOCKS = (range(2), range(2, 5), range(5, 8))


def test_credits_stand_under_the_window_on_one_axis_of_steps():
    credits_ = {"One": np.array([1.0, -2, 3]), "Two": np.array([0.0, 4, 0])}
    figure = plot_credits(
        credits_, BLOCKS, np.arange(8.0), errors={"Two": np.ones(3)}, unit="kg", theme=LIGHT
    )
    window, one, two = figure.data
    assert list(window.x) == list(range(8, 0, -1))
    assert list(one.x) == list(two.x) == [7.5, 5, 2]  # the newest block holds the steps 3, 2 and 1 before
    np.testing.assert_allclose(one.width, [1.6, 2.4, 2.4])
    np.testing.assert_array_equal(one.y, credits_["One"])
    assert not one.error_y.visible
    assert two.error_y.visible
    assert figure.layout.xaxis.range[0] > figure.layout.xaxis.range[1]
    low, high = figure.layout.yaxis2.range
    assert figure.layout.yaxis3.range == (low, high)
    assert low < -2 - 0.1
    assert high > 5  # the whisker of the highest bar
    assert figure.layout.yaxis2.title.text == "kg"


def test_truth_curves_stand_before_the_band_of_chance():
    def trust(scale):
        curve = scale * np.arange(4.0)
        return Trust(trust=0.5, gain=1.0, beats=0.9, low=0.1, high=0.9, deletion=curve, insertion=curve + 1)

    band = np.array([np.full(4, -1.0), np.full(4, 2.0)])
    test = TruthTest(
        trusts={"One": trust(1), "Two": trust(2)},
        best=trust(3),
        random_limit=0.2,
        random_deletion=band,
        random_insertion=band,
        room=1.0,
        n_windows=5,
        n_random=100,
    )
    figure = plot_truth(test, unit="kg", theme=LIGHT)
    shown = [one.name for one in figure.data if one.showlegend is not False]
    assert shown == ["95% of random orders", "Best order found", "One", "Two"]
    above = {one.name: one for one in figure.data if one.yaxis == "y"}
    below = {one.name: one for one in figure.data if one.yaxis == "y2"}
    np.testing.assert_array_equal(above["Two"].y, test.trusts["Two"].deletion)
    np.testing.assert_array_equal(below["Two"].y, test.trusts["Two"].insertion)
    assert above["One"].line.dash != above["Two"].line.dash
    assert figure.layout.yaxis.title.text == "Forecast falls by [kg]"
