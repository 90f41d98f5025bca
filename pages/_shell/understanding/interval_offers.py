"""What a method of intervals still needs, and the button that trains it."""

import secrets

import streamlit as st

from lstm_core.errors import UserError
from lstm_core.evaluation.intervals.bands import Method
from lstm_core.preparation.quantiles import check_quantiles
from lstm_core.runs.admission import admit
from lstm_core.runs.reading import duration
from lstm_core.study.progress import seconds_of
from lstm_core.study.quantiles import edge_quantiles, pair_study, quantile_trials
from lstm_core.study.trials import start_trials
from pages._shell import cached, present, services
from pages._shell.network import run_start
from pages._shell.opened import OpenedRun
from pages._shell.studies import study_monitor
from pages._shell.understanding.interval_bands import RunBands

SHARE = 0.2
"""Dropout that is offered to a network without any."""


def draw(made: RunBands, method: Method, level: float) -> None:
    """Say why there are no bands of this method, and offer to train what they need."""
    try:
        if method == "dropout":
            _offer_dropout(made.run)
        else:
            check_quantiles(made.run.prepared.spec)
            _offer_quantiles(made, level)
    except UserError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))


def _offer_dropout(run: OpenedRun) -> None:
    present.verdict(
        "note",
        "This network was trained without dropout, so nothing can be left out at random. The same network with dropout "
        "is another run: it may forecast a little better or worse than this one.",
    )
    layers = tuple(layer.model_copy(update={"dropout": SHARE}) for layer in run.run.spec.network.layers)
    network = run.run.spec.network.model_copy(update={"layers": layers})
    spec = run.run.spec.model_copy(update={"network": network})
    seconds = admit(spec, run.series, services.settings()).cost.seconds
    if st.button(
        f"Train the same with dropout {SHARE:g}",
        key="train_dropout",
        icon=":material/play_arrow:",
        help="Starts a run that differs in nothing else, with the same seed, and opens it.",
    ):
        run_start.start(spec, run.series)
        st.switch_page("pages/training.py")
    st.caption(f"About {duration(seconds)}, a guess within a factor of three.")


def _offer_quantiles(made: RunBands, level: float) -> None:
    run, found, (low, high) = made.run, made.pair(level), edge_quantiles(level)
    if found is not None and found.live and not found.lost:
        present.verdict("note", f"The networks for the quantiles {low:.4g} and {high:.4g} are being trained.")
        study_monitor.draw(found)
        return
    present.verdict(
        "note",
        f"A band of {level:.0%} needs two more networks: one that learns the quantile {low:.4g} and one that learns "
        f"{high:.4g}, with the settings and the seed of this run.",
    )
    if found is not None and found.lost:
        study_monitor.draw_lost(found, {one.run_id: one.name for one in found.runs})
    trials = quantile_trials(run.run.spec, run.series, level=level)
    seconds = seconds_of(trials, services.settings())
    if st.button(
        "Train both quantiles",
        key="train_quantiles",
        icon=":material/play_arrow:",
        help="Starts two ordinary runs with the pinball loss. This page shows their band once they are done.",
    ):
        study = pair_study(run.run.run_id, secrets.token_hex(4))
        start_trials(services.store(), services.queue(), services.owner(), trials, study=study)
        cached.run_series.clear()  # the same numbers may have a new unit or season
        st.rerun()
    st.caption(
        f"About {duration(seconds)} for both, a guess within a factor of three; less when they stop early."
    )
