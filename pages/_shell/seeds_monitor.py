"""A repetition while it lives and after: how far it is, the loss as bands, cancel all."""

import streamlit as st

from lstm_core.errors import RunError
from lstm_core.figures.seeds import plot_loss_bands
from lstm_core.runs.store import RunLabel
from lstm_core.study.bands import LossBand, loss_band
from lstm_core.study.progress import progress
from lstm_core.study.repetition import Repetition
from lstm_core.study.table import loss_table
from lstm_core.study.trials import cancel
from lstm_core.training.events import RunState
from pages._shell import cached, present, services, state

LIVE_EVERY, IDLE_EVERY = 1.0, 2.5
"""Seconds between two looks: at growing curves, or only at whether another tab has changed something."""


def draw(found: Repetition) -> None:
    """Draw the loss bands and keep looking."""
    every = LIVE_EVERY if found.live else IDLE_EVERY
    st.fragment(_watch, run_every=every)(found, services.store().labels(services.owner()))


def _watch(found: Repetition, seen: list[RunLabel]) -> None:
    if services.store().labels(services.owner()) != seen:
        st.rerun()  # a run has begun or ended: the verdict and the tables outside change too
    told = _told(found)
    if found.live:
        _draw_progress(found, told)
    st.subheader("Loss", anchor=False)
    _draw_losses(found, told)


def _told(found: Repetition) -> dict[str, RunState]:
    run_ids = tuple(run.run_id for run in found.runs)
    logs = cached.run_logs(services.owner(), run_ids, services.store())
    try:
        states = [log.state if log.state.status.is_final else log.refresh() for log in logs]
    except RunError:
        st.rerun()  # deleted in another tab since the page began
    return dict(zip(run_ids, states, strict=True))


def _draw_progress(found: Repetition, told: dict[str, RunState]) -> None:
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


def _cancel(found: Repetition) -> None:
    state.remember("cancelled_study", found.study)
    try:
        cancel(services.queue(), services.owner(), found)
    except RunError as error:
        state.remember("run_problem", error.message)


def _draw_losses(found: Repetition, told: dict[str, RunState]) -> None:
    shown = {
        seed: told[run.run_id]
        for seed, run in zip(found.seeds, found.runs, strict=True)
        if run not in found.lost
    }
    plan, band = found.spec.plan, loss_band(shown)
    longest = int(band.epochs[-1]) if len(band.epochs) else 1
    log = st.toggle(
        "Logarithmic loss axis",
        key=state.widget("log_seeds", False),
        help="Equal distances are equal ratios: small improvements late in the training become visible.",
    )
    figure = plot_loss_bands(
        band,
        theme=present.theme(),
        log=log,
        epochs_shown=plan.epochs if found.live else longest,
        loss_name=plan.loss,
    )
    table = None if found.live else lambda: loss_table(loss_band(shown, most=None))
    present.show(figure, "seeds_loss_chart", alt=_alt(band, len(shown)), table=table)
    st.caption(_how_the_band_is_made(band, longest, is_live=bool(found.live)))


def _how_the_band_is_made(band: LossBand, longest: int, *, is_live: bool) -> str:
    sentence = (
        "Line: median of the runs; band: from the lowest to the highest. A diamond is a seed's best epoch."
    )
    if not len(band.epochs) or band.n_together == longest:
        return sentence
    fewer = "not all runs that have begun are so far yet" if is_live else "some runs had stopped early"
    return (
        f"{sentence} After epoch {band.n_together} {fewer}, and the line is dotted: it tells only of the runs that "
        "went on. A run is never drawn beyond its last epoch."
    )


def _alt(band: LossBand, n_runs: int) -> str:
    if not len(band.epochs):
        return f"Losses of {n_runs} seeds: no epoch is over yet."
    at = int((band.epochs <= band.n_together).sum()) - 1
    return (
        f"Train and validation loss of {n_runs} seeds as bands over {band.epochs[-1]} epochs. At epoch "
        f"{band.n_together}, the last that all have trained, the validation loss lies between "
        f"{band.validation.low[at]:.3g} and {band.validation.high[at]:.3g}."
    )
