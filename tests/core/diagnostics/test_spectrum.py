"""Periodogram and forecastability, against series whose spectrum is known."""

import numpy as np
import pytest

from lstm_core.diagnostics.spectrum import TESTED_ROWS, entropy_gap, find_spectrum, forecastability
from lstm_core.series.samples import load_sample


def autoregression(weight: float, n_rows: int = 20_000) -> np.ndarray:
    noise, values = np.random.default_rng(3).normal(size=n_rows), np.zeros(n_rows)
    for row in range(1, n_rows):
        values[row] = weight * values[row - 1] + noise[row]
    return values


@pytest.mark.parametrize("period", [2, 5, 12, 50])
def test_the_strongest_cycle_is_the_one_that_is_there(period):
    rows = np.arange(40 * period)
    found = find_spectrum(np.cos(2 * np.pi * rows / period) + 0.01 * rows)
    assert found.peaks[0].length == pytest.approx(period, rel=0.02)
    assert found.shares.sum() == pytest.approx(1)


def test_two_cycles_share_the_variance_by_the_square_of_their_size():
    rows = np.arange(1200)
    found = find_spectrum(3 * np.sin(2 * np.pi * rows / 12) + np.sin(2 * np.pi * rows / 5))
    assert [round(one.length) for one in found.peaks[:2]] == [12, 5]
    assert found.peaks[0].share / found.peaks[1].share == pytest.approx(9, rel=0.01)


def test_a_bend_over_all_rows_is_a_trend_and_no_cycle():
    rows = np.arange(400)
    found = find_spectrum((rows / 100.0) ** 2 + 0.2 * np.sin(2 * np.pi * rows / 10))
    assert found.lengths[found.shares.argmax()] >= 200
    assert found.peaks[0].length == pytest.approx(10, rel=0.02)


def test_sunspots_cycle_every_eleven_years():
    assert find_spectrum(load_sample("sunspots").values[:, 0]).peaks[0].length == pytest.approx(11, abs=0.5)


@pytest.mark.parametrize("values", [np.full(50, 2.0), np.arange(5.0), np.zeros(0)])
def test_no_spectrum_without_movement(values):
    assert find_spectrum(values) is None


def test_long_series_are_read_in_their_newest_rows():
    new = np.sin(2 * np.pi * np.arange(TESTED_ROWS) / 24)
    found = find_spectrum(np.r_[np.zeros(5_000), new])
    assert found.n_tested == TESTED_ROWS
    assert found.peaks[0].length == pytest.approx(24, rel=0.01)


def test_noise_cannot_be_forecast():
    rng = np.random.default_rng(0)
    assert max(forecastability(rng.normal(size=500)) for _ in range(50)) < 0.1
    assert np.mean([forecastability(rng.normal(size=5_000)) for _ in range(20)]) < 0.03


def test_a_cycle_can():
    rows = np.arange(4_000)
    assert forecastability(np.sin(2 * np.pi * rows / 16)) > 0.75
    assert forecastability(3.0 * rows) == 1


@pytest.mark.parametrize("weight", [0.3, 0.6, 0.9, -0.7])
def test_an_autoregression_has_the_entropy_of_its_own_spectrum(weight):
    """AR(1): power 1 / (1 - 2 w cos(2 pi f) + w^2), Box and Jenkins 1976, section 3.2.3."""
    frequencies = np.arange(1, 1251) / 2500
    expected = entropy_gap(1 / (1 - 2 * weight * np.cos(2 * np.pi * frequencies) + weight**2))
    assert forecastability(autoregression(weight)) == pytest.approx(expected, abs=0.015)


def test_entropy_by_hand():
    assert entropy_gap(np.ones(8)) == pytest.approx(0)
    assert entropy_gap(np.array([0.0, 5.0, 0.0])) == 1
    assert entropy_gap(np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(0.5)  # 1 - log 2 / log 4


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_forecastability_has_no_unit(size):
    values = load_sample("sunspots").values[:, 0]
    assert forecastability(size * values) == pytest.approx(forecastability(values))


def test_forecastability_is_not_defined_without_movement():
    assert np.isnan(forecastability(np.full(100, 1.0)))
    assert np.isnan(forecastability(np.arange(5.0)))
