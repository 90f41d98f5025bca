"""What a gate trace says: how long units remember, which units to look at first, and one step in numbers."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from lstm_core.network.spec import CellKind
from lstm_core.network.trace import GateTrace

Order = Literal["number", "memory", "forget", "input", "output", "update", "reset", "hidden", "variation"]
LONGEST = 1e6
"""Steps beyond which a half-life is called endless."""

KEEPS: dict[CellKind, str | None] = {"lstm": "forget", "gru": "update", "rnn": None}
"""The gate that says which share of the old state a step keeps; a simple RNN has none."""

GATES: dict[CellKind, tuple[Order, ...]] = {
    "lstm": ("forget", "input", "output"),
    "gru": ("update", "reset"),
    "rnn": (),
}
"""Parts that are gates, the one that tells most first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LstmStep:
    """One unit of an LSTM at one step: the numbers of the six equations.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class GruStep:
    """One unit of a GRU at one step: the numbers of the four equations.

    `sum_*` are the weighted sums before they are squashed; ``sum_g = read + r x recalled``, with `read` from the input
    of the step and `recalled` from the hidden states before it.
    """

    sum_z: float
    sum_r: float
    sum_g: float
    read: float
    recalled: float
    z: float
    r: float
    g: float
    h_before: float
    h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RnnStep:
    """One unit of a simple RNN at one step: the weighted sum, and what it is squashed to."""

    sum_h: float
    h_before: float
    h: float


CellStep = LstmStep | GruStep | RnnStep


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Memory:
    """How long the units of a layer remember on one window.

    Attributes
    ----------
    half_lives : (unit,) steps until half of what stands in the state is forgotten, at most `LONGEST`
    median : half-life of the middle unit, steps
    longest : half-life of the unit that remembers longest, steps
    longest_unit : that unit, counted from 0
    """

    half_lives: Float[np.ndarray, "unit"]
    median: float
    longest: float
    longest_unit: int


def measure_memory(trace: GateTrace) -> Memory | None:
    """Half-life of every unit's state; None for a simple RNN, which has no gate that keeps a share of it.

    After n steps the share ``k_1 * k_2 * ... * k_n`` of the old state is left, where k is the forget gate of an LSTM
    (of its cell state) or the update gate of a GRU (of its hidden state). With the geometric mean k over the window,
    half is left after ``log(1/2) / log(k)`` steps.
    """
    keeps = KEEPS[trace.cell]
    if keeps is None:
        return None
    kept = trace.read(keeps)
    lives = half_lives(np.log(kept).mean(axis=0) if len(kept) else np.zeros(kept.shape[1]))
    at = int(lives.argmax())
    return Memory(half_lives=lives, median=float(np.median(lives)), longest=float(lives[at]), longest_unit=at)


def half_lives(mean_log: Float[np.ndarray, "unit"]) -> Float[np.ndarray, "unit"]:
    """Steps until half is left, ``log(1/2) / mean of log(k)``; k is the share that a step keeps. At most `LONGEST`."""
    lives = np.minimum(np.log(0.5) / np.minimum(mean_log, -1e-12), LONGEST)
    lives.flags.writeable = False
    return lives


def describe(
    memory: Memory | None, *, window_length: int, cell: CellKind = "lstm", backward: bool = False
) -> str:
    """What the half-lives mean for a window of this length, in words."""
    if memory is None:
        return (
            "A simple RNN has no gate that keeps a share of its state, so it has no half-life: every step computes the "
            "hidden state anew from the old one and the input. What old steps still do is measured on the Sensitivity "
            "page; where it is little although the series is long, try an LSTM or a GRU."
        )
    state = {"lstm": "cell state", "gru": "hidden state", "rnn": "hidden state"}[cell]
    unit, reach = memory.longest_unit + 1, memory.longest * np.log2(10)
    seen = (
        f"On this window half of the units forget half of their {state} within {_steps(memory.median)}; "
        f"unit {unit} remembers longest, with a half-life of {_steps(memory.longest)}."
    )
    if backward:
        # The newest step is read first and has the longest way to the end.
        if reach < window_length:
            return (
                f"{seen} After {_steps(np.ceil(reach))} a tenth is left even there, so the newest of the "
                f"{window_length} steps hardly reach the end of this direction through this memory; the direction that "
                "reads forwards ends with them."
            )
        return (
            f"{seen} So even the last of the {window_length} steps can still reach the end of this direction."
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


def orders(cell: CellKind) -> tuple[Order, ...]:
    """Orders that units of this cell can be ranked by, the most telling first."""
    memory: tuple[Order, ...] = ("memory",) if KEEPS[cell] else ()
    return (*memory, *GATES[cell], "hidden", "variation", "number")


def rank_units(trace: GateTrace, order: Order) -> Int[np.ndarray, "unit"]:
    """Units in the order in which to look at them, most first; ties by number.

    ==========  ============================================================
    order       most means
    ==========  ============================================================
    number      as they stand in the weights
    memory      longest half-life of the state; as they stand for an RNN
    forget      highest mean forget gate (every other gate: the same)
    hidden      largest mean of the hidden state without its sign
    variation   hidden state changes most over the window
    ==========  ============================================================
    """
    hidden = trace.parts["hidden"]
    if order == "hidden":
        weight = np.abs(hidden).mean(axis=0)
    elif order == "variation":
        weight = hidden.std(axis=0)
    elif order == "memory" and (memory := measure_memory(trace)):
        weight = memory.half_lives
    elif order in trace.parts:
        weight = np.nan_to_num(trace.parts[order]).sum(axis=0)
    else:
        weight = np.zeros(hidden.shape[1])
    return np.argsort(-weight, kind="stable")


def cell_step(trace: GateTrace, *, step: int, unit: int) -> CellStep:
    """Numbers of the equations for one unit at one step of the window, both counted from 0."""
    now = {name: float(values[step, unit]) for name, values in trace.parts.items()}
    sums = {name: float(values[step, unit]) for name, values in trace.sums.items()}
    came_from = step + 1 if trace.backward else step - 1
    inside = 0 <= came_from < len(trace.parts["hidden"])
    before = {name: float(values[came_from, unit]) if inside else 0.0 for name, values in trace.parts.items()}
    if trace.cell == "rnn":
        return RnnStep(sum_h=sums["hidden"], h_before=before["hidden"], h=now["hidden"])
    if trace.cell == "gru":
        return GruStep(
            sum_z=sums["update"],
            sum_r=sums["reset"],
            sum_g=sums["candidate"],
            read=sums["candidate_input"],
            recalled=sums["candidate_state"],
            z=now["update"],
            r=now["reset"],
            g=now["candidate"],
            h_before=before["hidden"],
            h=now["hidden"],
        )
    return LstmStep(
        z_i=sums["input"],
        z_f=sums["forget"],
        z_g=sums["candidate"],
        z_o=sums["output"],
        i=now["input"],
        f=now["forget"],
        g=now["candidate"],
        o=now["output"],
        c_before=before["cell"],
        c=now["cell"],
        h_before=before["hidden"],
        h=now["hidden"],
    )


def crop(trace: GateTrace, steps: slice) -> GateTrace:
    """Keep some neighbouring steps of a trace; its numbers are not copied."""
    places = np.arange(len(trace.parts["hidden"]))[steps]
    return replace(
        trace,
        parts={name: values[steps] for name, values in trace.parts.items()},
        sums={name: values[steps] for name, values in trace.sums.items()},
        skipped=np.flatnonzero(np.isin(places, trace.skipped)),
    )


def steps_around(step: int, *, window_length: int, most: int) -> slice:
    """Return at most `most` neighbouring steps that contain `step`, as late as possible when all else is equal."""
    first = min(max(step - most // 2, 0), max(window_length - most, 0))
    return slice(first, min(first + most, window_length))
