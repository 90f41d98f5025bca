"""What cleaning works on: rows without gaps, how many of them may be learned from, and what a step made of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lstm_core.arrays import SeriesFlags, TimeFlags, TimeValues
from lstm_core.errors import SeriesError
from lstm_core.series.record import Step

Numbers = dict[str, Any]
"""What a step learned, as JSON: numbers, lists and texts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workpiece:
    """Rows between two steps.

    Attributes
    ----------
    frame : float64 columns, target first; columns that steps made may be NaN in their first rows, which have no past
    texts : text columns on the same rows
    n_known : the first rows, which steps may look at as a whole; behind them only the past of a row counts
    period : season length in rows, 1 when none is known
    offset : rows from the first row that numbers were learned on to the first row here; 0 while learning
    """

    frame: pd.DataFrame
    texts: pd.DataFrame
    n_known: int
    period: int
    offset: int = 0

    def column(self, name: str) -> TimeValues:
        """Values of a column, shape (time,).

        Raises
        ------
        SeriesError
            If neither the table nor an earlier step has it.
        """
        if name not in self.frame.columns:
            raise SeriesError(
                f"A cleaning step needs the column '{name}', which is not there",
                received=name,
                expected="one of " + ", ".join(map(str, self.frame.columns))[:300],
                advice="Choose it as a further input, put back the step that made it, or remove this step.",
                field="steps",
            )
        return self.frame[name].to_numpy(dtype=np.float64)

    def phases(self, period: int) -> np.ndarray:
        """Place of every row in a season, 0 to period - 1, counted from the first row that was learned on; (time,)."""
        return (np.arange(len(self.frame)) + self.offset) % period

    def with_columns(self, made: dict[str, TimeValues]) -> pd.DataFrame:
        """Frame with further columns behind the others.

        Raises
        ------
        SeriesError
            If a column of that name is there already.
        """
        taken = next((name for name in made if name in self.frame.columns), None)
        if taken is not None:
            raise SeriesError(
                f"There is a column '{taken}' already",
                received=taken,
                expected="a step that makes a new column",
                advice="Remove the step: its column is there.",
                field="steps",
            )
        return self.frame.assign(**made)

    def followed_by(self, frame: pd.DataFrame) -> "Workpiece":
        """The same rows with the frame that a step made."""
        return replace(self, frame=frame)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Applied:
    """What a step made.

    Attributes
    ----------
    count : values it touched, or columns it made
    detail : one sentence for the person
    touched : (time,), rows of the column it judged; None when it judged none
    column : that column, "" when none
    made : names of new columns
    """

    frame: pd.DataFrame
    count: int
    detail: str
    touched: TimeFlags | None = None
    column: str = ""
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """One repair or step with the rows before and behind it, to look at.

    Attributes
    ----------
    key : name of the control of a repair (`gaps`), or the place of a step in the list (`step 0`)
    before, after : float64 columns on their dates; dates of `before` may repeat or stand out of order
    touched : (time, feature) of `after`, values that were changed or judged
    made : columns that are new in `after`
    steps : what was done, counted
    """

    key: str
    before: pd.DataFrame
    after: pd.DataFrame
    touched: SeriesFlags
    steps: tuple[Step, ...]
    made: tuple[str, ...] = ()
