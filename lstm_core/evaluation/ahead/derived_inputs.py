"""Further inputs that steps of the cleaning made of other columns.

Behind the last row they follow the forecasts; before it the columns they are made of, when these are edited.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.preparation.histories import HistoryValues
from lstm_core.series.cleaning.arithmetic import OPERATIONS, Arithmetic
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import CombinationStep, DifferenceStep, LagStep, MovingAverageStep
from lstm_core.series.record import Series

CHECKED_ROWS = 2_000
"""Newest rows on which a step has to give what the series holds, before it is trusted with rows to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """One input column, and how its value in a row follows from other columns in this row and those before.

    Attributes
    ----------
    place, sources : of the column and of those it is made of, among the inputs of the network (0 is the target)
    """

    name: str
    step: Arithmetic
    place: int
    sources: tuple[int, ...]

    @property
    def rows_back(self) -> int:
        """How many rows before its own it reads."""
        if isinstance(self.step, CombinationStep):
            return 0
        return self.step.rows - isinstance(self.step, MovingAverageStep)

    def fill(self, whole: HistoryValues, first: int, stop: int) -> None:
        """Compute the column in rows `first` to `stop - 1`, in place; at least `rows_back` rows lie before them."""
        read, step = [whole[:, :, source] for source in self.sources], self.step
        if isinstance(step, CombinationStep):
            with np.errstate(
                divide="ignore", invalid="ignore", over="ignore"
            ):  # the forecast refuses what comes of it
                made = OPERATIONS[step.operation](read[0][:, first:stop], read[1][:, first:stop])
        elif isinstance(step, MovingAverageStep):
            rows = range(first, stop)
            made = np.stack([read[0][:, row + 1 - step.rows : row + 1].mean(axis=1) for row in rows], axis=1)
        else:
            made = read[0][:, first - step.rows : stop - step.rows]
            if isinstance(step, DifferenceStep):
                made = read[0][:, first:stop] - made
        whole[:, first:stop, self.place] = made

    def follow(self, before: HistoryValues, after: HistoryValues) -> Float[np.ndarray, "sample row"]:
        """The column after others were edited: what it holds, plus what the step makes of the difference.

        Rows before the histories are not edited, so they add nothing and need not be known. A row whose sources stand
        as they were keeps its value to the last bit.

        Parameters
        ----------
        before, after : the same rows as they were, and with the edits
        """
        made = []
        for rows in (before, after):
            none_before = np.zeros((len(rows), self.rows_back, rows.shape[2]))
            whole = np.concatenate([none_before, rows], axis=1)
            self.fill(whole, self.rows_back, whole.shape[1])
            made.append(whole[:, self.rows_back :, self.place])
        held = after[:, :, self.place]
        with np.errstate(invalid="ignore", over="ignore"):  # what divides by 0 is refused where it is read
            return np.where(made[0] == made[1], held, held + (made[1] - made[0]))


def derivations(
    series: Series, columns: Sequence[str], cleaning: CleaningRecord | None
) -> tuple[Derivation, ...]:
    """Input columns that lags, moving averages, differences and combinations made of other input columns.

    A column counts only if the step gives the very values that the newest rows of the series hold. Changes per day are
    left out: they need dates.

    Parameters
    ----------
    columns : inputs of the network, target first
    """
    if cleaning is None:
        return ()
    values = np.column_stack([series.column(name)[-CHECKED_ROWS:] for name in columns])[None]
    found = []
    for step in cleaning.source.cleaning.steps:
        if not isinstance(step, LagStep | MovingAverageStep | DifferenceStep | CombinationStep):
            continue
        per_day = isinstance(step, DifferenceStep) and step.per == "day"
        if per_day or step.words not in columns or not set(step.reads) <= set(columns):
            continue
        one = Derivation(
            name=step.words,
            step=step,
            place=columns.index(step.words),
            sources=tuple(columns.index(name) for name in step.reads),
        )
        again, first = values.copy(), one.rows_back
        if first >= values.shape[1]:
            continue
        one.fill(again, first, values.shape[1])
        if one.place and np.allclose(again[:, first:], values[:, first:], rtol=1e-6, atol=1e-9):
            found.append(one)
    return tuple(found)
