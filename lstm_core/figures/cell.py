"""The inside of one cell: its blocks, what they read, and the line that carries its memory."""

import plotly.graph_objects as go

from lstm_core.figures.drawing import Drawing
from lstm_core.figures.theme import Theme
from lstm_core.network.memory import CellStep, GruStep, LstmStep, RnnStep
from lstm_core.network.spec import Activation, CellKind

HEIGHT, RNN_HEIGHT = 400, 240
_MEMORY, _BUS, _BLOCKS = 5.2, 0.9, 2.1
_HALF = 0.475
"""Half of a block's height."""
_SQUASH = {"tanh": "tanh", "relu": "relu", "sigmoid": "σ"}


def plot_cell(
    cell: CellKind, *, theme: Theme, activation: Activation = "tanh", numbers: CellStep | None = None
) -> go.Figure:
    """Draw one cell of a kind. Time runs from left to right in the order in which the layer reads.

    Parameters
    ----------
    numbers : one unit at one step of such a cell; written beside the lines when given
    """
    drawing, squash = Drawing(theme), _SQUASH[activation]
    if cell == "lstm":
        _lstm(drawing, squash, numbers if isinstance(numbers, LstmStep) else None)
    elif cell == "gru":
        _gru(drawing, squash, numbers if isinstance(numbers, GruStep) else None)
    else:
        _rnn(drawing, squash, numbers if isinstance(numbers, RnnStep) else None)
        return drawing.figure(width=(0, 10), height=(-0.4, 3.3), pixels=RNN_HEIGHT)
    return drawing.figure(width=(0, 10), height=(-0.4, 6.1), pixels=HEIGHT)


_F, _I, _G, _O, _OUT = 2.1, 3.9, 5.5, 7.1, 8.6
"""Columns of an LSTM: forget, input, candidate, output, and where it leaves the cell."""


def _lstm(drawing: Drawing, squash: str, numbers: LstmStep | None) -> None:
    """All four blocks read the same two things, h before and x; only the line on top carries C."""
    theme = drawing.theme
    _lstm_lines(drawing)
    for x, text, colour in (
        (_F, "<b>f</b> σ<br>forget", theme.forget_gate),
        (_I, "<b>i</b> σ<br>input", theme.input_gate),
        (_G, f"<b>C̃</b> {squash}<br>candidate", theme.candidate),
        (_O, "<b>o</b> σ<br>output", theme.output_gate),
    ):
        drawing.block((x, _BLOCKS), text, colour)
    drawing.block((_OUT, 4.25), squash, theme.muted, height=0.5)
    for at, sign in (((_F, _MEMORY), "×"), ((_G, _MEMORY), "+"), ((_G, 3.9), "×"), ((_OUT, 3.2), "×")):
        drawing.sign(at, sign)
    if numbers is None:
        return
    for at, value in (
        ((_F, 3.1), numbers.f),
        ((_I, 3.1), numbers.i),
        ((_G, 3.1), numbers.g),
        ((_O, 2.85), numbers.o),
        ((0.9, _MEMORY + 0.35), numbers.c_before),
        ((_OUT, _MEMORY + 0.35), numbers.c),
        ((_OUT, 2.1), numbers.h),
    ):
        drawing.value(at, value)


def _lstm_lines(drawing: Drawing) -> None:
    theme = drawing.theme
    drawing.arrow((0.9, _MEMORY), (9.2, _MEMORY), theme.cell, width=4)
    drawing.word((0.45, _MEMORY), "C<sub>t−1</sub>")
    drawing.word((9.6, _MEMORY), "C<sub>t</sub>")
    drawing.arrow((_F, _BLOCKS), (_F, _MEMORY - 0.3), theme.forget_gate)
    drawing.line((_I, _BLOCKS), (_I, 3.9), theme.input_gate)
    drawing.arrow((_I, 3.9), (_G - 0.3, 3.9), theme.input_gate)
    drawing.arrow((_G, _BLOCKS), (_G, 3.6), theme.candidate)
    drawing.arrow((_G, 3.9), (_G, _MEMORY - 0.3), theme.text)
    drawing.line((_OUT, _MEMORY), (_OUT, 4.5), theme.cell)
    drawing.arrow((_OUT, 4.0), (_OUT, 3.5), theme.text)
    drawing.line((_O, _BLOCKS), (_O, 3.2), theme.output_gate)
    drawing.arrow((_O, 3.2), (_OUT - 0.3, 3.2), theme.output_gate)
    drawing.line((_OUT, 3.2), (_OUT, _BUS), theme.hidden)
    drawing.arrow((_OUT, _BUS), (9.25, _BUS), theme.hidden)
    drawing.word((9.6, _BUS), "h<sub>t</sub>")
    drawing.line((0.9, _BUS), (_O, _BUS), theme.muted)
    drawing.word((0.45, _BUS), "h<sub>t−1</sub>")
    drawing.line((1.25, 0.15), (1.25, _BUS), theme.muted)
    drawing.word((1.25, -0.1), "x<sub>t</sub>")
    for x in (_F, _I, _G, _O):
        drawing.arrow((x, _BUS), (x, _BLOCKS - _HALF), theme.muted)


