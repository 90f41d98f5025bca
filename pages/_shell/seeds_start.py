"""Repeat the chosen settings with several seeds: how many, what it costs, and the button."""

import secrets

import streamlit as st

from lstm_core.errors import RunError
from lstm_core.runs.reading import duration
from lstm_core.series.record import Series
from lstm_core.study.progress import seconds_of_all
from lstm_core.study.repetition import DEFAULT_SEEDS, MAX_SEEDS, seed_specs
from lstm_core.study.repetition import start as start_all
from lstm_core.training.plan import RunSpec
from pages._shell import cached, present, services, state


def draw(spec: RunSpec, series: Series, seconds: float | None, *, key: str) -> None:
    """Draw the number of seeds, the cost and the button that starts them all or none.

    Parameters
    ----------
    seconds : about how long one run takes; None when the settings cannot be trained
    key : of the number, another one on every page: a page starts its widgets without the value that the page
        before left under their key
    """
    n_seeds = st.number_input(
        "Seeds",
        1,
        MAX_SEEDS,
        step=1,
        key=state.widget(key, state.recall("n_seeds", DEFAULT_SEEDS)),
        help="How many runs with the same settings: the first has the seed of the plan, the next one more, and "
        "so on. Three show a spread; five or more make it certain enough to compare settings.",
    )
    state.remember("n_seeds", n_seeds)
    clicked = st.button(
        f"Repeat with {n_seeds} seeds" if n_seeds > 1 else "Train 1 seed",
        key="repeat",
        icon=":material/repeat:",
        disabled=seconds is None,
        width="stretch",
        help="Trains the same settings with other random numbers, side by side in the slots, and shows how far "
        "the results lie apart.",
    )
    if seconds is not None:
        st.caption(_cost(n_seeds, seconds))
    if clicked:
        try:
            _start(spec, series, n_seeds)
        except RunError as error:
            present.verdict("bad", present.safe(error.message, limit=2000))
        else:
            st.switch_page("pages/seeds.py")


def _cost(n_seeds: int, seconds: float) -> str:
    slots = services.settings().slots
    together = "one at a time" if slots == 1 else f"{min(slots, n_seeds)} at the same time"
    runs = f"{n_seeds} runs, {together}" if n_seeds > 1 else "1 run"
    whole = duration(seconds_of_all(seconds, n_seeds=n_seeds, slots=slots))
    return (
        f"{runs}: about {whole} for all epochs, a guess within a factor of three; less when they stop early."
    )


def _start(spec: RunSpec, series: Series, n_seeds: int) -> None:
    """Start a repetition and look at it. The same choices again while it lives find the same one (double click)."""
    store, owner = services.store(), services.owner()
    wanted = (spec.digest, n_seeds)
    last, token = state.recall("study_token", ((), ""))
    alive = any(run.study == token and not run.status.is_final for run in store.list_runs(owner))
    if last != wanted or not alive:
        token = secrets.token_hex(16)
        state.remember("study_token", (wanted, token))
    made = start_all(store, services.queue(), owner, seed_specs(spec, n_seeds), series, token=token)
    cached.run_series.clear()  # the same numbers may have a new unit or season
    state.select_run(made.runs[0].run_id)
