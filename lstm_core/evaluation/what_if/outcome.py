"""What if: the forecast of a history that a scenario changed, beside the one of the history as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import Window
from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.future_inputs import FuturePlan, future_inputs
from lstm_core.evaluation.ahead.recursion import count_needed, forecast_ahead
from lstm_core.evaluation.forecast import Predictor
from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.evaluation.what_if.scenario import Scenario, apply_scenario, check_size
from lstm_core.preparation.histories import histories
from lstm_core.preparation.windows import Prepared
from lstm_core.recipe.transform import transform_target
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import CombinationStep, DifferenceStep, LagStep, MovingAverageStep

Steps = Float[np.ndarray, "horizon"]
Future = Float[np.ndarray, "step further"]
ROUNDING = 1e-9
"""Share of the train range that a value may lie outside it by rounding: it went through a transform and back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A value outside the range of the train rows: the network has never read one like it.

    Attributes
    ----------
    column : name
    lag : steps before the forecast, 1 is the newest row; of a further input that is known ahead −1, −2, ... for 1, 2,
        ... steps ahead
    value, low, high : the value, and the lowest and highest of the train rows
    deviations : standard deviations of the train rows between the value and that range, above 0
    of : whether the value itself lies outside, or the difference that the network reads in its place
    edited : whether the scenario made it, or it stood there
    """

    column: str
    lag: int
    value: float
    low: float
    high: float
    deviations: float
    of: Literal["value", "difference"] = "value"
    edited: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What a scenario does to one forecast; original units.

    Attributes
    ----------
    read_before, read_after : (reach, feature) rows before the forecast, oldest first, target first
    future_before, future_after : (step, further) the further inputs after these rows, as far as they are read
    before, after : (horizon,) the forecast of the rows as they were, and as the scenario makes them
    marks : values outside the training range, those of the scenario first, the farthest of each first
    """

    scenario: Scenario
    read_before: Window
    read_after: Window
    future_before: Future
    future_after: Future
    before: Steps
    after: Steps
    marks: tuple[Mark, ...]

    @property
    def change(self) -> Steps:
        """Forecast after minus forecast before."""
        return self.after - self.before

    @property
    def n_edited(self) -> int:
        """How many values differ."""
        read, ahead = self.read_before != self.read_after, self.future_before != self.future_after
        return int(read.sum() + ahead.sum())


def try_out(
    predict: Predictor,
    prepared: Prepared,
    scenario: Scenario,
    *,
    origin: int,
    steps: int | None = None,
    plan: FuturePlan | None = None,
) -> Outcome:
    """Forecast from an origin with and without a scenario.

    Both are forecast alone, as a batch of one: so a scenario that changes nothing moves nothing, to the last bit.

    Parameters
    ----------
    origin : row of the first forecast value; one past the last row forecasts what comes after the data
    steps : how far ahead; beyond the horizon forecasts are fed back (`ahead.forecast_ahead`). None: the horizon
    plan : how further inputs go on where the scenario says nothing, the same with and without it; None: by their last
        value. Columns derived from others go on by its rule, too: here each column is changed by itself

    Raises
    ------
    PreparationError
        If the scenario does not fit (`apply_scenario`), or makes values that a logarithm does not know.
    RunError
        If a forecast is not a number.
    """
    steps = steps or prepared.spec.window.horizon
    before = histories(prepared, np.array([origin]))
    after = apply_scenario(prepared, scenario, before[0])[None]
    n_needed = count_needed(prepared, steps)
    rule = replace(plan or FuturePlan(), derived=())
    assumed = future_inputs(prepared, np.array([origin]), n_needed, rule)[0]
    given = apply_future(prepared, scenario, assumed)
    forecasts = [
        forecast_ahead(predict, prepared, known, steps, further=further)[0]
        for known, further in ((before, assumed), (after, given))
    ]
    marks = (*outside_range(prepared, before[0], after[0]), *_ahead_of_range(prepared, assumed, given))
    return Outcome(
        scenario=scenario,
        read_before=before[0],
        read_after=after[0],
        future_before=assumed,
        future_after=given,
        before=forecasts[0],
        after=forecasts[1],
        marks=tuple(sorted(marks, key=lambda mark: (not mark.edited, -mark.deviations))),
    )


def apply_future(prepared: Prepared, scenario: Scenario, assumed: Future) -> Future:
    """Further inputs after the last known row, as a scenario gives them; those that are never read are left out.

    Raises
    ------
    PreparationError
        If the scenario gives a column that is no further input of the run, or an absurd value.
    """
    given, names = assumed.copy(), prepared.spec.features
    for one in scenario.future:
        if one.column not in names:
            raise PreparationError(
                "A scenario gives a column ahead that is no further input of this network",
                received=one.column,
                expected=f"one of {', '.join(names)}" if names else "nothing: it reads the target alone",
                field="what_if_future",
            )
        if one.step <= len(given):
            given[one.step - 1, names.index(one.column)] = one.value
    for place in range(len(names)):
        check_size(prepared, place + 1, given[:, place])
    return given


