"""Baselines as far ahead as the network: a planted season beyond the last row, and what fails is left out."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.errors import RunError
from lstm_core.evaluation.ahead.closed_loop import Loop, run_part
from lstm_core.evaluation.ahead.outlook import look_ahead, outlook_verdict
from lstm_core.evaluation.ahead.rivals import (
    beside_loops,
    beside_outlook,
    linear_ahead,
    mean_errors,
    run_rival,
)
from lstm_core.evaluation.baselines import fit_linear
from lstm_core.evaluation.classical import fit_classical

STEPS, N = 30, 300
SEASON = 10 + np.sin(2 * np.pi * np.arange(N + STEPS) / 12)


@pytest.fixture
def prepared(make_prepared):
    return make_prepared(SEASON[:N] + 0.0, length=12)


def repeated(inputs):
    """A network that repeats the newest value."""
    return inputs[:, -1:, 0]


def test_every_baseline_goes_on_with_a_planted_season_beyond_the_last_row(prepared):
    rivals = {one.key: one.ahead for one in fit_classical(prepared, period=12)}
    rivals["linear_ar"] = linear_ahead(prepared, Loop(steps=STEPS))
    test = run_part(repeated, prepared, "test", Loop(steps=STEPS), n_weights=1, season=1)
    told = {key: run_rival(ahead, test.closed.origins, N, STEPS) for key, ahead in rivals.items()}
    for one in told.values():
        assert one.shape == (len(test.closed) + 1, STEPS)
        np.testing.assert_allclose(one[-1], SEASON[N:], atol=0.05)
    both = beside_loops(prepared, test, told)
    assert list(both.table().columns) == ["step", "open_loop", "closed", "naive", "ets", "theta", "linear_ar"]
    assert all(both.errors[key].max() < 0.05 for key in told)
    np.testing.assert_allclose(both.errors["naive"], both.errors["closed"], atol=1e-6)
    worst = list(mean_errors(both))[-2:]
    assert set(worst) == {"closed", "naive"}


def test_the_linear_one_is_fed_back_as_the_network_is(make_prepared):
    prepared = make_prepared(np.random.default_rng(0).normal(size=120).cumsum(), length=4, horizon=3)
    rows = np.array([80, 100, 120])
    by_step = linear_ahead(prepared, Loop(steps=1, fed_back=1))(rows, 7)
    by_hand = Loop(steps=7, fed_back=1).run(fit_linear(prepared), prepared, rows)
    np.testing.assert_array_equal(by_step, by_hand)
    assert not np.allclose(by_step, linear_ahead(prepared, Loop(steps=1))(rows, 7))


def test_what_grows_beyond_any_number_is_left_out():
    def refused(origins, steps):
        raise RunError("beyond any number")

    def endless(origins, steps):
        return np.full((len(origins), steps), np.inf)

    rows = np.array([5])
    assert run_rival(refused, rows, 9, 2) is None
    assert run_rival(endless, rows, 9, 2) is None
    np.testing.assert_array_equal(
        run_rival(lambda origins, steps: np.outer(origins, np.ones(steps)), rows, 9, 2), [[5, 5], [9, 9]]
    )


def test_the_outlook_shows_what_was_asked_for_and_the_verdict_names_what_does_better(prepared):
    loop = Loop(steps=4)
    parts = [
        run_part(repeated, prepared, part, loop, n_weights=1, season=12) for part in ("validation", "test")
    ]
    index = pd.RangeIndex(N, N + 4)
    outlook = look_ahead(repeated, prepared, loop, index, season=12, calibration=parts[0])
    told = {"theta": np.outer(np.arange(len(parts[1].closed) + 1.0), np.ones(4))}
    shown = beside_outlook(outlook, told, ("seasonal_naive", "theta"))
    assert list(shown.baselines) == ["seasonal_naive", "theta"]
    assert shown.baselines["theta"].tolist() == [len(parts[1].closed)] * 4
    better = fit_linear(prepared)
    mine = run_part(better, prepared, "test", loop, n_weights=1, season=1)
    exact = {"ets": np.vstack([mine.closed.actual, mine.closed.actual[:1]])}
    verdict = outlook_verdict(shown, beside_loops(prepared, mine, exact), last="row 300", target="y", unit="")
    assert "exponential smoothing (ETS) does better still (MAE 0)" in verdict.sentence
    assert verdict.tone == "caution"
