"""Training curves."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from lstm_core.figures.theme import Theme, frame, plain
from lstm_core.training.events import EpochEnded, RunState

MAX_EPOCHS_DRAWN = 300
"""Points per curve: a live chart is sent again and again."""
UNITS = {"mse": "scaled units squared", "mae": "scaled units", "huber": "scaled units, squared when small"}


def plot_losses(
    state: RunState, *, theme: Theme, log: bool, epochs_planned: int, loss_name: str
) -> go.Figure:
    """Train and validation loss per epoch on one scale, the best epoch marked.

    While the run is live the x-axis spans all planned epochs, so that nothing moves under the reader's eyes; when
    it is over, it spans the epochs there are.

    Parameters
    ----------
    log : logarithmic loss axis
    epochs_planned : most epochs the plan allows
    loss_name : `mse`, `mae`, `huber` or `pinball`
    """
    shown = thin(state.epochs, keep=state.best_epoch)
    numbers = [ended.epoch for ended in shown]
    curves = (
        ("train", [ended.loss for ended in shown], theme.train, "solid"),
        ("validation", [ended.val_loss for ended in shown], theme.validation, "dash"),
    )
    traces = [
        {
            "type": "scatter",
            "x": numbers,
            "y": losses,
            "name": name,
            "mode": "lines" if len(shown) > 1 else "markers",
            "line": {"color": colour, "dash": dash, "width": 2},
            "marker": {"color": colour, "size": 7},
            "hovertemplate": "%{y:.4g}",
        }
        for name, losses, colour, dash in curves
    ]
    last = epochs_planned if not state.status.is_final else max(len(state.epochs), 1)
    framed = _frame(theme, loss_name)
    layout = framed | {
        "xaxis": framed["xaxis"] | {"range": [0.5, max(last, 2) + 0.5]},
        "yaxis": framed["yaxis"]
        | {"type": "log" if log else "linear", "rangemode": "normal" if log else "tozero"}
        | {"showticklabels": bool(shown)},  # an empty chart has no scale yet
    }
    # A live chart is built every second: plotly's validation of it would take ten times as long as all the rest.
    return go.Figure({"data": [*traces, *_best(state, theme)], "layout": layout}, _validate=False)


@lru_cache(maxsize=16)
def _frame(theme: Theme, loss_name: str) -> dict[str, Any]:
    return frame(go.Figure(), theme=theme, x_title="Epoch", y_title=axis_title(loss_name)).to_dict()["layout"]


def axis_title(loss_name: str) -> str:
    """`Loss: mse [scaled units squared]`."""
    return plain(f"Loss: {loss_name} [{UNITS.get(loss_name, 'scaled units')}]")


def thin(epochs: Sequence[EpochEnded], *, keep: int | None, most: int = MAX_EPOCHS_DRAWN) -> list[EpochEnded]:
    """At most `most` epochs, evenly spaced, with the first, the last and the epoch numbered `keep`."""
    if len(epochs) <= most:
        return list(epochs)
    stride = math.ceil(len(epochs) / (most - 2))
    places = {*range(0, len(epochs), stride), len(epochs) - 1}
    return [ended for place, ended in enumerate(epochs) if place in places or ended.epoch == keep]


def _best(state: RunState, theme: Theme) -> list[dict[str, Any]]:
    best = next((ended for ended in state.epochs if ended.epoch == state.best_epoch), None)
    if best is None:
        return []
    marker = {
        "color": theme.surface,
        "size": 12,
        "symbol": "diamond",
        "line": {"color": theme.validation, "width": 2.5},
    }
    return [
        {
            "type": "scatter",
            "x": [best.epoch],
            "y": [best.val_loss],
            "name": f"best epoch ({best.epoch})",
            "mode": "markers",
            "marker": marker,
            "hovertemplate": "%{y:.4g}",
        }
    ]
