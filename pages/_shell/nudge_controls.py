"""What the sensitivity page lets a person choose."""

from dataclasses import dataclass

import streamlit as st

from pages._shell import state, window_choice
from pages._shell.opened import OpenedRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """What the sensitivity page looks at.

    Attributes
    ----------
    share : size in standard deviations of the nudged column over the train rows
    sample : test window, counted from 0
    step : step of the horizon, 1, 2, ...; None for its mean
    feature : input column, 0 is the target's past
    """

    share: float
    sample: int
    step: int | None
    feature: int


def nudge(run: OpenedRun) -> Nudge:
    """Size, window, step of the horizon and column; what has only one choice is not asked."""
    columns = run.prepared.spec.columns
    with st.container(horizontal=True, vertical_alignment="bottom"):
        share = st.slider(
            "Nudge δ [standard deviations]",
            0.0,
            3.0,
            step=0.1,
            key=state.widget("delta", 1.0),
            help="How far one value is moved up and down, in standard deviations of its column over the train rows. "
            "Effect = forecast with the nudge minus forecast without, $\\hat y(x + \\delta) - \\hat y(x)$.",
        )
        sample = window_choice.choose(run, page="sensitivity", help="Which window is nudged, oldest first.")
        step = _looked_at(run.horizon) if run.horizon > 1 else 1
        feature = _nudged_column(columns) if len(columns) > 1 else 0
    return Nudge(share=share, sample=sample, step=step, feature=feature)


def _looked_at(horizon: int) -> int | None:
    chosen = st.selectbox(
        "Forecast looked at",
        [*range(1, horizon + 1), 0],
        format_func=lambda one: f"{one} ahead" if one else "mean of the horizon",
        key=state.widget("sensitivity_step", 1),
        help="Which step of the horizon the effect is measured on.",
    )
    return chosen or None


def _nudged_column(columns: tuple[str, ...]) -> int:
    return st.selectbox(
        "Column nudged",
        range(len(columns)),
        format_func=lambda one: columns[one],
        key=state.widget("sensitivity_feature", 0),
        help="The target's own past comes first. Each column is nudged by its own standard deviation.",
    )