def _ahead_of_range(prepared: Prepared, before: Future, after: Future) -> list[Mark]:
    train, marks = prepared.values[: prepared.split.train.stop], list[Mark]()
    for place, column in enumerate(prepared.spec.features):
        edited = before[:, place] != after[:, place]
        found = _marks(column, train[:, place + 1], after[:, place], edited, "value")
        marks += [replace(mark, lag=mark.lag - len(after) - 1) for mark in found if mark.edited]
    return marks


def outside_range(prepared: Prepared, before: Window, after: Window) -> tuple[Mark, ...]:
    """Values of an edited history that lie outside the range of the train rows (F70).

    Of a target with differences, the differences that the network reads in place of the values are looked at, too: a
    value inside the range can make a jump that no train row had.

    Parameters
    ----------
    before, after : (reach, feature) original units, oldest first
    """
    spec, train = prepared.spec, prepared.values[: prepared.split.train.stop]
    length, marks = spec.window.length, list[Mark]()
    for feature, column in enumerate(spec.columns):
        rows = slice(0 if feature == 0 else len(after) - length, None)
        edited = before[rows, feature] != after[rows, feature]
        marks += _marks(column, train[:, feature], after[rows, feature], edited, "value")
    if spec.transform.lags:
        read_before, read_after = (_as_read(prepared, history)[-length:] for history in (before, after))
        learned = prepared.train_table[:, 0]
        marks += _marks(spec.target, learned, read_after, read_before != read_after, "difference")
    return tuple(marks)


def _as_read(prepared: Prepared, history: Window) -> np.ndarray:
    """Target of a history as it is before it is scaled."""
    fitted = prepared.transform
    return transform_target(history[:, 0], fitted.exponent, fitted.size, list(fitted.spec.lags))[0]


def _marks(
    column: str, train: np.ndarray, values: np.ndarray, edited: np.ndarray, of: Literal["value", "difference"]
) -> list[Mark]:
    low, high = float(train.min()), float(train.max())
    spread = float(train.std()) or max(abs(high), 1.0)
    beyond = np.maximum(values - high, low - values)
    return [
        Mark(
            column=column,
            lag=len(values) - int(at),
            value=float(values[at]),
            low=low,
            high=high,
            deviations=float(beyond[at]) / spread,
            of=of,
            edited=bool(edited[at]),
        )
        for at in np.flatnonzero(beyond > ROUNDING * max(high - low, abs(high), abs(low)))
    ]


def derived_columns(prepared: Prepared, cleaning: CleaningRecord | None) -> tuple[str, ...]:
    """Further inputs that were computed from the target: changing the target leaves them as they were."""
    made = {prepared.spec.target}
    for step in cleaning.source.cleaning.steps if cleaning else ():
        computes = isinstance(step, LagStep | MovingAverageStep | DifferenceStep | CombinationStep)
        if computes and not made.isdisjoint(step.reads):
            made.add(step.words)
    return tuple(name for name in prepared.spec.features if name in made)


def change_verdict(outcome: Outcome, *, unit: str) -> Verdict:
    """What the scenario does to the forecast, in one sentence with its numbers."""
    change = outcome.change
    at = int(np.abs(change).argmax())
    if not outcome.n_edited:
        return Verdict(
            tone="note",
            sentence="Nothing is changed yet. Draw into the window, edit the table, or paint a shape.",
        )
    edited = f"{outcome.n_edited} changed {'value' if outcome.n_edited == 1 else 'values'}"
    moved = f"{edited} move the forecast" if outcome.n_edited > 1 else f"{edited} moves the forecast"
    if not change[at]:
        return Verdict(tone="note", sentence=f"{edited}, and the forecast does not move.")
    sign = "+" if change[at] > 0 else ""
    most = f"by {sign}{amount(float(change[at]), unit)}"
    if len(change) > 1:
        most += f" at most, {at + 1} {'step' if at == 0 else 'steps'} ahead"
    tone = "caution" if any(mark.edited for mark in outcome.marks) else "note"
    numbers = f"{amount(float(outcome.before[at]))} becomes {amount(float(outcome.after[at]), unit)}"
    return Verdict(tone=tone, sentence=f"{moved} {most}: {numbers}.")


def range_verdict(outcome: Outcome, *, target: str, unit: str, labels: Sequence[str]) -> Verdict | None:
    """Where a scenario leaves the training range, in words; None when it stays inside.

    Parameters
    ----------
    target, unit : the column that is forecast, and its unit
    labels : of the rows before the forecast, oldest first
    """
    made = [mark for mark in outcome.marks if mark.edited]
    if not made:
        return None
    far = made[0]
    own = unit if far.column == target and far.of == "value" else ""
    many = "1 changed value lies" if len(made) == 1 else f"{len(made)} changed values lie"
    side, end = ("above the highest", far.high) if far.value > far.high else ("below the lowest", far.low)
    what = f"{far.column} " + (f"at {labels[-far.lag]}" if far.lag > 0 else f"{-far.lag} ahead")
    what = f"the difference that is read of {what}" if far.of == "difference" else what
    return Verdict(
        tone="caution",
        sentence=f"{many} outside what the network was trained on: {what}, {amount(far.value, own)}, is "
        f"{amount(far.deviations)} standard deviations {side} of the train rows, {amount(end, own)}. "
        "What a network says there is a guess.",
    )
