"""The weights of a cell block by block, beside the values a training starts from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float
from scipy import stats

from lstm_core.network.spec import BLOCKS, CellKind
from lstm_core.network.weights import CellWeights

N_BINS = 30
STAYED = 0.05
"""A bias that moved less than this is said to have stayed: σ changes by about one percent."""
WeightPart = Literal["bias", "kernel", "recurrent"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """The weights of one gate or candidate; read-only.

    Attributes
    ----------
    name : of the block, as in `BLOCKS`
    values : all of them
    low, high : ends of the range the values started in; equal when all started at the same number
    edges : ends of the bins of both histograms
    counts : values in each bin now
    started : values that are expected in each bin at the start
    """

    name: str
    values: Float[np.ndarray, "weight"]
    low: float
    high: float
    edges: Float[np.ndarray, "edge"]
    counts: Float[np.ndarray, "bin"]
    started: Float[np.ndarray, "bin"]


def weight_blocks(weights: CellWeights, part: WeightPart) -> tuple[Block, ...]:
    """Biases, input weights (kernel) or recurrent weights of a cell, block by block in Keras' order.

    Keras starts biases at 0, the forget gate's of an LSTM at 1; input weights anywhere between
    ``± sqrt(6 / (inputs + blocks x units))`` (Glorot, uniform); recurrent weights as an orthogonal matrix, whose
    entries have the spread ``1 / sqrt(blocks x units)``: two of those are given, which holds about 95% of them.
    """
    names = BLOCKS[weights.cell]
    values = np.split(getattr(weights, part), len(names), axis=-1)
    return tuple(
        _block(name, block.ravel(), _start(weights, part, name), normal=part == "recurrent")
        for name, block in zip(names, values, strict=True)
    )


def _block(name: str, values: np.ndarray, start: tuple[float, float], *, normal: bool) -> Block:
    """Put a block into bins, beside what chance puts there at the start."""
    low, high = start
    edges = np.histogram_bin_edges(np.concatenate([values, start]), bins=N_BINS)
    if normal:
        below = stats.norm.cdf(edges, scale=high / 2)
    elif high > low:
        below = stats.uniform.cdf(edges, loc=low, scale=high - low)
    else:
        below = np.where(edges > low, 1.0, 0.0)
        below[-1] = 1.0  # the last bin holds its upper end
    counts = np.histogram(values, bins=edges)[0].astype(np.float64)
    return Block(
        name=name,
        values=values,
        low=low,
        high=high,
        edges=edges,
        counts=counts,
        started=len(values) * np.diff(below),
    )


def say_biases(weights: CellWeights) -> str:
    """Where the forget biases of an LSTM started, where they are, and what that means; "" for other cells."""
    if weights.cell != "lstm":
        return ""
    (forget,) = (block for block in weight_blocks(weights, "bias") if block.name == "forget")
    middle = float(np.median(forget.values))
    kept = 1 / (1 + np.exp(-middle))
    ends = f"{forget.values.min():.2f} to {forget.values.max():.2f}".replace("-", "−")
    if abs(middle - forget.low) < STAYED:
        moved = "the middle one has hardly moved"
    else:
        moved = f"training {'raised' if middle > forget.low else 'lowered'} the middle one"
    now = f"{middle:.2f}".replace("-", "−")
    share = "more than 99%" if kept > 0.995 else f"{kept:.0%}"
    return (
        f"The forget biases all started at 1 (dashed) and are {ends} now; {moved}, to {now}: with nothing else to go "
        f"by the unit keeps {share} of its state at each step."
    )


def _start(weights: CellWeights, part: WeightPart, name: str) -> tuple[float, float]:
    if part == "bias":
        at = start_of_bias(weights.cell, name)
        return at, at
    gates = weights.recurrent.shape[1]
    reach = 2 / np.sqrt(gates) if part == "recurrent" else np.sqrt(6 / (weights.n_features + gates))
    return -float(reach), float(reach)


def start_of_bias(cell: CellKind, name: str) -> float:
    """Where Keras starts the biases of a block: 1 for the forget gate, so that a young LSTM remembers, else 0."""
    return 1.0 if (cell, name) == ("lstm", "forget") else 0.0
