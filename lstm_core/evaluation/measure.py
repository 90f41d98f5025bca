"""What a run is judged by: the absolute error, or the pinball loss where it learned another quantile than the middle.

Whoever tells how good a forecast is asks `measure_for` and speaks with its words; nobody else decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.quantile import PINBALL, pinball_losses, raised_naive
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared

MAE = "mae"
MEASURES: Mapping[str, str] = {MAE: "MAE", PINBALL: "pinball loss"}
"""Key of a score and what it is called."""
RIVALS: Mapping[str, str] = {
    MAE: "repeating the last value",
    PINBALL: "the last value, moved to the same quantile",
}
"""Key of a score and what a forecast has to beat by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A way to judge a forecast, and the words for it.

    Attributes
    ----------
    quantile : that was learned; None: the middle, judged by the mean absolute error
    """

    quantile: float | None = None

    @property
    def key(self) -> str:
        """Key of the score, `mae` or `pinball`."""
        return MAE if self.quantile is None else PINBALL

    @property
    def name(self) -> str:
        """What the score is called within a sentence."""
        return MEASURES[self.key]

    @property
    def title(self) -> str:
        """Name of the score at the beginning of a sentence or an axis."""
        return title_of(self.key)

    @property
    def in_full(self) -> str:
        """Name of the score in full, within a sentence."""
        return "mean absolute error" if self.quantile is None else self.name

    @property
    def rival(self) -> str:
        """What the forecast has to beat, at the end of a clause."""
        return RIVALS[self.key]

    @property
    def rival_it(self) -> str:
        """The same with a verb to follow."""
        return rival_it(self.key)

    @property
    def last(self) -> str:
        """What the rival's forecast is called beside a number."""
        return "last value" if self.quantile is None else "moved last value"

    def losses(self, missed: np.ndarray) -> np.ndarray:
        """Loss of every miss `y - y_hat`, of any shape, original units: ``|miss|``, or its pinball loss."""
        return np.abs(missed) if self.quantile is None else pinball_losses(missed, self.quantile)

    def of(self, made: Forecast) -> float:
        """Mean loss of a forecast over all windows and steps, original units."""
        return float(self.losses(made.actual - made.predicted).mean())

    def rival_on(self, prepared: Prepared, part: Part, *, learned_from: Prepared | None = None) -> Forecast:
        """Forecast of `rival` on the windows of a part.

        Parameters
        ----------
        learned_from : whose train windows say how far the last value is moved; None: `prepared` itself
        """
        if self.quantile is None:
            return naive(prepared, part)
        return raised_naive(prepared, part, self.quantile, learned_from=learned_from)


MIDDLE = Measure()


def measure_for(edge: float | None) -> Measure:
    """Measure of a run that learned the quantile `edge` (`TrainingPlan.edge`), None: the middle."""
    return Measure(quantile=edge)


def rival_it(key: str) -> str:
    """What a forecast has to beat by a score, with a verb to follow."""
    return RIVALS[key] + "," * ("," in RIVALS[key])


def title_of(key: str) -> str:
    """Name of a score at the beginning of a sentence or an axis."""
    return MEASURES[key][0].upper() + MEASURES[key][1:]
