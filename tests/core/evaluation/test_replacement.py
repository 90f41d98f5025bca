"""Replaced values, by hand; a linear forecast gives every effect in closed form."""

import numpy as np
import pytest

from lstm_core.errors import PreparationError, RunError
from lstm_core.evaluation.explanation import replacement as room
from lstm_core.evaluation.explanation.occlusion import cut_blocks, occlusion
from lstm_core.evaluation.explanation.replacement import (
    KINDS,
    Removal,
    kinds_for,
    replaced,
    train_mean,
    zero_lies_outside,
)
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare

RNG = np.random.default_rng(5)
VALUES, OTHER = 50 + 10 * RNG.normal(size=120), 1e4 + 300 * RNG.normal(size=120)
WEIGHTS = RNG.normal(size=(4, 2, 3))
KNOWN = np.array([[10.0, 20.0, 60.0, 40.0]])[:, :, None]
MEAN = np.array([7.0])


def linear(inputs):
    return 0.3 + np.einsum("swf,wfh->sh", inputs.astype(float), WEIGHTS)


def weights_in_units(prepared, step):
    return WEIGHTS[:, :, step - 1] / prepared.scaler.spread * prepared.scaler.spread[0]


@pytest.fixture
def prepared(make_prepared):
    return make_prepared(VALUES, others=(OTHER,), length=4, horizon=3)


def without(kind, *steps, donors=None):
    gone = np.zeros(KNOWN.shape, dtype=bool)
    gone[0, list(steps)] = True
    return replaced(KNOWN, gone, kind, mean=MEAN, donors=donors)[0, :, 0].tolist()


@pytest.mark.parametrize(
    ("kind", "steps", "expected"),
    [
        ("mean", (1, 3), [10, 7, 60, 7]),
        ("zero", (0, 2), [0, 20, 0, 40]),
        ("previous", (1, 2), [10, 10, 10, 40]),
        ("previous", (0, 3), [20, 20, 60, 60]),
        ("interpolation", (1,), [10, 35, 60, 40]),
        ("interpolation", (1, 2), [10, 20, 30, 40]),
        ("interpolation", (0, 3), [20, 20, 60, 60]),
        ("previous", (0, 1, 2, 3), [7, 7, 7, 7]),
        ("interpolation", (0, 1, 2, 3), [7, 7, 7, 7]),
        ("mean", (), [10, 20, 60, 40]),
    ],
)
def test_every_replacement_by_hand(kind, steps, expected):
    assert without(kind, *steps) == pytest.approx(expected)


def test_shuffled_takes_the_same_step_of_another_window():
    assert without("shuffled", 2, donors=KNOWN + 100) == [10, 20, 160, 40]
    with pytest.raises(ValueError, match="other windows"):
        without("shuffled", 2)


def test_the_histories_themselves_are_left_alone():
    before = KNOWN.copy()
    for kind in KINDS:
        without(kind, 0, 1, donors=KNOWN + 1)
    np.testing.assert_array_equal(KNOWN, before)


@pytest.mark.parametrize("kind", ["mean", "zero", "previous", "interpolation"])
@pytest.mark.parametrize("block", [1, 3])
def test_a_linear_forecast_changes_by_weight_times_what_was_put_in(prepared, kind, block):
    removal = Removal(linear, prepared, prepared.test.origins, kind=kind, step=2)
    samples = np.array([0, 5])
    found = occlusion(removal, samples, block=block)
    known = removal.histories(samples)
    weights = weights_in_units(prepared, 2)
    for steps in cut_blocks(4, block):
        for feature in range(2):
            gone = np.zeros(known.shape, dtype=bool)
            gone[:, steps.start : steps.stop, feature] = True
            moved = replaced(known, gone, kind, mean=removal.mean) - known
            expected = np.einsum("swf,wf->s", moved, weights)
            for step in steps:
                np.testing.assert_allclose(found.mean[step, feature], expected, rtol=1e-4, atol=2e-4)
    assert not found.deviation.any()


