"""What if: the forecast of a history that a scenario changed, beside the one of the history as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import Window
from lstm_core.errors import RunError
from lstm_core.evaluation.forecast import Predictor
from lstm_core.evaluation.scenario import Scenario, apply_scenario
from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.preparation.histories import from_outputs, histories, to_inputs
from lstm_core.preparation.windows import Prepared
from lstm_core.recipe.transform import transform_target
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import CombinationStep, DifferenceStep, LagStep, MovingAverageStep

Steps = Float[np.ndarray, "horizon"]
ROUNDING = 1e-9
"""Share of the train range that a value may lie outside it by rounding: it went through a transform and back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A value outside the range of the train rows: the network has never read one like it.

    Attributes
    ----------
    column : name
    lag : steps before the forecast, 1 is the newest row; of a further input that is known ahead 0 or below
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
    before, after : (horizon,) the forecast of the rows as they were, and as the scenario makes them
    marks : values outside the training range, those of the scenario first, the farthest of each first
    """

    scenario: Scenario
    read_before: Window
    read_after: Window
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
        return int((self.read_before != self.read_after).sum())


def try_out(predict: Predictor, prepared: Prepared, scenario: Scenario, *, origin: int) -> Outcome:
    """Forecast from an origin with and without a scenario.

    Both are forecast alone, as a batch of one: so a scenario that changes nothing moves nothing, to the last bit.

    Parameters
    ----------
    origin : row of the first forecast value; one past the last row forecasts what comes after the data

    Raises
    ------
    PreparationError
        If the scenario does not fit (`apply_scenario`), or makes values that a logarithm does not know.
    RunError
        If a forecast is not a number.
    """
    before = histories(prepared, np.array([origin]))
    after = apply_scenario(prepared, scenario, before[0])[None]
    forecasts = [_forecast(predict, prepared, known) for known in (before, after)]
    return Outcome(
        scenario=scenario,
        read_before=before[0],
        read_after=after[0],
        before=forecasts[0],
        after=forecasts[1],
        marks=outside_range(prepared, before[0], after[0]),
    )


def _forecast(predict: Predictor, prepared: Prepared, known: np.ndarray) -> Steps:
    said = np.asarray(predict(to_inputs(prepared, known)))
    with np.errstate(over="ignore", invalid="ignore"):  # refused below, in words
        told = from_outputs(prepared, said, known)[0]
    if not np.isfinite(told).all():
        raise RunError(
            "The forecast of this scenario is not a number",
            advice="Undo the last change, or make it smaller.",
            field="what_if_size",
        )
    return told


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
    return tuple(sorted(marks, key=lambda mark: (not mark.edited, -mark.deviations)))


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
    what = f"{far.column} at {labels[-far.lag]}"
    what = f"the difference that is read of {what}" if far.of == "difference" else what
    return Verdict(
        tone="caution",
        sentence=f"{many} outside what the network was trained on: {what}, {amount(far.value, own)}, is "
        f"{amount(far.deviations)} standard deviations {side} of the train rows, {amount(end, own)}. "
        "What a network says there is a guess.",
    )
