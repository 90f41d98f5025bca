"""What split conformal promises: exchangeable errors are held as often as the level says, whatever they look like."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lstm_core.evaluation.intervals.conformal import split_conformal

SHAPES = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "skewed": lambda rng, shape: rng.exponential(size=shape) - 1,
    "heavy tails": lambda rng, shape: rng.standard_cauchy(size=shape),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_exchangeable_errors_are_held_as_often_as_the_level_says(shape, level):
    n, repeats = 59, 4000
    errors = SHAPES[shape](np.random.default_rng(1), (n + 1, repeats))
    # Every column is an experiment of its own: n errors calibrate, the last one is the truth to hold.
    held = int((np.abs(errors[-1]) <= split_conformal(errors[:-1], [level])[0]).sum())
    # Without ties the probability is exactly rank / (n + 1), here exactly the level.
    assert stats.binomtest(held, repeats, level).pvalue > 1e-3


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.data())
def test_bands_of_higher_levels_hold_those_of_lower_ones(errors, data):
    levels = sorted(data.draw(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=5)))
    widths = split_conformal(np.array(errors)[:, None], levels)
    assert (widths[1:] >= widths[:-1]).all()
    held = (np.abs(errors) <= widths).mean(axis=1)
    assert (held >= np.array(levels) - 1e-9).all()
