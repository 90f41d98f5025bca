"""The slider over the kept epochs of a run: in full on the Time machine, as a bar on the pages that honour it."""

from itertools import pairwise

import streamlit as st

from lstm_core.training.snapshots import Snapshots
from pages._shell import cached, opened, present, services, state
from pages._shell.opened import OpenedRun

_HELP = (
    "Weights were kept at the end of these epochs. The best epoch has the lowest loss on the validation part; its "
    "weights are those the run is judged by. Arrow keys move the slider."
)


def require(page: str) -> OpenedRun:
    """Return the selected run at the epoch that was chosen, its bar drawn when there is one; else stop the page.

    Parameters
    ----------
    page : name of the page, for the key of its slider
    """
    best = opened.require()
    asked = state.journey().epoch
    if asked is None:
        return best
    kept = snapshots(best)
    if kept is None:
        present.verdict(
            "caution",
            f"This run kept the weights of its best epoch alone, so epoch {asked} cannot be shown. This is the best.",
        )
        return best
    run = best.at_epoch(asked, kept)
    with st.container(border=True, key="epoch_bar"):
        st.markdown(f":material/history: {_where(run, asked)}")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            slider(run, kept, key=f"epoch_{page}")
            st.button(
                "Back to the best",
                key="epoch_reset",
                icon=":material/undo:",
                on_click=state.choose_epoch,
                args=(None,),
            )
    return run


def snapshots(run: OpenedRun) -> Snapshots | None:
    """Weights of the kept epochs of a run; None when it kept none."""
    with present.guard():
        return cached.snapshots(run.run.owner, run.run.run_id, services.store())


def shown_epoch(run: OpenedRun) -> int:
    """Epoch the weights belong to, counted from 1."""
    return run.epoch or run.best_epoch or 1


def slider(run: OpenedRun, kept: Snapshots, *, key: str) -> None:
    """Choose one of the kept epochs. No two pages may use the same key."""
    st.select_slider(
        "Epoch",
        kept.epochs.tolist(),
        key=state.follow(key, _on_slider(run, kept)),
        on_change=state.choose_epoch_from_widget,
        args=(key,),
        help=_HELP,
    )


def steps(run: OpenedRun, kept: Snapshots) -> None:
    """Buttons that walk over the kept epochs, like those of a player."""
    epochs, here = kept.epochs.tolist(), _on_slider(run, kept)
    before = {later: earlier for earlier, later in pairwise(epochs)}.get(here)
    after = dict(pairwise(epochs)).get(here)
    buttons = (
        ("Previous", "epoch_previous", "chevron_left", "P", before),
        ("Next", "epoch_next", "chevron_right", "N", after),
        ("Best", "epoch_best", "star", "B", None if run.epoch is None else run.best_epoch),
    )
    with st.container(horizontal=True, gap="xsmall"):
        for label, key, icon, shortcut, goal in buttons:
            st.button(
                label,
                key=key,
                icon=f":material/{icon}:",
                shortcut=shortcut,
                disabled=goal is None,
                on_click=state.choose_epoch,
                args=(goal,),
            )


def _on_slider(run: OpenedRun, kept: Snapshots) -> int:
    epoch = shown_epoch(run)
    return epoch if epoch in kept.epochs else int(kept.epochs[-1])


def _where(run: OpenedRun, asked: int) -> str:
    """`Looking at epoch 5 of 60; the best is 31.`"""
    shown = shown_epoch(run)
    n_epochs = len(run.run.state.epochs)
    place = f"Looking at **epoch {shown}** of {n_epochs}"
    place += ", the best one." if run.epoch is None else f"; the best is {run.best_epoch}."
    if asked != shown:
        place += f" Epoch {asked} was not kept; this is the nearest before it."
    return f"{place} Everything below is computed with the weights of that epoch."
