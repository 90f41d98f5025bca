"""The schedule: the learning rate of every epoch, as planned."""

import numpy as np
from jaxtyping import Float

from lstm_core.recipe import schedule as recipe
from lstm_core.training.plan import TrainingPlan


def rates(plan: TrainingPlan) -> Float[np.ndarray, "epoch"]:
    """Learning rate of every planned epoch, as the recipe will set it.

    On plateau it is the rate of the start in all epochs: how it falls depends on the training.
    """
    chosen = plan.model_dump()
    return np.array([recipe.learning_rate(epoch, chosen) for epoch in range(plan.epochs)])
