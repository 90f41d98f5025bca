"""C15: raw values push a gate against its stops, scaled ones do not."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.preparation.saturation import gate_histogram, squash
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series


def histogram(values: np.ndarray, kind: str):
    series = Series(values=values[:, None], index=pd.RangeIndex(len(values)), columns=("y",), name="y")
    spec = PreparationSpec(target="y", scaling=ScalingSpec(kind=kind), window=WindowSpec(length=5))
    return gate_histogram(prepare(series, spec))


def test_c15_a_million_against_one():
    values = np.random.default_rng(0).uniform(0, 1_000_000, 1_000)
    result = histogram(values, "minmax")
    assert result.raw_saturated > 0.99
    assert result.scaled_saturated == 0
    assert result.raw[-1] > 0.99
    # Scaled to 0..1, gates lie between sigmoid(0) = 0.5 and sigmoid(1) = 0.731.
    assert result.scaled[:10].sum() == 0
    assert result.scaled[10:15].sum() == pytest.approx(1)


@pytest.mark.parametrize("kind", ["none", "standard", "robust"])
def test_shares_sum_to_one(kind):
    result = histogram(np.random.default_rng(0).normal(size=300), kind)
    assert result.raw.sum() == pytest.approx(1)
    assert result.scaled.sum() == pytest.approx(1)
    if kind == "none":
        np.testing.assert_array_equal(result.raw, result.scaled)


def test_saturated_means_within_one_percent():
    # sigmoid(4.6) = 0.99005, sigmoid(4.5) = 0.98901
    result = histogram(np.tile([4.6, 4.5, -4.6, -4.5], 50), "none")
    assert result.raw_saturated == pytest.approx(0.5)


def test_large_values_leave_a_gate_no_slope():
    small, large = squash(1.0), squash(1e6)
    np.testing.assert_allclose(small.sigmoid[[0, -1]], [0.5, 1 / (1 + np.exp(-1))])
    np.testing.assert_allclose(small.tanh[-1], np.tanh(1))
    assert (large.sigmoid[1:] == 1).all()
    assert small.slope > 0.2
    assert large.slope < 0.01


def test_rows_that_a_difference_uses_up_are_not_counted():
    values = np.concatenate([[1e6], np.random.default_rng(0).uniform(-1, 1, 299)])
    series = Series(values=values[:, None], index=pd.RangeIndex(300), columns=("y",), name="y")
    spec = PreparationSpec(target="y", window=WindowSpec(length=5), transform=TransformSpec(difference=1))
    assert gate_histogram(prepare(series, spec)).raw_saturated == 0
