"""The network as a stack of layers, with what flows between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from lstm_core.figures.drawing import Drawing
from lstm_core.figures.theme import Theme
from lstm_core.network.counts import LayerRow
from lstm_core.network.spec import NetworkSpec, thousands
from lstm_core.preparation.padding import PAD_TEXT

_LEFT, _MIDDLE, _RIGHT = 0.1, 0.5, 0.9
_TALL, _TALLER, _THIN = 54.0, 104.0, 26.0
_FLOW, _TOUCH = 36.0, 7.0
_EDGE = 8.0
_CELLS, _THIN_KINDS = ("lstm", "gru", "rnn"), ("masking", "norm", "dropout")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A row with its place; pixels from the top, downwards."""

    row: LayerRow
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def plot_network(spec: NetworkSpec, table: tuple[LayerRow, ...], *, theme: Theme) -> go.Figure:
    """Draw the stack from the window on top to the forecast below, with what flows between the layers.

    Three arrows mean a whole sequence, one arrow a single vector. The loop beside a recurrent layer is the state it
    hands to itself from step to step; a bidirectional layer has two, one for each direction.

    Parameters
    ----------
    table : rows of `network.spec.layer_table` for this spec
    """
    drawing, rows = Drawing(theme), list(_place(spec, table))
    for placed in rows:
        _box(drawing, placed, spec)
    for above, below in pairwise(rows):
        _flow(drawing, above, below, spec)
    height = rows[-1].bottom + _EDGE
    figure = drawing.figure(width=(0, 1), height=(height, 0), pixels=int(height) + 8)
    figure.add_trace(
        go.Scatter(
            x=[_MIDDLE] * len(rows),
            y=[placed.middle for placed in rows],
            mode="markers",
            marker={"opacity": 0, "size": 40},
            text=[f"<b>{row.name}</b><br>{_shape(row)}<br>{row.formula}" for row in table],
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
        )
    )
    return figure.update_layout(hovermode="closest")


def _place(spec: NetworkSpec, table: tuple[LayerRow, ...]) -> Iterator[_Placed]:
    bottom = None
    for row in table:
        thin = row.kind in _THIN_KINDS
        both = row.kind in _CELLS and spec.layers[row.at or 0].bidirectional
        top = _EDGE if bottom is None else bottom + (_TOUCH if thin else _FLOW)
        bottom = top + (_THIN if thin else _TALLER if both else _TALL)
        yield _Placed(row=row, top=top, bottom=bottom)


def _box(drawing: Drawing, placed: _Placed, spec: NetworkSpec) -> None:
    theme, row = drawing.theme, placed.row
    thin = row.kind in _THIN_KINDS
    colour = {
        "input": theme.actual,
        "masking": theme.muted,
        "norm": theme.muted,
        "dropout": theme.muted,
        "attention": theme.warning,
        "dense": theme.train,
        "head": theme.train,
    }.get(row.kind, theme.forecast)
    dash = "dot" if thin else "solid"
    drawing.box((_LEFT, placed.top), (_RIGHT, placed.bottom), colour, dash=dash)
    both = placed.bottom - placed.top > _TALL
    name, _, choices = _name(row, spec).partition(": ")
    words = f"<b>{name}</b><br>{choices}" if both else f"<b>{_name(row, spec)}</b>"
    if thin:
        words += f" · {_learned(row)}"
        drawing.word((_MIDDLE, placed.middle), words, size=12)
        return
    words += f"<br>{_shape(row)} · {_learned(row)}"
    drawing.word((_MIDDLE, placed.top + (36 if both else _TALL / 2)), words, size=13)
    if row.kind in _CELLS:
        _state(drawing, placed, both=both)


def _state(drawing: Drawing, placed: _Placed, *, both: bool) -> None:
    """Loops of what a layer hands to itself; with two directions, one on each side and what each reads first."""
    y = placed.middle
    if both:
        y = placed.bottom - 17
        colour = drawing.theme.forecast
        drawing.box((_LEFT + 0.02, y - 11), (_MIDDLE - 0.01, y + 11), colour)
        drawing.box((_MIDDLE + 0.01, y - 11), (_RIGHT - 0.02, y + 11), colour)
        drawing.word(((_LEFT + _MIDDLE) / 2, y), "forwards →", size=12)
        drawing.word(((_MIDDLE + _RIGHT) / 2, y), "← backwards", size=12)
        _loop(drawing, y, side=_LEFT, out=-1)
    _loop(drawing, y, side=_RIGHT, out=1)
    states = "C, h" if placed.row.kind == "lstm" else "h"
    for x in (0.03, 0.97) if both else (0.97,):
        drawing.word((x, y - 22), states, size=12, colour=drawing.theme.muted)


def _loop(drawing: Drawing, y: float, *, side: float, out: int) -> None:
    far, low, high = side + out * 0.075, y + 10, y - 10
    path = f"M {side} {high} C {far} {high}, {far} {low}, {side + out * 0.005} {low}"
    colour = drawing.theme.cell
    drawing.shapes.append({"type": "path", "path": path, "line": {"color": colour, "width": 2}})
    drawing.flow((side + out * 0.025, low), (side, low), colour)


def _flow(drawing: Drawing, above: _Placed, below: _Placed, spec: NetworkSpec) -> None:
    if below.row.kind in _THIN_KINDS:
        return  # it touches the layer it belongs to
    shape, muted = above.row.shape, drawing.theme.muted
    sequence = len(shape) == 3
    for x in (0.22, 0.24, 0.26) if sequence else (0.24,):
        drawing.flow((x, above.bottom), (x, below.top), muted)
    width = f"{shape[-1]} value" + ("" if shape[-1] == 1 else "s")
    if sequence:
        words = f"{shape[1]} steps of {width}"
        words += "; the last one asks" if below.row.kind == "attention" else ""
    elif above.row.kind == "attention":
        words = f"{width}, weighted over the steps"
    else:
        words = width if above.row.kind == "dense" else f"{width}, {_last(above, spec)}"
    drawing.word((0.3, (above.bottom + below.top) / 2), words, size=12, colour=muted, anchor="left")


def _last(above: _Placed, spec: NetworkSpec) -> str:
    both = above.row.at is not None and spec.layers[above.row.at].bidirectional
    return "the end of both directions" if both else "last step only"


def _name(row: LayerRow, spec: NetworkSpec) -> str:
    if row.kind in _CELLS:
        layer = spec.layers[row.at or 0]
        return f"{row.name}: {'2 × ' * layer.bidirectional}{layer.units} units, {layer.activation}"
    if row.kind == "dropout":
        return f"{row.name}: {spec.layers[row.at or 0].dropout:.0%}"
    if row.kind == "dense":
        return f"{row.name}: {spec.dense[row.at or 0].units} units, {spec.dense[row.at or 0].activation}"
    if row.kind == "attention":
        return f"Attention: {'dot product' if spec.attention == 'dot' else spec.attention}"
    if row.kind == "masking":
        return f"{row.name}: skips {PAD_TEXT}"
    return {"input": "Input: the window", "head": "Dense: the forecast, linear"}.get(row.kind, row.name)


def _learned(row: LayerRow) -> str:
    if row.trainable != row.parameters:
        return f"{thousands(row.parameters)} parameters, {thousands(row.trainable)} trained"
    if not row.parameters:
        return "nothing to learn"
    return f"{thousands(row.parameters)} parameter{'s' * (row.parameters != 1)}"


def _shape(row: LayerRow) -> str:
    return f"({', '.join(str(size) for size in row.shape)}{',' if len(row.shape) == 1 else ''})"
