"""The network as a stack of layers, with what flows between them."""

import plotly.graph_objects as go

from lstm_core.figures.theme import Theme, frame
from lstm_core.network.counts import LayerRow
from lstm_core.network.spec import NetworkSpec, thousands

BOX_HEIGHT = 0.58
STEP_HEIGHT = 74
_LEFT, _MIDDLE, _RIGHT = 0.02, 0.44, 0.86


def plot_network(spec: NetworkSpec, table: tuple[LayerRow, ...], *, theme: Theme) -> go.Figure:
    """Draw the stack from the window on top to the forecast below, with what flows between the layers.

    Three arrows mean a whole sequence, one arrow only the last step. The loop beside an LSTM layer is the state it
    hands to itself from step to step.

    Parameters
    ----------
    table : rows of `network.spec.layer_table` for this spec
    """
    figure = go.Figure()
    n = len(table)
    for at, row in enumerate(table):
        y = n - 1 - at
        _box(figure, row, y, theme=theme, spec=spec)
        if at + 1 < n:
            _flow(figure, row, y, theme=theme)
    figure.add_trace(
        go.Scatter(
            x=[_MIDDLE] * n,
            y=list(range(n - 1, -1, -1)),
            mode="markers",
            marker={"opacity": 0, "size": 40},
            text=[f"<b>{row.name}</b><br>{_shape(row)}<br>{row.formula}" for row in table],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    frame(figure, theme=theme, x_title="", y_title="", height=STEP_HEIGHT * n + 24)
    figure.update_xaxes(visible=False, range=[0, 1], fixedrange=True)
    figure.update_yaxes(visible=False, range=[-0.5, n - 0.5], fixedrange=True)
    figure.update_layout(hovermode="closest", margin={"l": 4, "r": 4, "t": 12, "b": 12}, dragmode=False)
    return figure


def _box(figure: go.Figure, row: LayerRow, y: int, *, theme: Theme, spec: NetworkSpec) -> None:
    colour = {"input": theme.actual, "lstm": theme.forecast, "dropout": theme.muted, "head": theme.train}[
        row.kind
    ]
    figure.add_shape(
        type="rect",
        x0=_LEFT,
        x1=_RIGHT,
        y0=y - BOX_HEIGHT / 2,
        y1=y + BOX_HEIGHT / 2,
        line={"color": colour, "width": 2, "dash": "dot" if row.kind == "dropout" else "solid"},
        fillcolor=theme.surface,
        layer="below",
    )
    learned = f"{thousands(row.parameters)} parameters" if row.parameters else "nothing to learn"
    figure.add_annotation(
        x=_MIDDLE,
        y=y,
        text=f"<b>{_name(row, spec)}</b><br>{_shape(row)} · {learned}",
        showarrow=False,
        align="center",
        font={"color": theme.text, "size": 13},
    )
    if row.kind == "lstm":
        _loop(figure, y, theme=theme)


def _loop(figure: go.Figure, y: int, *, theme: Theme) -> None:
    low, high = y - 0.16, y + 0.16
    figure.add_shape(
        type="path",
        path=f"M {_RIGHT} {high} C {_RIGHT + 0.09} {high}, {_RIGHT + 0.09} {low}, {_RIGHT + 0.005} {low}",
        line={"color": theme.cell, "width": 2},
    )
    figure.add_annotation(
        x=_RIGHT,
        y=low,
        ax=_RIGHT + 0.02,
        ay=low,
        axref="x",
        ayref="y",
        arrowcolor=theme.cell,
        arrowhead=2,
        arrowwidth=2,
        text="",
    )
    figure.add_annotation(x=0.97, y=y, text="C, h", showarrow=False, font={"color": theme.muted, "size": 12})


def _flow(figure: go.Figure, row: LayerRow, y: int, *, theme: Theme) -> None:
    sequence = len(row.shape) == 3
    top, bottom = y - BOX_HEIGHT / 2, y - 1 + BOX_HEIGHT / 2
    for x in (0.22, 0.24, 0.26) if sequence else (0.24,):
        figure.add_annotation(
            x=x,
            y=bottom,
            ax=x,
            ay=top,
            axref="x",
            ayref="y",
            arrowcolor=theme.muted,
            arrowhead=2,
            arrowwidth=1.5,
            text="",
        )
    width = f"{row.shape[-1]} value" + ("" if row.shape[-1] == 1 else "s")
    figure.add_annotation(
        x=0.3,
        y=(top + bottom) / 2,
        text=f"{row.shape[1]} steps of {width}" if sequence else f"{width}, last step only",
        showarrow=False,
        xanchor="left",
        font={"color": theme.muted, "size": 12},
    )


def _name(row: LayerRow, spec: NetworkSpec) -> str:
    if row.kind == "lstm":
        layer = spec.layers[int(row.name.split()[1]) - 1]
        return f"{row.name}: {layer.units} units, {layer.activation}"
    if row.kind == "dropout":
        return f"{row.name}: {spec.layers[int(row.name.split()[1]) - 1].dropout:.0%}"
    return {"Input": "Input: the window", "Dense": "Dense: the forecast"}[row.name]


def _shape(row: LayerRow) -> str:
    return f"({', '.join(str(size) for size in row.shape)}{',' if len(row.shape) == 1 else ''})"
