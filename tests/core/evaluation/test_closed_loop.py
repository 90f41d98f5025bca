"""Open and closed loop over a part: the same origins, the same truth, and what the sentence says of them."""

import numpy as np
import pytest

from lstm_core.evaluation.ahead.closed_loop import (
    FEWEST_ORIGINS,
    Loop,
    Loops,
    growth_verdict,
    run_free,
    run_part,
)
from lstm_core.evaluation.ahead.future_inputs import FuturePlan, future_inputs
from lstm_core.evaluation.ahead.recursion import forecast_ahead
from lstm_core.evaluation.baselines import fit_linear
from lstm_core.evaluation.forecast import Forecast, forecast
from lstm_core.preparation.histories import histories

WALK = np.random.default_rng(3).normal(size=300).cumsum()


def test_every_origin_of_the_part_is_run_and_compared_with_its_own_rows(make_prepared):
    prepared = make_prepared(WALK, length=4)
    predict = fit_linear(prepared)
    loops = run_part(predict, prepared, "test", Loop(steps=6), n_weights=1, season=5)
    rows = prepared.split.test
    assert loops.every == 1
    assert loops.closed.origins.tolist() == list(range(rows.start, rows.stop - 5))
    assert set(loops.made) == {"closed", "naive", "seasonal_naive"}
    at = 7
    origin = loops.closed.origins[at]
    alone = forecast_ahead(predict, prepared, histories(prepared, np.array([origin])), 6)
    np.testing.assert_allclose(loops.closed.predicted[at], alone[0], rtol=1e-6)
    np.testing.assert_array_equal(loops.closed.actual[at], WALK[origin : origin + 6])
    assert loops.made["naive"].predicted[at].tolist() == [WALK[origin - 1]] * 6
    assert loops.made["seasonal_naive"].predicted[at].tolist() == [
        *WALK[origin - 5 : origin],
        WALK[origin - 5],
    ]
    missed = np.abs(loops.closed.predicted - loops.closed.actual).mean(axis=0)
    np.testing.assert_allclose(loops.errors["closed"], missed)
    assert loops.open_error == pytest.approx(missed[0])


def test_a_longer_horizon_is_also_run_step_by_step(make_prepared):
    prepared = make_prepared(WALK, length=4, horizon=3)
    predict = fit_linear(prepared)
    loops = run_part(predict, prepared, "test", Loop(steps=3), n_weights=1, season=1)
    assert set(loops.made) == {"closed", "stepwise", "naive"}
    np.testing.assert_array_equal(
        loops.closed.predicted, forecast(predict, prepared, part="test", label="").predicted
    )
    np.testing.assert_array_equal(loops.made["stepwise"].predicted[:, 0], loops.closed.predicted[:, 0])


def test_a_costly_network_starts_from_fewer_rows_and_says_so(make_prepared):
    prepared = make_prepared(WALK, length=4)
    loops = run_part(fit_linear(prepared), prepared, "train", Loop(steps=2), n_weights=10**12, season=1)
    assert len(loops.closed) <= FEWEST_ORIGINS
    assert set(np.diff(loops.closed.origins)) == {loops.every}


def test_further_inputs_follow_the_plan_of_the_loop(make_prepared):
    prepared = make_prepared(WALK, length=4, others=(np.sin(np.arange(300)),))
    predict, origins = fit_linear(prepared), np.array([250, 260])
    for plan in (FuturePlan(), FuturePlan(rule="what came"), FuturePlan(rule="last season", season=6)):
        told = Loop(steps=5, plan=plan).run(predict, prepared, origins)
        further = future_inputs(prepared, origins, 4, plan)
        known = histories(prepared, origins)
        np.testing.assert_array_equal(told, forecast_ahead(predict, prepared, known, 5, further=further))


def test_the_open_loop_is_told_the_truth_before_every_step(make_prepared):
    prepared = make_prepared(WALK, length=4)
    predict = fit_linear(prepared)
    start = prepared.split.test.start
    whole = forecast(predict, prepared, part="test", label="").predicted[:8, 0]
    run = run_free(predict, prepared, start, Loop(steps=8))
    np.testing.assert_array_equal(run.one_step, whole)
    closed = forecast_ahead(predict, prepared, histories(prepared, np.array([start])), 8)[0]
    np.testing.assert_array_equal(run.closed, closed)
    np.testing.assert_array_equal(run.actual, WALK[start : start + 8])
    assert run.naive.tolist() == [WALK[start - 1]] * 8


def test_a_free_run_ends_with_the_series(make_prepared):
    prepared = make_prepared(WALK, length=4)
    run = run_free(fit_linear(prepared), prepared, 297, Loop(steps=8))
    assert run.rows.tolist() == [297, 298, 299]
    assert list(run.table(["a", "b", "c"])["time"]) == ["a", "b", "c"]


def loops_of(closed: list[float], naive: list[float]) -> Loops:
    def missing_by(errors: list[float]) -> Forecast:
        told = np.array([errors], dtype=np.float64)
        return Forecast(origins=np.array([9]), actual=np.zeros_like(told), predicted=told, part="test")

    return Loops(made={"closed": missing_by(closed), "naive": missing_by(naive)}, every=1)


@pytest.mark.parametrize(
    ("closed", "naive", "tone", "words"),
    [
        (
            [1, 2, 3],
            [2, 4, 6],
            "good",
            "3 times as much (twice as much from step 2 on). At every step it beats",
        ),
        ([1, 2, 3], [2, 2.5, 2.9], "caution", "at 2 of 3 steps; the first one where it does not is step 3"),
        ([1, 2, 3], [1, 1, 1], "bad", "At no step does it beat"),
        ([0, 0, 0], [1, 1, 1], "good", "misses by 0; 3 steps ahead by 0. At every step it beats"),
        ([1], [2], "note", "Choose more steps"),
        ([0, 0], [0, 0], "note", "never changes"),
        ([1, 1], [0, 0], "note", "never changes"),
    ],
)
def test_sentence_on_how_the_error_grows(closed, naive, tone, words):
    verdict = growth_verdict(loops_of(closed, naive), unit="")
    assert verdict.tone == tone
    assert words in verdict.sentence.replace(".00", "")
