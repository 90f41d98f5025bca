"""Planned learning rates against Keras' own schedules, one step an epoch."""

import math

import numpy as np
import pytest

from lstm_core.training.plan import TrainingPlan
from lstm_core.training.schedule import rates


@pytest.mark.parametrize(
    ("plan", "name", "arguments"),
    [
        (
            {"schedule": "exponential", "decay_epochs": 5},
            "ExponentialDecay",
            {"decay_steps": 5, "decay_rate": math.exp(-1)},
        ),
        ({"schedule": "cosine"}, "CosineDecay", {"decay_steps": 20}),
        (
            {"schedule": "cosine", "restart_every": 6},
            "CosineDecayRestarts",
            {"first_decay_steps": 6, "t_mul": 1.0},
        ),
    ],
)
def test_planned_rates_equal_those_of_keras(plan, name, arguments):
    import keras

    theirs = getattr(keras.optimizers.schedules, name)(0.01, **arguments)
    ours = rates(TrainingPlan(learning_rate=0.01, epochs=20, **plan))
    expected = np.array([float(theirs(epoch)) for epoch in range(20)])
    np.testing.assert_allclose(ours, expected, rtol=2e-6)
