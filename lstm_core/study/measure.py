"""What the runs of a study are judged by: the absolute error, or the pinball loss where they learned a quantile."""

from collections.abc import Mapping

from lstm_core.evaluation.quantile import PINBALL
from lstm_core.training.plan import TrainingPlan

MAE = "mae"
MEASURES: Mapping[str, str] = {MAE: "MAE", PINBALL: "pinball loss"}
"""Key of a score and what it is called."""


def title_of(measure: str) -> str:
    """Name of a score at the beginning of a sentence or an axis."""
    return MEASURES[measure][0].upper() + MEASURES[measure][1:]


def measure_of(plan: TrainingPlan) -> str:
    """Key of the score that judges what a plan learns: MAE says nothing about a quantile other than the median."""
    return MAE if plan.edge is None else PINBALL
