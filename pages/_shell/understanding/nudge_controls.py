"""What the sensitivity page lets a person choose."""

from dataclasses import dataclass

import streamlit as st

from lstm_core.evaluation.explanation.replacement import Kind, kinds_for
from pages._shell import state, window_choice
from pages._shell.opened import OpenedRun

PUT_IN: dict[Kind, str] = {
    "mean": "the train mean",
    "zero": "zero",
    "previous": "the value before",
    "interpolation": "a line between its neighbours",
    "shuffled": "the value of other windows",
}
"""Replacements in words."""
NUDGED = "nudged up and down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """What the sensitivity page looks at.

    Attributes
    ----------
    put_in : what a step is replaced by; None when it is nudged
    share : size of a nudge in standard deviations of the nudged column over the train rows
    block : steps that are replaced together
    sample : test window, counted from 0
    step : step of the horizon, 1, 2, ...; None for its mean
    feature : input column, 0 is the target's past
    """

    put_in: Kind | None
    share: float
    block: int
    sample: int
    step: int | None
    feature: int


def nudge(run: OpenedRun) -> Nudge:
    """What is done to a step, window, step of the horizon and column; what has only one choice is not asked."""
    columns, share, block = run.prepared.spec.columns, 1.0, 1
    with st.grid(4, min_column_width=200, vertical_alignment="bottom"):
        put_in = _put_in(run)
        if put_in is None:
            share = _share()
        else:
            block = block_length(run, "sensitivity_block")
        sample = window_choice.choose(run, page="sensitivity", help="Which window is changed, oldest first.")
        step = looked_at(run, "sensitivity_step")
        feature = _nudged_column(columns) if len(columns) > 1 else 0
    return Nudge(put_in=put_in, share=share, block=block, sample=sample, step=step, feature=feature)


def _put_in(run: OpenedRun) -> Kind | None:
    kinds = kinds_for(run.prepared)
    chosen = st.selectbox(
        "What is done to a step",
        [NUDGED, *kinds],
        format_func=lambda kind: kind if kind == NUDGED else f"replaced by {PUT_IN[kind]}",
        key=state.widget("sensitivity_put_in", NUDGED),
        help="A nudge asks how steep the forecast is at a value. A replacement asks what the forecast would be without "
        "it, and that needs something in its place: every choice answers a slightly different question.",
    )
    return next((kind for kind in kinds if kind == chosen), None)


def _share() -> float:
    return st.slider(
        "Nudge δ [standard deviations]",
        0.0,
        3.0,
        step=0.1,
        key=state.widget("delta", 1.0),
        help="How far one value is moved up and down, in standard deviations of its column over the train rows. "
        "Effect = forecast with the nudge minus forecast without, $\\hat y(x + \\delta) - \\hat y(x)$.",
    )


def block_length(run: OpenedRun, key: str, *, start: int = 1, fewest: int = 1) -> int:
    """Steps that are taken away together, at least `fewest`; with one step there is nothing to ask."""
    reach = run.prepared.spec.reach
    if reach <= fewest:
        return reach
    return st.slider(
        "Steps taken away together",
        fewest,
        reach,
        key=state.widget(key, start),
        help="Neighbours often stand in for each other, so that one alone looks unimportant. Blocks are counted from "
        "the newest step back; the oldest block may be shorter.",
    )


def looked_at(run: OpenedRun, key: str) -> int | None:
    """Step of the horizon whose forecast is looked at, None for the mean; with one there is nothing to ask."""
    if run.horizon == 1:
        return 1
    chosen = st.selectbox(
        "Forecast looked at",
        [*range(1, run.horizon + 1), 0],
        format_func=lambda one: f"{one} ahead" if one else "mean of the horizon",
        key=state.widget(key, 1),
        help="Which step of the horizon the effect is measured on.",
    )
    return chosen or None


def _nudged_column(columns: tuple[str, ...]) -> int:
    return st.selectbox(
        "Column looked at",
        range(len(columns)),
        format_func=lambda one: columns[one],
        key=state.widget("sensitivity_feature", 0),
        help="The target's own past comes first. Each column is nudged by its own standard deviation.",
    )
