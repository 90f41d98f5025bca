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
    inner = "[h_{t-1}, x_t]"
    i, f, o = _gate(step.i), _gate(step.f), _gate(step.o)
    g = _number(step.g) if activation == "relu" else _gate(step.g)
    c_before, c, h = _number(step.c_before), _number(step.c), _number(step.h)
    return (
        Equation(
            name="Forget gate",
            symbols=rf"f_t = \sigma(W_f\,{inner} + b_f)",
            numbers=rf"f_t = \sigma({_number(step.z_f)}) = {f}",
            words=f"{_how(step.f, 'forgets', 'keeps')}: {_share(step.f)} of the old cell state stays.",
        ),
        Equation(
            name="Input gate",
            symbols=rf"i_t = \sigma(W_i\,{inner} + b_i)",
            numbers=rf"i_t = \sigma({_number(step.z_i)}) = {i}",
            words=f"{_how(step.i, 'keeps new out', 'lets new in')}: {_share(step.i)} of the candidate is written.",
        ),
        Equation(
            name="Candidate",
            symbols=rf"\tilde{{C}}_t = {act}(W_C\,{inner} + b_C)",
            numbers=rf"\tilde{{C}}_t = {act}({_number(step.z_g)}) = {g}",
            words=f"What could be written pulls the cell state {'up' if step.g > 0 else 'down'}.",
        ),
        Equation(
            name="Cell state",
            symbols=r"C_t = f_t \odot C_{t-1} + i_t \odot \tilde{C}_t",
            numbers=rf"C_t = {f} \cdot {_bracket(c_before)} + {i} \cdot {_bracket(g)} = {c}",
            words=f"{step.f * step.c_before:.3g} is kept and {step.i * step.g:.3g} is added.",
        ),
        Equation(
            name="Output gate",
            symbols=rf"o_t = \sigma(W_o\,{inner} + b_o)",
            numbers=rf"o_t = \sigma({_number(step.z_o)}) = {o}",
            words=f"{_how(step.o, 'hides the memory', 'shows the memory')}: {_share(step.o)} of it is shown.",
        ),
        Equation(
            name="Hidden state",
            symbols=rf"h_t = o_t \odot {act}(C_t)",
            numbers=rf"h_t = {o} \cdot {act}({c}) = {h}",
            words="What the unit tells the next step and the next layer.",
        ),
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


def _bracket(number: str) -> str:
    return f"({number})" if number.startswith("-") or "cdot" in number else number
