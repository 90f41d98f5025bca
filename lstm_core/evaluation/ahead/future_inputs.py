"""What the further inputs are taken to be after the last known row: a named rule, or exactly what the dates say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float

from lstm_core.arrays import SampleRows, TimeValues
from lstm_core.errors import PreparationError
from lstm_core.evaluation.ahead.derived_inputs import Derivation
from lstm_core.evaluation.baselines import repeat_last, repeat_season
from lstm_core.preparation.windows import Prepared
from lstm_core.series.cleaning import calendar_features
from lstm_core.series.cleaning.record import CleaningRecord
from lstm_core.series.cleaning.spec import CalendarStep
from lstm_core.series.record import Series

FurtherInputs = Float[np.ndarray, "*samples step further"]
"""Further inputs after a history, original units: the same for every sample, (step, further), or one for each."""

Rule = Literal["last value", "last season", "what came", "given"]
"""How further inputs go on: they repeat their last value or their last season; they are what came true (only over rows
that are known, and then it flatters the forecast); or somebody gives them, who over known rows gives what came true."""

RULE_WORDS: Mapping[Rule, str] = {
    "last value": "repeats its last value",
    "last season": "repeats its last season",
    "what came": "is what came true, which nobody knows beforehand",
    "given": "is what was given",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coming:
    """Further inputs of the rows to come, and those among them that follow the forecasts.

    Attributes
    ----------
    values : (step, further) or (sample, step, further) original units
    derived : computed from the forecasts instead, in this order
    """

    values: FurtherInputs
    derived: tuple[Derivation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FuturePlan:
    """How every further input goes on behind the last row that a forecast knows.

    Attributes
    ----------
    rule : for all columns that are not exact
    season : rows of a season, for the rule of that name
    exact : (beyond,) values of the columns that the dates determine, in the rows after the last one of the series
    given : (beyond,) values that somebody gives for the other columns in these rows, for the rule of that name
    derived : columns made of others: they follow the forecasts
    """

    rule: Rule = "last value"
    season: int = 1
    exact: Mapping[str, TimeValues] = field(default_factory=dict)
    given: Mapping[str, TimeValues] = field(default_factory=dict)
    derived: tuple[Derivation, ...] = ()

    @property
    def rows_back(self) -> int:
        """How many known rows derived columns may need before those that the network reads."""
        return max((one.rows_back for one in self.derived), default=0)

    def words(self, features: Sequence[str]) -> str:
        """Which rule was used, in words; empty without further inputs."""
        dated = [f"'{name}'" for name in features if name in self.exact]
        followed = [f"'{one.name}'" for one in self.derived]
        ruled = [f"'{name}'" for name in features if f"'{name}'" not in (*dated, *followed)]
        parts = []
        if followed:
            parts.append(
                f"{_listed(followed)} {'is' if len(followed) == 1 else 'are'} computed from the forecasts"
            )
        if dated:
            parts.append(f"{_listed(dated)} {'is' if len(dated) == 1 else 'are'} computed from the dates")
        if ruled:
            words = RULE_WORDS[self.rule]
            if self.rule == "last season":
                words += f" of {self.season} rows"
            parts.append(f"{_listed(ruled)}{', each,' if len(ruled) > 1 else ''} {words}")
        return f"After the last known row {'; '.join(parts)}." if parts else ""


def future_inputs(
    prepared: Prepared, origins: SampleRows, steps: int, plan: FuturePlan
) -> Float[np.ndarray, "sample step further"]:
    """Further inputs in the `steps` rows from each origin on, by a plan; original units.

    Parameters
    ----------
    origins : row of the first forecast value; one past the last row is allowed

    Raises
    ------
    PreparationError
        If the plan wants what came true and that is not known yet, or columns do not reach far enough.
    """
    names, derived = prepared.spec.features, {one.name for one in plan.derived}
    told = np.empty((len(origins), steps, len(names)))
    for place, name in enumerate(names):
        values = prepared.values[:, place + 1]
        if name in derived:
            told[:, :, place] = 0.0  # follows the forecasts, see `ahead.forecast_ahead`
        elif name in plan.exact or plan.rule in ("what came", "given"):
            told[:, :, place] = _looked_up(name, values, plan, origins[:, None] + np.arange(steps))
        elif plan.rule == "last season":
            told[:, :, place] = repeat_season(values, origins, steps, plan.season)
        else:
            told[:, :, place] = repeat_last(values, origins, steps)
    return told


def _looked_up(name: str, values: TimeValues, plan: FuturePlan, rows: np.ndarray) -> np.ndarray:
    """Values of a column in some rows: those of the series, and behind it those the plan holds."""
    whole = np.concatenate([values, plan.exact.get(name, plan.given.get(name, values[:0]))])
    if rows.size and rows.max() >= len(whole):
        raise PreparationError(
            f"'{name}' is not known so far ahead",
            received=f"{len(whole) - len(values)} values after the last row",
            expected=f"{int(rows.max()) + 1 - len(values)}",
            advice="Choose another rule for the further inputs, or forecast fewer steps.",
            field="future_rule",
        )
    return whole[rows]


def calendar_inputs(
    series: Series, features: Sequence[str], cleaning: CleaningRecord | None, dates: pd.Index | None
) -> dict[str, TimeValues]:
    """Further inputs that calendar steps made, computed for the dates after the last row: by name, (beyond,).

    A column counts only if the step gives the very values that the series holds; without dates there are none.
    """
    if cleaning is None or not isinstance(dates, pd.DatetimeIndex) or not series.is_dated:
        return {}
    found = dict[str, TimeValues]()
    for step in cleaning.source.cleaning.steps:
        if not isinstance(step, CalendarStep):
            continue
        held, ahead = (calendar_features.columns(step, index) for index in (series.index, dates))
        found |= {
            name: ahead[name]
            for name in features
            if name in held and np.allclose(held[name], series.column(name), atol=1e-9)
        }
    return found


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
