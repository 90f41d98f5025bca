"""A quantile forecast is judged by its pinball loss and by the share of truths below it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import mean_pinball_loss

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.quantile import (
    PINBALL,
    overall_quantile_verdict,
    pinball,
    pinball_scores,
    quantile_score,
    quantile_tests,
    quantile_verdict,
    raised_naive,
)
from lstm_core.evaluation.residuals import residuals
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series

N = 1000
RNG = np.random.default_rng(3)
LEVEL = np.sin(np.arange(N) / 9)
VALUES = LEVEL + RNG.normal(scale=0.5, size=N)
SERIES = Series(values=VALUES[:, None], index=pd.RangeIndex(N), columns=("y",), name="made", unit="V")
PREPARED = prepare(SERIES, PreparationSpec(target="y", window=WindowSpec(length=4, horizon=2)))
Q90 = 1.2815515655446004  # of a standard normal


def told(shift: float, noise: np.ndarray | None = None) -> Forecast:
    """A forecast of the test part that knows the level and lies `shift` deviations of the noise above it."""
    rows = PREPARED.test.origins[:, None] + np.arange(2)
    predicted = LEVEL[rows] + 0.5 * shift + (0.0 if noise is None else noise[rows])
    return Forecast(
        origins=PREPARED.test.origins, actual=VALUES[rows], predicted=predicted, part="test", unit="V"
    )


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_the_loss_is_that_of_sklearn(quantile):
    made = told(0.3)
    expected = mean_pinball_loss(made.actual.ravel(), made.predicted.ravel(), alpha=quantile)
    assert pinball(made.actual, made.predicted, quantile) == pytest.approx(expected)


def test_at_one_half_it_is_half_the_absolute_error():
    made = told(0.3)
    assert pinball(made.actual, made.predicted, 0.5) == pytest.approx(
        np.abs(made.actual - made.predicted).mean() / 2
    )


def test_the_last_value_is_moved_to_its_quantile_of_the_train_part():
    train = raised_naive(PREPARED, "train", 0.9)
    np.testing.assert_allclose((train.actual <= train.predicted).mean(axis=0), 0.9, atol=2 / len(train))
    test = raised_naive(PREPARED, "test", 0.9)
    move = test.predicted - VALUES[PREPARED.test.origins - 1][:, None]
    assert np.ptp(move, axis=0) == pytest.approx(0)  # one number per step, from the train part alone


def test_scores_are_told_only_of_a_quantile():
    assert pinball_scores(PREPARED, {"lstm": told(Q90)}, None) == {}
    scores = pinball_scores(PREPARED, {"lstm": told(Q90)}, 0.9)
    assert 0 < scores["lstm"][PINBALL] < scores["naive"][PINBALL]


class TestVerdict:
    def test_the_right_quantile_is_good_although_it_is_far_from_the_middle(self):
        found = quantile_score(PREPARED, told(Q90), 0.9)
        verdict = quantile_verdict(found, "V")
        assert verdict.tone == "good"
        assert "meant to lie above 90% of the truths" in verdict.sentence
        assert "over all 2 steps ahead" in verdict.sentence

    def test_the_middle_is_not_the_quantile(self):
        verdict = quantile_verdict(quantile_score(PREPARED, told(0.85), 0.9), "V")
        assert verdict.tone == "caution"
        assert "too low for its quantile" in verdict.sentence

    def test_worse_than_the_last_value_is_bad(self):
        verdict = quantile_verdict(quantile_score(PREPARED, told(9.0), 0.9), "V")
        assert verdict.tone == "bad"
        assert "not worth its training" in verdict.sentence

    def test_the_lower_edge_lies_below(self):
        verdict = quantile_verdict(quantile_score(PREPARED, told(-Q90), 0.1), "V")
        assert verdict.tone == "good"
        assert "meant to lie below 90% of the truths" in verdict.sentence


class TestResiduals:
    def test_an_edge_is_no_bias(self):
        tests = quantile_tests(residuals(told(Q90)), 0.9)
        by_key = {test.key: test.verdict.tone for test in tests}
        assert by_key["mean"] == "good"
        assert by_key["memory"] == "good"
        assert "caution" not in by_key.values()
        assert overall_quantile_verdict(tests, 0.9).tone == "good"

    def test_an_edge_in_the_wrong_place_is_found(self):
        tests = quantile_tests(residuals(told(0.3)), 0.9)
        share = next(test for test in tests if test.key == "mean")
        assert share.verdict.tone == "caution"
        assert "too low for its quantile" in share.verdict.sentence
        assert overall_quantile_verdict(tests, 0.9).tone == "caution"

    def test_misses_that_come_in_runs_are_found(self):
        slow = 1.5 * np.sin(np.arange(N) / 12)
        tests = quantile_tests(residuals(told(Q90, slow)), 0.9)
        runs = next(test for test in tests if test.key == "memory")
        assert runs.verdict.tone == "caution"
        assert "come in runs" in runs.verdict.sentence

    def test_a_few_residuals_are_told_without_a_judgement(self):
        made = told(Q90)
        few = replace(made, origins=made.origins[:4], actual=made.actual[:4], predicted=made.predicted[:4])
        assert overall_quantile_verdict(quantile_tests(residuals(few), 0.9), 0.9).tone == "note"
