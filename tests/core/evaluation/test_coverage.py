import numpy as np
import pytest
from scipy import stats

from lstm_core.evaluation.intervals.bands import Bands
from lstm_core.evaluation.intervals.conformal import conformal_rank, split_conformal
from lstm_core.evaluation.intervals.coverage import (
    chance_range,
    coverage_verdict,
    interval_scores,
    measure,
    rolling,
    rolling_size,
)

RNG = np.random.default_rng(9)


def bands(half, *, n=200, method="split", spread=1.0, levels=(0.8,)):
    half = np.broadcast_to(np.asarray(half, dtype=float).reshape(-1, 1), (len(levels), n))
    return Bands(
        method=method,
        levels=levels,
        lower=-half,
        upper=half,
        actual=np.random.default_rng(9).normal(size=n) * spread,
        predicted=np.zeros(n),
        rows=np.arange(n),
        step=1,
        unit="kg",
    )


def test_share_held_width_and_score_by_hand():
    made = bands([1.0, np.inf], levels=(0.5, 0.95))
    first, last = measure(made)
    assert first.held == np.mean(np.abs(made.actual) <= 1)
    assert (first.width, first.unbounded, first.n) == (2.0, 0, 200)
    outside = np.maximum(np.abs(made.actual) - 1, 0)
    assert first.score == pytest.approx(2.0 + 4.0 * outside.mean())
    assert (last.held, last.unbounded) == (1.0, 200)
    assert np.isnan(last.width)
    assert np.isinf(last.score)


def test_true_quantiles_have_the_smallest_score():
    actual = RNG.normal(size=20_000)
    true = stats.norm.ppf(0.9)
    scores = {
        half: interval_scores(np.full(20_000, -half), np.full(20_000, half), actual, 0.8).mean()
        for half in (0.8 * true, true, 1.25 * true)
    }
    assert min(scores, key=scores.__getitem__) == true


def test_range_of_chance_is_that_of_the_binomial():
    low, high = chance_range(200, 0.8)
    inside = stats.binom.cdf(200 * high, 200, 0.8) - stats.binom.cdf(200 * low - 1, 200, 0.8)
    assert 0.95 <= inside < 0.97


@pytest.mark.parametrize("n_errors", [9, 60])
def test_a_width_of_few_errors_keeps_its_promise_in_a_wider_range(n_errors):
    """Drawn again and again: errors, their width, and what it holds of the next windows."""
    n, level, random = 40, 0.8, np.random.default_rng(4)
    low, high = chance_range(n, level, n_errors=n_errors)
    exact = chance_range(n, level)
    assert low < exact[0]
    assert high >= exact[1]
    errors, later = random.normal(size=(4000, n_errors, 1)), random.normal(size=(4000, n))
    widths = np.array([split_conformal(one, (level,))[0, 0] for one in errors])
    shares = (np.abs(later) <= widths[:, None]).mean(axis=1)
    assert 0.94 < ((low <= shares) & (shares <= high)).mean() < 0.99
    assert ((exact[0] <= shares) & (shares <= exact[1])).mean() < 0.94


@pytest.mark.parametrize("n", [1, 17, 200, 3000])
@pytest.mark.parametrize("n_errors", [19, 60, 1000])
def test_the_range_of_few_errors_is_the_beta_binomial_of_scipy(n, n_errors):
    for level in (0.5, 0.8, 0.95):
        rank = conformal_rank(n_errors, level)
        low, high = stats.betabinom.interval(0.95, n, rank, n_errors + 1 - rank)
        assert chance_range(n, level, n_errors=n_errors) == (low / n, high / n)


def test_errors_too_few_for_a_width_change_no_range():
    assert chance_range(200, 0.95, n_errors=5) == chance_range(200, 0.95)


def test_rolling_share_of_the_newest():
    made = bands([1.0], n=5)
    held = made.held[0]
    found = rolling(made, level=0.8, size=2)
    np.testing.assert_allclose(found.shares, (held[1:] + held[:-1].astype(int)) / 2)
    np.testing.assert_array_equal(found.rows, [1, 2, 3, 4])
    assert (found.low, found.high) == chance_range(2, 0.8)
    assert [rolling_size(n) for n in (5, 60, 400, 10_000)] == [5, 20, 80, 200]


def said(half, *, then=1.0, method="split"):
    made = bands(half, method=method)
    errors = made.actual - made.predicted
    return coverage_verdict(measure(made)[0], calibrated_on=then * errors, errors=errors, unit=made.unit)


def test_bands_that_keep_their_promise():
    verdict = said(1.28)
    assert verdict.tone == "good"
    assert "80% bands" in verdict.sentence
    assert "mean width of 2.56 kg" in verdict.sentence


def test_too_narrow_says_why():
    verdict = said(0.5, then=0.7)
    assert verdict.tone == "caution"
    assert "too narrow. The validation part was calmer" in verdict.sentence
    assert "do not explain it" in said(0.5, then=1.0).sentence
    assert "noise of the series" in said(0.5, method="dropout").sentence
    assert "train windows alone" in said(0.5, method="quantiles").sentence
    assert "rate" in said(0.5, method="adaptive").sentence


def test_too_wide_says_why():
    assert "too wide. The validation part was rougher" in said(4.0, then=1.5).sentence


def test_no_limit_at_all_is_said():
    assert "too short" in said(np.inf).sentence
