"""Planned learning rates against Keras' own schedules, one step an epoch."""

import math

import keras
import numpy as np
import pytest

from lstm_core.training.plan import TrainingPlan
from lstm_core.training.schedule import rates

schedules = keras.optimizers.schedules


@pytest.mark.parametrize(
    ("plan", "theirs"),
    [
        (
            {"schedule": "exponential", "decay_epochs": 5},
            schedules.ExponentialDecay(0.01, decay_steps=5, decay_rate=math.exp(-1)),
        ),
        ({"schedule": "cosine"}, schedules.CosineDecay(0.01, decay_steps=20)),
        (
            {"schedule": "cosine", "restart_every": 6},
            schedules.CosineDecayRestarts(0.01, first_decay_steps=6, t_mul=1.0),
        ),
    ],
)
def test_planned_rates_equal_those_of_keras(plan, theirs):
    ours = rates(TrainingPlan(learning_rate=0.01, epochs=20, **plan))
    expected = np.array([float(theirs(epoch)) for epoch in range(20)])
    np.testing.assert_allclose(ours, expected, rtol=2e-6)
