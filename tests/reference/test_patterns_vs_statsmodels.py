"""Decomposition, periodogram and entropy against the libraries' own functions, called directly."""

import numpy as np
import pandas as pd
import pytest
from scipy.signal import detrend, periodogram
from scipy.stats import entropy
from statsmodels.tsa.seasonal import MSTL, STL

from lstm_core.diagnostics.decomposition import decompose
from lstm_core.diagnostics.spectrum import entropy_gap, find_spectrum
from lstm_core.series.samples import load_sample


@pytest.mark.parametrize(("sample", "period"), [("co2", 52), ("elnino", 12), ("sunspots", 11)])
def test_stl(sample, period):
    values = load_sample(sample).values[:, 0]
    ours, theirs = decompose(values, [period]), STL(values, period=period).fit()
    size = np.ptp(values)
    np.testing.assert_allclose(ours.trend, theirs.trend, atol=1e-9 * size)
    np.testing.assert_allclose(ours.seasonal[0], theirs.seasonal, atol=1e-9 * size)
    np.testing.assert_allclose(ours.remainder, theirs.resid, atol=1e-9 * size)
    # Wang, Smith and Hyndman (2006), as in Forecasting: Principles and Practice, section 4.3.
    assert ours.season_strengths[0] == pytest.approx(
        1 - theirs.resid.var() / (theirs.resid + theirs.seasonal).var()
    )
    assert ours.trend_strength == pytest.approx(1 - theirs.resid.var() / (theirs.resid + theirs.trend).var())


def test_mstl():
    rows = np.arange(24 * 7 * 6)
    values = np.sin(2 * np.pi * rows / 24) + (rows % 168 < 48) + 0.01 * rows
    ours, theirs = decompose(values, [24, 168]), MSTL(values, periods=(24, 168)).fit()
    np.testing.assert_allclose(ours.trend, theirs.trend, atol=1e-8)
    np.testing.assert_allclose(ours.seasonal.T, theirs.seasonal, atol=1e-8)


def test_the_trend_without_a_season_is_the_rolling_mean_of_pandas():
    values = load_sample("random_walk").values[:, 0]
    ours = decompose(values, [])
    theirs = pd.Series(values).rolling(41, center=True).mean().to_numpy()
    inside = slice(20, -20)
    np.testing.assert_allclose(ours.trend[inside], theirs[inside], atol=1e-9)


def test_periodogram():
    values = load_sample("sunspots").values[:, 0]
    ours = find_spectrum(values)
    frequencies, power = periodogram(detrend(values), detrend=False, window="hann")
    np.testing.assert_allclose(1 / ours.lengths, frequencies[1:])
    np.testing.assert_allclose(ours.shares, power[1:] / power[1:].sum(), atol=1e-9)


def test_entropy():
    power = np.random.default_rng(0).gamma(2.0, size=64)
    assert entropy_gap(power) == pytest.approx(1 - entropy(power) / np.log(64))
