"""The equations of a cell, with the numbers of one step filled in and a sentence on what they mean."""

import math
from dataclasses import dataclass

from lstm_core.network.memory import CellStep, GruStep, LstmStep, RnnStep
from lstm_core.network.spec import Activation


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One equation of the cell.

    Attributes
    ----------
    name : what it computes
    symbols, numbers : LaTeX; the formula, and the same with the numbers of the step
    words : what this number does
    """

    name: str
    symbols: str
    numbers: str
    words: str


_READ = "[h_{t-1}, x_t]"
_SQUASH = {"tanh": r"\tanh", "relu": r"\operatorname{relu}", "sigmoid": r"\sigma"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gate:
    """How a gate is spoken of: its name, what it does near 0 and near 1, and what its share is a share of."""

    name: str
    low: str
    high: str
    effect: str


_GATES = {
    "f": _Gate(name="Forget gate", low="forgets", high="keeps", effect="of the old cell state stays"),
    "i": _Gate(
        name="Input gate", low="keeps new out", high="lets new in", effect="of the candidate is written"
    ),
    "o": _Gate(
        name="Output gate", low="hides the memory", high="shows the memory", effect="of the memory is shown"
    ),
    "z": _Gate(
        name="Update gate",
        low="takes the candidate",
        high="keeps the old state",
        effect="of the old hidden state stays, the rest comes from the candidate",
    ),
    "r": _Gate(
        name="Reset gate",
        low="hides the past from the candidate",
        high="shows the past to the candidate",
        effect="of what is recalled reaches the candidate",
    ),
}


def equations(step: CellStep, *, activation: Activation = "tanh") -> tuple[Equation, ...]:
    """Six equations for an LSTM, four for a GRU, one for a simple RNN, in the order in which they are computed.

    A gate is written with as many digits as it takes to see that it is neither 0 nor 1.

    Source: for the GRU, Keras with `reset_after=True`: the reset gate scales what the recurrent weights recall,
    bias included.
    """
    if isinstance(step, LstmStep):
        return _lstm(step, activation)
    return _gru(step, activation) if isinstance(step, GruStep) else _rnn(step, activation)


def _lstm(step: LstmStep, activation: Activation) -> tuple[Equation, ...]:
    act = _SQUASH[activation]
    i, f, o = _gate(step.i), _gate(step.f), _gate(step.o)
    g = _squashed(step.g, activation)
    kept, written = _plain(step.f * step.c_before), _plain(step.i * step.g)
    candidate = Equation(
        name="Candidate",
        symbols=rf"\tilde{{C}}_t = {act}(W_C\,{_READ} + b_C)",
        numbers=rf"\tilde{{C}}_t = {act}({_number(step.z_g)}) = {g}",
        words=_pull(step.g, "cell state"),
    )
    cell_state = Equation(
        name="Cell state",
        symbols=r"C_t = f_t \odot C_{t-1} + i_t \odot \tilde{C}_t",
        # on two lines: a phone is narrower than the sum
        numbers=rf"\begin{{aligned}}C_t &= {f} \cdot {_bracket(_number(step.c_before))}\\"
        rf"&+ {i} \cdot {_bracket(g)} = {_number(step.c)}\end{{aligned}}",
        words=f"{kept} is kept and {written} is added.",
    )
    hidden_state = Equation(
        name="Hidden state",
        symbols=rf"h_t = o_t \odot {act}(C_t)",
        numbers=rf"h_t = {o} \cdot {act}({_number(step.c)}) = {_number(step.h)}",
        words="What the unit tells the next step and the next layer.",
    )
    return (
        _gate_equation("f", step.z_f, step.f),
        _gate_equation("i", step.z_i, step.i),
        candidate,
        cell_state,
        _gate_equation("o", step.z_o, step.o),
        hidden_state,
    )


def _gru(step: GruStep, activation: Activation) -> tuple[Equation, ...]:
    act = _SQUASH[activation]
    z, rest, r = _gate(step.z), _gate(1 - step.z), _gate(step.r)
    g = _squashed(step.g, activation)
    kept, taken = _plain(step.z * step.h_before), _plain((1 - step.z) * step.g)
    candidate = Equation(
        name="Candidate",
        symbols=rf"\begin{{aligned}}\tilde{{h}}_t &= {act}(W\,x_t + b_x\\"
        r"&+ r_t \odot (U\,h_{t-1} + b_h))\end{aligned}",
        numbers=rf"\begin{{aligned}}\tilde{{h}}_t &= {act}({_number(step.read)}\\"
        rf"&+ {r} \cdot {_bracket(_number(step.recalled))}) = {g}\end{{aligned}}",
        words=f"The input gives {_plain(step.read)}, the past {_plain(step.r * step.recalled)}. "
        + _pull(step.g, "hidden state"),
    )
    hidden_state = Equation(
        name="Hidden state",
        symbols=r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t",
        numbers=rf"\begin{{aligned}}h_t &= {z} \cdot {_bracket(_number(step.h_before))}\\"
        rf"&+ {rest} \cdot {_bracket(g)} = {_number(step.h)}\end{{aligned}}",
        words=f"{kept} is kept and {taken} is added. It is the memory, and what the unit says.",
    )
    return (
        _gate_equation("z", step.sum_z, step.z),
        _gate_equation("r", step.sum_r, step.r),
        candidate,
        hidden_state,
    )


def _rnn(step: RnnStep, activation: Activation) -> tuple[Equation, ...]:
    act = _SQUASH[activation]
    return (
        Equation(
            name="Hidden state",
            symbols=rf"h_t = {act}(W\,{_READ} + b)",
            numbers=rf"h_t = {act}({_number(step.sum_h)}) = {_squashed(step.h, activation)}",
            words=f"It was {_plain(step.h_before)} and is computed anew from all hidden states before and the input: "
            "no gate keeps a share of it.",
        ),
    )


def _gate_equation(letter: str, z: float, value: float) -> Equation:
    gate = _GATES[letter]
    return Equation(
        name=gate.name,
        symbols=rf"{letter}_t = \sigma(W_{letter}\,{_READ} + b_{letter})",
        numbers=rf"{letter}_t = \sigma({_number(z)}) = {_gate(value)}",
        words=f"{_how(value, gate.low, gate.high)}: {_share(value)} {gate.effect}.",
    )


def _how(gate: float, low: str, high: str) -> str:
    if gate < 0.2:
        return f"Near 0, so it {low}"
    return f"Near 1, so it {high}" if gate > 0.8 else f"In between: it neither {low} nor {high} fully"


def _share(gate: float) -> str:
    if gate < 0.005:
        return "less than 1%"
    return "more than 99%" if gate > 0.995 else f"{gate:.0%}"


def _pull(candidate: float, state: str) -> str:
    if candidate == 0:
        return "There is nothing to write at this step."
    return f"What could be written pulls the {state} {'up' if candidate > 0 else 'down'}."


def _squashed(value: float, activation: Activation) -> str:
    return _number(value) if activation == "relu" else _gate(value)


def _gate(value: float) -> str:
    """Write a value inside (-1, 1) with three digits, or with as many as show that it is inside."""
    if abs(value) < 0.9995:
        return _number(value)
    digits = min(math.floor(-math.log10(max(1 - abs(value), 1e-16))), 16)
    return f"{'-' if value < 0 else ''}0.{'9' * digits}"


def _number(value: float) -> str:
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5:
        return f"{value:.{max(2 - math.floor(math.log10(abs(value))), 0)}f}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"


def _plain(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")


def _bracket(number: str) -> str:
    return f"({number})" if number.startswith("-") or "cdot" in number else number
