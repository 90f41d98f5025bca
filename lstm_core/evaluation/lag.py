"""The lag check: whether the forecast follows the truth, or repeats what has just been."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_core.arrays import LagValues, TimeValues
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import Scores, skill
from lstm_core.evaluation.verdict import Verdict, percent

MAX_SHIFT = 10
CLOSER = 0.8
WORTH = 0.05
FEWEST = 20
"""Windows from which a lag of several rows is told: one of ten other shifts fits a few windows better by chance."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LagCheck:
    """How well the forecast fits the truth, and the truth of 1, 2, ... rows before.

    Attributes
    ----------
    errors : (lag,) mean absolute difference between the forecast for row t and the truth of row t - s,
        for s = 0, 1, 2, ...; original units
    best_shift : the s with the smallest error. 0: the forecast fits its own row best.
        1: it fits the last known value better than the value it was asked for
    skill : `1 - MAE / MAE of repeating the last value`, one step ahead; None when the value never changes
    copies_last_value : see `lag_check`
    n : number of windows compared
    """

    errors: LagValues
    best_shift: int
    skill: float | None
    copies_last_value: bool
    n: int


def lag_check(forecast: Forecast, values: TimeValues, *, max_shift: int = MAX_SHIFT) -> LagCheck:
    """Compare the one-step forecast with the truth at its own row and at the rows before.

    A forecast copies the last value when all three hold:

    1. it fits the truth best when shifted by one row (`best_shift == 1`);
    2. it is clearly closer to the last value than to the truth (`errors[1] < 0.8 * errors[0]`); so a forecast
       of a constant, equally far from both, is not called a copy;
    3. it saves less than 5 % of the error of repeating the last value (`skill < 0.05`); so an honest forecast
       that leans on the last value, as a damped one does on a series that returns to its mean, is not either.

    On a random walk the best possible forecast is the copy: the check then says True, and rightly so.
    `copycat_verdict` says in words when that is likely.

    Parameters
    ----------
    forecast : Forecast
        Only its first step is used.
    values : (time,) float64
        The whole target in original units, so that shifts are rows even when the windows have a stride.
    max_shift : int
        Largest shift tried, in rows.
    """
    predicted, rows = forecast.predicted[:, 0], forecast.origins
    reachable = int(min(max_shift, rows.min()))
    shifts = np.arange(reachable + 1)
    errors = np.array([np.abs(predicted - values[rows - shift]).mean() for shift in shifts])
    best_shift = int(errors.argmin())
    naive_error = float(np.abs(values[rows] - values[rows - 1]).mean())
    gained = 1 - float(errors[0]) / naive_error if naive_error > 0 else None
    copies = best_shift == 1 and errors[1] < CLOSER * errors[0] and gained is not None and gained < WORTH
    errors.flags.writeable = False
    return LagCheck(
        errors=errors,
        best_shift=best_shift,
        skill=gained,
        copies_last_value=bool(copies),
        n=len(forecast),
    )


def copycat_verdict(check: LagCheck, scores: Mapping[str, Scores], *, name: str = "LSTM") -> Verdict:
    """One sentence on the lag check: red for a copy, green only where the forecast fits its own row best.

    Parameters
    ----------
    scores : the scoreboard; a linear AR that does not beat the naive forecast either hints at a random walk.
    name : what the network is called
    """
    if check.skill is None:
        return Verdict(
            tone="note", sentence="The test part never changes, so copying cannot be told from forecasting."
        )
    numbers = f"best shift {check.best_shift}, skill {percent(check.skill)} one step ahead"
    if not check.copies_last_value:
        return _no_copy(check, numbers)
    linear = skill(scores["linear_ar"], scores["naive"])
    if linear is not None and linear < WORTH:
        return Verdict(
            tone="bad",
            sentence=f"The {name} repeats the last value ({numbers}). The linear AR does no better, so the series may "
            "be close to a random walk, where the last value is the best forecast there is.",
        )
    return Verdict(
        tone="bad",
        sentence=f"The {name} repeats the last value ({numbers}). The series holds more than that, as the linear AR "
        "shows: train longer, use a longer window, or remove the trend first.",
    )


def _no_copy(check: LagCheck, numbers: str) -> Verdict:
    """Words for a forecast that is no copy, by how clearly another row fits better than its own."""
    clearly, best = check.errors[check.best_shift] < CLOSER * check.errors[0], check.best_shift
    if clearly and best == 1:
        return Verdict(
            tone="note",
            sentence=f"The forecast leans on the last value and still saves some of its error ({numbers}). Where "
            "most of the next change cannot be foreseen, that is right.",
        )
    if clearly and check.n < FEWEST:
        return Verdict(
            tone="note",
            sentence=f"The forecast fits the truth of {best} rows before better than its own ({numbers}), but with "
            f"{check.n} windows that may be chance: {FEWEST} are needed to speak of a lag.",
        )
    if clearly:
        return Verdict(
            tone="caution",
            sentence=f"The forecast lags: it fits the truth of {best} rows before clearly better than its own "
            f"({numbers}). Try a longer window or more epochs.",
        )
    before = "the row before" if best == 1 else f"{best} rows before"
    fits = "fits its own row best" if best == 0 else f"fits the truth of {before} about as well as its own"
    if check.skill is not None and check.skill <= 0:
        rival = "better" if check.skill < -WORTH else "no worse"
        return Verdict(
            tone="caution",
            sentence=f"It does not repeat the last value, but one step ahead repeating it would be {rival}: the "
            f"forecast {fits} ({numbers}).",
        )
    if best > 0:
        return Verdict(
            tone="note",
            sentence=f"It is no copy of the last value, yet no row stands out: the forecast {fits} ({numbers}). A "
            "careful forecast of a noisy series looks like this; its changes, below, tell more.",
        )
    return Verdict(
        tone="good", sentence=f"It does not repeat the last value: the forecast {fits} ({numbers})."
    )
