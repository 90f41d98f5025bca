"""Pictures of what the gates of one layer did on one window, and of the weights behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from jaxtyping import Int
from plotly.subplots import make_subplots

from lstm_core.figures.theme import MAGNITUDES, SIGNED, Theme, frame, plain, upright
from lstm_core.network.spec import CellKind
from lstm_core.network.trace import GateTrace

TRACE_HEIGHT, ONE_TRACE_HEIGHT = 420, 260


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a part of a cell is drawn, the same in every figure.

    Attributes
    ----------
    name : with its letter, for legends
    says : title of its heat-map
    colour : name of a colour of the theme
    dash : of its line
    gate : whether it is a share between 0 and 1
    """

    name: str
    says: str
    colour: str
    dash: str
    gate: bool = False


_HIDDEN = Style(
    name="hidden state h", says="Hidden state h: what the layer says", colour="hidden", dash="dot"
)
STYLES: dict[CellKind, dict[str, Style]] = {
    "lstm": {
        "input": Style(
            name="input gate i",
            says="Input gate i: near 1 writes",
            colour="input_gate",
            dash="solid",
            gate=True,
        ),
        "forget": Style(
            name="forget gate f",
            says="Forget gate f: near 0 forgets, near 1 keeps",
            colour="forget_gate",
            dash="dash",
            gate=True,
        ),
        "output": Style(
            name="output gate o",
            says="Output gate o: near 1 shows",
            colour="output_gate",
            dash="dot",
            gate=True,
        ),
        "candidate": Style(
            name="candidate C̃",
            says="Candidate C̃: what could be written",
            colour="candidate",
            dash="dash",
        ),
        "cell": Style(name="cell state C", says="Cell state C: the memory", colour="cell", dash="solid"),
        "hidden": _HIDDEN,
    },
    "gru": {
        "update": Style(
            name="update gate z",
            says="Update gate z: near 0 takes the candidate, near 1 keeps",
            colour="forget_gate",
            dash="dash",
            gate=True,
        ),
        "reset": Style(
            name="reset gate r",
            says="Reset gate r: near 0 hides the past from the candidate",
            colour="input_gate",
            dash="solid",
            gate=True,
        ),
        "candidate": Style(
            name="candidate h̃",
            says="Candidate h̃: what could be taken",
            colour="candidate",
            dash="dash",
        ),
        "hidden": Style(
            name="hidden state h",
            says="Hidden state h: the memory, and what the layer says",
            colour="hidden",
            dash="dot",
        ),
    },
    "rnn": {"hidden": _HIDDEN},
}


def plot_gates(
    trace: GateTrace,
    target: pd.Series,
    *,
    units: Int[np.ndarray, "unit"],
    step: int,
    said: Mapping[str, Sequence[str]],
    theme: Theme,
) -> go.Figure:
    """Heat-maps of the gates, the candidate and the states of a cell, aligned under the window.

    Gates share one fixed scale from 0 to 1, so that two runs can be compared by eye; signed values are centred on 0.
    A cell of a heat-map names its unit and value. Over every heat-map lies one invisible point for each step: it says
    what the chosen unit did, and plotly hands its number over when the step is clicked, which it does for no cell.

    Parameters
    ----------
    said : for every part one line of plain text per step, of the chosen unit; shown beside the cell's own
    target : the window in original units; its name and the name of its index are the axis titles, with units
    units : which units to draw, counted from 0, top one first; labels count from 1
    step : chosen step, counted from 0; marked in every panel
    """
    styles = STYLES[trace.cell]
    n_rows = 1 + len(trace.parts)
    figure = make_subplots(
        rows=n_rows,
        shared_xaxes=True,
        vertical_spacing=0.245 / n_rows,
        row_heights=[1.2] + [1.0] * len(trace.parts),
        subplot_titles=[plain(str(target.name)), *(styles[name].says for name in trace.parts)],
    )
    line = go.Scatter(
        x=target.index,
        y=target.to_numpy(),
        mode="lines+markers",
        name="window",
        line={"color": theme.actual},
        marker={"size": 4},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        hovertemplate="%{x}<br>%{y:.4g}<extra></extra>",
    )
    figure.add_trace(line, row=1, col=1)
    for row, name in enumerate(trace.parts, start=2):
        figure.add_trace(_heatmap(trace, name, target.index, units), row=row, col=1)
    for row, name in enumerate(trace.parts, start=2):
        figure.add_trace(_steps(trace, name, target.index, units, said[name]), row=row, col=1)
    frame(figure, theme=theme, x_title="", y_title="", height=122 + 96 * n_rows)
    _style_gates(figure, trace, target.index, units=units, theme=theme)
    mark_skipped(figure, trace, target.index, n_rows, theme)
    mark_step(figure, target.index[step], n_rows, theme)
    return figure


