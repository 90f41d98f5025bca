"""The equations of one unit at every step, each in one line of plain text: what a chart can say beside a point."""

import math
from collections.abc import Mapping

from lstm_core.network.memory import CellStep, GruStep, LstmStep, cell_step
from lstm_core.network.spec import Activation
from lstm_core.network.trace import GateTrace

_SQUASH: dict[Activation, str] = {"tanh": "tanh", "relu": "relu", "sigmoid": "σ"}
SKIPPED = "skipped: no gate acts here"


def short_equations(
    trace: GateTrace, unit: int, *, steps: slice = slice(None), activation: Activation = "tanh"
) -> Mapping[str, tuple[str, ...]]:
    """One line for every part and some steps of a trace, such as ``step 7, chosen unit 3: f = σ(0.93) = 0.717``.

    Parameters
    ----------
    unit, steps : counted from 0

    Returns
    -------
    dict of part to (step,) lines, parts as in the trace
    """
    skipped = set(trace.skipped.tolist())
    lines: dict[str, list[str]] = {name: [] for name in trace.parts}
    for step in range(*steps.indices(len(trace.parts["hidden"]))):
        told = {} if step in skipped else _lines(cell_step(trace, step=step, unit=unit), _SQUASH[activation])
        for name, of_part in lines.items():
            words = f"chosen unit {unit + 1}: {told[name]}" if told else SKIPPED
            of_part.append(f"step {step + 1}, {words}")
    return {name: tuple(of_part) for name, of_part in lines.items()}


def _lines(now: CellStep, act: str) -> dict[str, str]:
    if isinstance(now, LstmStep):
        return {
            "input": f"i = σ({_say(now.z_i)}) = {_say(now.i)}",
            "forget": f"f = σ({_say(now.z_f)}) = {_say(now.f)}",
            "output": f"o = σ({_say(now.z_o)}) = {_say(now.o)}",
            "candidate": f"C̃ = {act}({_say(now.z_g)}) = {_say(now.g)}",
            "cell": f"C = {_say(now.f)} · {_factor(now.c_before)} + {_say(now.i)} · "
            f"{_factor(now.g)} = {_say(now.c)}",
            "hidden": f"h = {_say(now.o)} · {act}({_say(now.c)}) = {_say(now.h)}",
        }
    if isinstance(now, GruStep):
        return {
            "update": f"z = σ({_say(now.sum_z)}) = {_say(now.z)}",
            "reset": f"r = σ({_say(now.sum_r)}) = {_say(now.r)}",
            "candidate": f"h̃ = {act}({_say(now.read)} + {_say(now.r)} · {_factor(now.recalled)}) = {_say(now.g)}",
            "hidden": f"h = {_say(now.z)} · {_factor(now.h_before)} + "
            f"{_say(1 - now.z)} · {_factor(now.g)} = {_say(now.h)}",
        }
    return {"hidden": f"h = {act}({_say(now.sum_h)}) = {_say(now.h)}"}


def _say(value: float) -> str:
    """Three significant digits, more where it takes them to see that a gate is not 1."""
    text = f"{value:.3g}"
    if abs(value) < 1 and abs(float(text)) == 1:
        text = f"{value:.{min(math.ceil(round(-math.log10(max(1 - abs(value), 1e-15)), 9)), 15)}f}"
    return text.replace("-", "−")


def _factor(value: float) -> str:
    return f"({_say(value)})" if value < 0 else _say(value)
