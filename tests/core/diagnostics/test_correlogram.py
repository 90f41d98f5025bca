"""ACF, PACF and the window they suggest."""

import numpy as np
import pytest

from lstm_core.diagnostics.correlogram import (
    DEFAULT_LAGS,
    correlogram,
    largest_lag,
    pacf_cutoff,
    suggest_window,
)
from lstm_core.errors import SeriesError
from lstm_core.series.samples import load_sample


def autoregression(coefficient: float, n_rows: int, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=n_rows)
    values = np.zeros(n_rows)
    for row in range(1, n_rows):
        values[row] = coefficient * values[row - 1] + noise[row]
    return values


@pytest.mark.parametrize("coefficient", [0.8, -0.5])
def test_an_ar1_has_the_correlations_of_the_book(coefficient):
    # acf(k) = c^k; pacf(1) = c, then 0. The standard error of each is at most sqrt((1 + c^2) / (1 - c^2) / n).
    n = 20_000
    result = correlogram(autoregression(coefficient, n), n_lags=10)
    tolerance = 4 * np.sqrt((1 + coefficient**2) / (1 - coefficient**2) / n)
    np.testing.assert_allclose(result.acf, coefficient ** np.arange(11.0), atol=tolerance)
    np.testing.assert_allclose(result.pacf[:2], [1, coefficient], atol=tolerance)
    np.testing.assert_allclose(result.pacf[2:], 0, atol=tolerance)


def test_alternating_values_are_their_own_opposite_one_row_later():
    result = correlogram(np.tile([1.0, -1.0], 500), n_lags=4)
    np.testing.assert_allclose(result.acf, [1, -1, 1, -1, 1], atol=0.005)


def test_noise_stays_inside_its_bands_about_19_times_in_20():
    result = correlogram(np.random.default_rng(3).normal(size=5_000), n_lags=1_000)
    outside = np.abs(result.pacf[1:]) > result.pacf_band[1:]
    assert 0.02 < outside.mean() < 0.08
    np.testing.assert_allclose(result.pacf_band[1:], 1.959964 / np.sqrt(5_000), rtol=1e-6)
    assert np.isnan(result.acf_band[0])


def test_the_acf_band_widens_and_is_centred_on_zero():
    band = correlogram(autoregression(0.8, 500), n_lags=10).acf_band[1:]
    assert band[0] == pytest.approx(1.959964 / np.sqrt(500), rel=1e-6)
    assert (np.diff(band) >= 0).all()


def test_the_unit_does_not_matter():
    values = autoregression(0.6, 300)
    plain, odd = correlogram(values, n_lags=20), correlogram(1e300 * values - 3e300, n_lags=20)
    np.testing.assert_allclose(plain.acf, odd.acf, atol=1e-9)
    np.testing.assert_allclose(plain.pacf, odd.pacf, atol=1e-9)


def test_b65_a_constant_series_has_no_correlations():
    result = correlogram(np.full(50, 7.0), n_lags=5)
    assert not result.is_defined
    assert np.isnan(result.acf).all()
    assert np.isnan(result.pacf_band).all()
    assert "never changes" in suggest_window(result).reason


@pytest.mark.parametrize(("n_rows", "largest"), [(9, 3), (10, 4), (100, 49), (101, 49)])
def test_w13_lags_stay_below_half_of_the_rows(n_rows, largest):
    assert largest_lag(n_rows) == largest
    values = np.random.default_rng(0).normal(size=n_rows)
    assert correlogram(values, n_lags=largest).n_lags == largest
    with pytest.raises(SeriesError, match="below half of the rows") as caught:
        correlogram(values, n_lags=largest + 1)
    assert caught.value.field == "n_lags"


def test_c7_twenty_lags_are_the_default():
    assert DEFAULT_LAGS == 20
    assert correlogram(np.random.default_rng(0).normal(size=100)).n_lags == 20


@pytest.mark.parametrize("n_rows", [0, 1, 3])
def test_too_few_rows_are_refused(n_rows):
    with pytest.raises(SeriesError, match="at least 4 rows"):
        correlogram(np.arange(float(n_rows)), n_lags=1)


def test_results_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        correlogram(np.arange(20.0), n_lags=3).acf[0] = 0


def test_f21_sunspots_need_nine_years():
    suggestion = suggest_window(correlogram(load_sample("sunspots").values[:, 0], n_lags=20))
    assert suggestion.pacf_cutoff == suggestion.length == 9
    assert suggestion.reason == "The PACF cuts off at lag 9."


def test_f21_a_season_longer_than_the_cutoff_wins():
    result = correlogram(autoregression(0.5, 600), n_lags=20)
    suggestion = suggest_window(result, season=24)
    assert suggestion.length == 24
    assert "repeats every 24 rows" in suggestion.reason


def test_f21_a_short_memory_still_gets_a_few_rows_to_average():
    suggestion = suggest_window(correlogram(autoregression(0.7, 2_000), n_lags=20))
    assert suggestion.pacf_cutoff == 1
    assert suggestion.length == 8
    assert "floor" in suggestion.reason


def test_f21_noise_has_no_cutoff():
    suggestion = suggest_window(correlogram(np.random.default_rng(1).normal(size=2_000), n_lags=20))
    assert suggestion.pacf_cutoff == 0
    assert "No lag of the PACF stands out" in suggestion.reason


def test_f21_a_suggestion_leaves_enough_windows():
    suggestion = suggest_window(correlogram(autoregression(0.5, 60), n_lags=20), season=24)
    assert suggestion.length == 10
    assert "too few windows in 60 rows" in suggestion.reason


def test_f21_a_memory_longer_than_the_lags_shown_is_admitted():
    echo = load_sample("echo", delay=5, strength=0.9).values[:, 0]
    suggestion = suggest_window(correlogram(echo, n_lags=5))
    assert "still speaks at lag 5, the last one shown" in suggestion.reason


def test_tiny_correlations_of_a_huge_series_do_not_count():
    weak = autoregression(0.01, 1_000_000 // 4)
    result = correlogram(weak, n_lags=20)
    assert abs(result.pacf[1]) > result.pacf_band[1]
    assert pacf_cutoff(result) == 0
