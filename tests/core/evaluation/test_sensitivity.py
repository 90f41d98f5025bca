import math

import numpy as np
import pytest
from pydantic import ValidationError

from lstm_core.errors import PreparationError
from lstm_core.evaluation.explanation import nudging as room
from lstm_core.evaluation.explanation.sensitivity import (
    Perturbation,
    nudge_each_step,
    sensitivity,
    step_effects,
    train_spread,
)

RNG = np.random.default_rng(5)
VALUES, OTHER = 50 + 10 * RNG.normal(size=120), 1e4 + 300 * RNG.normal(size=120)
WEIGHTS = RNG.normal(size=(4, 2, 3))


def linear(inputs):
    return 0.3 + np.einsum("swf,wfh->sh", inputs.astype(float), WEIGHTS)


@pytest.fixture
def prepared(make_prepared):
    return make_prepared(VALUES, others=(OTHER,), length=4, horizon=3)


def test_linear_forecast_has_its_weights_as_effects_in_original_units(prepared):
    spread = prepared.scaler.spread
    sizes = np.array([2.0, 50.0])
    found = step_effects(linear, prepared.test, sizes=sizes, prepared=prepared, step=2)
    closed_form = WEIGHTS[:, :, 1] * sizes / spread * spread[0]
    assert found.up.shape == (4, 2, len(prepared.test))
    np.testing.assert_allclose(
        found.up, np.broadcast_to(closed_form[:, :, None], found.up.shape), rtol=1e-4, atol=1e-5
    )
    np.testing.assert_allclose(found.down, -found.up, rtol=1e-4, atol=2e-5)
    np.testing.assert_allclose(found.strength, np.abs(found.up), rtol=1e-4, atol=2e-5)


def test_order_is_documented_oldest_step_first():
    nudges = nudge_each_step(2, np.array([0.5, 3.0]))
    assert [(one.size, one.feature, one.lags) for one in nudges] == [
        (0.5, 0, (2,)),
        (0.5, 0, (1,)),
        (3.0, 1, (2,)),
        (3.0, 1, (1,)),
        (-0.5, 0, (2,)),
        (-0.5, 0, (1,)),
        (-3.0, 1, (2,)),
        (-3.0, 1, (1,)),
    ]


def test_only_the_nudged_step_counts_for_a_forecast_that_reads_one_step(prepared):
    def second_newest(inputs):
        return np.repeat(inputs[:, -2, :1].astype(float), 3, axis=1)

    found = step_effects(second_newest, prepared.test, sizes=np.array([1.5, 9.0]), prepared=prepared)
    assert found.strongest(0) == (2, 0)
    np.testing.assert_allclose(found.up[2, 0], 1.5, rtol=1e-5)
    assert np.count_nonzero(found.up) == len(prepared.test)


def test_several_steps_are_nudged_together(prepared):
    both = Perturbation(size=3.0, lags=(1, 4))
    found = sensitivity(linear, prepared.test, [both], prepared=prepared, step=None)
    closed_form = 3.0 * WEIGHTS[[0, 3], 0].sum(axis=0).mean()
    np.testing.assert_allclose(found.effect, closed_form, rtol=1e-4)


def test_baseline_is_the_forecast_in_original_units(prepared):
    found = sensitivity(linear, prepared.test, [Perturbation(size=1, lags=(1,))], prepared=prepared, step=3)
    expected = prepared.to_original(linear(prepared.test.inputs), prepared.test.origins)[:, 2]
    np.testing.assert_allclose(found.baseline, expected)
    assert found.step == 3


@pytest.mark.parametrize("batch", [1, 7, 100, 10_000])
def test_batches_change_nothing(prepared, monkeypatch, batch):
    whole = step_effects(linear, prepared.test, sizes=np.array([2.0, 50.0]), prepared=prepared)
    monkeypatch.setattr(room, "BATCH_WINDOWS", batch)
    parts = step_effects(linear, prepared.test, sizes=np.array([2.0, 50.0]), prepared=prepared)
    np.testing.assert_array_equal(parts.up, whole.up)
    np.testing.assert_array_equal(parts.down, whole.down)


def test_windows_themselves_are_left_alone(prepared):
    before = prepared.test.inputs.copy()
    step_effects(linear, prepared.test, sizes=np.array([2.0, 50.0]), prepared=prepared)
    np.testing.assert_array_equal(prepared.test.inputs, before)


def test_spread_over_windows_is_quantiles_of_the_effect_of_the_nudge_up(prepared):
    def squared(inputs):
        return np.repeat(inputs[:, -1, :1].astype(float) ** 2, 3, axis=1)

    found = step_effects(squared, prepared.test, sizes=np.array([2.0, 50.0]), prepared=prepared)
    spread = found.over_windows()
    assert spread.median.shape == (4, 2)
    assert (spread.low <= spread.median).all()
    assert (spread.median <= spread.high).all()
    np.testing.assert_allclose(spread.high[3, 0], np.quantile(found.up[3, 0], 0.9))
    np.testing.assert_allclose(spread.strength, found.strength.mean(axis=2))
    assert spread.n == len(prepared.test)


def test_train_spread_sees_train_rows_only(make_prepared):
    values = np.concatenate([np.tile([1.0, 3.0], 35), np.full(30, 1e9)])
    assert train_spread(make_prepared(values)) == pytest.approx([1.0])


def test_b127_nudge_of_zero_has_exactly_no_effect_however_a_batch_rounds(prepared):
    def rounds_by_batch(inputs):
        return linear(inputs) + 1e-7 * len(inputs)

    found = step_effects(rounds_by_batch, prepared.test, sizes=np.zeros(2), prepared=prepared)
    assert not found.up.any()
    assert not found.down.any()


@pytest.mark.parametrize("size", [math.nan, math.inf, -math.inf])
def test_b127_nudge_that_is_no_number_is_refused(size):
    with pytest.raises(ValidationError, match="finite"):
        Perturbation(size=size, lags=(1,))


@pytest.mark.parametrize(
    ("nudge", "words"),
    [
        (Perturbation(size=1e9, lags=(1,)), "far larger"),
        (Perturbation(size=1, feature=2, lags=(1,)), "does not have"),
        (Perturbation(size=1, lags=(5,)), "outside the window"),
        (Perturbation(size=1, lags=(0,)), "outside the window"),
    ],
    ids=["huge", "column", "before", "after"],
)
def test_b127_impossible_nudge_is_refused_in_words(prepared, nudge, words):
    with pytest.raises(PreparationError, match=words):
        sensitivity(linear, prepared.test, [nudge], prepared=prepared)


def test_step_outside_the_horizon_is_a_mistake_of_the_caller(prepared):
    with pytest.raises(ValueError, match=r"outside 1\.\.3"):
        sensitivity(linear, prepared.test, [Perturbation(size=1, lags=(1,))], prepared=prepared, step=4)
