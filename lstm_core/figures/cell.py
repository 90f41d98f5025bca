"""The inside of one LSTM cell: four blocks side by side, and the one line that carries the cell state."""

from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from lstm_core.figures.theme import Theme, frame
from lstm_core.network.memory import CellStep
from lstm_core.network.spec import Activation

HEIGHT = 400
_CELL_LINE, _BUS, _BLOCKS = 5.2, 0.9, 2.1
_F, _I, _G, _O, _OUT = 2.1, 3.9, 5.5, 7.1, 8.6
_WIDTH, _TALL = 1.42, 0.95


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Lines, boxes and words, handed to plotly at once: one by one it would check them all again each time."""

    shapes: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)

    def shape(self, **look: Any) -> None:
        self.shapes.append(look)

    def word(self, **look: Any) -> None:
        self.words.append(look)


def plot_cell(*, theme: Theme, activation: Activation = "tanh", numbers: CellStep | None = None) -> go.Figure:
    """Draw one cell: all four blocks read the same two things, h before and x; only the cell line carries C.

    Parameters
    ----------
    numbers : one unit at one step; written beside the lines when given
    """
    drawing = _Drawing()
    squash = {"tanh": "tanh", "relu": "relu", "sigmoid": "σ"}[activation]
    _draw_cell_line(drawing, theme)
    _draw_bus(drawing, theme)
    blocks = (
        (_F, "<b>f</b> σ<br>forget", theme.forget_gate),
        (_I, "<b>i</b> σ<br>input", theme.input_gate),
        (_G, f"<b>C̃</b> {squash}<br>candidate", theme.candidate),
        (_O, "<b>o</b> σ<br>output", theme.output_gate),
    )
    for x, text, colour in blocks:
        _draw_block(drawing, (x, _BLOCKS), text, colour, theme)
    _draw_block(drawing, (_OUT, 4.25), squash, theme.muted, theme, 0.5)
    for x, y, sign in ((_F, _CELL_LINE, "×"), (_G, _CELL_LINE, "+"), (_G, 3.9, "×"), (_OUT, 3.2, "×")):
        _draw_sign(drawing, x, y, sign, theme)
    if numbers is not None:
        _write_numbers(drawing, numbers, theme)
    figure = go.Figure(layout={"shapes": drawing.shapes, "annotations": drawing.words})
    frame(figure, theme=theme, x_title="", y_title="", height=HEIGHT)
    figure.update_xaxes(visible=False, range=[0, 10], fixedrange=True)
    figure.update_yaxes(visible=False, range=[-0.4, 6.1], fixedrange=True)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4}, hovermode=False, dragmode=False)
    return figure


def _draw_cell_line(drawing: _Drawing, theme: Theme) -> None:
    _arrow(drawing, (0.9, _CELL_LINE), (9.2, _CELL_LINE), theme.cell, width=4)
    _word(drawing, 0.45, _CELL_LINE, "C<sub>t−1</sub>", theme)
    _word(drawing, 9.6, _CELL_LINE, "C<sub>t</sub>", theme)
    _arrow(drawing, (_F, _BLOCKS), (_F, _CELL_LINE - 0.3), theme.forget_gate)
    _line(drawing, (_I, _BLOCKS), (_I, 3.9), theme.input_gate)
    _arrow(drawing, (_I, 3.9), (_G - 0.3, 3.9), theme.input_gate)
    _arrow(drawing, (_G, _BLOCKS), (_G, 3.6), theme.candidate)
    _arrow(drawing, (_G, 3.9), (_G, _CELL_LINE - 0.3), theme.text)
    _line(drawing, (_OUT, _CELL_LINE), (_OUT, 4.5), theme.cell)
    _arrow(drawing, (_OUT, 4.0), (_OUT, 3.5), theme.text)
    _line(drawing, (_O, _BLOCKS), (_O, 3.2), theme.output_gate)
    _arrow(drawing, (_O, 3.2), (_OUT - 0.3, 3.2), theme.output_gate)
    _line(drawing, (_OUT, 3.2), (_OUT, _BUS), theme.hidden)
    _arrow(drawing, (_OUT, _BUS), (9.25, _BUS), theme.hidden)
    _word(drawing, 9.6, _BUS, "h<sub>t</sub>", theme)


def _draw_bus(drawing: _Drawing, theme: Theme) -> None:
    _line(drawing, (0.9, _BUS), (_O, _BUS), theme.muted)
    _word(drawing, 0.45, _BUS, "h<sub>t−1</sub>", theme)
    _line(drawing, (1.25, 0.15), (1.25, _BUS), theme.muted)
    _word(drawing, 1.25, -0.1, "x<sub>t</sub>", theme)
    for x in (_F, _I, _G, _O):
        _arrow(drawing, (x, _BUS), (x, _BLOCKS - _TALL / 2), theme.muted)


def _write_numbers(drawing: _Drawing, numbers: CellStep, theme: Theme) -> None:
    for x, y, value in (
        (_F, 3.1, numbers.f),
        (_I, 3.1, numbers.i),
        (_G, 3.1, numbers.g),
        (_O, 2.85, numbers.o),
        (0.9, _CELL_LINE + 0.35, numbers.c_before),
        (_OUT, _CELL_LINE + 0.35, numbers.c),
        (_OUT, 2.1, numbers.h),
    ):
        drawing.word(
            x=x,
            y=y,
            text=f"{value:.2f}",
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"color": theme.text, "size": 12},
        )


def _draw_block(
    drawing: _Drawing, at: tuple[float, float], text: str, colour: str, theme: Theme, tall: float = _TALL
) -> None:
    x, y = at
    drawing.shape(
        type="rect",
        x0=x - _WIDTH / 2,
        x1=x + _WIDTH / 2,
        y0=y - tall / 2,
        y1=y + tall / 2,
        line={"color": colour, "width": 2},
        fillcolor=theme.surface,
    )
    drawing.word(x=x, y=y, text=text, showarrow=False, font={"color": theme.text, "size": 11})


def _draw_sign(drawing: _Drawing, x: float, y: float, sign: str, theme: Theme) -> None:
    drawing.shape(
        type="circle",
        x0=x - 0.3,
        x1=x + 0.3,
        y0=y - 0.28,
        y1=y + 0.28,
        line={"color": theme.text, "width": 1.5},
        fillcolor=theme.surface,
    )
    drawing.word(x=x, y=y, text=f"<b>{sign}</b>", showarrow=False, font={"color": theme.text, "size": 14})


def _line(drawing: _Drawing, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    drawing.shape(
        type="line",
        x0=start[0],
        y0=start[1],
        x1=end[0],
        y1=end[1],
        line={"color": colour, "width": 2},
        layer="below",
    )


def _arrow(
    drawing: _Drawing, start: tuple[float, float], end: tuple[float, float], colour: str, *, width: float = 2
) -> None:
    drawing.shape(
        type="line",
        x0=start[0],
        y0=start[1],
        x1=end[0],
        y1=end[1],
        line={"color": colour, "width": width},
        layer="below",
    )
    # The tip alone: an annotation's arrow cannot lie below the shapes.
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    drawing.word(
        x=end[0],
        y=end[1],
        ax=end[0] - 0.2 * dx / length,
        ay=end[1] - 0.2 * dy / length,
        axref="x",
        ayref="y",
        xref="x",
        yref="y",
        text="",
        arrowcolor=colour,
        arrowhead=2,
        arrowwidth=2,
    )


def _word(drawing: _Drawing, x: float, y: float, text: str, theme: Theme) -> None:
    drawing.word(x=x, y=y, text=text, showarrow=False, font={"color": theme.text, "size": 14})
