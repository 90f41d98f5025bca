"""The run that is looked at, while it lives and after: state in words, buttons, curves."""

import streamlit as st

from lstm_core.errors import RunError
from lstm_core.runs.reading import live_text, pace, run_verdict
from lstm_core.runs.store import Run, RunLabel
from lstm_core.training.events import RunState, Status, Wish
from pages._shell import cached, present, services
from pages._shell.diagnosis import doctor_findings
from pages._shell.network import run_curves, run_steering

FIRST_EVERY = 0.5
LIVE_EVERY = 1.0
IDLE_EVERY = 2.5
"""Seconds between two looks: for the first point of a curve, at a live curve, or only at whether another tab has
changed something."""


def draw(run: Run | None) -> None:
    """Draw a run and keep looking: the curve grows, and what other tabs do shows up here."""
    every, hurries = IDLE_EVERY, False
    if run is not None and not run.status.is_final:
        hurries = not _told(run).epochs
        every = FIRST_EVERY if hurries else LIVE_EVERY
    st.fragment(_watch, run_every=every)(run, services.store().labels(services.owner()), hurries=hurries)


def _watch(run: Run | None, seen: list[RunLabel], *, hurries: bool) -> None:
    if services.store().labels(services.owner()) != seen:
        st.rerun()
    if run is None:
        way_on = "Train one, or open one from the list below." if seen else "Your first training shows here."
        present.verdict("note", f"No run is selected. {way_on}")
        return
    told = _told(run)
    if hurries and told.epochs:
        st.rerun()
    if run.status.is_final:
        _draw_verdict(run, told)
        doctor_findings.beside_curve(run, told)
    else:
        _draw_progress(run, told)
    # An empty frame from the start: nothing jumps when the first point arrives.
    if told.epochs or not run.status.is_final:
        run_curves.draw(run, told)


def _told(run: Run) -> RunState:
    try:
        return cached.run_log(run.owner, run.run_id, services.store()).refresh()
    except RunError:
        st.rerun()  # deleted in another tab since the page began


def _draw_verdict(run: Run, told: RunState) -> None:
    unit = ""
    if told.finished is not None:
        series = cached.run_series(run.owner, run.spec.series_fingerprint, services.store())
        unit = series.unit if run.spec.preparation.target == series.columns[0] else ""
    verdict = run_verdict(run, told, unit)
    present.verdict(verdict.tone, present.safe(verdict.sentence, limit=2000))


def _draw_progress(run: Run, told: RunState) -> None:
    """Where the run is, and the buttons that steer it."""
    st.progress(pace(told, run.spec.plan).share, text=_progress_text(run, told))
    run_steering.draw(run, has_epochs=bool(told.epochs))


def _progress_text(run: Run, told: RunState) -> str:
    waits = run.status in (Status.QUEUED, Status.STARTING)
    if waits and run.wish is not Wish.CANCEL:
        return _waiting_text(run.run_id)
    return live_text(run, told, hold_seconds=services.settings().pause_hold_seconds)


def _waiting_text(run_id: str) -> str:
    queue = services.queue()
    position = queue.position(run_id)
    if position is not None:
        slots = services.settings().slots
        at_once = "one training at a time" if slots == 1 else f"{slots} trainings at the same time"
        return f"Waiting, position {position} in the queue. This computer runs {at_once}."
    if queue.n_warm == 0:
        return "Starting a worker. The first one takes some seconds to load TensorFlow."
    return "Starting"
