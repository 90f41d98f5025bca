"""Outliers: values far from their usual value, judged by what the known rows taught."""

import numpy as np
import pandas as pd

from lstm_core.arrays import TimeFlags, TimeValues
from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.seasonal_profile import MOST_ROWS, check_period, decompose, learn_profile
from lstm_core.series.cleaning.spec import OutlierStep
from lstm_core.series.cleaning.workpiece import Applied, Numbers, Workpiece
from lstm_core.series.words import counted

MAD_TO_DEVIATION = 1.482602218505602
"""Standard deviation of a normal distribution in median absolute deviations."""

MOST_SHARE = 0.05
"""Beyond this share of the values, the comparison does not fit the series."""

_DONE = {
    "keep": "kept as they are",
    "mark": "kept, and marked by 1 in a new column",
    "clip": "pulled to the threshold",
    "replace": "replaced by their usual value",
}


def learn(step: OutlierStep, piece: Workpiece) -> Numbers:
    """Season, and for the known rows and the rows behind them: usual distance (offset) and spread (scale).

    Both are measured on the known rows. A row behind them is compared with rows before it alone, which lie further
    from it than neighbours on both sides do: so that comparison has an offset and a scale of its own.

    Raises
    ------
    SeriesError
        If the season cannot be learned, or more than half of the values equal their usual value.
    """
    values = piece.column(step.column)
    season = [0.0]
    start, stop = _first(values), piece.n_known
    if step.method == "season and trend":
        period = step.period or piece.period
        check_period(stop - start, period, field="outlier_period")
        phases = piece.phases(period)
        season = learn_profile(values[start:stop], phases[start:stop], period, field="outlier_period")
    known = values[start:stop]
    added = np.asarray(season)[piece.phases(len(season))[start:stop]]
    numbers: Numbers = {"season": season}
    for name, usual in (
        ("known", _usual_known(step, known, added, len(season))),
        ("behind", _usual_behind(step, known, added)),
    ):
        away = (known - usual)[~np.isnan(usual)]
        offset = float(np.median(away)) if len(away) else 0.0
        scale = MAD_TO_DEVIATION * float(np.median(np.abs(away - offset))) if len(away) else 0.0
        if not scale > 0:
            raise _no_scale(step)
        numbers[name] = {"offset": offset, "scale": scale}
    return numbers


def apply(step: OutlierStep, piece: Workpiece, numbers: Numbers) -> Applied:
    """Judge every value and do what the step says with those beyond the threshold."""
    values = piece.column(step.column)
    usual, scale = usual_values(step, piece, numbers)
    away = values - usual
    with np.errstate(invalid="ignore"):  # a row without any past has no usual value and is not judged
        outlying: TimeFlags = np.abs(away) > step.threshold * scale
    frame, made = piece.frame, ()
    if step.action == "clip":
        edge = usual + np.sign(away) * step.threshold * scale
        frame = frame.assign(**{step.column: np.where(outlying, edge, values)})
    elif step.action == "replace":
        frame = frame.assign(**{step.column: np.where(outlying, usual, values)})
    elif step.action == "mark":
        made = (f"{step.column} outlier",)
        frame = piece.with_columns({made[0]: outlying.astype(np.float64)})
    count = int(outlying.sum())
    detail = (
        f"{counted(count, 'value')} of {step.column} more than {step.threshold:g} robust standard deviations from "
        f"{'season and trend' if step.method == 'season and trend' else 'the median of the rows around'}: "
        f"{_DONE[step.action]}."
    )
    if count > MOST_SHARE * len(values):
        detail += (
            f" That is {count / len(values):.0%} of all values, more than outliers are: raise the threshold, take "
            "fewer neighbours, or compare with season and trend."
        )
    return Applied(frame=frame, count=count, detail=detail, touched=outlying, column=step.column, made=made)


def usual_values(step: OutlierStep, piece: Workpiece, numbers: Numbers) -> tuple[TimeValues, TimeValues]:
    """Usual value and spread of every row, each (time,); NaN where a row has no past to compare with."""
    values, season = piece.column(step.column), np.asarray(numbers["season"])
    added = season[piece.phases(len(season))]
    usual = _usual_behind(step, values, added) + numbers["behind"]["offset"]
    scale = np.full(len(values), numbers["behind"]["scale"])
    known = slice(_first(values), piece.n_known)
    if known.start < known.stop:
        usual[known] = _usual_known(step, values[known], added[known], len(season))
        usual[known] += numbers["known"]["offset"]
        scale[known] = numbers["known"]["scale"]
    return usual, scale


def _usual_known(step: OutlierStep, values: TimeValues, added: TimeValues, period: int) -> TimeValues:
    """Season and trend, or season and the median of the rows on both sides; looks at all values it gets."""
    if step.method == "season and trend" and len(values) <= MOST_ROWS:
        trend, season = decompose(values, period)
        return trend + season
    free = pd.Series(values - added)
    return free.rolling(step.window, center=True, min_periods=1).median().to_numpy() + added


def _usual_behind(step: OutlierStep, values: TimeValues, added: TimeValues) -> TimeValues:
    """Season and the median of the rows before; NaN where there is none."""
    before = pd.Series(values - added).shift(1)
    return before.rolling(step.window, min_periods=1).median().to_numpy() + added


def _first(values: TimeValues) -> int:
    """First row with a value: a column that a step made has none where it has no past."""
    return int(np.isfinite(values).argmax())


def _no_scale(step: OutlierStep) -> SeriesError:
    return SeriesError(
        f"Outliers of '{step.column}' cannot be told from the rest",
        received="at least half of the values to learn from equal their usual value",
        expected="values that vary around it",
        advice="Take fewer neighbours, learn from more rows, or remove the step.",
        field="steps",
    )
