"""A scenario: what a person changes in a window and behind it, as choices; and how it is applied to a history."""

from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic import BaseModel, ConfigDict, Field, model_validator

from lstm_core.arrays import TimeValues, Window
from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.derived_inputs import Derivation
from lstm_core.preparation.windows import PreparationSpec, Prepared

MAX_CHANGES = 200
MAX_NAME = 60
MAX_STEPS = 10_000
FARTHEST = 1_000.0
"""Standard deviations of the train rows that a value may lie outside their range; beyond, no answer means anything."""
ShapeKind = Literal["step", "spike", "ramp", "gap", "scale", "shift"]
Filling = Literal["line", "last"]
Lag = Annotated[int, Field(ge=1, le=MAX_STEPS)]
MarkedValues = Float[np.ndarray, "marked"]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class _Choice(BaseModel):
    """Choices only."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Points(_Choice):
    """Values of one column set by hand, one by one or in one stroke.

    Attributes
    ----------
    values : pairs of lag (1 is the newest row before the forecast) and value, original unit of the column
    """

    kind: Literal["points"] = "points"
    column: str
    values: tuple[tuple[Lag, Finite], ...] = Field(min_length=1, max_length=MAX_STEPS)


class Shape(_Choice):
    """A shape painted over neighbouring steps of one column, from lag `start` (older) to lag `end` (newer).

    With n marked steps, i = 1, ..., n from the oldest on, and x the values before:

    =====  ========================================================================================
    step   x + size
    spike  x + size × w, w rising in a straight line to 1 in the middle and falling again
    ramp   x + size × i / n
    gap    the values are missing; a network cannot read nothing, so what is read there is `filling`
    scale  x × size
    shift  what came `size` steps earlier (of a negative size: later); beyond the history its last value stays
    =====  ========================================================================================

    Attributes
    ----------
    size : original unit of the column; of a scale a factor, of a shift a whole number of steps, of a gap nothing
    filling : a straight line between the neighbours of the gap, or the last value before it
    """

    kind: ShapeKind
    column: str
    start: Lag
    end: Lag
    size: Finite = 0.0
    filling: Filling = "line"

    @model_validator(mode="after")
    def _in_order(self) -> "Shape":
        if self.start < self.end:
            raise ValueError("a shape starts at the older step: start is the larger number of steps back")
        if self.kind == "shift" and not self.size.is_integer():
            raise ValueError("a shift moves by whole steps")
        return self


Change = Annotated[Points | Shape, Field(discriminator="kind")]


class FutureInput(_Choice):
    """A further input that is known ahead, such as a price that is planned.

    Attributes
    ----------
    step : steps ahead, 1, 2, ...
    value : original unit of the column
    """

    step: Lag
    column: str
    value: Finite


class Scenario(_Choice):
    """Changes of the rows before a forecast, in order, and further inputs that come after.

    Attributes
    ----------
    drawn_at : row of the first forecast value of the window it was drawn on; its lags count back from any other, too
    """

    name: str = Field(default="Scenario", min_length=1, max_length=MAX_NAME)
    changes: tuple[Change, ...] = Field(default=(), max_length=MAX_CHANGES)
    future: tuple[FutureInput, ...] = Field(default=(), max_length=MAX_STEPS)
    drawn_at: int | None = Field(default=None, ge=0)


def steps_back(spec: PreparationSpec, column: str) -> int:
    """How many rows before a forecast may be changed: as many as it depends on, by the target or another input.

    Raises
    ------
    PreparationError
        If the network does not read the column.
    """
    if column not in spec.columns:
        raise PreparationError(
            "A scenario changes a column that this network does not read",
            received=column,
            expected=f"one of {', '.join(spec.columns)}",
            field="what_if_column",
        )
    return spec.reach if column == spec.target else spec.window.length


def apply_scenario(
    prepared: Prepared, scenario: Scenario, history: Window, derived: Sequence[Derivation] = ()
) -> Window:
    """Change a history as a scenario says; the scenario without changes gives the very same numbers.

    Parameters
    ----------
    history : (reach, feature) rows before a forecast, oldest first, original units; is not touched
    derived : columns that follow those they are made of, as the cleaning would have made them of the changed ones

    Raises
    ------
    PreparationError
        If a change names a column or a step that the network does not read, leaves nothing to fill a gap from, or makes
        a value that is absurdly far from the train rows.
    """
    return edit(prepared, scenario, history, derived)[0]


def edit(
    prepared: Prepared, scenario: Scenario, history: Window, derived: Sequence[Derivation] = ()
) -> tuple[Window, Bool[np.ndarray, "window feature"]]:
    """The history that `apply_scenario` gives, and where the scenario itself changed it: not where a column followed.

    Every change is of one column, so columns are changed one after the other: first those that follow none, then the
    derived ones, each made anew before the changes of its own.
    """
    changed, own = history.copy(), np.zeros(history.shape, dtype=bool)
    placed = [(_check_place(prepared.spec, change), change) for change in scenario.changes]
    following = {one.place: one for one in derived}
    first = [place for place in range(history.shape[1]) if place not in following]
    for place in (*first, *following):
        column = changed[:, place]
        if place in following:
            column[:] = following[place].follow(history[None], changed[None])[0]
            check_size(prepared, place, column)
        followed = column.copy()
        for change in (change for at, change in placed if at == place):
            _change(column, change)
            check_size(prepared, place, column)
        own[:, place] = column != followed
    return changed, own


def _change(column: TimeValues, change: Points | Shape) -> None:
    with np.errstate(over="ignore", invalid="ignore"):  # refused by `check_size`, in words
        if isinstance(change, Points):
            for lag, value in change.values:
                column[len(column) - lag] = value
        else:
            marked = slice(len(column) - change.start, len(column) - change.end + 1)
            column[marked] = paint(column.copy(), marked, change)


def paint(column: TimeValues, marked: slice, shape: Shape) -> MarkedValues:
    """Values of the marked steps under a shape; see `Shape` for the formulas."""
    before, n = column[marked], marked.stop - marked.start
    if shape.kind == "step":
        return before + shape.size
    if shape.kind == "ramp":
        return before + shape.size * np.arange(1, n + 1) / n
    if shape.kind == "spike":
        slope = np.minimum(np.arange(1, n + 1), np.arange(n, 0, -1))
        return before + shape.size * slope / slope.max()
    if shape.kind == "scale":
        return before * shape.size
    if shape.kind == "shift":
        return column[np.clip(np.arange(marked.start, marked.stop) - int(shape.size), 0, len(column) - 1)]
    return _fill(column, marked, shape.filling)


def _fill(column: TimeValues, marked: slice, filling: Filling) -> MarkedValues:
    """What is read in a gap; at an end of the history the one neighbour there is."""
    known = np.r_[0 : marked.start, marked.stop : len(column)]
    if not len(known):
        raise PreparationError(
            "The gap covers every row that the forecast depends on, so there is nothing to fill it from",
            advice="Leave at least one value.",
            field="what_if_start",
        )
    inside = np.arange(marked.start, marked.stop)
    if filling == "last" and marked.start > 0:
        return np.full(len(inside), column[marked.start - 1])
    return np.interp(inside, known, column[known])


def _check_place(spec: PreparationSpec, change: Points | Shape) -> int:
    most = steps_back(spec, change.column)
    farthest = max(lag for lag, _ in change.values) if isinstance(change, Points) else change.start
    if farthest > most:
        raise PreparationError(
            f"A scenario changes a step of '{change.column}' that the forecast does not depend on",
            received=f"{farthest} steps before the forecast",
            expected=f"1 to {most}",
            field="what_if_start",
        )
    return spec.columns.index(change.column)


def check_size(prepared: Prepared, feature: int, column: TimeValues) -> None:
    """Refuse what float32 and the network would turn into nonsense without a word.

    Raises
    ------
    PreparationError
        If a value lies more than `FARTHEST` standard deviations outside the range of the train rows.
    """
    train = prepared.values[: prepared.split.train.stop, feature]
    room = FARTHEST * (float(train.std()) or max(float(np.abs(train).max()), 1.0))
    # What stands in the series is no edit, however far out it is.
    every = prepared.values[:, feature]
    low = min(float(train.min()) - room, float(every.min()))
    high = max(float(train.max()) + room, float(every.max()))
    wrong = column[~((column >= low) & (column <= high))]
    if len(wrong):
        raise PreparationError(
            f"A value of '{prepared.spec.columns[feature]}' is absurdly far from everything the network has seen",
            received=f"{wrong[0]:g}",
            expected=f"{low:.3g} to {high:.3g}",
            advice="Undo the change, or make it smaller.",
            field="what_if_size",
        )
