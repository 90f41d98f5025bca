"""The draft beyond one session and one window: kept with the run, taken up again, carried over to other windows."""

from functools import partial

import numpy as np
import streamlit as st

from lstm_core.errors import UserError
from lstm_core.evaluation.what_if.scenario import Scenario
from lstm_core.runs import scenarios
from lstm_core.runs.scenarios import KeptDraft
from lstm_core.runs.store import RunStore
from pages._shell import present, services, state
from pages._shell.opened import OpenedRun
from pages._shell.understanding import what_if_draft
from pages._shell.understanding.what_if_draft import Desk, Draft

_STORED = "what_if_stored"


def take_up(run: OpenedRun) -> None:
    """Put on the desk what was drawn on this run before the page was loaded anew; once for a session and run."""
    if what_if_draft.is_on_desk(run):
        return
    refusal = ""
    try:
        kept = scenarios.load_draft(*_where(run))
    except UserError as error:
        refusal = f"What had been drawn cannot be read again. {error.message}"
        kept = KeptDraft(scenario=Scenario(), mark=_mark(run))
    drawn = kept.scenario
    draft = Draft(scenario=drawn, past=kept.past, taken_up=_count(drawn) > 0, refusal=refusal)
    what_if_draft.begin(run, draft)
    _know(run, kept.mark, draft)


def keep(run: OpenedRun) -> None:
    """Keep the draft with the run, unless a stroke is still being drawn; call it when everything else is drawn.

    What another tab has kept meanwhile is not replaced before somebody chose; see `say`.
    """
    draft = what_if_draft.current(run)
    run_id, _, drawn = state.recall(_STORED, ("", "", None))
    if draft.live or (run_id, drawn) == (run.run.run_id, _drawn(draft)) or _from_elsewhere(run):
        return
    try:
        mark = scenarios.save_draft(*_where(run), draft.scenario, draft.past)
    except UserError as error:
        st.caption(present.safe(f"A reload will lose what is drawn. {error.message}", limit=600))
        return
    _know(run, mark, draft)


def _where(run: OpenedRun) -> tuple[RunStore, str, str]:
    return services.store(), services.owner(), run.run.run_id


def _drawn(draft: Draft) -> scenarios.Scenarios:
    return (*draft.past, draft.scenario)


def _know(run: OpenedRun, mark: str, draft: Draft | None) -> None:
    """Remember what is stored, and the drawing of this session that it is; None when it is another one."""
    state.remember(_STORED, (run.run.run_id, mark, draft and _drawn(draft)))


def _mark(run: OpenedRun) -> str:
    try:
        return scenarios.draft_mark(*_where(run))
    except UserError:
        return ""  # the run is gone: keeping the next change says so


def _from_elsewhere(run: OpenedRun) -> KeptDraft | None:
    """What another tab has kept since this session last looked; None when that is what is drawn here, too."""
    run_id, mark, _ = state.recall(_STORED, ("", "", None))
    if run_id != run.run.run_id or _mark(run) == mark:
        return None
    try:
        kept = scenarios.load_draft(*_where(run))
    except UserError:
        return None
    draft = what_if_draft.current(run)
    if kept.scenario != draft.scenario:
        return kept
    _know(run, kept.mark, draft)
    return None


def _say_elsewhere(run: OpenedRun) -> None:
    """Offer what another tab has drawn; nobody's drawing is replaced unless somebody says so."""
    kept = _from_elsewhere(run)
    if kept is None:
        return
    present.verdict(
        "caution",
        f"This run was drawn on in another tab meanwhile: {_changes(_count(kept.scenario))} there. "
        "What you draw here outlives a reload only after you have chosen which drawing to go on with.",
    )

    def choose(*, take: bool) -> None:
        _know(run, kept.mark, None)
        if take:
            what_if_draft.put(run, kept.scenario)

    with st.container(horizontal=True):
        st.button(
            "Go on with the other drawing",
            key="what_if_take_other",
            icon=":material/sync:",
            on_click=partial(choose, take=True),
            help="Undo brings back what is drawn here.",
        )
        st.button(
            "Go on with this one",
            key="what_if_keep_this",
            icon=":material/check:",
            on_click=partial(choose, take=False),
            help="The other drawing stays in its tab, which then asks the same.",
        )


def _count(scenario: Scenario) -> int:
    return len(scenario.changes) + len(scenario.future)


def _changes(n: int) -> str:
    return "1 change" if n == 1 else f"{n or 'no'} changes"


def say(desk: Desk, draft: Draft) -> None:
    """Where the draft comes from, when it was not drawn here and now; one click leaves the window as it was."""
    drawn_at, n_changes = draft.scenario.drawn_at, _count(draft.scenario)
    if not draft.live:
        _say_elsewhere(desk.run)
    if not n_changes or draft.live:
        return
    elsewhere = None if drawn_at == desk.origin else drawn_at
    if not draft.taken_up and elsewhere is None:
        return
    told = []
    if draft.taken_up:
        told.append(f"Taken up again: {_changes(n_changes)} you had drawn.")
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
