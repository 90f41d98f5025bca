"""Page: draw into a window and see the forecast and the gates follow."""

import streamlit as st

from lstm_core.evaluation.what_if import outcome, scenario
from pages._shell import present, state, time_slider
from pages._shell.understanding import (
    draft_memory,
    future_panel,
    scenario_panel,
    what_if_bench,
    what_if_controls,
    what_if_gates,
)
from pages._shell.understanding.what_if_draft import Desk

present.heading("What-if", "What would the network forecast, had the past been different?")
run = time_slider.require("what_if")
if state.recall("what_if_run", "") != run.run.run_id:
    state.forget_widgets("what_if_", "scenario_")
    state.remember("what_if_run", run.run.run_id)
    scenario_panel.forget()
draft_memory.take_up(run)


@st.fragment
def bench(desk: Desk) -> None:
    """Everything that follows the pencil; the rest of the page stands still meanwhile."""
    places = [st.container() for _ in range(4)]  # a section keeps its place when the one above it grows
    with places[0]:
        tried = what_if_bench.draw(desk)
    for place, section in zip(places[1:], (future_panel, what_if_gates, scenario_panel), strict=True):
        with place:
            section.draw(desk, tried)
    draft_memory.keep(desk.run)


bench(what_if_controls.choose(run))

present.explain(
    means="The network reads the changed window as if it had happened, and forecasts from it. Inputs computed from "
    "what you change follow it; nothing else is changed and nothing is trained. The difference between both forecasts "
    "is what your change is worth to this network.",
    misleads="It says what this network would forecast, not what the world would do: a change in the past moves other "
    "things too, which the window does not show. Outside the training range, or with a shape that never occurred, "
    "the network guesses.",
)
present.code(
    [scenario.apply_scenario, scenario.paint, outcome.try_out, outcome.outside_range],
    run.prepared.settings,
)
present.next_step(
    "pages/time_machine.py", "Slide through the training", "Would an earlier epoch have answered otherwise?"
)
