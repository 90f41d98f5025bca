import tracemalloc

import numpy as np
import pytest

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.residuals import histogram, memory, normal_quantiles, residuals, rolling_spread


def made(errors, *, horizon=1, predicted=None):
    errors = np.asarray(errors, dtype=float).reshape(-1, horizon)
    predicted = np.zeros_like(errors) if predicted is None else np.reshape(predicted, errors.shape) * 1.0
    return Forecast(
        origins=np.arange(10, 10 + len(errors)),
        actual=predicted + errors,
        predicted=predicted,
        part="test",
        unit="kg",
    )


def test_residual_is_truth_minus_forecast_so_above_zero_the_forecast_was_too_low():
    found = residuals(made([1, -2, 3], predicted=[10, 20, 30]))
    np.testing.assert_array_equal(found.values, [1, -2, 3])
    np.testing.assert_array_equal(found.predicted, [10, 20, 30])
    np.testing.assert_array_equal(found.rows, [10, 11, 12])
    assert (found.part, found.unit, found.step, len(found)) == ("test", "kg", 1, 3)


def test_w16_residuals_are_flat_one_value_per_window():
    found = residuals(made(np.arange(12.0), horizon=3), step=2)
    assert found.values.shape == (4,)
    np.testing.assert_array_equal(found.values, [1, 4, 7, 10])
    np.testing.assert_array_equal(found.rows, [11, 12, 13, 14])


def test_histogram_counts_every_residual_and_the_curve_has_the_same_area():
    found = histogram(residuals(made(np.random.default_rng(0).normal(size=500))), n_bins=20)
    assert found.counts.sum() == 500
    assert len(found.edges) == 21
    area = np.trapezoid(found.curve, found.curve_at) / (found.edges[1] - found.edges[0])
    assert area == pytest.approx(500, rel=0.02)


def test_perfect_forecast_has_a_histogram_without_a_curve_and_no_quantiles_nor_memory():
    perfect = residuals(made(np.zeros(20)))
    assert histogram(perfect).counts.sum() == 20
    assert histogram(perfect).curve.size == 0
    assert normal_quantiles(perfect) is None
    assert memory(perfect) is None


def test_memory_of_alternating_residuals_is_negative_then_positive():
    found = memory(residuals(made(np.tile([1.0, -1.0], 50))))
    assert found.acf[0] == pytest.approx(-0.99)
    assert found.acf[1] == pytest.approx(0.98)
    assert found.band == pytest.approx(0.196)
    assert len(found.acf) == 40


def test_few_residuals_show_few_lags_or_none():
    assert len(memory(residuals(made([1, 2, 0, 3, 1, 2]))).acf) == 2
    assert memory(residuals(made([1, 2, 3]))) is None


def test_the_rolling_spread_is_that_of_the_rows_up_to_the_one_where_each_window_ends():
    errors = np.random.default_rng(0).normal(size=200) * np.repeat([1.0, 4.0], 100)
    found = rolling_spread(residuals(made(errors)))
    ends = np.arange(19, 200)
    np.testing.assert_allclose(found.spread, [errors[end - 19 : end + 1].std(ddof=1) for end in ends])
    np.testing.assert_array_equal(found.rows, 10 + ends)
    assert (found.n_in, found.unit) == (20, "kg")
    assert found.overall == pytest.approx(errors.std(ddof=1))


def test_the_spread_of_a_million_rows_needs_no_table_of_all_windows():
    errors = np.random.default_rng(4).normal(size=200_000)
    tracemalloc.start()
    found = rolling_spread(residuals(made(errors)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 50e6
    assert found.spread[-1] == pytest.approx(errors[-20_000:].std(ddof=1))


def test_of_a_steady_spread_nineteen_of_twenty_windows_lie_in_the_band():
    errors = np.random.default_rng(1).normal(size=100_000)
    found = rolling_spread(residuals(made(errors)))
    assert found.n_in == 10_000
    apart = np.random.default_rng(2).normal(size=(4000, 10)).std(axis=1, ddof=1)
    small = rolling_spread(residuals(made(np.random.default_rng(3).normal(size=100))))
    low, high = small.low / small.overall, small.high / small.overall
    assert ((apart > low) & (apart < high)).mean() == pytest.approx(0.95, abs=0.01)


def test_few_or_equal_residuals_have_no_spread_over_time():
    assert rolling_spread(residuals(made(np.arange(29.0)))) is None
    assert rolling_spread(residuals(made(np.ones(50)))) is None
