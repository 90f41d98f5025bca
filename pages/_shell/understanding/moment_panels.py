"""The Time machine's pictures: what the network knew at one kept epoch, on axes that no epoch rescales."""

import pandas as pd
import streamlit as st

from lstm_core.evaluation import replay as room
from lstm_core.evaluation.scores import mae_by_step, score
from lstm_core.evaluation.table import forecast_table
from lstm_core.evaluation.verdict import Verdict, amount
from lstm_core.figures import time_machine as figures
from lstm_core.figures.training import plot_losses
from lstm_core.preparation.split import PARTS, Part
from lstm_core.training.overfitting import overfitting_start
from lstm_core.training.snapshots import Snapshots
from pages._shell import cached, opened, present, state, time_slider
from pages._shell.opened import OpenedRun
from pages._shell.understanding import inside_panels
from pages._shell.understanding.reel import Reel

_LINKS = {
    "Forecast": ("pages/forecast.py", "timeline"),
    "Residuals": ("pages/residuals.py", "scatter_plot"),
    "Sensitivity": ("pages/sensitivity.py", "touch_app"),
    "Gates": ("pages/gates.py", "memory"),
}


@st.fragment
def draw(best: OpenedRun, kept: Snapshots) -> None:
    """Draw the slider and all pictures; a move of the slider draws only them again."""
    asked = state.journey().epoch
    run = best if asked is None else best.at_epoch(asked, kept)
    state.choose_epoch(run.epoch)  # an epoch that was not kept, or is the best, is called by its right name
    reel = Reel(run=run, best=best, kept=kept, overfitting=overfitting_start(best.run.state.epochs))
    verdict_place = st.container()
    with st.container(key="time_controls"):  # stays in view, see assets/readable.css
        time_slider.slider(run, kept, key="epoch")
        time_slider.steps(run, kept)
    curves_place = st.container()
    part, step = _choose_part(run)
    with present.guard():
        replay = _replay(reel, part)
        verdict = _verdict(reel, replay)
    with verdict_place:
        opened.say(verdict)
    with curves_place:
        _draw_curves(reel, replay)
    _draw_forecast(reel, replay, step, part)
    inside_panels.draw(reel, step)
    _draw_links()
    state.sync_with_address()


def _choose_part(run: OpenedRun) -> tuple[Part, int]:
    step = 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        part = st.segmented_control(
            "Part",
            ("train", "validation", "test"),
            key=state.widget("time_part", "test"),
            required=True,
            help="Train windows were learned from, the validation part chose the best epoch, the test part did "
            "neither: only its error is honest.",
        )
        if run.horizon > 1:
            step = st.slider(
                "Steps ahead",
                1,
                run.horizon,
                key=state.widget("time_step", 1),
                help="Which step of the horizon is drawn; errors by epoch are over all steps.",
            )
    return part or "test", step


def _replay(reel: Reel, shown: Part) -> room.Replay:
    """Every kept epoch on the validation and the test part, and on the part that is shown."""
    prepared = reel.best.prepared
    parts: list[Part] = [part for part in PARTS if part in ("validation", "test", shown)]
    every = reel.thinning(sum(len(prepared.part(part)) for part in parts))
    moments: dict[Part, list[room.Moment]] = {
        part: reel.over_epochs(
            lambda run, part=part: cached.moment(run.key, part, every, prepared, run.predict)
        )
        for part in parts
    }
    return room.Replay(
        epochs=reel.kept.epochs,
        moments=moments,
        naive={part: room.naive_mae(prepared, part) for part in parts},
        every=every,
    )


def _verdict(reel: Reel, replay: room.Replay) -> Verdict:
    """The answer of the page; its errors are those that the Forecast page shows."""
    made = [score(run.network_forecast("test"), naive_error=0.0).mae for run in reel.runs]
    return room.moment_verdict(
        reel.epoch,
        reel.best.best_epoch or 1,
        {"now": made[0], "best": made[-1], "naive": replay.naive["test"]},
        unit=reel.run.unit,
        overfitting=reel.overfitting,
    )


def _draw_curves(reel: Reel, replay: room.Replay) -> None:
    told, plan, theme = reel.best.run.state, reel.best.run.spec.plan, present.theme()
    marks = {"epoch": reel.epoch, "overfitting": reel.overfitting, "n_epochs": reel.n_epochs, "theme": theme}
    first, second = st.columns(2)
    with first:
        st.subheader("Loss", anchor=False)
        losses = plot_losses(told, theme=theme, log=False, epochs_planned=plan.epochs, loss_name=plan.loss)
        ended = told.epochs[reel.epoch - 1] if reel.epoch <= len(told.epochs) else told.epochs[-1]
        present.show(
            figures.mark_epochs(losses, **marks),
            key="time_loss_chart",
            alt=f"Train and validation loss by epoch. At epoch {reel.epoch} they are {ended.loss:.3g} and "
            f"{ended.val_loss:.3g}; the lowest validation loss is at epoch {reel.best.best_epoch}.",
            table=lambda: pd.DataFrame(
                [(one.epoch, one.loss, one.val_loss) for one in told.epochs],
                columns=["epoch", "train loss", "validation loss"],
            ),
        )
    with second:
        st.subheader("Error by epoch", anchor=False)
        errors = {f"{part} mae": replay.mae(part) for part in replay.moments}
        present.show(
            figures.plot_errors(replay, unit=reel.run.unit, **marks),
            key="time_error_chart",
            alt=f"Mean absolute error of {len(replay.epochs)} kept epochs on each part. At epoch {reel.epoch} "
            f"{present.number(replay.naive['test'])} is what repeating the last value makes on the test part.",
            table=pd.DataFrame({"epoch": replay.epochs, **errors}),
        )
    thinned = f" Measured on every {replay.every}th window." if replay.every > 1 else ""
    st.caption(
        "The validation part chose the best epoch. The test part must not: an epoch picked by its test error would "
        f"look better than it is.{thinned}"
    )


def _draw_forecast(reel: Reel, replay: room.Replay, step: int, part: Part) -> None:
    st.subheader(f"Forecast and residuals on the {part} part", anchor=False)
    made = [run.network_forecast(part).at_step(step) for run in reel.runs]
    ahead = f"{step} step" if step == 1 else f"{step} steps"
    error = present.safe(amount(float(mae_by_step(made[0])[0]), reel.run.unit))
    present.show(
        figures.plot_moment(
            reel.run.series,
            reel.run.target,
            list(zip(reel.names, made, strict=True)),
            replay,
            theme=present.theme(),
        ),
        key="time_forecast_chart",
        alt=f"Actual and forecast {ahead} ahead over the {part} part, and the residuals below, at epoch "
        f"{reel.epoch}: mean absolute error {error}.",
        table=lambda: forecast_table(reel.run.series, {part: {"lstm": made[0]}}),
        suffix=reel.run.suffix,
    )
    st.caption(
        f"Mean absolute error {error}, {ahead} ahead on the {part} part at epoch {reel.epoch}. Residual = actual minus "
        "forecast. The axes leave room for every kept epoch and stay as they are."
    )


def _draw_links() -> None:
    st.subheader("Open this epoch in", anchor=False)
    with st.container(horizontal=True, key="epoch_links"):
        for title, (page, icon) in _LINKS.items():
            st.page_link(page, label=title, icon=f":material/{icon}:")
