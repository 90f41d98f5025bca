"""The windows whose forecast missed most, one for each event."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.measure import MIDDLE, Measure
from lstm_core.evaluation.verdict import Verdict, amount, amounts, part_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstWindow:
    """One window that was missed, with its largest miss.

    Attributes
    ----------
    sample : which window of the part, counted from 0
    loss, naive_loss : mean of what the forecast is judged by (`Measure.losses`) over its horizon, of the network and
        of its rival, the last value; original units
    horizon : steps it forecasts
    step : of the horizon with the largest loss, 1, 2, ...
    row : of the series that step belongs to
    actual, predicted, naive : there, original units
    """

    sample: int
    loss: float
    naive_loss: float
    horizon: int
    step: int
    row: int
    actual: float
    predicted: float
    naive: float


def worst_windows(
    forecast: Forecast, naive: Forecast, *, count: int = 10, measure: Measure = MIDDLE
) -> tuple[WorstWindow, ...]:
    """Windows with the largest mean loss over the horizon, worst first; ties: the older one.

    Overlapping windows see the same event. A window is left out when it starts less than a horizon away from a worse
    one, so no value is missed in two of them.

    Parameters
    ----------
    naive : rival of the measure, on the same windows
    measure : what the forecast is judged by

    Raises
    ------
    ValueError
        If the two forecasts are not of the same windows.
    """
    if not np.array_equal(forecast.rows, naive.rows):
        raise ValueError("both forecasts must be of the same windows")
    errors = measure.losses(forecast.actual - forecast.predicted)
    means = errors.mean(axis=1)
    naive_means = measure.losses(naive.actual - naive.predicted).mean(axis=1)
    found: list[WorstWindow] = []
    for sample in _apart(means, forecast.origins, forecast.horizon, count):
        step = int(errors[sample].argmax())
        found.append(
            WorstWindow(
                sample=int(sample),
                loss=float(means[sample]),
                naive_loss=float(naive_means[sample]),
                horizon=forecast.horizon,
                step=step + 1,
                row=int(forecast.rows[sample, step]),
                actual=float(forecast.actual[sample, step]),
                predicted=float(forecast.predicted[sample, step]),
                naive=float(naive.predicted[sample, step]),
            )
        )
    return tuple(found)


def _apart(means: np.ndarray, origins: np.ndarray, apart: int, count: int) -> list[int]:
    """Samples with the largest means whose origins are at least `apart` rows from each other."""
    left, chosen = means.astype(np.float64), list[int]()
    while len(chosen) < count and left.max(initial=-1.0) >= 0:
        worst = int(left.argmax())
        chosen.append(worst)
        left[np.abs(origins - origins[worst]) < apart] = -1.0
    return chosen


def describe(worst: WorstWindow, *, usual: float, label: str, unit: str, measure: Measure = MIDDLE) -> str:
    """What happened in a window, in words: how far off, where most, and what the last value would have said.

    Parameters
    ----------
    usual : mean loss over all windows, original units
    label : date or number of the row with the largest miss
    """
    times = f", {worst.loss / usual:.1f} times the usual" if usual > 0 else ""
    average, most = ("", "At") if worst.horizon == 1 else (" on average", "Most at")
    actual, predicted, naive = amounts(worst.actual, worst.predicted, worst.naive)
    off, was = "Off by", "was off by"
    if measure.quantile is not None:
        off, was = "Pinball loss", "has"
    rival = "did no better" if worst.naive_loss >= worst.loss else f"{was} {amount(worst.naive_loss, unit)}"
    return (
        f"{off} {amount(worst.loss, unit)}{average}{times}. {most} {label}: actual {actual}, forecast {predicted}, "
        f"{measure.last} {naive}. {measure.rival_it[0].upper()}{measure.rival_it[1:]} {rival}."
    )


def worst_verdict(worst: Sequence[WorstWindow], forecast: Forecast, *, measure: Measure = MIDDLE) -> Verdict:
    """One sentence on all of them: how much of the error they hold, and whether anybody could have known."""
    errors = measure.losses(forecast.actual - forecast.predicted).mean(axis=1)
    if not errors.any():
        return Verdict(
            tone="good", sentence="There is not a single miss, so no window is worse than another."
        )
    if len(errors) == 1:
        return Verdict(
            tone="note", sentence="There is a single test window, so it is the worst and the best."
        )
    what = "error" if measure.quantile is None else measure.name
    rivals = measure.rival_it
    share = sum(one.loss for one in worst) / float(errors.sum())
    surprised = sum(one.naive_loss >= one.loss for one in worst)
    held = f"The {len(worst)} worst of {len(errors)} windows hold {part_of(share)} of the {what}"
    if len(worst) == len(errors):
        held = f"All {len(errors)} windows are here, the worst first"
    if len(worst) == 1:
        rival = "did no better" if surprised else "did better"
        return Verdict(
            tone="note",
            sentence=f"The worst of {len(errors)} windows holds {part_of(share)} of the {what}. "
            f"{rivals[0].upper()}{rivals[1:]} {rival} there.",
        )
    if surprised > len(worst) / 2:
        return Verdict(
            tone="note",
            sentence=f"{held}. On {surprised} of them {rivals} did no better: that may be events "
            "that the past does not tell, or a pattern that neither knows. Look for what happened then, and whether "
            "another column knew.",
        )
    return Verdict(
        tone="note",
        sentence=f"{held}. On {len(worst) - surprised} of them {rivals} did better, so the past knew "
        "more than the network used. Open one and see which steps it leaned on.",
    )
