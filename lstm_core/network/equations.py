"""The six equations of a cell, with the numbers of one step filled in and a sentence on what they mean."""

import math
from dataclasses import dataclass

from lstm_core.network.memory import CellStep
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


def equations(step: CellStep, *, activation: Activation = "tanh") -> tuple[Equation, ...]:
    """Forget gate, input gate, candidate, cell state, output gate, hidden state, in this order.

    A gate is written with as many digits as it takes to see that it is neither 0 nor 1.
    """
    act = {"tanh": r"\tanh", "relu": r"\operatorname{relu}", "sigmoid": r"\sigma"}[activation]
    i, f, o = _gate(step.i), _gate(step.f), _gate(step.o)
    g = _number(step.g) if activation == "relu" else _gate(step.g)
    kept, written = _plain(step.f * step.c_before), _plain(step.i * step.g)
    candidate = Equation(
        name="Candidate",
        symbols=rf"\tilde{{C}}_t = {act}(W_C\,{_READ} + b_C)",
        numbers=rf"\tilde{{C}}_t = {act}({_number(step.z_g)}) = {g}",
        words=f"What could be written pulls the cell state {'up' if step.g > 0 else 'down'}."
        if step.g
        else "There is nothing to write at this step.",
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
        _gate_equation("f", step.z_f, step.f, "of the old cell state stays"),
        _gate_equation("i", step.z_i, step.i, "of the candidate is written"),
        candidate,
        cell_state,
        _gate_equation("o", step.z_o, step.o, "of the memory is shown"),
        hidden_state,
    )


_READ = "[h_{t-1}, x_t]"
_GATES = {
    "f": ("Forget gate", "forgets", "keeps"),
    "i": ("Input gate", "keeps new out", "lets new in"),
    "o": ("Output gate", "hides the memory", "shows the memory"),
}


def _gate_equation(letter: str, z: float, value: float, effect: str) -> Equation:
    name, low, high = _GATES[letter]
    return Equation(
        name=name,
        symbols=rf"{letter}_t = \sigma(W_{letter}\,{_READ} + b_{letter})",
        numbers=rf"{letter}_t = \sigma({_number(z)}) = {_gate(value)}",
        words=f"{_how(value, low, high)}: {_share(value)} {effect}.",
    )


def _how(gate: float, low: str, high: str) -> str:
    if gate < 0.2:
        return f"Near 0, so it {low}"
    return f"Near 1, so it {high}" if gate > 0.8 else f"In between: it neither {low} nor {high} fully"


def _share(gate: float) -> str:
    if gate < 0.005:
        return "less than 1%"
    return "more than 99%" if gate > 0.995 else f"{gate:.0%}"


def _gate(value: float) -> str:
    """Write a value inside (-1, 1) with three digits, or with as many as show that it is inside."""
    if abs(value) < 0.9995:
        return _number(value)
    digits = min(math.floor(-math.log10(1 - abs(value))), 16)
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
