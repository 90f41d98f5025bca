"""Calendar features: where in the day, week, month or year a row stands. They only read the date of their own row."""

import numpy as np
import pandas as pd

from lstm_core.arrays import TimeValues
from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.spec import CalendarStep, Cycle
from lstm_core.series.cleaning.workpiece import Applied, Numbers, Workpiece
from lstm_core.series.words import counted

_DIGITS = 12
"""sin(π) is 1e-16 and not 0; scaled up, such a rest would look like a signal."""


def learn(step: CalendarStep, piece: Workpiece) -> Numbers:
    """Names of the columns that change over the known rows; one that never does says nothing.

    Raises
    ------
    SeriesError
        If rows are only numbered, or every known row stands at the same place of the cycle.
    """
    known = columns(step, piece.frame.index[: piece.n_known])
    moving = [name for name, values in known.items() if values.min() < values.max()]
    if not moving:
        raise SeriesError(
            f"Every row to learn from has the same {step.cycle}",
            expected="rows at different places of the cycle",
            advice="Choose another cycle, or remove the step.",
            field="steps",
        )
    return {"columns": moving}


def apply(step: CalendarStep, piece: Workpiece, numbers: Numbers) -> Applied:
    """Add the columns that were found to change."""
    everything = columns(step, piece.frame.index)
    made = {name: everything[name] for name in numbers["columns"]}
    n_still = len(everything) - len(made)
    detail = f"{counted(len(made), 'new column')} from the date of each row: {', '.join(made)}"
    detail += f"; {counted(n_still, 'column')} that never changes left out." if n_still else "."
    return Applied(frame=piece.with_columns(made), count=len(made), detail=detail, made=tuple(made))


def columns(step: CalendarStep, index: pd.Index) -> dict[str, TimeValues]:
    """Every column of the step by name, (time,): also of dates that are yet to come.

    Raises
    ------
    SeriesError
        If rows are only numbered.
    """
    if not isinstance(index, pd.DatetimeIndex):
        raise SeriesError(
            f"The {step.cycle} needs dates, and the rows are only numbered",
            expected="a time column",
            advice="Choose a time column, or remove the step.",
            field="steps",
        )
    number, share = place(index, step.cycle)
    if step.form == "number":
        return {step.cycle: number}
    pairs = {}
    for k in range(1, step.pairs + 1):
        angle = 2 * np.pi * k * share
        pairs[f"{step.cycle} sin {k}"] = np.round(np.sin(angle), _DIGITS)
        pairs[f"{step.cycle} cos {k}"] = np.round(np.cos(angle), _DIGITS)
    return pairs


def place(index: pd.DatetimeIndex, cycle: Cycle) -> tuple[TimeValues, TimeValues]:
    """Plain number (hour 13.5, Monday 0, day and month from 1) and share of the cycle, 0 to below 1; each (time,)."""
    # What a clock on the wall says; the time since midnight would be an hour off after a change of summer time.
    day = ((index.hour * 60 + index.minute) * 60 + index.second).to_numpy(dtype=np.float64) / 86_400
    if cycle == "hour of day":
        return day * 24, day
    if cycle == "day of week":
        number = index.day_of_week.to_numpy(dtype=np.float64)
        return number, (number + day) / 7
    if cycle == "day of month":
        number = index.day.to_numpy(dtype=np.float64)
        return number, (number - 1 + day) / index.days_in_month.to_numpy()
    if cycle == "month of year":
        number = index.month.to_numpy(dtype=np.float64)
        return number, (number - 1) / 12
    number = index.day_of_year.to_numpy(dtype=np.float64)
    return number, (number - 1 + day) / np.where(index.is_leap_year, 366, 365)
