"""Box-Cox against SciPy: the exponent of highest likelihood, the curve and its inverse."""

import numpy as np
import pytest
from scipy import special, stats

from lstm_core.recipe.transform import change_power, fit_power, undo_power
from lstm_core.series.samples import load_sample


def lognormal(seed: int) -> np.ndarray:
    return np.exp(np.random.default_rng(seed).normal(3, 0.8, size=300))


SERIES = {
    "lognormal": lognormal(0),
    "squares": np.random.default_rng(1).normal(20, 2, size=300) ** 2,
    "left skew": np.sqrt(np.random.default_rng(2).normal(50, 10, size=300).clip(1)),
    "few rows": lognormal(3)[:12],
    "tiny": 1e-12 * lognormal(4),
    "co2": load_sample("co2").values[:1500, 0],
    "gdp": load_sample("macrodata").values[:140, 0],
    "nile": load_sample("nile").values[:, 0],
}


@pytest.mark.parametrize("name", SERIES)
def test_the_exponent_has_the_highest_likelihood(name):
    values = SERIES[name]
    exponent, size = fit_power(values, "box-cox")
    assert size == pytest.approx(stats.gmean(values), rel=1e-12)
    # In units of the geometric mean: there SciPy's search does not lose its way in large logarithms.
    best = stats.boxcox_normmax(values / size, method="mle", brack=(0.0, 1.0))
    # SciPy has no bounds; the likelihood has one peak, so beyond a bound the bound is the best there is.
    assert exponent == pytest.approx(np.clip(best, 0, 2), abs=2e-3)


@pytest.mark.parametrize("exponent", [0.0, 0.001, 0.37, 1.0, 2.0])
def test_the_curve_and_its_inverse_are_scipys(exponent):
    values = SERIES["lognormal"]
    changed = change_power(values, exponent, 20.0)
    np.testing.assert_allclose(changed, special.boxcox(values / 20, exponent), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(
        undo_power(changed, exponent, 20.0), 20 * special.inv_boxcox(changed, exponent), rtol=1e-10
    )
    np.testing.assert_allclose(undo_power(changed, exponent, 20.0), values, rtol=1e-10)


def test_a_logarithm_is_a_logarithm():
    values = SERIES["lognormal"]
    assert fit_power(values, "log") == (0.0, 1.0)
    np.testing.assert_array_equal(change_power(values, 0.0, 1.0), np.log(values))
