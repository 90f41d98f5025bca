"""The learning rate from epoch to epoch."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.training.plan import TrainingPlan
from lstm_core.training.schedule import rates


def test_the_documents_decay():
    """D5: 0.01 · e^(−epoch/5)."""
    plan = TrainingPlan(learning_rate=0.01, schedule="exponential", decay_epochs=5, epochs=5)
    assert [f"{rate:.6f}" for rate in rates(plan)] == [
        "0.010000",
        "0.008187",
        "0.006703",
        "0.005488",
        "0.004493",
    ]


def test_a_restart_begins_the_decay_anew():
    plan = TrainingPlan(
        learning_rate=0.01, schedule="exponential", decay_epochs=5, epochs=12, restart_every=5
    )
    planned = rates(plan)
    np.testing.assert_array_equal(planned[5:10], planned[:5])
    np.testing.assert_array_equal(planned[10:], planned[:2])


@pytest.mark.parametrize("schedule", ["constant", "plateau"])
def test_these_are_planned_as_they_start(schedule):
    assert set(rates(TrainingPlan(schedule=schedule, epochs=7, learning_rate=0.02))) == {0.02}


@given(epochs=st.integers(1, 200), restart=st.none() | st.integers(1, 200), rate=st.floats(1e-6, 1.0))
def test_a_cosine_falls_from_the_rate_and_stays_above_zero(epochs, restart, rate):
    plan = TrainingPlan(schedule="cosine", epochs=epochs, restart_every=restart, learning_rate=rate)
    planned, period = rates(plan), restart or epochs
    assert len(planned) == epochs
    assert planned[0] == rate
    assert (planned > 0).all()
    first = planned[:period]
    assert (np.diff(first) < 0).all()
    if period % 2 == 0 and period // 2 < epochs:
        assert math.isclose(planned[period // 2], rate / 2, rel_tol=1e-12)
