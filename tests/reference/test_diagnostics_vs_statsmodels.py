"""Correlograms and tests against statsmodels' own functions, called directly."""

import warnings

import numpy as np
import pytest
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tools.sm_exceptions import InterpolationWarning
from statsmodels.tsa.stattools import acf, adfuller, kpss, pacf

from lstm_core.diagnostics.correlogram import correlogram
from lstm_core.diagnostics.learnable import ljung_box
from lstm_core.diagnostics.stationarity import check_stationarity
from lstm_core.series.samples import load_sample

SAMPLES = ["sunspots", "nile", "co2", "random_walk", "sine"]


def values_of(sample: str) -> np.ndarray:
    return load_sample(sample).values[:, 0]


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("alpha", [0.05, 0.01])
def test_acf_and_pacf(sample, alpha):
    values = values_of(sample)
    ours = correlogram(values, n_lags=20, alpha=alpha)
    theirs = acf(values, nlags=20, alpha=alpha, fft=False, result_object=True)
    # FFT against direct sums: rounding only.
    np.testing.assert_allclose(ours.acf, theirs.acf, atol=1e-10)
    np.testing.assert_allclose(
        ours.acf_band[1:], (theirs.confint[1:, 1] - theirs.confint[1:, 0]) / 2, rtol=1e-9
    )
    partial = pacf(values, nlags=20, alpha=alpha, method="ywm", result_object=True)
    np.testing.assert_allclose(ours.pacf, partial.pacf, atol=1e-8)
    np.testing.assert_allclose(ours.pacf_band[1:], partial.confint[1:, 1] - partial.pacf[1:], rtol=1e-9)


@pytest.mark.parametrize("sample", SAMPLES)
def test_adf_and_kpss(sample):
    values = values_of(sample)
    ours = check_stationarity(values)
    # 12 (n / 100)^(1/4) is also statsmodels' own rule for the largest lag, below the cap of 30.
    adf = adfuller(
        values,
        autolag="AIC",
        maxlag=min(30, int(np.ceil(12 * (len(values) / 100) ** 0.25))),
        result_object=True,
    )
    assert ours.adf.statistic == pytest.approx(adf.statistic, rel=1e-6)
    assert ours.adf.p_value == pytest.approx(adf.pvalue, rel=1e-5)
    assert ours.adf.lags == adf.lags
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterpolationWarning)
        level = kpss(values, regression="c", nlags="auto", result_object=True)
    assert ours.kpss.statistic == pytest.approx(level.statistic, rel=1e-9)
    assert ours.kpss.p_value == pytest.approx(level.pvalue)
    assert ours.kpss.lags == level.lags


@pytest.mark.parametrize("sample", SAMPLES)
def test_ljung_box(sample):
    steps = np.diff(values_of(sample))
    theirs = acorr_ljungbox(steps, lags=[10, 15])["lb_pvalue"]
    assert ljung_box(steps, lags=(15,)) == pytest.approx(theirs.loc[15], rel=1e-6)
    assert ljung_box(steps, lags=(10, 15)) == pytest.approx(min(2 * theirs.min(), 1), rel=1e-6)
