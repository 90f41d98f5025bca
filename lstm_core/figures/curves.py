"""Training curves one above the other: the losses, the learning rate, and the lengths of gradient and weights."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from lstm_core.figures.theme import HEIGHT, Theme
from lstm_core.figures.training import axis_title, plot_losses, thin
from lstm_core.training.events import EpochEnded, RunState
from lstm_core.training.plan import TrainingPlan
from lstm_core.training.schedule import rates

RATE_HEIGHT, NORM_HEIGHT, GAP = 130, 190, 26
"""Pixels that a panel adds below the losses, and the space above it."""
KEY_ROW = 22
"""Pixels that the names of a panel need above the losses, reserved before its first line is drawn."""
MAX_RATES_DRAWN = 300
FEW_DECADES = 50
"""Largest length over the smallest, up to which the axis has ticks between powers of ten."""


def plot_curves(
    state: RunState, plan: TrainingPlan, *, theme: Theme, log: bool, norms: bool, penalised: bool = False
) -> go.Figure:
    """Losses per epoch; below them the learning rate unless it is constant, and the lengths when asked for.

    All panels share the axis of the epochs. Nothing but the losses' and lengths' own scale moves while the run is live.

    Parameters
    ----------
    log : logarithmic loss axis
    norms : draw the length of the gradient and of the weights
    penalised : the losses hold penalties on weights
    """
    figure = plot_losses(state, theme=theme, log=log, epochs_planned=plan.epochs, loss_name=plan.loss)
    drawn = figure.to_dict()
    margin = drawn["layout"]["margin"]
    own = HEIGHT - margin["t"] - margin["b"]
    panels = [([], _loss_axis(drawn["layout"]["yaxis"], plan, penalised), own)]
    shown = thin(state.epochs, keep=state.best_epoch)
    if plan.schedule != "constant":
        panels.append((*_rate_panel(shown, plan, theme), RATE_HEIGHT))
    if norms:
        panels.append((*_norm_panel(shown, plan, theme), NORM_HEIGHT))
    return _stack(drawn, panels)


def plot_rates(plan: TrainingPlan, *, theme: Theme) -> go.Figure:
    """Learning rate of every epoch as planned, before there is a run."""
    drawn = plot_losses(
        RunState(), theme=theme, log=False, epochs_planned=plan.epochs, loss_name=plan.loss
    ).to_dict()
    (planned, _), axis = _rate_panel([], plan, theme)
    layout = drawn["layout"] | {"height": 190, "showlegend": False, "yaxis": drawn["layout"]["yaxis"] | axis}
    return go.Figure({"data": [planned], "layout": layout}, _validate=False)


def _loss_axis(axis: dict[str, Any], plan: TrainingPlan, penalised: bool) -> dict[str, Any]:
    text = axis_title(plan.loss)
    if penalised:
        text = text.replace(f"Loss: {plan.loss}", f"Loss: {plan.loss} + weight penalty")
    return axis | {"title": axis["title"] | {"text": text}}


def _rate_panel(
    shown: Sequence[EpochEnded], plan: TrainingPlan, theme: Theme
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Planned rates dotted, those of the epochs so far as a solid line of steps."""
    planned = rates(plan)
    stride = -(-len(planned) // MAX_RATES_DRAWN)
    told = [ended for ended in shown if ended.learning_rate is not None]
    traces = [
        _line(
            range(1, len(planned) + 1, stride),
            planned[::stride].tolist(),
            "first rate" if plan.schedule == "plateau" else "planned",
            {"color": theme.muted, "dash": "dot", "width": 1.6},
        ),
        _line(
            [ended.epoch for ended in told],
            [ended.learning_rate for ended in told],
            "learning rate",
            {"color": theme.baseline, "dash": "solid", "width": 2, "shape": "hvh"},
        ),
    ]
    top = 1.08 * max([float(planned.max()), *(ended.learning_rate or 0.0 for ended in told)])
    return traces, {"title": {"text": "Learning rate"}, "type": "linear", "range": [0, top], "nticks": 4}


def _norm_panel(
    shown: Sequence[EpochEnded], plan: TrainingPlan, theme: Theme
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Both lengths on one logarithmic axis, and the limit that gradients are cut to."""
    gradients = [(ended.epoch, ended.gradient_norm) for ended in shown if ended.gradient_norm]
    weights = [(ended.epoch, ended.weight_norm) for ended in shown if ended.weight_norm]
    traces = [
        _line(
            [epoch for epoch, _ in lengths],
            [length for _, length in lengths],
            name,
            {"color": colour, "dash": dash, "width": 2},
        )
        for name, lengths, colour, dash in (
            ("gradient", gradients, theme.text, "solid"),
            ("weights", weights, theme.cell, "dash"),
        )
    ]
    if plan.clipnorm is not None:
        limit = {"color": theme.warning, "dash": "dot", "width": 1.6}
        traces.append(
            _line([0.5, plan.epochs + 0.5], [plan.clipnorm] * 2, f"clip norm ({plan.clipnorm:g})", limit)
        )
    lengths = [length for _, length in gradients + weights] or [1.0]
    # 1, 2, 5, 10 while they have room, else powers of ten.
    ticks = "D2" if max(lengths) < FEW_DECADES * min(lengths) else 1
    return traces, {"title": {"text": "Length"}, "type": "log", "dtick": ticks, "exponentformat": "power"}


def _line(x: Sequence[float], y: Sequence[float | None], name: str, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": list(x),
        "y": list(y),
        "name": name,
        "mode": "lines" if len(x) > 1 else "markers",
        "line": line,
        "marker": {"color": line["color"], "size": 6},
        "hovertemplate": "%{y:.3~g}",
    }


def _stack(drawn: dict[str, Any], panels: list[tuple[list[dict], dict[str, Any], int]]) -> go.Figure:
    """Put panels below the losses, top to bottom, each as high as it says, on one axis of epochs."""
    layout, traces = dict(drawn["layout"]), list(drawn["data"])
    height = sum(one + (GAP if number else 0) for number, (_, _, one) in enumerate(panels))
    top, bottom = float(height), layout.pop("xaxis")
    y_frame = {key: held for key, held in layout["yaxis"].items() if key not in ("type", "rangemode")}
    for number, (added, axis, own) in enumerate(panels):
        suffix = "" if number == 0 else str(number + 1)
        title = y_frame["title"] | axis["title"]
        domain = [max((top - own) / height, 0.0), top / height]
        layout[f"yaxis{suffix}"] = y_frame | axis | {"title": title, "domain": domain}
        traces += [{**trace, "yaxis": f"y{suffix}"} for trace in added]
        top -= own + GAP
    last = str(len(panels)) if len(panels) > 1 else ""
    layout["xaxis"] = bottom | {"anchor": f"y{last}"}
    margin = layout["margin"] | {"t": layout["margin"]["t"] + KEY_ROW * (len(panels) - 1)}
    height += margin["t"] + margin["b"]
    layout |= {"height": height, "margin": margin, "hoversubplots": "axis"}
    # Built every second, as the losses are: plotly's validation would take longer than all the rest.
    return go.Figure({"data": traces, "layout": layout}, _validate=False)
