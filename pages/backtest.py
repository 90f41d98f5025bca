"""Page: forecasts from several origins, and whether the network would have done as well at other times."""

import streamlit as st

from lstm_core.study import fold_scores, folds
from lstm_core.study.fold_scores import backtest_verdict, block_scores
from lstm_core.study.trials import find_studies
from lstm_core.training.events import Status
from lstm_core.training.plan import settings
from pages._shell import cached, opened, present, services, state, time_slider
from pages._shell.studies import backtest_results, backtest_start

HOW = {"anew": "Trained anew for every fold", "blocks": "One network, block by block"}

present.heading("Backtest", "Would it have done as well at other times?")
runs = services.store().list_runs(services.owner())
studies, selected = find_studies(runs, "backtest"), state.journey().selected_run
shown = next((one for one in studies if selected in {run.run_id for run in one.runs}), None)
is_finished = any(run.run_id == selected and run.status is Status.FINISHED for run in runs)
how = st.segmented_control(
    "How the folds are forecast",
    list(HOW),
    format_func=lambda one: HOW[one],
    key=state.widget("backtest_how", "blocks" if shown is None and is_finished else "anew"),
    required=True,
    help="Trained anew: every fold has a network of its own that knows only what came before it. This is the honest "
    "test of the settings, and takes as many trainings as folds. One network: the open run is scored on consecutive "
    "blocks of its test part, at once and without a training.",
)


def draw_blocks() -> None:
    """Score the open run over consecutive blocks of its test part."""
    run = time_slider.require("backtest")
    most = min(folds.MAX_FOLDS, len(run.prepared.test))
    n_blocks = most
    if most > folds.MIN_FOLDS:
        n_blocks = st.slider(
            "Blocks",
            folds.MIN_FOLDS,
            most,
            key=state.widget("backtest_blocks", min(folds.DEFAULT_FOLDS, most)),
            help="Into how many neighbouring blocks the test windows are cut.",
        )
    with present.guard():
        edge = run.run.spec.plan.edge
        scores = block_scores(run.series, run.prepared, run.forecasts(), n_blocks, edge=edge)
    verdict = backtest_verdict(scores, run.unit, name=run.name, what="block")
    opened.say(verdict)
    backtest_results.draw_errors(scores, verdict, unit=run.unit, name=run.name, what="block")
    backtest_results.draw_rows(scores, run.unit)
    st.caption(
        f"One network, trained once on the rows before; nothing is trained here. Its {len(run.prepared.test)} test "
        "windows are cut by where their forecast begins. Every block counts alike in the mean, however many windows it "
        "holds, so that can differ a little from the MAE on the Forecast page."
    )
    present.code([block_scores, fold_scores.backtest_verdict], run.prepared.settings | {"n_blocks": n_blocks})


def draw_folds() -> None:
    """Draw a backtest with refitting, or offer to start one."""
    found = shown or next(iter(studies), None)
    if found is None:
        present.verdict(
            "note",
            "There is no backtest yet. One test part is one time: it may have been an easy or a hard one.",
        )
        backtest_start.draw(present.require_series())
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by_run = {one.runs[0].run_id: one for one in studies}
        st.selectbox(
            "Backtest",
            list(by_run),
            format_func=lambda run_id: (
                backtest_results.label(by_run[run_id]) if run_id in by_run else "deleted"
            ),
            key=state.follow("backtest_study", found.runs[0].run_id),
            on_change=state.select_run_from,
            args=("backtest_study",),
            help="Your backtests, newest first.",
        )
        # With a key of its own per backtest it is closed when the next one is shown.
        with st.popover("Backtest again", icon=":material/event_repeat:", key=f"backtest_menu_{found.study}"):
            if state.journey().source is None:
                st.caption("Choose a series on the Series page first.")
            else:
                backtest_start.draw(present.require_series())
    if shown is None and selected is not None:
        st.caption("The run chosen on top is no fold. Below is your newest backtest, of other runs.")
    with present.guard():
        backtest_results.draw(found)
        series = cached.run_series(services.owner(), found.spec.series_fingerprint, services.store())
        literal = settings(found.spec, series) | {"folds": len(found.runs)}
    present.code([folds.lay_out, folds.cut, folds.preparation_of], literal)


if how == "blocks":
    draw_blocks()
else:
    draw_folds()
present.explain(
    means="A test part is one stretch of time. A rolling-origin backtest forecasts several, one after the other, each "
    "from the rows before it: scaler, transform, weights and best epoch are found anew and know nothing later. If the "
    "network beats the naive forecast in most folds, the result is not owed to one lucky stretch.",
    misleads="Few folds make an uncertain mean, and neighbouring folds share most of their train rows, so they are not "
    "independent. With an expanding train part later folds know more; sliding keeps that equal. What repairs and "
    "cleaning steps learned from rows behind a fold's train part is learned anew on that part, as long as the file is "
    "there. Settings that were chosen by looking at these rows have seen them. One network in blocks never learns "
    "again, so an old network looks worse the further its blocks lie ahead.",
)
if is_finished:
    present.next_step("pages/forecast.py", "See the forecast of this run", "Find the rows behind a bad fold.")
