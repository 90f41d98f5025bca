"""What a gate trace says: how long units remember, which units to look at first, and one step in numbers."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from lstm_core.network.trace import GateTrace

Order = Literal["number", "memory", "forget", "input", "output", "hidden", "variation"]
LONGEST = 1e6
"""Steps beyond which a half-life is called endless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellStep:
    """One unit at one step: the numbers of the six equations.

    `z_*` are the weighted sums before the sigmoid (or the activation); `c_before` and `h_before` are the unit's states
    before the step, zero at the first.
    """

    z_i: float
    z_f: float
    z_g: float
    z_o: float
    i: float
    f: float
    g: float
    o: float
    c_before: float
    c: float
    h_before: float
    h: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Memory:
    """How long the units of a layer remember on one window.

    Attributes
    ----------
    half_lives : (unit,) steps until half of what stands in the cell state is forgotten, at most `LONGEST`
    median : half-life of the middle unit, steps
    longest : half-life of the unit that remembers longest, steps
    longest_unit : that unit, counted from 0
    """

    half_lives: Float[np.ndarray, "unit"]
    median: float
    longest: float
    longest_unit: int


def measure_memory(trace: GateTrace) -> Memory:
    """Half-life of every unit's cell state.

    After n steps the share ``f_1 * f_2 * ... * f_n`` of the old cell state is left. With the geometric mean f of the
    forget gate over the window, half is left after ``log(1/2) / log(f)`` steps.
    """
    mean_log = np.log(trace.parts["forget"]).mean(axis=0)
    half_lives = np.minimum(np.log(0.5) / np.minimum(mean_log, -1e-12), LONGEST)
    half_lives.flags.writeable = False
    at = int(half_lives.argmax())
    return Memory(
        half_lives=half_lives,
        median=float(np.median(half_lives)),
        longest=float(half_lives[at]),
        longest_unit=at,
    )


def describe(memory: Memory, *, window_length: int) -> str:
    """What the half-lives mean for a window of this length, in words."""
    unit, reach = memory.longest_unit + 1, memory.longest * np.log2(10)
    seen = (
        f"On this window half of the units forget half of their cell state within {_steps(memory.median)}; "
        f"unit {unit} remembers longest, with a half-life of {_steps(memory.longest)}."
    )
    if reach < window_length:
        return (
            f"{seen} After {_steps(np.ceil(reach))} a tenth is left even there, so the oldest of the {window_length} "
            "steps hardly reach the forecast through this memory. The Sensitivity page measures what they still do; if "
            "it is little, try a shorter window."
        )
    return f"{seen} So even the first of the {window_length} steps can still reach the forecast."


def _steps(count: float) -> str:
    if count >= LONGEST:
        return "endless steps"
    text = f"{count:.0f}" if count >= 10 else f"{count:.2g}"
    return f"{text} step" if text == "1" else f"{text} steps"


def rank_units(trace: GateTrace, order: Order) -> Int[np.ndarray, "unit"]:
    """Units in the order in which to look at them, most first; ties by number.

    ==========  ============================================================
    order       most means
    ==========  ============================================================
    number      as they stand in the weights
    memory      longest half-life of the cell state
    forget      highest mean forget gate (input, output: the same for theirs)
    hidden      largest mean of the hidden state without its sign
    variation   hidden state changes most over the window
    ==========  ============================================================
    """
    units = trace.parts["hidden"].shape[1]
    weight = {
        "number": lambda: np.zeros(units),
        "memory": lambda: measure_memory(trace).half_lives,
        "forget": lambda: trace.parts["forget"].mean(axis=0),
        "input": lambda: trace.parts["input"].mean(axis=0),
        "output": lambda: trace.parts["output"].mean(axis=0),
        "hidden": lambda: np.abs(trace.parts["hidden"]).mean(axis=0),
        "variation": lambda: trace.parts["hidden"].std(axis=0),
    }[order]()
    return np.argsort(-weight, kind="stable")


def cell_step(trace: GateTrace, *, step: int, unit: int) -> CellStep:
    """Numbers of the six equations for one unit at one step, both counted from 0."""
    z_i, z_f, z_g, z_o = (
        float(trace.sums[name][step, unit]) for name in ("input", "forget", "candidate", "output")
    )
    parts = trace.parts
    return CellStep(
        z_i=z_i,
        z_f=z_f,
        z_g=z_g,
        z_o=z_o,
        i=float(parts["input"][step, unit]),
        f=float(parts["forget"][step, unit]),
        g=float(parts["candidate"][step, unit]),
        o=float(parts["output"][step, unit]),
        c_before=float(parts["cell"][step - 1, unit]) if step else 0.0,
        c=float(parts["cell"][step, unit]),
        h_before=float(parts["hidden"][step - 1, unit]) if step else 0.0,
        h=float(parts["hidden"][step, unit]),
    )


def crop(trace: GateTrace, steps: slice) -> GateTrace:
    """Keep some neighbouring steps of a trace; nothing is copied."""
    parts = {name: values[steps] for name, values in trace.parts.items()}
    sums = {name: values[steps] for name, values in trace.sums.items()}
    return replace(trace, parts=parts, sums=sums)


def steps_around(step: int, *, window_length: int, most: int) -> slice:
    """Return at most `most` neighbouring steps that contain `step`, as late as possible when all else is equal."""
    first = min(max(step - most // 2, 0), max(window_length - most, 0))
    return slice(first, min(first + most, window_length))
