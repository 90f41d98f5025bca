"""Repeat the chosen settings with several seeds: how many, what it costs, and the button."""

import streamlit as st

from lstm_core.errors import RunError
from lstm_core.series.record import Series
from lstm_core.study.progress import seconds_of_all
from lstm_core.study.repetition import DEFAULT_SEEDS, MAX_SEEDS, seed_specs, seed_trials
from lstm_core.training.plan import RunSpec
from pages._shell import present, services, state
from pages._shell.studies import study_start


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
        whole = seconds_of_all(seconds, n_seeds=n_seeds, slots=services.settings().slots)
        st.caption(study_start.cost(n_seeds, whole))
    if clicked:
        try:
            _start(spec, series, n_seeds)
        except RunError as error:
            present.verdict("bad", present.safe(error.message, limit=2000))
        else:
            st.switch_page("pages/seeds.py")


def _start(spec: RunSpec, series: Series, n_seeds: int) -> None:
    """Start a repetition and look at it."""
    trials = seed_trials(seed_specs(spec, n_seeds), series)
    runs = study_start.begin("seeds", (spec.digest, n_seeds), trials)
    state.select_run(runs[0].run_id)
