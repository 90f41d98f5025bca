"""The losses of a repetition as bands, while it lives and after."""

from functools import partial

import streamlit as st

from lstm_core.figures.seeds import plot_loss_bands
from lstm_core.study.bands import LossBand, loss_band
from lstm_core.study.repetition import Repetition
from lstm_core.study.table import loss_table
from pages._shell import live_chart, present, state
from pages._shell.studies import study_monitor
from pages._shell.studies.study_monitor import Told


def draw(found: Repetition) -> None:
    """Draw how far it is and the loss bands, and keep looking."""
    study_monitor.draw(found, partial(_draw_losses, found))


def _draw_losses(found: Repetition, told: Told) -> None:
    st.subheader("Loss", anchor=False)
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
    bands = partial(
        plot_loss_bands,
        theme=present.theme(),
        log=log,
        epochs_shown=plan.epochs if found.live else longest,
        loss_name=plan.loss,
    )
    alt = _alt(band, len(shown))
    if found.live:
        live_chart.show(bands(band), bands(loss_band({})), "seeds_loss_chart", alt=alt)
    else:
        present.show(
            bands(band), "seeds_loss_chart", alt=alt, table=lambda: loss_table(loss_band(shown, most=None))
        )
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
