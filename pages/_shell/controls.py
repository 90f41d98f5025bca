"""Widget groups: a spec goes in, a spec comes out.

Labels, help and bounds come from the spec's fields, so they are written once. Start values go in through
`state.widget(key, value)` and never through `value=` or `index=` (it says why)::

    length = st.slider(**field(WindowSpec, "length"), key=state.widget("window_length", spec.length))
"""

from dataclasses import dataclass
from typing import Any, get_args

import streamlit as st
from pydantic import BaseModel

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.training.plan import TrainingPlan
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
    window = 1
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
        step = _looked_at(horizon) if horizon > 1 else 1
        feature = _nudged_column(columns) if len(columns) > 1 else 0
    return Nudge(share=share, sample=window - 1, step=step, feature=feature)


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


def network(spec: NetworkSpec) -> NetworkSpec:
    """How many layers, and of each its units, activation and dropouts.

    Raises
    ------
    NetworkError
        If the layers do not hand on what the next one needs.
    """
    n_layers = (
        st.segmented_control(
            "LSTM layers",
            (1, 2, 3),
            key=state.widget("n_layers", len(spec.layers)),
            required=True,
            help="Each layer reads what the one before it says at every step. More layers, more numbers to learn.",
        )
        or 1
    )
    last = len(spec.layers) - 1  # a new layer starts as a copy of the last one
    return NetworkSpec(
        layers=tuple(_layer(spec.layers[min(at, last)], at, n_layers) for at in range(n_layers))
    )


_HANDS_ON: dict[str, bool | None] = {"automatic": None, "every step": True, "last step": False}
"""In words, because a select box shows the option None as if nothing were chosen."""


def _word_for(hands_on: bool | None) -> str:
    return next(word for word, value in _HANDS_ON.items() if value is hands_on)


def _layer(layer: LayerSpec, at: int, n_layers: int) -> LayerSpec:
    with st.container(border=True):
        st.markdown(f"**LSTM {at + 1}**")
        with st.grid(5 if n_layers > 1 else 4, min_column_width=150, vertical_alignment="bottom"):
            units = st.number_input(
                **field(LayerSpec, "units"), step=1, key=state.widget(f"units_{at}", layer.units)
            )
            activation = st.selectbox(
                **field(LayerSpec, "activation"),
                options=choices(LayerSpec, "activation"),
                key=state.widget(f"activation_{at}", layer.activation),
            )
            dropout = st.slider(
                **field(LayerSpec, "dropout"), step=0.05, key=state.widget(f"dropout_{at}", layer.dropout)
            )
            recurrent_dropout = st.slider(
                **field(LayerSpec, "recurrent_dropout"),
                step=0.05,
                key=state.widget(f"recurrent_dropout_{at}", layer.recurrent_dropout),
            )
            hands_on = layer.return_sequences if at < n_layers - 1 else None
            if n_layers > 1:
                words = st.selectbox(
                    **field(LayerSpec, "return_sequences"),
                    options=tuple(_HANDS_ON),
                    key=state.widget(f"return_sequences_{at}", _word_for(hands_on)),
                )
                hands_on = _HANDS_ON[words]
    return LayerSpec(
        units=units,
        activation=activation,
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        return_sequences=hands_on,
    )


NETWORK_WIDGETS = ("n_layers", "units_", "activation_", "dropout_", "recurrent_dropout_", "return_sequences_")
"""What `state.forget_widgets` must forget when a network is loaded from elsewhere."""


PLAN_WIDGETS = tuple(TrainingPlan.model_fields)
"""The same for a plan."""


def plan(spec: TrainingPlan) -> TrainingPlan:
    """How the weights are found: what matters most in view, the rest one click away."""
    with st.grid(2, min_column_width=140, vertical_alignment="bottom"):
        chosen = {
            "epochs": _plan_number(spec, "epochs", step=10),
            "learning_rate": _plan_number(spec, "learning_rate", step=0.0005, format="%g"),
            "batch_size": _plan_number(spec, "batch_size", step=16),
            "seed": _plan_number(spec, "seed", step=1),
        }
    with st.expander("More settings"), st.grid(2, min_column_width=140, vertical_alignment="bottom"):
        for name in ("optimizer", "loss"):
            chosen[name] = st.selectbox(
                **field(TrainingPlan, name),
                options=choices(TrainingPlan, name),
                key=state.widget(name, getattr(spec, name)),
            )
        if chosen["optimizer"] == "sgd":
            chosen["momentum"] = _plan_number(spec, "momentum", step=0.05)
        chosen["patience"] = _plan_number(
            spec, "patience", step=1, value=None, placeholder="never stop early"
        )
        chosen["clipnorm"] = _plan_number(
            spec, "clipnorm", step=0.5, min_value=0.001, value=None, placeholder="no limit"
        )
    return TrainingPlan.model_validate(spec.model_dump() | chosen)


def _plan_number(spec: TrainingPlan, name: str, **arguments: Any) -> Any:
    widget = field(TrainingPlan, name) | arguments
    return st.number_input(**widget, key=state.widget(name, getattr(spec, name)))
