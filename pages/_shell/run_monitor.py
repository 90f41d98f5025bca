"""The run that is looked at, while it lives and after: state in words, loss curves, cancel."""

import pandas as pd
import streamlit as st

from lstm_core.errors import RunError
from lstm_core.figures.training import plot_losses
from lstm_core.runs.reading import best_epoch, pace, pace_text, run_verdict
from lstm_core.runs.store import Run, RunLabel
from lstm_core.training.events import RunState
from pages._shell import cached, present, services, state

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
        st.info("No run is selected. Train one, or open one from the list below.", icon=":material/info:")
        return
    told = _told(run)
    if hurries and told.epochs:
        st.rerun()
    if run.status.is_final:
        _draw_verdict(run, told)
    else:
        _draw_progress(run, told)
    # An empty frame from the start: nothing jumps when the first point arrives.
    if told.epochs or not run.status.is_final:
        _draw_curves(run, told)


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
    """Where the run is, and the button that stops it."""
    stopping = state.recall("cancelled_run", "") == run.run_id
    with st.container(horizontal=True, vertical_alignment="center"):
        if stopping:
            st.progress(pace(told, run.spec.plan).share, text="Stopping")
        elif told.started is not None:
            st.progress(pace(told, run.spec.plan).share, text=pace_text(told, run.spec.plan))
        else:
            st.progress(0.0, text=_waiting_text(run.run_id))
        st.button(
            "Cancel",
            key="cancel",
            icon=":material/stop_circle:",
            shortcut="Esc",
            disabled=stopping,
            on_click=_cancel,
            args=(run.run_id,),
        )


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


def _cancel(run_id: str) -> None:
    state.remember("cancelled_run", run_id)
    try:
        services.queue().cancel(services.owner(), run_id)
    except RunError:
        state.select_run(None)


def _draw_curves(run: Run, told: RunState) -> None:
    plan = run.spec.plan
    log = st.toggle(
        "Logarithmic loss axis",
        key=state.widget("log_loss", False),
        help="Equal distances are equal ratios: small improvements late in the training become visible.",
    )
    figure = plot_losses(
        told, theme=present.theme(), log=log, epochs_planned=plan.epochs, loss_name=plan.loss
    )
    present.show(figure, "loss_chart", alt=_alt(told), table=_table(told) if run.status.is_final else None)


def _alt(told: RunState) -> str:
    best = best_epoch(told)
    if best is None:
        return "Train and validation loss: no epoch is over yet."
    last = told.epochs[-1]
    return (
        f"Train and validation loss over {len(told.epochs)} epochs, now {last.loss:.3g} and {last.val_loss:.3g}; the "
        f"lowest validation loss is {best.val_loss:.3g} at epoch {best.epoch}."
    )


def _table(told: RunState) -> pd.DataFrame:
    rows = [(ended.epoch, ended.loss, ended.val_loss, ended.seconds) for ended in told.epochs]
    return pd.DataFrame(rows, columns=["epoch", "train loss", "validation loss", "seconds"])
