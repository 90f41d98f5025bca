import numpy as np
import pytest

from lstm_core.evaluation.intervals.conformal import conformal_rank, least_errors, split_conformal

ERRORS = np.random.default_rng(5).permutation(np.arange(1.0, 100.0))[:, None] * [1.0, -10.0]


def test_half_width_is_the_ranked_error_of_each_step():
    np.testing.assert_array_equal(
        split_conformal(ERRORS, [0.5, 0.8, 0.95]), [[50.0, 500.0], [80.0, 800.0], [95.0, 950.0]]
    )


def test_width_is_infinite_where_errors_are_too_few():
    widths = split_conformal(ERRORS[:9], [0.5, 0.9, 0.95])
    assert np.isfinite(widths[:2]).all()
    assert np.isinf(widths[2]).all()


@pytest.mark.parametrize("level", [0.05, 0.5, 0.55, 0.8, 0.9, 0.95, 0.99])
def test_least_errors_are_just_enough(level):
    n = least_errors(level)
    assert conformal_rank(n, level) <= n
    assert n == 1 or conformal_rank(n - 1, level) > n - 1


def test_without_any_error_nothing_is_known():
    assert np.isinf(split_conformal(np.empty((0, 3)), [0.5])).all()


def test_rank_is_not_moved_by_rounding():
    assert (99 + 1) * 0.55 > 55
    assert conformal_rank(99, 0.55) == 55


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 80])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        split_conformal(ERRORS, [level])


def test_errors_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="finite"):
        split_conformal(np.array([[np.nan]]), [0.5])
