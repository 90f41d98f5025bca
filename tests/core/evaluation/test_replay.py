"""A training replayed: errors of an epoch, the room its pictures need, and the sentence about it."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.forecast import forecast
from lstm_core.evaluation.replay import Replay, look_at, moment_verdict, naive_mae, pull, thinning
from lstm_core.evaluation.scores import score
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, prepare
from lstm_core.series.record import Series

LENGTH = 5
WEIGHTS = np.array([0.0, 0.0, 0.25, -0.5, 1.0])


@pytest.fixture
def prepared() -> Prepared:
    rng = np.random.default_rng(1)
    values = np.column_stack([50 + 10 * rng.normal(size=120).cumsum(), rng.normal(size=120)])
    series = Series(values=values, index=pd.RangeIndex(120), columns=("y", "x"), name="walk", unit="m")
    return prepare(
        series, PreparationSpec(target="y", features=("x",), window=WindowSpec(length=LENGTH, horizon=2))
    )


def linear(windows):
    """Both steps of the horizon as the same weighted sum of the target's past."""
    return np.repeat((windows[:, :, 0] @ WEIGHTS)[:, None], 2, axis=1)


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_a_moment_is_what_the_forecast_page_would_score(prepared, part):
    moment = look_at(linear, prepared, part)
    made = forecast(linear, prepared, part=part, label="LSTM")
    assert moment.mae == pytest.approx(score(made, naive_error=1.0).mae, rel=1e-12)
    assert (moment.lowest, moment.highest) == (made.predicted.min(), made.predicted.max())
    assert moment.worst == np.abs(made.actual - made.predicted).max()


def test_a_thinned_moment_looks_at_every_so_many_th_window(prepared):
    made = forecast(linear, prepared, part="test", label="LSTM")
    thinned = np.abs(made.actual - made.predicted)[::3]
    moment = look_at(linear, prepared, "test", every=3)
    assert moment.mae == pytest.approx(thinned.mean(), rel=1e-12)
    assert moment.worst == thinned.max()


@pytest.mark.parametrize("step", [1, 2])
def test_the_pull_of_a_linear_forecast_is_its_weight_times_the_nudge(prepared, step):
    lags = (5, 3, 2, 1)
    found = pull(linear, prepared, 4, lags, step=step)
    size = prepared.values[prepared.split.train.start : prepared.split.train.stop, 0].std()
    np.testing.assert_allclose(
        found, [WEIGHTS[LENGTH - lag] * size for lag in lags], rtol=1e-4, atol=1e-4 * size
    )


def test_naive_error_is_that_of_the_baseline(prepared):
    made = naive(prepared, "validation")
    assert naive_mae(prepared, "validation") == pytest.approx(score(made, naive_error=1.0).mae, rel=1e-12)


def test_axes_have_room_for_every_epoch(prepared):
    tall = look_at(lambda windows: 3 * linear(windows), prepared, "test")
    flat = look_at(lambda windows: 0 * linear(windows), prepared, "test")
    replay = Replay(epochs=np.array([1, 4]), moments={"test": [flat, tall]}, naive={"test": 1.0})
    low, high = replay.forecast_range("test")
    for moment in (tall, flat):
        assert low <= moment.lowest <= moment.highest <= high
        assert moment.worst <= replay.worst("test")
    assert replay.mae("test").tolist() == [flat.mae, tall.mae]


@pytest.mark.parametrize(("n_steps", "every"), [(0, 1), (4_000_000, 1), (4_000_001, 2), (40_000_000, 10)])
def test_a_replay_that_would_take_long_looks_at_fewer_windows(n_steps, every):
    assert thinning(n_steps, 10_000) == every


def verdict(epoch, **errors):
    return moment_verdict(
        epoch, 31, {"now": 24.1, "best": 14.2, "naive": 18.4} | errors, unit="sunspots", overfitting=32
    )


def test_an_early_epoch_that_does_not_beat_the_naive_forecast_warns():
    told = verdict(5)
    assert told.tone == "caution"
    assert told.sentence == (
        "At epoch 5 the mean absolute error on the test part was 24.1 sunspots, at the best epoch, 31, it is 14.2; "
        "repeating the last value misses by 18.4 sunspots. From epoch 32 on the network overfits: it learns its train "
        "windows by heart."
    )


def test_an_epoch_that_beats_it_is_only_noted_unless_it_overfits():
    assert verdict(20, now=16.0).tone == "note"
    assert verdict(40, now=16.0).tone == "caution"


def test_an_epoch_that_is_luckier_on_the_test_part_is_not_recommended():
    assert "known only afterwards" in verdict(12, now=13.0).sentence
    assert "known only afterwards" not in verdict(12, now=14.15).sentence


def test_the_best_epoch_is_good_only_when_it_beats_the_naive_forecast():
    assert verdict(31, now=14.2).tone == "good"
    assert verdict(31, now=18.4, best=18.4).tone == "caution"


def test_without_overfitting_it_says_so():
    told = moment_verdict(3, 9, {"now": 2.0, "best": 1.0, "naive": 3.0}, unit="", overfitting=None)
    assert told.sentence.endswith("No overfitting is seen.")
