"""The list of cleaning steps, done in order: each learns from the known rows, then is applied to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from lstm_core.errors import SeriesError
from lstm_core.series.cleaning import arithmetic, calendar_features, one_hot, outliers
from lstm_core.series.cleaning.spec import CalendarStep, OneHotStep, OutlierStep, StepSpec
from lstm_core.series.cleaning.workpiece import Applied, Numbers, Stage, Workpiece
from lstm_core.series.reading.numbers import LARGEST
from lstm_core.series.record import Step
from lstm_core.series.words import counted, date_in_words
from lstm_core.settings import Settings

OPEN_START = "rows without a past"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cleaned:
    """What a list of steps made of the rows.

    Attributes
    ----------
    frame : float64 columns, complete; first rows that a new column has no value for are gone
    stages : one per step, and one for those first rows
    learned : one per step
    """

    frame: pd.DataFrame
    stages: tuple[Stage, ...]
    learned: tuple[Numbers, ...]


def clean(piece: Workpiece, steps: Sequence[StepSpec], learned: Sequence[Numbers] | None = None) -> Cleaned:
    """Do the steps in order.

    Parameters
    ----------
    learned : what the steps learned earlier, one per step; None: learn it from the known rows now

    Raises
    ------
    SeriesError
        If a step needs a column that is not there, has nothing to learn from, or makes numbers that are too large.
    """
    stages, numbers = [], []
    for place, step in enumerate(steps):
        numbers.append(learn(step, piece) if learned is None else learned[place])
        applied = apply(step, piece, numbers[-1])
        _check_columns(applied)
        done = Step(name=step.kind, count=applied.count, detail=applied.detail)
        stages.append(_stage(f"step {place}", piece.frame, applied, done))
        piece = piece.followed_by(applied.frame)
    frame = piece.frame
    n_open = int(frame.isna().any(axis=1).to_numpy().sum())
    if n_open:
        whole = frame.iloc[n_open:]
        detail = f"{counted(n_open, 'row')} at the start left out: a new column reaches back further than the series."
        stages.append(
            Stage(
                key=OPEN_START,
                before=frame,
                after=whole,
                touched=np.zeros(whole.shape, dtype=bool),
                steps=(Step(name=OPEN_START, count=n_open, detail=detail),),
            )
        )
        frame = whole
    return Cleaned(frame=frame, stages=tuple(stages), learned=tuple(numbers))


def learn(step: StepSpec, piece: Workpiece) -> Numbers:
    """Numbers that a step takes from the known rows, as JSON; see the step's module."""
    if isinstance(step, OutlierStep):
        return outliers.learn(step, piece)
    if isinstance(step, CalendarStep):
        return calendar_features.learn(step, piece)
    return one_hot.learn(step, piece) if isinstance(step, OneHotStep) else {}


def apply(step: StepSpec, piece: Workpiece, numbers: Numbers) -> Applied:
    """What a step makes of the rows with its learned numbers; see the step's module."""
    if isinstance(step, OutlierStep):
        return outliers.apply(step, piece, numbers)
    if isinstance(step, CalendarStep):
        return calendar_features.apply(step, piece, numbers)
    if isinstance(step, OneHotStep):
        return one_hot.apply(step, piece, numbers)
    return arithmetic.apply(step, piece)


def _stage(key: str, before: pd.DataFrame, applied: Applied, done: Step) -> Stage:
    touched = np.zeros(applied.frame.shape, dtype=bool)
    if applied.touched is not None:
        touched[:, applied.frame.columns.get_loc(applied.column)] = applied.touched
    return Stage(
        key=key, before=before, after=applied.frame, touched=touched, steps=(done,), made=applied.made
    )


def _check_columns(applied: Applied) -> None:
    limit = Settings().max_columns
    if applied.frame.shape[1] > limit:
        raise SeriesError(
            "The steps make more columns than the limit",
            received=f"{applied.frame.shape[1]:,} columns",
            expected=f"at most {limit}",
            advice="Remove a step, or make fewer columns of it.",
            field="steps",
        )
    for name in applied.made:
        with np.errstate(invalid="ignore"):
            large = (applied.frame[name].abs() > LARGEST).to_numpy()
        if large.any():
            raise SeriesError(
                f"The new column '{name}' is too large to scale at "
                f"{date_in_words(applied.frame.index[int(large.argmax())])}",
                expected=f"numbers between -{LARGEST:g} and {LARGEST:g}",
                advice="Remove the step.",
                field="steps",
            )
