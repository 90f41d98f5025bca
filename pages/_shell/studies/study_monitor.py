"""A study while it lives and after: how far it is, cancel all, what was lost, and the way to each run."""

from collections.abc import Callable, Mapping

import streamlit as st

from lstm_core.errors import RunError
from lstm_core.runs.store import RunLabel
from lstm_core.study.progress import progress
from lstm_core.study.trials import Study, cancel
from lstm_core.training.events import RunState
from pages._shell import cached, present, services, state

LIVE_EVERY, IDLE_EVERY = 1.0, 2.5
"""Seconds between two looks: at growing curves, or only at whether another tab has changed something."""
Told = dict[str, RunState]
"""State with the curve, by run id."""


def draw(found: Study, draw_more: Callable[[Told], None] | None = None) -> None:
    """Draw how far a study is and keep looking; `draw_more` draws what grows with it."""
    every = LIVE_EVERY if found.live else IDLE_EVERY
    st.fragment(_watch, run_every=every)(found, draw_more, services.store().labels(services.owner()))


def _watch(found: Study, draw_more: Callable[[Told], None] | None, seen: list[RunLabel]) -> None:
    if services.store().labels(services.owner()) != seen:
        st.rerun()  # a run has begun or ended: the verdict and the tables outside change too
    told = _told(found)
    if found.live:
        _draw_progress(found, told)
    if draw_more is not None:
        draw_more(told)


def _told(found: Study) -> Told:
    run_ids = tuple(run.run_id for run in found.runs)
    logs = cached.run_logs(services.owner(), run_ids, services.store())
    try:
        states = [log.state if log.state.status.is_final else log.refresh() for log in logs]
    except RunError:
        st.rerun()  # deleted in another tab since the page began
    return dict(zip(run_ids, states, strict=True))


def _draw_progress(found: Study, told: Told) -> None:
    now = progress(found, told, slots=services.settings().slots)
    stopping = state.recall("cancelled_study", "") == found.study
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(now.share, text="Stopping" if stopping else now.text)
        st.button(
            "Cancel all",
            key="cancel_all",
            icon=":material/stop_circle:",
            shortcut="Esc",
            disabled=stopping,
            on_click=_cancel,
            args=(found,),
            help="Stops the runs that are not over. Those that are done keep their results.",
        )


def _cancel(found: Study) -> None:
    state.remember("cancelled_study", found.study)
    try:
        cancel(services.queue(), services.owner(), found)
    except RunError as error:
        state.remember("run_problem", error.message)


def draw_lost(found: Study, names: Mapping[str, str]) -> None:
    """Name the runs that are over without a result, and say why.

    Parameters
    ----------
    names : what each run is called here, by run id
    """
    if not found.lost:
        return
    told = [f"{names[run.run_id]} {run.status}. {run.state.message}".strip() for run in found.lost]
    counted = f"{len(found.lost)} of {len(found.runs)} runs {'has' if len(told) == 1 else 'have'} no result"
    sentence = f"{counted} and count in no number here: {' '.join(told)}"
    present.verdict("caution", present.safe(sentence, limit=2000))


def draw_opener(label: str, names: Mapping[str, str], key: str) -> None:
    """Let one run be opened: every other page then shows it.

    Parameters
    ----------
    names : what each run is called here, by run id
    key : of the pills, another one on every page
    """
    selected = state.journey().selected_run
    st.pills(
        label,
        list(names),
        format_func=lambda run_id: names.get(run_id, "gone"),
        key=state.follow(key, selected if selected in names else None),
        on_change=state.select_run_from,
        args=(key,),
        help="Forecast, residuals, sensitivity and gates show the run that is open.",
    )
