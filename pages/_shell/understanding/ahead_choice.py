"""Choices of the Ahead page: how many steps, what is fed back, and how the further inputs go on."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.arrays import TimeValues
from lstm_core.diagnostics.seasonality import baseline_season
from lstm_core.evaluation.ahead.closed_loop import Loop
from lstm_core.evaluation.ahead.derived_inputs import Derivation, derivations
from lstm_core.evaluation.ahead.future_inputs import FuturePlan, Rule, calendar_inputs
from lstm_core.evaluation.ahead.outlook import next_rows
from lstm_core.evaluation.ahead.recursion import count_needed
from lstm_core.evaluation.table import times_of
from lstm_core.figures.ahead import BASELINES
from pages._shell import cached, present, state
from pages._shell.opened import OpenedRun

MOST_STEPS = 1000
FEW_STEPS = 30
"""Steps that can always be asked for."""
USUAL_STEPS = 12
"""Steps to begin with where the network itself forecasts only one."""
_LABELS: dict[Rule, str] = {
    "last value": "Repeat the last value",
    "last season": "Repeat the last season",
    "given": "I give them",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bearings:
    """What the steps to come depend on besides the choices.

    Attributes
    ----------
    season : rows of the season that baselines repeat, 1 for none
    index : dates or numbers of as many rows as can be asked for
    exact : further inputs that the dates determine, for these rows
    derived : further inputs that follow the forecasts
    """

    season: int
    index: pd.Index
    exact: dict[str, TimeValues]
    derived: tuple[Derivation, ...]

    def plan(self, rule: Rule, given: dict[str, TimeValues]) -> FuturePlan:
        """Plan with a rule for whatever else there is."""
        return FuturePlan(rule=rule, season=self.season, exact=self.exact, derived=self.derived, given=given)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chosen:
    """A loop, with the bearings it was chosen in, a key for caches, and the baselines it is compared with."""

    loop: Loop
    bearings: Bearings
    key: tuple[object, ...]
    beside: tuple[str, ...]


def choose(run: OpenedRun) -> Chosen:
    """Draw the controls and return what they say."""
    bearings = cached.worked_out(run.run.run_id, "bearings", (), partial(_take_bearings, run))
    most, horizon = len(bearings.index), run.horizon
    fed_back = None
    usual = horizon if horizon > 1 else _usual_steps(run, bearings)
    steps = st.slider(
        "Steps ahead",
        1,
        most,
        key=state.widget("ahead_steps", usual),
        help="How many rows beyond the last known one. The network itself forecasts "
        f"{horizon}; whatever lies further is forecast from its own forecasts.",
    )
    if horizon > 1:
        said = st.segmented_control(
            "Feed back",
            ("Whole horizon", "One step"),
            key=state.widget("ahead_feedback", "Whole horizon"),
            required=True,
            help=f"Whole horizon: all {horizon} forecast rows are taken for true, then the window moves on behind "
            "them. One step: only the next row is, and the network forecasts again.",
        )
        fed_back = 1 if said == "One step" else None
    plan = _choose_plan(run, bearings, count_needed(run.prepared, steps, fed_back=fed_back))
    given = tuple(values.tobytes() for values in plan.given.values())
    return Chosen(
        loop=Loop(steps=steps, fed_back=fed_back, plan=plan),
        bearings=bearings,
        key=(steps, fed_back, plan.rule, given),
        beside=_choose_baselines(bearings),
    )


def _choose_baselines(bearings: Bearings) -> tuple[str, ...]:
    """Ask which baselines are shown; the others are not even computed."""
    options = [key for key in BASELINES if key != "seasonal_naive" or bearings.season > 1]
    chosen = st.pills(
        "Compare with",
        options,
        selection_mode="multi",
        format_func=lambda key: BASELINES[key][0],
        key=state.widget("ahead_beside", [key for key in options if "naive" in key]),
        help="Naive repeats the last value, seasonal naive the last season. Linear AR reads what the network reads and "
        "is fed its own forecasts, too. ETS and Theta are exponential smoothing: fitted once on the train rows, they "
        "forecast any number of steps at once.",
    )
    return tuple(key for key in options if key in chosen)


def _usual_steps(run: OpenedRun, bearings: Bearings) -> int:
    """A season, or a dozen; fewer where validation and test part are too short to be run over several times."""
    shortest = min(len(run.prepared.split.validation), len(run.prepared.split.test))
    asked = bearings.season if bearings.season > 1 else USUAL_STEPS
    return max(min(asked, shortest // 2, len(bearings.index)), 1)


def _take_bearings(run: OpenedRun) -> Bearings:
    prepared, series = run.prepared, run.series
    train = prepared.values[: prepared.split.train.stop, 0]
    season = baseline_season(train, series.period).length
    index = next_rows(series, min(max(5 * run.horizon, 3 * season, FEW_STEPS), MOST_STEPS))
    cleaning, spec = run.run.spec.cleaning, prepared.spec
    return Bearings(
        season=season,
        index=index,
        exact=calendar_inputs(series, spec.features, cleaning, index),
        derived=derivations(series, spec.columns, cleaning),
    )


def _choose_plan(run: OpenedRun, bearings: Bearings, n_needed: int) -> FuturePlan:
    """Ask how the further inputs go on that the dates do not determine, where any is read at all."""
    known = {*bearings.exact, *(one.name for one in bearings.derived)}
    features = [name for name in run.prepared.spec.features if name not in known]
    if not features or not n_needed:
        return bearings.plan("last value", {})
    rules: tuple[Rule, ...] = (
        "last value",
        *(("last season",) if bearings.season > 1 else ()),
        "given",
    )
    if not state.still_offers("ahead_rule", rules):
        state.forget_widgets("ahead_rule")
    rule = st.segmented_control(
        "Further inputs after the last row",
        rules,
        format_func=_LABELS.__getitem__,
        key=state.widget("ahead_rule", "last value"),
        required=True,
        help="Nobody has measured them yet. A forecast fed back needs them all the same: "
        + ", ".join(present.safe(name) for name in features),
    )
    given = _ask(run, bearings, features, n_needed) if rule == "given" else {}
    return bearings.plan(rule or "last value", given)


def _ask(run: OpenedRun, bearings: Bearings, features: list[str], n_needed: int) -> dict[str, TimeValues]:
    last = {name: np.full(n_needed, run.series.column(name)[-1]) for name in features}
    times = times_of(run.series, bearings.index[:n_needed]).astype(str)
    st.caption("Write what you expect of every row to come; each begins at the last known value.")
    table = st.data_editor(
        pd.DataFrame({"Time": times, **last}),
        hide_index=True,
        disabled=["Time"],
        key=f"ahead_given_{n_needed}",
        height=240,
    )
    return {name: table[name].to_numpy(dtype=np.float64) for name in features}
