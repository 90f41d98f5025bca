"""What if: the forecast of a history that a scenario changed, beside the one of the history as it was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import Window
from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.derived_inputs import Derivation
from lstm_core.evaluation.ahead.future_inputs import Coming, FuturePlan, future_inputs
from lstm_core.evaluation.ahead.recursion import count_needed, forecast_ahead
from lstm_core.evaluation.forecast import Predictor
from lstm_core.evaluation.what_if.scenario import Scenario, check_size, edit
from lstm_core.preparation.histories import HistoryValues, histories
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
    n_edited : how many values the scenario itself changes, without those of columns that follow others
    """

    scenario: Scenario
    read_before: Window
    read_after: Window
    future_before: Future
    future_after: Future
    before: Steps
    after: Steps
    marks: tuple[Mark, ...]
    n_edited: int

    @property
    def change(self) -> Steps:
        """Forecast after minus forecast before."""
        return self.after - self.before


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
        value. Its derived columns follow those they are made of, in the rows before the forecast and behind them

    Raises
    ------
    PreparationError
        If the scenario does not fit (`apply_scenario`), or makes values that a logarithm does not know.
    RunError
        If a forecast is not a number.
    """
    steps, plan = steps or prepared.spec.window.horizon, plan or FuturePlan()
    before = histories(prepared, np.array([origin]))
    changed, own = edit(prepared, scenario, before[0], plan.derived)
    assumed = future_inputs(prepared, np.array([origin]), count_needed(prepared, steps), plan)[0]
    given = apply_future(prepared, scenario, assumed, plan.derived)
    earlier = before[:, :0]
    if len(assumed):
        earlier = histories(prepared, np.array([origin]), further_back=plan.rows_back)[:, : plan.rows_back]
    (told, ahead), (told_after, ahead_after) = (
        _go_on(
            predict,
            prepared,
            np.concatenate([earlier, known], axis=1),
            steps,
            Coming(values=further, derived=plan.derived),
        )
        for known, further in ((before, assumed), (changed[None], given))
    )
    marks = (*outside_range(prepared, before[0], changed), *_ahead_of_range(prepared, ahead, ahead_after))
    return Outcome(
        scenario=scenario,
        read_before=before[0],
        read_after=changed,
        future_before=ahead,
        future_after=ahead_after,
        before=told,
        after=told_after,
        marks=tuple(sorted(marks, key=lambda mark: (not mark.edited, -mark.deviations))),
        n_edited=int(own.sum() + (assumed != given).sum()),
    )


def _go_on(
    predict: Predictor, prepared: Prepared, known: HistoryValues, steps: int, coming: Coming
) -> tuple[Steps, Future]:
    """Forecast from one history, and the further inputs that were read on the way."""
    n_needed, start = coming.values.shape[-2], known.shape[1]
    if not n_needed:
        return forecast_ahead(predict, prepared, known, steps)[0], coming.values
    told = forecast_ahead(predict, prepared, known, steps, further=coming)
    whole = np.zeros((1, start + n_needed, known.shape[2]))
    whole[:, :start], whole[:, start:, 0], whole[:, start:, 1:] = known, told[:, :n_needed], coming.values
    for one in coming.derived:
        one.fill(whole, start, start + n_needed)
    return told[0], whole[0, start:, 1:]


def apply_future(
    prepared: Prepared, scenario: Scenario, assumed: Future, derived: Sequence[Derivation] = ()
) -> Future:
    """Further inputs after the last known row, as a scenario gives them; those that are never read are left out.

    Raises
    ------
    PreparationError
        If the scenario gives a column that is no further input of the run or that follows others, or an absurd value.
    """
    given, names, following = assumed.copy(), prepared.spec.features, {one.name for one in derived}
    for one in scenario.future:
        if one.column not in names:
            raise PreparationError(
                "A scenario gives a column ahead that is no further input of this network",
                received=one.column,
                expected=f"one of {', '.join(names)}" if names else "nothing: it reads the target alone",
                field="what_if_future",
            )
        if one.column in following:
            raise PreparationError(
                f"A scenario gives '{one.column}' ahead, which is computed from the forecasts",
                advice="Switch off that computed inputs follow, or give another column.",
                field="what_if_future",
            )
        if one.step <= len(given):
            given[one.step - 1, names.index(one.column)] = one.value
    for place, name in enumerate(names):
        if name not in following:
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

    Of a target with differences, the differences that the network reads are looked at in place of the values: a value
    inside the range can make a jump that no train row had, and one far outside can be reached by steps that all did.

    Parameters
    ----------
    before, after : (reach, feature) original units, oldest first
    """
    spec, train = prepared.spec, prepared.values[: prepared.split.train.stop]
    length, marks = spec.window.length, list[Mark]()
    for feature, column in enumerate(spec.columns):
        if feature == 0 and spec.transform.lags:
            continue  # the network reads its differences, below
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
    """Further inputs that were computed from the target, whether they can follow it or not."""
    made = {prepared.spec.target}
    for step in cleaning.source.cleaning.steps if cleaning else ():
        computes = isinstance(step, LagStep | MovingAverageStep | DifferenceStep | CombinationStep)
        if computes and not made.isdisjoint(step.reads):
            made.add(step.words)
    return tuple(name for name in prepared.spec.features if name in made)
