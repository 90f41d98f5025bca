"""Widget groups: a spec goes in, a spec comes out.

Labels, help and bounds come from the spec's fields, so they are written once. Start values go in through
`state.widget(key, value)` and never through `value=` or `index=` (it says why)::

    length = st.slider(**field(WindowSpec, "length"), key=state.widget("window_length", spec.length))
"""

from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st
from pydantic import BaseModel

from pages._shell import state


def field(spec: type[BaseModel], name: str) -> dict[str, Any]:
    """Label, help and numeric bounds of a spec's field, as keyword arguments for a widget."""
    definition = spec.model_fields[name]
    arguments: dict[str, Any] = {"label": definition.title or name, "help": definition.description}
    for bound in definition.metadata:
        if (low := getattr(bound, "ge", None)) is not None:
            arguments["min_value"] = low
        if (high := getattr(bound, "le", None)) is not None:
            arguments["max_value"] = high
    return arguments


def choices(spec: type[BaseModel], name: str) -> tuple[Any, ...]:
    """Allowed values of a `Literal` field."""
    return get_args(spec.model_fields[name].annotation)


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


def nudge(columns: tuple[str, ...], *, n_windows: int, horizon: int) -> Nudge:
    """Size, window, step of the horizon and column; what has only one choice is not asked."""
    window, step, feature = 1, 1, 0
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
        if n_windows > 1:
            window = st.slider(
                "Test window",
                1,
                n_windows,
                key=state.widget("sensitivity_window", 1),
                help="Which window of the test part is nudged, oldest first.",
            )
        if horizon > 1:
            step = st.selectbox(
                "Forecast looked at",
                [*range(1, horizon + 1), 0],
                format_func=lambda one: f"{one} ahead" if one else "mean of the horizon",
                key=state.widget("sensitivity_step", 1),
                help="Which step of the horizon the effect is measured on.",
            )
        if len(columns) > 1:
            feature = st.selectbox(
                "Column nudged",
                range(len(columns)),
                format_func=lambda one: columns[one],
                key=state.widget("sensitivity_feature", 0),
                help="The target's own past comes first. Each column is nudged by its own standard deviation.",
            )
    return Nudge(share=share, sample=window - 1, step=step or None, feature=feature)
