"""What the What-if page asks before anything is drawn: which rows, which column, how far ahead."""

import streamlit as st

from lstm_core.evaluation.ahead.derived_inputs import Derivation, derivations
from lstm_core.evaluation.ahead.future_inputs import FuturePlan, calendar_inputs
from lstm_core.evaluation.ahead.outlook import next_rows
from pages._shell import present, state, window_choice
from pages._shell.opened import OpenedRun
from pages._shell.understanding.what_if_draft import Desk

MOST_STEPS = 200
_PLACES = {"window": "A test window", "end": "After the last row"}


def choose(run: OpenedRun) -> Desk:
    """Rows to change, column under the pencil, steps ahead; what has only one choice is not asked."""
    columns, horizon = run.prepared.spec.columns, run.horizon
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = st.segmented_control(
            "Forecast of",
            list(_PLACES),
            format_func=_PLACES.__getitem__,
            required=True,
            key=state.follow("what_if_place", "end" if state.journey().beyond else "window"),
            on_change=state.choose_place_from_widget,
            args=("what_if_place", "end"),
            help="A test window has a truth to compare with. After the last row nobody knows it yet.",
        )
        origin = len(run.prepared.values)
        if place == "window":
            window = window_choice.choose(run, page="what_if", help="Which window is changed, oldest first.")
            origin = int(run.prepared.test.origins[window])
        column = columns[0]
        if len(columns) > 1:
            column = st.selectbox(
                "Column under the pencil",
                columns,
                key=state.widget("what_if_column", columns[0]),
                help="The target's own past comes first, then every further input.",
            )
        steps = st.number_input(
            "Steps ahead",
            1,
            MOST_STEPS,
            key=state.widget("what_if_steps", horizon),
            help=f"The network forecasts {horizon} at once. Further steps are forecast from its own forecasts, fed "
            "back to it; further inputs then have to be known ahead.",
        )
        followed = _followed(run)
    plan = _plan(run, origin + int(steps), followed)
    return Desk(run=run, origin=origin, column=column, steps=int(steps), plan=plan)


def _followed(run: OpenedRun) -> tuple[Derivation, ...]:
    """Columns that follow those they are made of, unless a person wants them left."""
    made = derivations(run.series, run.prepared.spec.columns, run.run.spec.cleaning)
    if not made:
        return ()
    follow = st.toggle(
        "Computed inputs follow",
        key=state.widget("what_if_follow", value=True),
        help="Made of other columns when the data were cleaned: "
        f"{', '.join(present.safe(one.name) for one in made)}. On: a change of those columns changes these, too, and "
        "ahead they are computed from the forecasts. Off: they stay as they were until you change them.",
    )
    return made if follow else ()


def _plan(run: OpenedRun, stop: int, followed: tuple[Derivation, ...]) -> FuturePlan:
    """Calendar columns by the dates, all others by their last value: no row that is not known yet is looked at."""
    features = run.prepared.spec.features
    if not features:
        return FuturePlan()
    dates = next_rows(run.series, max(stop - run.series.n_rows, 1))
    exact = calendar_inputs(run.series, features, run.run.spec.cleaning, dates)
    return FuturePlan(exact=exact, derived=followed)