def _heatmap(trace: GateTrace, name: str, index: pd.Index, units: Int[np.ndarray, "unit"]) -> go.Heatmap:
    style = STYLES[trace.cell][name]
    title = style.says.split(":", maxsplit=1)[0]
    return go.Heatmap(
        x=index,
        y=[str(unit + 1) for unit in units],
        z=trace.parts[name][:, units].T.astype(np.float32),
        coloraxis="coloraxis" if style.gate else "coloraxis3" if name == "cell" else "coloraxis2",
        name=title,
        hoverongaps=False,
        hovertemplate=f"unit %{{y}}: {title} = %{{z:.3~g}}<extra></extra>",
    )


def _steps(
    trace: GateTrace, name: str, index: pd.Index, units: Int[np.ndarray, "unit"], said: Sequence[str]
) -> go.Scatter:
    values = trace.parts[name][:, units]
    clear = {"marker": {"opacity": 0}}
    return go.Scatter(
        x=index,
        y=[str(units[len(units) // 2] + 1)] * len(index),
        mode="markers",
        marker={"opacity": 0, "size": 8},
        selected=clear,
        unselected=clear,
        text=[
            f"{line}<br>all units: {low:.2f} to {high:.2f}".replace("-", "−") if np.isfinite(low) else line
            for line, low, high in zip(said, values.min(axis=1), values.max(axis=1), strict=True)
        ],
        hovertemplate="%{text}<extra></extra>",
    )


def _style_gates(
    figure: go.Figure, trace: GateTrace, index: pd.Index, *, units: Int[np.ndarray, "unit"], theme: Theme
) -> None:
    figure.update_annotations(x=0, xanchor="left", font={"color": theme.text, "size": 13})
    signed = max(1.0, *(_largest(trace, name) for name in ("candidate", "hidden")))
    bars: dict[str, dict] = {}
    if any(style.gate for style in STYLES[trace.cell].values()):
        bars["coloraxis"] = _scale(MAGNITUDES, (0.0, 1.0), "gates", 0.0, theme)
    states = "C̃ and h" if trace.cell == "lstm" else "h̃ and h" if trace.cell == "gru" else "h"
    bars["coloraxis2"] = _scale(SIGNED, (-signed, signed), states, 0.36 * len(bars), theme)
    if "cell" in trace.parts:
        cell = _largest(trace, "cell") or 1.0
        bars["coloraxis3"] = _scale(SIGNED, (-cell, cell), "cell state", 0.72, theme)
    margin = {"l": 8, "r": 8, "t": 28, "b": 84}
    figure.update_layout({"hovermode": "x", "showlegend": False, "margin": margin} | bars)
    places = [str(units[at] + 1) for at in sorted({0, len(units) // 2, len(units) - 1})]
    figure.update_yaxes(title={"text": "unit"}, nticks=4)
    last = 1 + len(trace.parts)
    for row in range(2, 1 + last):
        figure.update_yaxes(type="category", autorange="reversed", tickvals=places, row=row, col=1)
    figure.update_yaxes(title={"text": ""}, row=1, col=1)
    figure.update_xaxes(title={"text": plain(str(index.name or "step"))}, row=last, col=1)


def _largest(trace: GateTrace, name: str) -> float:
    return float(np.abs(trace.read(name)).max(initial=0.0)) if name in trace.parts else 0.0


def mark_skipped(figure: go.Figure, trace: GateTrace, index: pd.Index, n_rows: int, theme: Theme) -> None:
    """Dot a line through every panel at each step that masking passed over; the first one says what it is."""
    line = {"color": theme.muted, "width": 1, "dash": "dot"}
    figure.update_layout(
        shapes=[
            upright(index[step], row=row, line=line) for step in trace.skipped for row in range(1, n_rows + 1)
        ]
    )
    if len(trace.skipped):
        figure.add_annotation(
            x=index[trace.skipped[0]],
            y=1,
            yref="y domain",
            text="skipped",
            showarrow=False,
            font={"color": theme.muted, "size": 12},
        )


def mark_step(figure: go.Figure, at: object, n_rows: int, theme: Theme) -> None:
    """Mark a step in every panel."""
    line = {"color": theme.warning, "width": 2, "dash": "dot"}
    marks = [upright(at, row=row, line=line) for row in range(1, n_rows + 1)]
    figure.update_layout(shapes=[*figure.layout.shapes, *marks])


def _scale(colours: str, limits: tuple[float, float], title: str, x: float, theme: Theme) -> dict:
    low, high = limits
    bar = {
        "orientation": "h",
        "x": x,
        "xanchor": "left",
        "len": 0.28,
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "thickness": 10,
        # The name under the middle tick: plotly sets a bar's title by the height of the plot, here into the bar.
        "tickvals": [low, (low + high) / 2, high],
        "ticktext": [f"{low:.2g}".replace("-", "−"), f"{(low + high) / 2:.2g}<br>{title}", f"{high:.2g}"],
        "tickfont": {"color": theme.text, "size": 12},
    }
    return {"colorscale": colours, "cmin": low, "cmax": high, "colorbar": bar}


def plot_unit(trace: GateTrace, index: pd.Index, *, unit: int, step: int, theme: Theme) -> go.Figure:
    """Gates (above) and states (below) of one unit over the window; the chosen step is marked.

    Parameters
    ----------
    index : date or row of every step; its name is the axis title
    unit, step : counted from 0
    """
    styles = STYLES[trace.cell]
    n_rows = 2 if any(style.gate for style in styles.values()) else 1
    figure = make_subplots(rows=n_rows, shared_xaxes=True, vertical_spacing=0.08)
    for name, values in trace.parts.items():
        style = styles[name]
        line = go.Scatter(
            x=index,
            y=values[:, unit].astype(np.float32),
            name=style.name,
            mode="lines+markers" if len(index) == 1 else "lines",
            line={"color": getattr(theme, style.colour), "dash": style.dash, "width": 2},
            hovertemplate="%{y:.3f}",
        )
        figure.add_trace(line, row=1 if style.gate else n_rows, col=1)
    height = TRACE_HEIGHT if n_rows == 2 else ONE_TRACE_HEIGHT
    frame(figure, theme=theme, x_title="", y_title="", height=height)
    if n_rows == 2:
        figure.update_yaxes(title={"text": "gate, 0 to 1"}, range=[-0.02, 1.02], row=1, col=1)
    figure.update_yaxes(title={"text": "state"}, row=n_rows, col=1)
    figure.update_layout(margin={"t": 64}, showlegend=True)
    figure.update_xaxes(title={"text": plain(str(index.name or "step"))}, row=n_rows, col=1)
    mark_skipped(figure, trace, index, n_rows, theme)
    mark_step(figure, index[step], n_rows, theme)
    return figure
