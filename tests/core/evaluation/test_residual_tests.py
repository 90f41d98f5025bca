import numpy as np
import pytest

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.residual_tests import (
    cluster_test,
    diagnose,
    mean_test,
    memory_test,
    normality_test,
    overall_verdict,
    size_test,
)
from lstm_core.evaluation.residuals import residuals

NOISE = np.random.default_rng(3).normal(size=400)
LEVEL = np.linspace(1, 5, 400)


def of(errors, predicted=LEVEL, step=1):
    errors = np.asarray(errors, dtype=float)
    predicted = np.asarray(predicted[: len(errors)], dtype=float)
    both = [np.repeat(one[:, None], step, axis=1) for one in (predicted + errors, predicted)]
    made = Forecast(origins=np.arange(len(errors)), actual=both[0], predicted=both[1], part="test", unit="kg")
    return residuals(made, step=step)


def test_white_noise_passes_every_test():
    results = diagnose(of(NOISE))
    assert [result.key for result in results] == ["mean", "memory", "size", "clusters", "normal"]
    assert {result.verdict.tone for result in results} == {"good"}
    assert all(result.p_value > 0.05 for result in results)


@pytest.mark.parametrize(("bias", "word"), [(0.5, "too low"), (-0.5, "too high")])
def test_bias_is_named_with_its_direction(bias, word):
    verdict = mean_test(of(NOISE + bias)).verdict
    assert verdict.tone == "caution"
    assert word in verdict.sentence
    assert "kg" in verdict.sentence


def test_mean_test_is_not_fooled_by_residuals_that_remember_each_other():
    slow = np.zeros(400)
    for t in range(1, 400):
        slow[t] = 0.9 * slow[t - 1] + NOISE[t]
    plain_t = slow.mean() / (slow.std(ddof=1) / 20)
    assert abs(mean_test(of(slow)).statistic) < 0.6 * abs(plain_t)


def test_memory_is_seen_and_expected_several_steps_ahead():
    summed = np.convolve(NOISE, np.ones(3), "valid")
    assert memory_test(of(summed)).verdict.tone == "caution"
    ahead = memory_test(of(summed, step=3)).verdict
    assert ahead.tone == "note"
    assert "up to lag 2" in ahead.sentence


def test_memory_looks_over_two_seasons():
    assert "24 lags" in memory_test(of(NOISE), period=12).name
    assert "10 lags" in memory_test(of(NOISE)).name
    assert "4 lags" in memory_test(of(NOISE[:20]), period=12).name


def test_misses_that_grow_with_the_forecast_are_seen():
    verdict = size_test(of(NOISE * LEVEL)).verdict
    assert verdict.tone == "caution"
    assert "at high forecasts" in verdict.sentence


def test_clusters_of_large_misses_are_seen():
    calm_and_wild = NOISE * np.where(np.arange(400) // 50 % 2, 4.0, 1.0)
    assert cluster_test(of(calm_and_wild)).verdict.tone == "caution"


def test_skewed_residuals_are_not_normal():
    assert normality_test(of(np.exp(NOISE))).verdict.tone == "caution"


@pytest.mark.parametrize("errors", [np.zeros(50), np.ones(50), [0.3, 0.1]], ids=["none", "same", "few"])
def test_tests_that_cannot_be_made_say_why(errors):
    for result in diagnose(of(errors)):
        assert result.p_value is None
        assert result.statistic is None
        assert "not defined" in result.verdict.sentence


def test_b123_constant_forecast_is_said():
    verdict = size_test(of(NOISE, predicted=np.full(400, 2.0))).verdict
    assert verdict.tone == "caution"
    assert "same everywhere" in verdict.sentence
    overall = overall_verdict(diagnose(of(np.cumsum(NOISE), predicted=np.full(400, 2.0))))
    assert overall.tone == "caution"
    assert "is the series itself" in overall.sentence
    assert "change with the forecast" not in overall.sentence  # that test was not made


def test_residuals_of_two_sizes_only_have_no_clusters():
    assert "same size" in cluster_test(of(np.tile([1.0, -1.0], 40))).verdict.sentence


@pytest.mark.parametrize("unit", [1e-150, 1e150])
def test_tests_do_not_depend_on_the_unit(unit):
    for here, there in zip(
        diagnose(of(NOISE)), diagnose(of(NOISE * unit, predicted=LEVEL * unit)), strict=True
    ):
        assert there.p_value == pytest.approx(here.p_value, rel=1e-4)


def test_overall_verdict_names_what_was_found():
    assert overall_verdict(diagnose(of(NOISE))).tone == "good"
    biased = overall_verdict(diagnose(of(NOISE + 0.5)))
    assert (biased.tone, biased.sentence.count("1 of 5")) == ("caution", 1)
    assert "a bias" in biased.sentence
    assert "not a single miss" in overall_verdict(diagnose(of(np.zeros(50)))).sentence
    few = overall_verdict(diagnose(of(NOISE[:5], predicted=LEVEL[:5]))).sentence
    assert few == "5 residuals are too few (8 are needed), so no check can tell noise from a pattern."


def test_flaw_too_weak_to_matter_is_told_but_does_not_count():
    noise = np.random.default_rng(8).normal(size=60_000)
    level = np.linspace(1, 5, 60_000)
    weak = 0.03 + noise * (1 + 0.01 * (level - 3))
    weak[1:] += 0.05 * noise[:-1]
    results = {test.key: test for test in diagnose(of(weak, predicted=level))}
    for key in ("mean", "memory", "size"):
        assert results[key].p_value < 0.05
        assert results[key].verdict.tone == "note"
    assert "+0.05, at lag 1" in results["memory"].verdict.sentence


def test_pure_bias_is_said():
    verdict = mean_test(of(np.full(50, 2.5))).verdict
    assert verdict.tone == "caution"
    assert "Every residual is 2.50 kg" in verdict.sentence


def test_share_of_clusters_is_the_r2_of_the_regression_on_earlier_squares():
    errors = NOISE * np.where(np.arange(400) // 50 % 2, 4.0, 1.0)
    squares = errors**2
    earlier = np.column_stack([np.ones(390), *(squares[10 - lag : 400 - lag] for lag in range(1, 11))])
    fitted = earlier @ np.linalg.lstsq(earlier, squares[10:], rcond=None)[0]
    r2 = fitted.var() / squares[10:].var()
    assert f"explain {r2:.0%} of" in cluster_test(of(errors)).verdict.sentence
