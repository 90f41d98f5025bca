from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import lfilter

from lstm_core.evaluation import baselines
from lstm_core.evaluation.forecast import forecast
from lstm_core.evaluation.lag import LagCheck, copycat_verdict, lag_check
from lstm_core.evaluation.scores import score_all

RNG = np.random.default_rng(7)
NOISY_SINE = np.sin(np.linspace(0, 20 * np.pi, 400)) + 0.1 * RNG.normal(size=400)
WALK = np.cumsum(RNG.normal(size=400))
NOISE = RNG.normal(size=400)
RETURNING = lfilter([1], [1, -0.5], RNG.normal(size=2000))


def check(prepared, predict):
    return lag_check(forecast(predict, prepared, part="test", label="LSTM"), prepared.values[:, 0])


def board(prepared, predict):
    made = {"lstm": forecast(predict, prepared, part="test", label="LSTM")}
    made["naive"] = baselines.naive(prepared, "test")
    made["linear_ar"] = baselines.linear_ar(prepared, "test")
    return score_all(prepared, made)


def copy(inputs):
    return inputs[:, -1:, 0].astype(float)


def nearly_copy(inputs):
    return copy(inputs) + 1e-3 * np.random.default_rng(0).normal(size=(len(inputs), 1))


def biased_copy(inputs):
    return copy(inputs) + 0.05


@pytest.mark.parametrize("values", [NOISY_SINE, WALK, WALK.cumsum()], ids=["sine", "walk", "smooth"])
@pytest.mark.parametrize("predict", [copy, nearly_copy])
def test_copy_of_the_last_value_is_caught(make_prepared, values, predict):
    result = check(make_prepared(values), predict)
    assert result.copies_last_value
    assert result.best_shift == 1
    assert result.skill == pytest.approx(0, abs=0.05)


def test_biased_copy_is_caught(make_prepared):
    assert check(make_prepared(WALK), biased_copy).copies_last_value


def test_good_forecaster_on_a_sine_is_not_a_copy(make_prepared):
    prepared = make_prepared(NOISY_SINE, length=20)
    result = check(prepared, baselines.fit_linear(prepared))
    assert not result.copies_last_value
    assert result.best_shift == 0
    assert result.skill > 0.3


def test_perfect_forecaster_is_not_a_copy(make_prepared):
    prepared = make_prepared(WALK)
    result = check(prepared, lambda inputs: prepared.test.targets.astype(float))
    assert (result.best_shift, result.copies_last_value) == (0, False)
    assert result.skill == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_forecaster_of_a_constant_is_bad_but_not_a_copy(make_prepared, seed):
    noise = np.random.default_rng(seed).normal(size=400)
    assert not check(make_prepared(noise), lambda x: np.zeros((len(x), 1))).copies_last_value


def test_damped_forecast_of_a_series_that_returns_to_its_mean_is_honest(make_prepared):
    prepared = make_prepared(RETURNING, length=1, kind="none")
    assert not check(prepared, lambda inputs: 0.5 * copy(inputs)).copies_last_value


def test_forecast_of_the_value_before_the_last_lags_by_two(make_prepared):
    result = check(make_prepared(WALK), lambda inputs: inputs[:, -2:-1, 0].astype(float))
    assert (result.best_shift, result.copies_last_value) == (2, False)


def test_shifts_are_rows_even_with_a_stride(make_prepared):
    result = check(make_prepared(WALK, stride=7), copy)
    assert (result.best_shift, result.copies_last_value, result.n) == (1, True, 12)
    assert result.errors[1] == pytest.approx(0, abs=1e-5)


def test_errors_are_the_mean_distances_to_the_shifted_truth(make_prepared):
    values = np.arange(100.0)
    result = check(make_prepared(values, length=3), copy)
    np.testing.assert_allclose(result.errors, np.abs(np.arange(11) - 1.0), atol=1e-4)


def test_constant_series_is_no_copy_and_the_words_say_why(make_prepared):
    prepared = make_prepared(np.full(100, 2.0))
    result = check(prepared, copy)
    assert (result.best_shift, result.skill, result.copies_last_value) == (0, None, False)
    assert "never changes" in copycat_verdict(result, board(prepared, copy)).sentence


