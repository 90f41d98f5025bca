"""Widget groups: a spec goes in, a spec comes out.

Labels, help and bounds come from the spec's fields, so they are written once. Start values go in through
`state.widget(key, value)` and never through `value=` or `index=` (it says why)::

    length = st.slider(**field(WindowSpec, "length"), key=state.widget("window_length", spec.length))
"""

from typing import Any, get_args

import streamlit as st
from pydantic import BaseModel

from lstm_core.figures.curves import plot_rates
from lstm_core.training.plan import TrainingPlan
from lstm_core.training.schedule import rates
from pages._shell import present, state


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


PLAN_WIDGETS = tuple(TrainingPlan.model_fields)
"""What `state.forget_widgets` must forget when a plan is loaded from elsewhere."""


def plan(spec: TrainingPlan) -> TrainingPlan:
    """How the weights are found: what matters most in view, the rest one click away."""
    with st.grid(2, min_column_width=140, vertical_alignment="bottom"):
        chosen = {
            "epochs": _plan_number(spec, "epochs", step=10),
            "learning_rate": _plan_number(spec, "learning_rate", step=0.0005, format="%g"),
            "batch_size": _plan_number(spec, "batch_size", step=16),
            "seed": _plan_number(spec, "seed", step=1),
        }
    with st.expander("More settings"):
        with st.grid(2, min_column_width=140, vertical_alignment="bottom"):
            chosen |= {name: _plan_choice(spec, name) for name in ("optimizer", "loss")}
            if chosen["optimizer"] == "sgd":
                chosen["momentum"] = _plan_number(spec, "momentum", step=0.05)
            if chosen["loss"] == "pinball":
                chosen["quantile"] = _plan_number(
                    spec, "quantile", step=0.05, min_value=0.001, max_value=0.999
                )
            chosen["patience"] = _plan_number(
                spec, "patience", step=1, value=None, placeholder="never stop early"
            )
            chosen["clipnorm"] = _plan_number(
                spec, "clipnorm", step=0.5, min_value=0.001, value=None, placeholder="no limit"
            )
        chosen |= _schedule(spec)
        planned = TrainingPlan.model_validate(spec.model_dump() | chosen)
        if planned.schedule in ("exponential", "cosine"):
            _draw_rates(planned)
    return planned


def _schedule(spec: TrainingPlan) -> dict[str, Any]:
    """How the rate changes; what the chosen schedule does not use is not asked."""
    with st.grid(2, min_column_width=140, vertical_alignment="bottom"):
        chosen = {"schedule": _plan_choice(spec, "schedule")}
        if chosen["schedule"] == "exponential":
            chosen["decay_epochs"] = _plan_number(spec, "decay_epochs", step=1.0, format="%g")
        if chosen["schedule"] in ("exponential", "cosine"):
            chosen["restart_every"] = _plan_number(
                spec, "restart_every", step=1, value=None, placeholder="never"
            )
        if chosen["schedule"] == "plateau":
            bounds = {"min_value": 0.01, "max_value": 0.99}
            chosen["plateau_factor"] = _plan_number(spec, "plateau_factor", step=0.1, **bounds)
            chosen["plateau_patience"] = _plan_number(spec, "plateau_patience", step=1)
    return chosen


def _draw_rates(planned: TrainingPlan) -> None:
    first, last = rates(planned)[[0, -1]]
    alt = f"Planned learning rate: {first:.3g} in the first epoch, {last:.3g} in epoch {planned.epochs}."
    present.show(plot_rates(planned, theme=present.theme()), "rate_chart", alt=alt)


_FORMULAS = {
    "optimizer": "sgd keeps part of its last step: $v \\leftarrow \\mu v - \\eta g$, $w \\leftarrow w + v$. "
    "rmsprop divides by the recent size of each gradient: $w \\leftarrow w - \\eta g / \\sqrt{\\overline{g^2}}$. "
    "adam does both: $w \\leftarrow w - \\eta\\, \\overline{g} / \\sqrt{\\overline{g^2}}$.",
    "loss": "With the error $e = y - \\hat y$: mse is the mean of $e^2$, so large errors count most; mae the mean of "
    "$|e|$, so outliers count less; huber is $e^2/2$ up to $|e| = 1$ and $|e| - 1/2$ beyond; pinball is $q\\,e$ where "
    "the forecast is too low and $(q - 1)\\,e$ where it is too high: it learns the quantile $q$, one edge of a band.",
    "schedule": "exponential: $\\eta_k = \\eta\\, e^{-k/d}$. cosine: $\\eta_k = \\eta\\,(1 + \\cos(\\pi k / n)) / 2$ "
    "over all $n$ epochs. plateau: times a factor whenever the validation loss stands still.",
}


def _plan_choice(spec: TrainingPlan, name: str) -> Any:
    """Select box of a field with named choices; its tooltip ends with their formulas."""
    widget = field(TrainingPlan, name)
    widget["help"] = f"{widget['help']} {_FORMULAS[name]}"
    return st.selectbox(
        **widget, options=choices(TrainingPlan, name), key=state.widget(name, getattr(spec, name))
    )


def _plan_number(spec: TrainingPlan, name: str, **arguments: Any) -> Any:
    widget = field(TrainingPlan, name) | arguments
    return st.number_input(**widget, key=state.widget(name, getattr(spec, name)))
