"""Whatever the series, the forecast that repeats the last value is caught, and the truth is not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.lag import lag_check

SERIES = hnp.arrays(
    np.float64, st.integers(30, 80), elements=st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
)


def one_step(values, predicted):
    rows = np.arange(20, len(values))
    return Forecast(origins=rows, actual=values[rows, None], predicted=predicted[rows, None], part="test")


@given(values=SERIES)
def test_copy_is_caught_if_and_only_if_the_series_moves(values):
    last = np.roll(values, 1)
    moves = bool(np.any(values[20:] != values[19:-1]))
    assert lag_check(one_step(values, last), values).copies_last_value == moves


@given(values=SERIES)
def test_truth_is_never_called_a_copy(values):
    result = lag_check(one_step(values, values), values)
    assert (result.best_shift, result.copies_last_value) == (0, False)


@given(values=SERIES, scale=st.sampled_from([1e-3, 2.0, 1024.0]), noise_seed=st.integers(0, 99))
def test_check_does_not_depend_on_the_unit(values, scale, noise_seed):
    predicted = np.roll(values, 1) + np.random.default_rng(noise_seed).normal(size=len(values))
    here = lag_check(one_step(values, predicted), values)
    there = lag_check(one_step(values * scale, predicted * scale), values * scale)
    np.testing.assert_allclose(there.errors, here.errors * scale, rtol=1e-6, atol=1e-6 * scale)
