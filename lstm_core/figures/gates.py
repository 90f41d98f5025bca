"""Pictures of what the gates of one layer did on one window, and of the weights behind them."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from jaxtyping import Int
from plotly.subplots import make_subplots

from lstm_core.figures.theme import MAGNITUDES, SIGNED, Theme, frame, plain
from lstm_core.network.trace import GateTrace
from lstm_core.network.weights import LayerWeights

TRACE_HEIGHT = 420
WEIGHTS_HEIGHT = 480
_MAPS = (
    ("input", "Input gate i: near 1 writes"),
    ("forget", "Forget gate f: near 0 forgets, near 1 keeps"),
    ("output", "Output gate o: near 1 shows"),
    ("candidate", "Candidate C̃: what could be written"),
    ("cell", "Cell state C: the memory"),
    ("hidden", "Hidden state h: what the layer says"),
)
_COLOURS = {"candidate": "coloraxis2", "hidden": "coloraxis2", "cell": "coloraxis3"}


def plot_gates(
    trace: GateTrace, target: pd.Series, *, units: Int[np.ndarray, "unit"], step: int, theme: Theme
) -> go.Figure:
    """Heat-maps of the three gates, the candidate and the two states, aligned under the window.

    Gates share one fixed scale from 0 to 1, so that two runs can be compared by eye; signed values are centred on 0.

    Parameters
    ----------
    target : the window in original units; its name and the name of its index are the axis titles, with units
    units : which units to draw, counted from 0, top one first; labels count from 1
    step : chosen step, counted from 0; marked in every panel
    """
    figure = make_subplots(
        rows=1 + len(_MAPS),
        shared_xaxes=True,
        vertical_spacing=0.035,
        row_heights=[1.2] + [1.0] * len(_MAPS),
        subplot_titles=[plain(str(target.name)), *(title for _, title in _MAPS)],
    )
    line = go.Scatter(
        x=target.index,
        y=target.to_numpy(),
        mode="lines+markers",
        name="window",
        line={"color": theme.actual},
        marker={"size": 4},
        hovertemplate="%{x}<br>%{y:.4g}<extra></extra>",
    )
    figure.add_trace(line, row=1, col=1)
    for row, (name, title) in enumerate(_MAPS, start=2):
        figure.add_trace(_heatmap(trace, name, title, target.index, units), row=row, col=1)
    height = 110 + 96 * (1 + len(_MAPS))
    frame(figure, theme=theme, x_title="", y_title="", height=height)
    _style_gates(figure, trace, target.index, units=units, theme=theme)
    _mark(figure, target.index[step], 1 + len(_MAPS), theme)
    return figure


def _heatmap(
    trace: GateTrace, name: str, title: str, index: pd.Index, units: Int[np.ndarray, "unit"]
) -> go.Heatmap:
    values = trace.parts[name][:, units].T
    return go.Heatmap(
        x=index,
        y=[str(unit + 1) for unit in units],
        z=values.astype(np.float32),
        coloraxis=_COLOURS.get(name, "coloraxis"),
        name=title.split(":", maxsplit=1)[0],
        hovertemplate="%{x}<br>unit %{y}: %{z:.3f}<extra>" + title.split(":", maxsplit=1)[0] + "</extra>",
    )


def _style_gates(
    figure: go.Figure, trace: GateTrace, index: pd.Index, *, units: Int[np.ndarray, "unit"], theme: Theme
) -> None:
    figure.update_annotations(x=0, xanchor="left", font={"color": theme.text, "size": 13})
    signed = max(
        1.0, float(np.abs(trace.parts["candidate"]).max()), float(np.abs(trace.parts["hidden"]).max())
    )
    cell = float(np.abs(trace.parts["cell"]).max()) or 1.0
    figure.update_layout(
        hovermode="closest",
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 28, "b": 72},
        coloraxis=_scale(MAGNITUDES, 0.0, 1.0, "gates", 0.0, theme),
        coloraxis2=_scale(SIGNED, -signed, signed, "C̃ and h", 0.36, theme),
        coloraxis3=_scale(SIGNED, -cell, cell, "cell state", 0.72, theme),
    )
    places = [str(units[at] + 1) for at in sorted({0, len(units) // 2, len(units) - 1})]
    figure.update_yaxes(title={"text": "unit"}, nticks=4)
    for row in range(2, 2 + len(_MAPS)):
        figure.update_yaxes(type="category", autorange="reversed", tickvals=places, row=row, col=1)
    figure.update_yaxes(title={"text": ""}, row=1, col=1)
    figure.update_xaxes(title={"text": plain(str(index.name or "step"))}, row=1 + len(_MAPS), col=1)


def _mark(figure: go.Figure, at: object, n_rows: int, theme: Theme) -> None:
    """Mark a step in every panel; all at once, because plotly checks every shape again for each one added."""
    line = {"color": theme.warning, "width": 2, "dash": "dot"}
    axes = [
        "" if row == 1 else str(row) for row in range(1, n_rows + 1)
    ]  # plotly calls the first axes x and y
    figure.update_layout(
        shapes=[
            {
                "type": "line",
                "x0": at,
                "x1": at,
                "y0": 0,
                "y1": 1,
                "xref": f"x{axis}",
                "yref": f"y{axis} domain",
                "line": line,
            }
            for axis in axes
        ]
    )


def _scale(colours: str, low: float, high: float, title: str, x: float, theme: Theme) -> dict:
    bar = {
        "orientation": "h",
        "x": x,
        "xanchor": "left",
        "len": 0.28,
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "thickness": 10,
        "title": {"text": title, "side": "top", "font": {"color": theme.text, "size": 12}},
        "tickvals": [low, (low + high) / 2, high],
        "tickformat": ".2~g",
        "tickfont": {"color": theme.muted, "size": 12},
    }
    return {"colorscale": colours, "cmin": low, "cmax": high, "colorbar": bar}


def plot_unit(trace: GateTrace, index: pd.Index, *, unit: int, step: int, theme: Theme) -> go.Figure:
    """Gates (above) and states (below) of one unit over the window; the chosen step is marked.

    Parameters
    ----------
    index : date or row of every step; its name is the axis title
    unit, step : counted from 0
    """
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.08)
    lines = (
        ("input gate i", trace.parts["input"], theme.input_gate, "solid", 1),
        ("forget gate f", trace.parts["forget"], theme.forget_gate, "dash", 1),
        ("output gate o", trace.parts["output"], theme.output_gate, "dot", 1),
        ("candidate C̃", trace.parts["candidate"], theme.candidate, "dash", 2),
        ("cell state C", trace.parts["cell"], theme.cell, "solid", 2),
        ("hidden state h", trace.parts["hidden"], theme.hidden, "dot", 2),
    )
    for name, values, colour, dash, row in lines:
        line = go.Scatter(
            x=index,
            y=values[:, unit].astype(np.float32),
            name=name,
            mode="lines+markers" if len(index) == 1 else "lines",
            line={"color": colour, "dash": dash, "width": 2},
            hovertemplate="%{y:.3f}",
        )
        figure.add_trace(line, row=row, col=1)
    frame(figure, theme=theme, x_title="", y_title="", height=TRACE_HEIGHT)
    figure.update_yaxes(title={"text": "gate, 0 to 1"}, range=[-0.02, 1.02], row=1, col=1)
    figure.update_yaxes(title={"text": "state"}, row=2, col=1)
    figure.update_layout(margin={"t": 64})
    figure.update_xaxes(title={"text": plain(str(index.name or "step"))}, row=2, col=1)
    _mark(figure, index[step], 2, theme)
    return figure


def plot_biases(weights: LayerWeights, *, theme: Theme) -> go.Figure:
    """Biases of the four blocks after training, with the value each started from: 1 for the forget gate, else 0."""
    blocks = weights.forward.bias.reshape(4, weights.units)
    named = (
        ("input gate i", theme.input_gate, 0),
        ("forget gate f", theme.forget_gate, 1),
        ("candidate C̃", theme.candidate, 0),
        ("output gate o", theme.output_gate, 0),
    )
    titles = [f"{name}: biases started at {start}" for name, _, start in named]
    figure = make_subplots(rows=4, shared_xaxes=True, vertical_spacing=0.09, subplot_titles=titles)
    for row, ((name, colour, start), values) in enumerate(zip(named, blocks, strict=True), start=1):
        axis = "" if row == 1 else str(row)  # plotly calls the first axes x and y
        bars = go.Histogram(x=values, nbinsx=30, name=name, marker={"color": colour})
        figure.add_trace(bars, row=row, col=1)
        figure.add_shape(
            type="line",
            x0=start,
            x1=start,
            y0=0,
            y1=1,
            xref=f"x{axis}",
            yref=f"y{axis} domain",
            line={"color": theme.text, "width": 2, "dash": "dash"},
        )
    frame(figure, theme=theme, x_title="", y_title="units", height=WEIGHTS_HEIGHT)
    figure.update_xaxes(title={"text": "bias"}, row=4, col=1)
    figure.update_annotations(x=0, xanchor="left", font={"color": theme.text, "size": 13})
    figure.update_layout(showlegend=False)
    return figure
