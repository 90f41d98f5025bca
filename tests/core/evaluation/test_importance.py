"""Permutation importance against scikit-learn, and against the mean over all pairs of windows."""

import numpy as np
import pytest
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression

from lstm_core.evaluation.explanation.importance import Importance, importance, importance_verdict

RNG = np.random.default_rng(2)
N = 400
DRIVER, IDLE = RNG.normal(size=N), 30 * RNG.normal(size=N)
TARGET = 100 + np.r_[0.0, 5 * DRIVER[:-1]] + RNG.normal(size=N)


@pytest.fixture
def prepared(make_prepared):
    return make_prepared(TARGET, others=(DRIVER, IDLE), length=1)


def fitted(prepared):
    model = LinearRegression().fit(prepared.train.inputs[:, 0], prepared.train.targets)
    return model, lambda inputs: model.predict(inputs[:, 0])


def test_features_rank_and_measure_as_scikit_learn_says(prepared):
    model, predict = fitted(prepared)
    found = importance(predict, prepared, n_repeats=60)
    reference = permutation_importance(
        model,
        prepared.test.inputs[:, 0],
        prepared.test.targets,
        scoring="neg_mean_absolute_error",
        n_repeats=60,
        random_state=1,
    )
    spread = prepared.scaler.spread[0]
    np.testing.assert_allclose(
        found.by_feature.mean(axis=0), reference.importances_mean * spread, atol=0.05 * spread
    )
    np.testing.assert_allclose(found.by_feature.std(axis=0), reference.importances_std * spread, atol=0.05)
    assert found.ranking[0] == 1
    assert found.matters(1)
    assert not found.matters(2)
    np.testing.assert_allclose(found.by_step[:, 0], found.by_feature)


def test_on_average_it_is_the_error_over_all_pairs_of_windows(make_prepared):
    prepared = make_prepared(TARGET, length=1)

    def half(inputs):
        return 0.5 * inputs[:, -1:, 0].astype(float)

    found = importance(half, prepared, n_repeats=100)
    told = prepared.to_original(half(prepared.test.inputs), prepared.test.origins)[:, 0]
    actual = prepared.values[prepared.test.origins, 0]
    expected = np.abs(actual[:, None] - told[None, :]).mean() - np.abs(actual - told).mean()
    assert found.by_feature.mean() == pytest.approx(expected, abs=0.02)
    assert found.mae == pytest.approx(np.abs(actual - told).mean(), rel=1e-5)


def test_only_the_step_that_is_read_matters(make_prepared):
    prepared = make_prepared(np.sin(np.arange(300) / 3) + 0.01 * RNG.normal(size=300), length=6)

    def third_newest(inputs):
        return inputs[:, -3, :1].astype(float)

    by_step = importance(third_newest, prepared).by_step.mean(axis=0)[:, 0]
    assert np.abs(by_step).argmax() == 3
    np.testing.assert_allclose(np.delete(by_step, 3), 0, atol=1e-6)


def test_the_verdict_counts_the_step_back_from_the_forecast(make_prepared):
    slow = np.sin(np.arange(300) / 60)

    def second_newest(inputs):
        return inputs[:, -2, :1].astype(float)

    found = importance(second_newest, make_prepared(slow, length=6))
    assert "costs most alone is 2 before the forecast" in importance_verdict(found, "").sentence

    def newest(inputs):
        return inputs[:, -1, :1].astype(float)

    found = importance(newest, make_prepared(slow, length=6))
    assert "costs most alone is the newest." in importance_verdict(found, "").sentence


def test_the_mean_over_the_horizon_is_held_against_the_mean_of_the_truth(make_prepared):
    prepared = make_prepared(TARGET, length=2, horizon=3)

    def steady(inputs):
        return np.repeat(inputs[:, -1:, 0].astype(float), 3, axis=1)

    rows = prepared.test.origins[:, None] + np.arange(3)
    missed = prepared.values[prepared.test.origins - 1, 0] - prepared.values[rows, 0].mean(axis=1)
    found = importance(steady, prepared, step=None, n_repeats=1)
    assert found.mae == pytest.approx(np.abs(missed).mean(), rel=1e-5)


def test_seed_makes_it_repeatable_and_every_thins_it(prepared):
    _, predict = fitted(prepared)
    first, again, other = (importance(predict, prepared, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.by_step, again.by_step)
    assert not np.array_equal(first.by_feature, other.by_feature)
    assert importance(predict, prepared, every=4).n == 20


def test_verdict_names_the_column_and_the_idle_ones(prepared):
    _, predict = fitted(prepared)
    sentence = importance_verdict(importance(predict, prepared), "kg").sentence
    assert "past of x0" in sentence
    assert "kg" in sentence
    assert "costs no more than chance does: try a run without x1." in sentence


def test_a_network_that_ignores_its_inputs_says_so(prepared):
    found = importance(lambda inputs: np.zeros((len(inputs), 1)), prepared)
    assert "gains nothing" in importance_verdict(found, "").sentence


def test_the_table_tells_mean_and_spread_of_every_step_in_its_place():
    by_step = np.array([[[1.0, 5.0], [2.0, 6.0]], [[3.0, 5.0], [2.0, 8.0]]])  # (repeat, window, feature)
    found = Importance(
        by_feature=np.array([[10.0, 20.0], [14.0, 20.0]]), by_step=by_step, mae=1.0, n=9, columns=("y", "x")
    )
    table = found.table().set_index(["column", "steps before"])
    assert table["growth of MAE"].to_dict() == {
        ("y", "all"): 12, ("y", "2"): 2, ("y", "1"): 2, ("x", "all"): 20, ("x", "2"): 5, ("x", "1"): 7,
    }  # fmt: skip
    assert table["spread"].tolist() == [2, 1, 0, 0, 0, 1]
