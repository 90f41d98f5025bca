"""Try several window lengths: which, what they cost, the button; then use one of them."""

from functools import partial

import streamlit as st

from lstm_core.errors import RunError, UserError
from lstm_core.preparation.windows import PreparationSpec
from lstm_core.runs.reading import duration
from lstm_core.series.record import Series
from lstm_core.study.length_scores import LengthScores
from lstm_core.study.lengths import MINUTE, length_trials, lengths_around, short_epochs
from lstm_core.study.progress import seconds_of
from lstm_core.study.trials import Study
from lstm_core.training.plan import RunSpec
from pages._shell import cached, present, services, state
from pages._shell.studies import memory_panels, study_start
from pages._shell.studies.memory_panels import Subject


def draw_start() -> None:
    """Draw the lengths around the chosen one, their cost and the button that starts them all or none."""
    if state.journey().source is None:
        st.caption("Choose a series on the Series page first.")
        return
    series = present.require_series()
    try:
        spec = study_start.chosen(series)
        subject = Subject(series=series, preparation=spec.preparation)
        lengths = lengths_around(
            spec.preparation.window.length,
            most=memory_panels.most_lengths(subject),
            marked=memory_panels.marked_lengths(subject),
        )
        look = partial(_cost, spec, series, lengths)
        wanted = (spec.digest, lengths)
        epochs, seconds = cached.pattern(
            series.fingerprint, spec.preparation.target, "sweep cost", wanted, look
        )
    except UserError as refusal:
        present.verdict("bad", present.safe(refusal.message, limit=2000))
        return
    st.caption(f"{study_start.brief(spec, series)}, seed {spec.plan.seed}.")
    listed = ", ".join(map(str, lengths))
    if st.button(
        f"Try {len(lengths)} window lengths",
        key="start_sweep",
        type="primary",
        icon=":material/straighten:",
        width="stretch",
        help="Trains the same settings with each of these windows, and the same seed, and scores them all on the same "
        "validation and test rows. The chosen length, one season and what ACF and PACF suggest are among them.",
    ):
        _start(spec, series, lengths, epochs)
    st.caption(f"Windows of {listed} rows. {_cost_words(spec, epochs, seconds, len(lengths))}")


def _cost(spec: RunSpec, series: Series, lengths: tuple[int, ...]) -> tuple[int, float]:
    limits = services.settings()
    epochs = short_epochs(spec, series, lengths, limits)
    return epochs, seconds_of(length_trials(spec, series, lengths, epochs=epochs), limits)


def _cost_words(spec: RunSpec, epochs: int, seconds: float, n_runs: int) -> str:
    planned = spec.plan.epochs
    told = study_start.cost(n_runs, seconds)
    if epochs == planned:
        return f"All {planned} epochs of the plan. {told}"
    aim = "so that it takes about a minute" if seconds <= 1.5 * MINUTE else "the fewest that say anything"
    return f"{epochs} of the {planned} epochs of the plan, {aim}. {told}"


def _start(spec: RunSpec, series: Series, lengths: tuple[int, ...], epochs: int) -> None:
    """Start a sweep and look at its run with the chosen length."""
    trials = length_trials(spec, series, lengths, epochs=epochs)
    try:
        runs = study_start.begin("lengths", (spec.digest, lengths), trials)
    except RunError as error:
        present.verdict("bad", present.safe(error.message, limit=2000))
        return
    middle = lengths.index(spec.preparation.window.length)
    state.select_run(runs[min(middle, len(runs) - 1)].run_id)
    st.rerun()


def draw_use(subject: Subject, found: Study, scores: LengthScores) -> None:
    """Let one of the lengths become the window length of the journey, the knee with one click."""
    preparation, source = state.journey().preparation or subject.preparation, state.journey().source
    is_chosen = source is not None and present.require_series().fingerprint == found.spec.series_fingerprint
    if not is_chosen or preparation.target != found.spec.preparation.target:
        st.caption(
            "These lengths belong to another series or target than the one chosen on the pages before."
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        length = st.selectbox(
            "Window length",
            scores.lengths,
            format_func=lambda one: f"{one} rows, the knee" if one == scores.knee else f"{one} rows",
            key=state.widget(f"use_length_of_{found.study}_{scores.knee}", scores.knee),
            help="The knee is the shortest window whose error on the validation part is at most 2% above the lowest. "
            "The test part does not choose, so that its error stays an honest check.",
        )
        if preparation.window.length == length:
            st.badge("in use", icon=":material/check:", color="green")
            return
        st.button(
            "Use this length",
            key="use_length",
            icon=":material/check:",
            on_click=_use,
            args=(preparation, length),
            help=f"Sets the window length on the Windows page; it is {preparation.window.length} now.",
        )


def _use(preparation: PreparationSpec, length: int) -> None:
    window = preparation.window.model_copy(update={"length": length})
    state.choose(preparation=preparation.model_copy(update={"window": window}))
    state.forget_widgets("window_")


def how_it_was_trained(found: Study, n_test: int) -> str:
    """What all runs of a sweep share."""
    plan = found.spec.plan
    spent = sum(run.state.finished.seconds for run in found.finished if run.state.finished is not None)
    return (
        f"Each length: at most {plan.epochs} epochs, seed {plan.seed}, the same validation windows, which choose, and "
        f"the same {n_test} test windows, which check; {duration(spent)} of training in all."
    )