def test_shuffled_has_the_mean_and_the_spread_of_its_draws(make_prepared):
    prepared = make_prepared(VALUES, length=3)

    def newest(inputs):
        return inputs[:, -1:, 0].astype(float)

    removal = Removal(newest, prepared, prepared.test.origins, kind="shuffled")
    found, again = (occlusion(removal, np.arange(3), seed=seed) for seed in (3, 3))
    np.testing.assert_array_equal(found.mean, again.mean)
    assert not np.array_equal(found.mean, occlusion(removal, np.arange(3), seed=4).mean)
    assert not found.mean[:-1].any()
    own = removal.histories(np.arange(len(removal)))[:, -1, 0]
    # The newest step becomes that of any test window: on average its mean, spread like they are.
    many = [occlusion(removal, np.arange(1), seed=seed).mean[-1, 0, 0] for seed in range(60)]
    assert np.mean(many) == pytest.approx(own.mean() - own[0], abs=4 * own.std() / np.sqrt(600))
    assert 0.4 * own.std() < found.deviation[-1, 0].mean() < 1.6 * own.std()


def test_batches_change_nothing(prepared, monkeypatch):
    removal = Removal(linear, prepared, prepared.test.origins, kind="previous")
    whole = occlusion(removal, np.arange(6))
    monkeypatch.setattr(room, "BATCH_WINDOWS", 5)
    np.testing.assert_allclose(occlusion(removal, np.arange(6)).mean, whole.mean, rtol=1e-6, atol=1e-9)


def test_the_mean_is_that_of_the_train_rows(make_prepared):
    prepared = make_prepared(np.concatenate([np.tile([1.0, 3.0], 35), np.full(30, 1e9)]))
    assert train_mean(prepared) == pytest.approx([2.0])


def test_zero_is_told_to_lie_outside_what_was_trained_on(make_prepared):
    prepared = make_prepared(VALUES, others=(VALUES - 50,))
    assert zero_lies_outside(prepared) == ("y",)


def test_a_forecast_of_differences_feels_the_value_it_is_added_to(make_prepared):
    plain = make_prepared(VALUES, length=3)
    series = _series(VALUES)
    spec = PreparationSpec(
        target="y", transform=TransformSpec(difference=1), window=WindowSpec(length=3, horizon=1)
    )
    prepared = prepare(series, spec)

    def no_change(inputs):
        return np.full((len(inputs), 1), -prepared.scaler.centre[0] / prepared.scaler.spread[0])

    removal = Removal(no_change, prepared, prepared.test.origins, kind="mean")
    found = occlusion(removal, np.array([4]))
    assert removal.reach == 4 == plain.spec.reach + 1
    newest = removal.histories(np.array([4]))[0, -1, 0]
    np.testing.assert_allclose(found.mean[-1, 0, 0], removal.mean[0] - newest, rtol=1e-6)
    np.testing.assert_allclose(found.mean[:-1], 0, atol=removal.rounding)


def test_no_zero_where_a_logarithm_is_read():
    spec = PreparationSpec(target="y", transform=TransformSpec(power="log"), window=WindowSpec(length=3))
    prepared = prepare(_series(VALUES), spec)
    assert "zero" not in kinds_for(prepared)
    with pytest.raises(PreparationError, match="no value at 0"):
        Removal(linear, prepared, prepared.test.origins, kind="zero")


def test_a_step_outside_the_horizon_is_a_mistake_of_the_caller(prepared):
    with pytest.raises(ValueError, match=r"outside 1\.\.3"):
        Removal(linear, prepared, prepared.test.origins, step=4)


def test_a_forecast_that_is_no_number_is_refused_in_words(prepared):
    removal = Removal(lambda inputs: np.full((len(inputs), 3), np.nan), prepared, prepared.test.origins)
    with pytest.raises(RunError, match="not a number"):
        removal.forecast(np.arange(2))


def test_blocks_end_at_the_newest_step():
    assert cut_blocks(7, 3) == (range(1), range(1, 4), range(4, 7))
    assert cut_blocks(4, 4) == (range(4),)
    with pytest.raises(ValueError, match="do not fit"):
        cut_blocks(4, 5)


def _series(values):
    import pandas as pd

    from lstm_core.series.record import Series

    return Series(
        values=np.asarray(values)[:, None], index=pd.RangeIndex(len(values)), columns=("y",), name="m"
    )
