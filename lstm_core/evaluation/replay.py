"""A training replayed: what the forecast of every kept epoch was worth, and the room that its pictures need.

Axes that follow the epoch would hide what the epoch changes, so their ranges are those of all kept epochs together.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from lstm_core.arrays import LagValues
from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.explanation.sensitivity import Perturbation, sensitivity, train_spread
from lstm_core.evaluation.forecast import Predictor
from lstm_core.evaluation.verdict import Tone, Verdict, amount
from lstm_core.preparation.split import Part
from lstm_core.preparation.windows import Prepared, WindowSet

LARGEST_WORK = 4e10
"""Multiplications that a replay may cost, about three seconds; a larger one looks at every so many-th window."""
TIE = 0.01
"""A difference below one percent of the error is not worth a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The forecast of one part at one epoch, over all its steps; original units.

    Attributes
    ----------
    mae : mean absolute error
    lowest, highest : of the forecast values
    worst : largest residual, without its sign
    """

    mae: float
    lowest: float
    highest: float
    worst: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """All kept epochs of a run.

    Attributes
    ----------
    epochs : (epoch,) counted from 1, rising
    moments : by part, one `Moment` per epoch
    naive : by part, mean absolute error of repeating the last value; original units
    every : 1 when all windows were looked at, else every so many-th
    """

    epochs: Int[np.ndarray, "epoch"]
    moments: Mapping[Part, Sequence[Moment]]
    naive: Mapping[Part, float]
    every: int = 1

    def mae(self, part: Part) -> Float[np.ndarray, "epoch"]:
        """Mean absolute error of every kept epoch, original units."""
        return np.array([moment.mae for moment in self.moments[part]])

    def forecast_range(self, part: Part) -> tuple[float, float]:
        """Lowest and highest forecast of all kept epochs."""
        moments = self.moments[part]
        return min(one.lowest for one in moments), max(one.highest for one in moments)

    def worst(self, part: Part) -> float:
        """Largest residual of all kept epochs, without its sign."""
        return max(one.worst for one in self.moments[part])


def look_at(predict: Predictor, prepared: Prepared, part: Part, *, every: int = 1) -> Moment:
    """Forecast a part, or every so many-th window of it, with the weights of one epoch."""
    windows = prepared.part(part)
    origins = windows.origins[::every]
    rows = origins[:, None] + np.arange(prepared.spec.window.horizon)
    predicted = prepared.to_original(np.asarray(predict(windows.inputs[::every])), origins)
    misses = np.abs(prepared.values[rows, 0] - predicted)
    return Moment(
        mae=float(misses.mean()),
        lowest=float(predicted.min()),
        highest=float(predicted.max()),
        worst=float(misses.max()),
    )


def pull(predict: Predictor, prepared: Prepared, window: int, lags: Sequence[int], *, step: int) -> LagValues:
    """Change of the forecast of one test window when the target's value at each step alone is nudged up.

    Parameters
    ----------
    window : test window, counted from 0
    lags : steps before the forecast, 1 is the newest, up to the reach of the preparation
    step : of the horizon, 1, 2, ...

    Returns
    -------
    (lag,) original units; the nudge is one standard deviation of the target over the train rows
    """
    chosen, test = slice(window, window + 1), prepared.test
    one = WindowSet(inputs=test.inputs[chosen], targets=test.targets[chosen], origins=test.origins[chosen])
    size = float(train_spread(prepared)[0])
    nudges = [Perturbation(size=size, feature=0, lags=(lag,)) for lag in lags]
    return sensitivity(predict, one, nudges, prepared=prepared, step=step).effect[:, 0]


def naive_mae(prepared: Prepared, part: Part) -> float:
    """Mean absolute error of repeating the last value on a part, original units."""
    made = naive(prepared, part)
    return float(np.abs(made.actual - made.predicted).mean())


def thinning(n_steps: int, n_weights: int) -> int:
    """Look at every so many-th window when there are `n_steps` network steps in all, of `n_weights` weights each."""
    return max(math.ceil(n_steps * n_weights / LARGEST_WORK), 1)


def moment_verdict(
    epoch: int, best: int, errors: Mapping[str, float], *, unit: str, overfitting: int | None
) -> Verdict:
    """Say what the network was worth at an epoch, beside its best one.

    Parameters
    ----------
    best : epoch with the lowest validation loss
    errors : mean absolute error on the test part, original units: `now`, `best`, `naive`
    overfitting : first epoch that learns by heart (`overfitting_start`), None when none does
    """
    now, at_best = errors["now"], errors["best"]
    against = f"repeating the last value misses by {amount(errors['naive'], unit)}"
    by_heart = (
        f"From epoch {overfitting} on the network overfits: it learns its train windows by heart."
        if overfitting is not None
        else "No overfitting is seen."
    )
    if epoch == best:
        return Verdict(
            tone="good" if now < errors["naive"] else "caution",
            sentence=f"At its best epoch, {best}, the mean absolute error on the test part is {amount(now, unit)}; "
            f"{against}. {by_heart}",
        )
    sentence = (
        f"At epoch {epoch} the mean absolute error on the test part was {amount(now, unit)}, at the best epoch, "
        f"{best}, it is {amount(at_best)}; {against}. {by_heart}"
    )
    if now < (1 - TIE) * at_best:
        sentence += " That this epoch does better on the test part is known only afterwards: the validation part chose."
    overfits = overfitting is not None and epoch >= overfitting
    tone: Tone = "caution" if overfits or now >= errors["naive"] else "note"
    return Verdict(tone=tone, sentence=sentence)
