"""Quantiles through the inverse: the same as quantiles of values that went through it."""

import numpy as np
import pytest

from lstm_core.errors import PreparationError
from lstm_core.preparation.quantiles import quantiles_to_original
from tests.core.preparation.test_transform import prepared_of, wave

LEVELS = [0.05, 0.5, 0.9]


def paths_of(prepared, n_paths=199):
    shape = (n_paths, len(prepared.test), prepared.spec.window.horizon)
    return np.random.default_rng(5).normal(size=shape)


def quantiles_of(paths):
    # Without interpolation a quantile is one of the values, and what keeps their order keeps it.
    return np.quantile(paths, LEVELS, axis=0, method="inverted_cdf")


@pytest.mark.parametrize(
    "transform",
    [
        {},
        {"power": "log"},
        {"power": "box-cox", "horizon": 1, "difference": 1},
        {"power": "log", "seasonal_lag": 12, "horizon": 12},
        {"difference": 1, "seasonal_lag": 12, "horizon": 1},
    ],
)
def test_quantiles_are_those_of_the_paths(transform):
    prepared = prepared_of(wave(), **transform)
    paths = paths_of(prepared)
    back = np.stack([prepared.to_original(path, prepared.test.origins) for path in paths])
    found = quantiles_to_original(prepared, quantiles_of(paths), prepared.test.origins)
    np.testing.assert_allclose(found, quantiles_of(back), rtol=1e-12)


@pytest.mark.parametrize("transform", [{"difference": 1, "horizon": 2}, {"seasonal_lag": 4, "horizon": 5}])
def test_quantiles_of_sums_are_refused(transform):
    prepared = prepared_of(wave(), **transform)
    with pytest.raises(PreparationError, match="not sums of their quantiles"):
        quantiles_to_original(prepared, quantiles_of(paths_of(prepared)), prepared.test.origins)
