"""The draft beyond one session and one window: kept with the run, taken up again, carried over to other windows."""

import numpy as np
import streamlit as st

from lstm_core.errors import UserError
from lstm_core.evaluation.what_if.scenario import Scenario
from lstm_core.runs import scenarios
from pages._shell import present, services, state
from pages._shell.opened import OpenedRun
from pages._shell.understanding import what_if_draft
from pages._shell.understanding.what_if_draft import Desk, Draft

_STORED = "what_if_stored"


def take_up(run: OpenedRun) -> None:
    """Put on the desk what was drawn on this run before the page was loaded anew; once for a session and run."""
    if what_if_draft.is_on_desk(run):
        return
    stored, refusal = None, ""
    try:
        stored = scenarios.load_draft(services.store(), services.owner(), run.run.run_id)
    except UserError as error:
        refusal = f"What had been drawn cannot be read again. {error.message}"
    drawn = stored or Scenario()
    state.remember(_STORED, (run.run.run_id, drawn))
    what_if_draft.begin(run, Draft(scenario=drawn, taken_up=stored is not None, refusal=refusal))


def keep(run: OpenedRun) -> None:
    """Keep the draft with the run, unless a stroke is still being drawn; call it when everything else is drawn."""
    draft = what_if_draft.current(run)
    here = (run.run.run_id, draft.scenario)
    if draft.live or state.recall(_STORED, None) == here:
        return
    try:
        scenarios.save_draft(services.store(), services.owner(), run.run.run_id, draft.scenario)
    except UserError as error:
        st.caption(present.safe(f"A reload will lose what is drawn. {error.message}", limit=600))
        return
    state.remember(_STORED, here)


def say(desk: Desk, draft: Draft) -> None:
    """Where the draft comes from, when it was not drawn here and now; one click leaves the window as it was."""
    drawn_at, n_changes = draft.scenario.drawn_at, len(draft.scenario.changes) + len(draft.scenario.future)
    if not n_changes or draft.live:
        return
    elsewhere = None if drawn_at == desk.origin else drawn_at
    if not draft.taken_up and elsewhere is None:
        return
    told = []
    if draft.taken_up:
        told.append(f"Taken up again: {n_changes} {'change' if n_changes == 1 else 'changes'} you had drawn.")
    if elsewhere is not None:
        told.append(
            f"Carried over from {_place(desk.run, elsewhere)}: every change stands as many steps before the forecast "
            "as it did there, and values set by hand keep their value."
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/history: {' '.join(told)}", width="content")
        st.button(
            "Leave the window as it was",
            key="what_if_leave",
            icon=":material/layers_clear:",
            on_click=what_if_draft.reset,
            args=(desk.run,),
            help="Undo brings the changes back.",
        )
        if elsewhere is not None:
            way_back(desk, elsewhere, key="what_if_way_back")


def way_back(desk: Desk, drawn_at: int | None, *, key: str) -> None:
    """Lead to the rows that a scenario was drawn on, when others are looked at and these can be."""
    window = np.flatnonzero(desk.run.prepared.test.origins == drawn_at) + 1
    beyond = drawn_at == len(desk.run.prepared.values)
    if desk.origin == drawn_at or not (len(window) or beyond):
        return
    label = "Go to its rows, the newest" if beyond else f"Go to its test window, {window[0]}"
    if st.button(label, key=key, icon=":material/visibility:"):
        if beyond:
            state.choose(beyond=True)
        else:
            state.choose_window(int(window[0]))
        st.rerun()


def _place(run: OpenedRun, row: int) -> str:
    if row >= len(run.prepared.values):
        return "the newest rows"
    return f"the window before {present.safe(run.labels([row])[0])}"
