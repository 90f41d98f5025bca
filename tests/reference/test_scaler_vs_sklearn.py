"""The scaler against scikit-learn's four."""

import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from lstm_core.preparation.scaling import ScalingSpec, fit_scaler
from lstm_core.recipe.prepare import scale, unscale

PAIRS = [
    (ScalingSpec(kind="minmax", lower=0), MinMaxScaler((0, 1))),
    (ScalingSpec(kind="minmax", lower=-1), MinMaxScaler((-1, 1))),
    (ScalingSpec(kind="standard"), StandardScaler()),
    (ScalingSpec(kind="robust"), RobustScaler()),
]
COLUMNS = ("price", "volume", "moving average")


def table(n_rows: int = 300) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.column_stack(
        [rng.normal(50, 10, n_rows), rng.lognormal(12, 2, n_rows), rng.uniform(-1e-6, 1e-6, n_rows)]
    )


@pytest.mark.parametrize(("spec", "theirs"), PAIRS, ids=lambda value: str(value)[:30])
def test_same_numbers(spec, theirs):
    train, later = table()[:200], table()[200:]
    ours = fit_scaler(train, spec, COLUMNS)
    theirs.fit(train)
    # Ours ends in float32, so equal to about 1e-7 of the values' size.
    np.testing.assert_allclose(
        scale(later, ours.centre, ours.spread), theirs.transform(later), rtol=3e-6, atol=1e-6
    )
    back = unscale(scale(later, ours.centre, ours.spread), ours.centre, ours.spread)
    np.testing.assert_allclose(back, theirs.inverse_transform(theirs.transform(later)), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(("spec", "theirs"), PAIRS, ids=lambda value: str(value)[:30])
def test_a_constant_column_is_shifted_and_not_stretched(spec, theirs):
    # Both divide by 1; with -1..1 scikit-learn puts the constant at -1 and we put it at the middle of the range, 0.
    train = np.column_stack([np.full(20, 0.1), np.arange(20.0)])
    ours = fit_scaler(train, spec, ("same", "ramp"))
    assert ours.spread[0] == 1
    expected = theirs.fit_transform(train)[:, 0]
    if spec.kind == "minmax" and spec.lower == -1:
        np.testing.assert_allclose(expected, -1)
        expected = np.zeros(20)
    np.testing.assert_allclose(scale(train, ours.centre, ours.spread)[:, 0], expected, atol=1e-7)
