"""Residual tests against statsmodels and scipy called directly on the same numbers."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.diagnostic import acorr_ljungbox, het_arch, het_breuschpagan
from statsmodels.tsa.stattools import acf

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.residual_tests import (
    cluster_test,
    mean_test,
    memory_test,
    normality_test,
    size_test,
)
from lstm_core.evaluation.residuals import memory, normal_quantiles, residuals

RNG = np.random.default_rng(11)
PREDICTED = 100 + 10 * RNG.normal(size=150)
E = np.convolve(RNG.standard_t(5, size=151) * 7, [1, 0.4], "valid") + 0.8


@pytest.fixture
def found():
    made = Forecast(
        origins=np.arange(150),
        actual=(PREDICTED + E)[:, None],
        predicted=PREDICTED[:, None],
        part="test",
    )
    return residuals(made)


def same(result, statistic, p_value):
    assert result.statistic == pytest.approx(statistic, rel=1e-8)
    assert result.p_value == pytest.approx(p_value, rel=1e-6)


def test_mean(found):
    fit = OLS(E, np.ones(150)).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True})
    same(mean_test(found), fit.tvalues[0], fit.pvalues[0])


def test_newey_west_by_hand(found):
    centred = E - E.mean()
    weights = [1 - lag / 5 for lag in range(1, 5)]
    products = [centred[lag:] @ centred[:-lag] for lag in range(1, 5)]
    variance = (centred @ centred + 2 * np.dot(weights, products)) / 150**2 * 150 / 149
    assert mean_test(found).statistic == pytest.approx(E.mean() / variance**0.5, rel=1e-8)


def test_memory(found):
    table = acorr_ljungbox(E, lags=[10])
    same(memory_test(found), table["lb_stat"].iloc[0], table["lb_pvalue"].iloc[0])
    np.testing.assert_allclose(memory(found).acf, acf(E, nlags=40, result_object=False)[1:], rtol=1e-7)


@pytest.mark.parametrize(
    ("period", "lags", "why"),
    [
        (11, 22, "22 lags, two seasons of 11 rows (p"),
        (1, 10, "10 lags (p"),
        (40, 30, "30 lags, a fifth of the 150"),
    ],
)
def test_memory_over_two_seasons(found, period, lags, why):
    table = acorr_ljungbox(E, lags=[lags])
    told = memory_test(found, period=period)
    same(told, table["lb_stat"].iloc[0], table["lb_pvalue"].iloc[0])
    assert f"over {why}" in told.verdict.sentence


def test_ljung_box_by_hand(found):
    rho = memory(found).acf[:10]
    q = 150 * 152 * np.sum(rho**2 / (150 - np.arange(1, 11)))
    same(memory_test(found), q, stats.chi2.sf(q, 10))


def test_size(found):
    lm, p, _, _ = het_breuschpagan(E, np.column_stack([np.ones(150), PREDICTED]))
    same(size_test(found), lm, p)


def test_clusters(found):
    lm, p, *_ = het_arch(E, nlags=10, result_object=True)
    same(cluster_test(found), lm, p)


def test_normality(found):
    same(normality_test(found), *stats.jarque_bera(E))


def test_quantiles(found):
    points = normal_quantiles(found)
    (theoretical, ordered), (slope, intercept, _) = stats.probplot(E)
    np.testing.assert_allclose(points.theoretical, theoretical)
    np.testing.assert_allclose(points.ordered, ordered)
    assert (points.slope, points.intercept) == pytest.approx((slope, intercept))