_Z, _R, _RECALL, _NEW = 2.4, 4.3, 5.9, 7.6
"""Columns of a GRU: update gate, reset gate, where the past meets the reset gate, and the candidate."""
_X_BUS, _MIX = 0.3, 3.9


def _gru(drawing: Drawing, squash: str, numbers: GruStep | None) -> None:
    """Draw the hidden state on top: it is the memory. The candidate sees the past only through the reset gate."""
    theme = drawing.theme
    _gru_lines(drawing)
    drawing.block((_Z, _BLOCKS), "<b>z</b> σ<br>update", theme.forget_gate)
    drawing.block((_R, _BLOCKS), "<b>r</b> σ<br>reset", theme.input_gate)
    drawing.block((_NEW, _BLOCKS), f"<b>h̃</b> {squash}<br>candidate", theme.candidate)
    for at, sign in (
        ((_Z, _MEMORY), "×"),
        ((_NEW, _MEMORY), "+"),
        ((_NEW, _MIX), "×"),
        ((_RECALL - 0.6, _MIX), "1−"),
        ((_RECALL, _BLOCKS), "×"),
    ):
        drawing.sign(at, sign)
    if numbers is None:
        return
    for at, value in (
        ((_Z, 3.1), numbers.z),
        ((_R, 2.85), numbers.r),
        ((_NEW, 3.1), numbers.g),
        ((0.9, _MEMORY + 0.35), numbers.h_before),
        ((8.6, _MEMORY + 0.35), numbers.h),
    ):
        drawing.value(at, value)


def _gru_lines(drawing: Drawing) -> None:
    theme = drawing.theme
    drawing.arrow((0.9, _MEMORY), (9.2, _MEMORY), theme.hidden, width=4)
    drawing.word((0.45, _MEMORY), "h<sub>t−1</sub>")
    drawing.word((9.6, _MEMORY), "h<sub>t</sub>")
    drawing.line((1.2, _MEMORY), (1.2, _BUS), theme.hidden)
    drawing.line((1.2, _BUS), (_RECALL, _BUS), theme.hidden)
    drawing.word((0.45, _X_BUS), "x<sub>t</sub>")
    drawing.line((0.9, _X_BUS), (_NEW, _X_BUS), theme.muted)
    for x in (_Z, _R):
        drawing.arrow((x - 0.25, _BUS), (x - 0.25, _BLOCKS - _HALF), theme.hidden)
        drawing.arrow((x + 0.25, _X_BUS), (x + 0.25, _BLOCKS - _HALF), theme.muted)
    drawing.arrow((_RECALL, _BUS), (_RECALL, _BLOCKS - 0.3), theme.hidden)
    drawing.arrow((_NEW, _X_BUS), (_NEW, _BLOCKS - _HALF), theme.muted)
    drawing.line((_R, _BLOCKS), (_R, 3.1), theme.input_gate)
    drawing.line((_R, 3.1), (_RECALL, 3.1), theme.input_gate)
    drawing.arrow((_RECALL, 3.1), (_RECALL, _BLOCKS + 0.3), theme.input_gate)
    drawing.arrow((_RECALL, _BLOCKS), (_NEW - 0.71, _BLOCKS), theme.text)
    drawing.arrow((_Z, _BLOCKS), (_Z, _MEMORY - 0.3), theme.forget_gate)
    drawing.line((_Z, _MIX), (_RECALL - 0.9, _MIX), theme.forget_gate)
    drawing.arrow((_RECALL - 0.6, _MIX), (_NEW - 0.3, _MIX), theme.forget_gate)
    drawing.arrow((_NEW, _BLOCKS), (_NEW, _MIX - 0.3), theme.candidate)
    drawing.arrow((_NEW, _MIX), (_NEW, _MEMORY - 0.3), theme.text)


def _rnn(drawing: Drawing, squash: str, numbers: RnnStep | None) -> None:
    """Draw one block, no gate: what it says is all it remembers."""
    theme = drawing.theme
    drawing.line((0.9, _BUS), (5.0, _BUS), theme.hidden)
    drawing.word((0.45, _BUS), "h<sub>t−1</sub>")
    drawing.line((3.0, 0.15), (3.0, _BUS), theme.muted)
    drawing.word((3.0, -0.1), "x<sub>t</sub>")
    drawing.arrow((5.0, _BUS), (5.0, _BLOCKS - _HALF), theme.muted)
    drawing.arrow((5.0, _BLOCKS), (9.2, _BLOCKS), theme.hidden, width=4)
    drawing.word((9.6, _BLOCKS), "h<sub>t</sub>")
    drawing.block((5.0, _BLOCKS), squash, theme.hidden)
    if numbers is not None:
        drawing.value((0.9, _BUS + 0.35), numbers.h_before)
        drawing.value((7.6, _BLOCKS + 0.35), numbers.h)
