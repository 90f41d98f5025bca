"""Who leads whom: found where it was put in, not found where there is nothing."""

import numpy as np
import pytest
from scipy.signal import lfilter
from scipy.stats import chi2
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.stattools import ccf

from lstm_core.diagnostics.crosscorrelation import autoregression, cross_correlate, haugh
from lstm_core.series.samples import load_sample

N = 600


def noise(seed: int, n_rows: int = N) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n_rows)


def remembering(seed: int, weight: float = 0.9, n_rows: int = N) -> np.ndarray:
    return lfilter([1.0], [1.0, -weight], noise(seed, n_rows))


@pytest.mark.parametrize("prewhiten", [True, False])
@pytest.mark.parametrize("lead", [1, 3, 12])
def test_a_column_that_leads(lead, prewhiten):
    column = noise(1)
    target = np.roll(column, lead) + 0.5 * noise(2)
    found = cross_correlate(target, column, n_lags=20, prewhiten=prewhiten)
    assert found.strongest == lead
    assert f"leads the target by {lead} row{'s' if lead > 1 else ''}" in found.verdict


def test_a_column_that_follows_or_moves_along():
    target = noise(1)
    follower = cross_correlate(target, np.roll(target, 4) + 0.5 * noise(2), n_lags=20, prewhiten=True)
    assert follower.strongest == -4
    assert "follows the target by 4 rows" in follower.verdict
    together = cross_correlate(target, target + 0.5 * noise(2), n_lags=20, prewhiten=True)
    assert together.strongest == 0
    assert "in the same row" in together.verdict


def test_a_lead_under_memory_is_found_at_its_row():
    column = remembering(1)
    target = np.roll(column, 5) + remembering(2)
    assert cross_correlate(target, column, n_lags=20, prewhiten=True).strongest == 5


def test_two_series_with_memory_agree_by_chance_unless_prewhitened():
    """The caveat on the page: 5% of lags should leave the band, with memory far more do."""
    outside = {True: 0, False: 0}
    for seed in range(40):
        for prewhiten in outside:
            found = cross_correlate(
                remembering(seed, 0.95), remembering(1000 + seed, 0.95), n_lags=20, prewhiten=prewhiten
            )
            outside[prewhiten] += int((np.abs(found.values) > found.band).sum())
    lags = 40 * 41
    assert outside[True] / lags < 0.08
    assert outside[False] / lags > 0.3


def test_unrelated_series_are_seldom_accused():
    accused = sum(
        "No lag stands out"
        not in cross_correlate(remembering(seed), remembering(500 + seed), n_lags=20, prewhiten=True).verdict
        for seed in range(60)
    )
    assert accused <= 14  # 5% each are promised of two tests: any lag, and all leads together


@pytest.mark.parametrize("sample", ["macrodata"])
def test_raw_values_are_those_of_statsmodels(sample):
    series = load_sample(sample)
    target, column = series.values[:, 0], series.values[:, 1]
    found = cross_correlate(target, column, n_lags=15, prewhiten=False)
    later = ccf(target, column, adjusted=False, nlags=16)  # target[t + k] with column[t]
    earlier = ccf(column, target, adjusted=False, nlags=16)
    np.testing.assert_allclose(found.values[15:], later, atol=1e-10)
    np.testing.assert_allclose(found.values[15::-1], earlier, atol=1e-10)
    assert found.band == pytest.approx(1.959964 / np.sqrt(len(target)))


def test_the_filter_is_the_autoregression_of_the_column():
    values = remembering(7, 0.8, 5_000)
    weights = autoregression(values)
    assert len(weights) >= 1
    theirs = AutoReg(values, lags=len(weights)).fit().params[1:]
    np.testing.assert_allclose(weights, theirs, atol=0.01)


def test_many_weak_leads_are_heard_together():
    column = noise(3)
    target = 0.07 * np.convolve(column, np.r_[0, np.ones(20)])[:N] + noise(9)
    found = cross_correlate(target, column, n_lags=20, prewhiten=True)
    assert found.p_leads < 0.01
    assert "do so together" in found.verdict


def test_haugh_by_hand_for_white_series():
    first, second = noise(2), noise(3)
    assert not len(autoregression(first))
    assert not len(autoregression(second))
    first, second = first - first.mean(), second - second.mean()
    r = [(second[k:] * first[:-k]).sum() / (N * first.std() * second.std()) for k in (1, 2, 3)]
    q = N**2 * sum(value**2 / (N - k) for k, value in enumerate(r, start=1))
    assert haugh(first, second, n_lags=3) == pytest.approx(chi2.sf(q, 3))


@pytest.mark.parametrize(("column", "target"), [(0.0, 0.0), (0.2, 0.97), (0.97, 0.2), (0.9, 0.9)])
def test_haugh_keeps_its_promise_whatever_the_memories(column, target):
    p_values = np.array(
        [haugh(remembering(seed, column), remembering(900 + seed, target), n_lags=20) for seed in range(80)]
    )
    assert (p_values < 0.05).mean() <= 0.125  # 5% is promised
    assert 0.3 < p_values.mean() < 0.7


def test_haugh_is_not_asked_of_series_as_they_are():
    assert np.isnan(cross_correlate(noise(1), noise(2), n_lags=10, prewhiten=False).p_leads)


def test_undefined_where_one_never_changes_or_rows_are_few():
    assert cross_correlate(noise(1), np.full(N, 2.0), n_lags=20, prewhiten=True) is None
    assert cross_correlate(noise(1)[:20], noise(2)[:20], n_lags=5, prewhiten=True) is None


def test_lags_are_cut_to_what_the_rows_allow():
    found = cross_correlate(noise(1)[:40], noise(2)[:40], n_lags=400, prewhiten=False)
    assert found.lags[-1] == 19


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_correlations_have_no_unit(size):
    column = remembering(1)
    target = np.roll(column, 2) + noise(2)
    plain = cross_correlate(target, column, n_lags=10, prewhiten=True)
    np.testing.assert_allclose(
        cross_correlate(size * target, size * column, n_lags=10, prewhiten=True).values, plain.values
    )
