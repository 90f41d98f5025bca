"""Column arithmetic: lags, moving averages, differences, and two columns made into one. Nothing is learned here."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from lstm_core.arrays import TimeValues
from lstm_core.errors import SeriesError
from lstm_core.series.cleaning.spec import (
    CombinationStep,
    DifferenceStep,
    LagStep,
    MovingAverageStep,
    Operation,
)
from lstm_core.series.cleaning.workpiece import Applied, Workpiece
from lstm_core.series.words import counted, date_in_words

Arithmetic = LagStep | MovingAverageStep | DifferenceStep | CombinationStep
_DAY = pd.Timedelta(days=1)
OPERATIONS: dict[Operation, Callable[[TimeValues, TimeValues], TimeValues]] = {
    "sum": np.add,
    "difference": np.subtract,
    "product": np.multiply,
    "ratio": np.divide,
}


def apply(step: Arithmetic, piece: Workpiece) -> Applied:
    """Make the new column; its first rows are NaN where they have no past."""
    if isinstance(step, CombinationStep):
        values, detail = _combine(step, piece), f"{step.words}, row by row"
    elif isinstance(step, MovingAverageStep):
        column = pd.Series(piece.column(step.column))
        values = column.rolling(step.rows, min_periods=step.rows).mean().to_numpy()
        detail = f"mean of {step.column} over the newest {step.rows:,} rows"
    elif isinstance(step, DifferenceStep):
        values = _difference(step, piece)
        detail = f"{step.column} minus its value {counted(step.rows, 'row')} before"
        detail += " per day" if step.per == "day" else ""
    else:
        values = pd.Series(piece.column(step.column)).shift(step.rows).to_numpy()
        detail = f"{step.column} as it was {counted(step.rows, 'row')} before"
    name = step.words
    frame = piece.with_columns({name: values})
    return Applied(frame=frame, count=1, detail=f"New column “{name}”: {detail}.", made=(name,))


def _difference(step: DifferenceStep, piece: Workpiece) -> TimeValues:
    column = pd.Series(piece.column(step.column))
    change = column.diff(step.rows)
    if step.per == "step":
        return change.to_numpy()
    index = piece.frame.index
    if not isinstance(index, pd.DatetimeIndex):
        raise SeriesError(
            "A change per day needs dates, and the rows are only numbered",
            expected="a time column",
            advice="Choose the change per step, or choose a time column.",
            field="steps",
        )
    days = pd.Series(index).diff(step.rows) / _DAY
    return (change / days).to_numpy()


def _combine(step: CombinationStep, piece: Workpiece) -> TimeValues:
    left, right = piece.column(step.left), piece.column(step.right)
    if step.operation == "ratio" and (right == 0).any():
        row = int((right == 0).argmax())
        raise SeriesError(
            f"'{step.left}' cannot be divided by '{step.right}', which is 0 at "
            f"{date_in_words(piece.frame.index[row])}",
            received=f"{int((right == 0).sum()):,} zeros",
            expected="no zero in the second column",
            advice="Choose another operation or column, or remove the step.",
            field="steps",
        )
    with np.errstate(over="ignore"):  # what is too large is refused by name for every step alike
        return OPERATIONS[step.operation](left, right)
