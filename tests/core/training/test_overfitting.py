"""Where learning by heart begins: seen in curves that show it, not in those that do not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.training.events import EpochEnded
from lstm_core.training.overfitting import RISE, overfitting_start

ANY = st.floats(allow_nan=True, allow_infinity=True, width=32)


def epochs(losses, val_losses):
    return [
        EpochEnded(epoch=number, loss=loss, val_loss=val, seconds=float(number))
        for number, (loss, val) in enumerate(zip(losses, val_losses, strict=True), start=1)
    ]


def test_it_starts_behind_the_lowest_validation_loss():
    told = epochs([1, 0.5, 0.3, 0.2, 0.1, 0.05], [1, 0.6, 0.5, 0.7, 0.8, 0.9])
    assert overfitting_start(told) == 4


@pytest.mark.parametrize(
    ("losses", "val_losses"),
    [
        ([], []),
        ([1], [1]),
        ([1, 0.5, 0.4, 0.3, 0.2], [1, 0.6, 0.5, 0.4, 0.3]),  # still getting better
        ([1, 0.5, 0.4, 0.3, 0.2], [1, 0.5, 0.51, 0.50, 0.52]),  # stands still
        ([1, 0.5, 0.4, 0.3, 0.2], [1, 0.5, 0.51, 0.9, 0.52]),  # one odd epoch
        ([1, 0.5, 0.6, 0.8, 0.9], [1, 0.5, 0.9, 0.9, 0.9]),  # the train loss rises as well
        ([1, 0.5, 0.4, 0.3], [1, 0.5, 0.9, 0.9]),  # two epochs since: too soon to tell
    ],
)
def test_other_curves_do_not_show_it(losses, val_losses):
    assert overfitting_start(epochs(losses, val_losses)) is None


@pytest.mark.parametrize(("rise", "start"), [(RISE - 0.001, None), (RISE + 0.001, 3)])
def test_the_rise_that_counts(rise, start):
    told = epochs([1, 0.5, 0.4, 0.4, 0.4], [2, 1, rise, rise, rise])
    assert overfitting_start(told) == start


def test_losses_that_are_no_numbers_are_passed_over():
    told = epochs([1, 0.5, math.nan, 0.3, 0.2, 0.1], [1, 0.5, math.inf, 0.8, 0.8, 0.8])
    assert overfitting_start(told) == 3


@given(st.lists(st.tuples(ANY, ANY), max_size=30))
def test_any_curve_has_an_answer_inside_it(pairs):
    start = overfitting_start(epochs([a for a, _ in pairs], [b for _, b in pairs]))
    assert start is None or 2 <= start <= len(pairs) - 2