def test_verdict_is_red_and_says_when_a_copy_is_the_best_there_is(make_prepared):
    prepared = make_prepared(WALK)
    verdict = copycat_verdict(check(prepared, copy), board(prepared, copy))
    assert verdict.tone == "bad"
    assert "random walk" in verdict.sentence


def test_verdict_is_red_and_says_when_there_is_more_to_learn(make_prepared):
    prepared = make_prepared(NOISY_SINE, length=20)
    verdict = copycat_verdict(check(prepared, copy), board(prepared, copy))
    assert verdict.tone == "bad"
    assert "holds more than that" in verdict.sentence
    assert "best shift 1, skill 0.0%" in verdict.sentence


def test_verdict_is_green_for_a_forecast_that_is_none(make_prepared):
    prepared = make_prepared(NOISY_SINE, length=20)
    linear = baselines.fit_linear(prepared)
    verdict = copycat_verdict(check(prepared, linear), board(prepared, linear))
    assert verdict.tone == "good"


def test_verdict_is_amber_for_a_forecast_that_lags_otherwise(make_prepared):
    prepared = make_prepared(WALK)
    lagging = check(prepared, lambda inputs: inputs[:, -3:-2, 0].astype(float))
    verdict = copycat_verdict(lagging, board(prepared, copy))
    assert verdict.tone == "caution"
    assert "3 rows before" in verdict.sentence


def test_verdict_leaves_a_damped_forecast_its_due(make_prepared):
    prepared = make_prepared(RETURNING, length=1, kind="none")
    damped = check(prepared, lambda inputs: 0.5 * copy(inputs))
    verdict = copycat_verdict(damped, board(prepared, copy))
    assert verdict.tone == "note"
    assert "cannot be foreseen, that is right" in verdict.sentence


def test_near_ties_of_shifts_are_no_lag(make_prepared):
    prepared = make_prepared(NOISE, kind="none")
    mean = check(prepared, lambda inputs: np.full((len(inputs), 1), 0.02))
    verdict = copycat_verdict(mean, board(prepared, copy))
    assert mean.skill > 0.1
    assert mean.best_shift > 0
    assert verdict.tone == "note"
    assert "about as well as its own" in verdict.sentence


@pytest.mark.parametrize("share", np.linspace(0.1, 1, 10))
def test_green_never_stands_beside_another_best_shift(make_prepared, share):
    """A forecast between the last value and the truth: words and tone turn together."""
    prepared = make_prepared(WALK)

    def between(inputs):
        return (1 - share) * copy(inputs) + share * prepared.test.targets.astype(float)

    result = check(prepared, between)
    verdict = copycat_verdict(result, board(prepared, between))
    assert (verdict.tone == "good") is (result.best_shift == 0)
    assert ("fits its own row best" in verdict.sentence) is (result.best_shift == 0)


@pytest.mark.parametrize(("n", "tone", "words"), [(20, "caution", "lags"), (19, "note", "may be chance")])
def test_few_windows_do_not_tell_a_lag_of_several_rows(make_prepared, n, tone, words):
    prepared = make_prepared(NOISY_SINE)
    errors = np.array([1.0, 0.9, 0.8, 0.5])
    late = LagCheck(errors=errors, best_shift=3, skill=-0.5, copies_last_value=False, n=n)
    verdict = copycat_verdict(late, board(prepared, copy))
    assert verdict.tone == tone
    assert words in verdict.sentence


def test_forecast_worse_than_a_copy_is_not_praised_for_being_none(make_prepared):
    prepared = make_prepared(NOISY_SINE)
    zero = check(prepared, lambda inputs: np.zeros((len(inputs), 1)) - 3)
    verdict = copycat_verdict(zero, board(prepared, copy))
    assert verdict.tone == "caution"
    assert "repeating it would be better" in verdict.sentence
    tie = copycat_verdict(replace(zero, skill=-0.02), board(prepared, copy))
    assert "repeating it would be no worse" in tie.sentence
