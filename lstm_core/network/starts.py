"""The weights of a cell block by block, beside the values a training starts from."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from lstm_core.network.spec import BLOCKS, CellKind
from lstm_core.network.weights import CellWeights

WeightPart = Literal["bias", "kernel", "recurrent"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """The weights of one gate or candidate; read-only.

    Attributes
    ----------
    name : of the block, as in `BLOCKS`
    values : all of them
    low, high : ends of the range the values started in; equal when all started at the same number
    """

    name: str
    values: Float[np.ndarray, "weight"]
    low: float
    high: float


def weight_blocks(weights: CellWeights, part: WeightPart) -> tuple[Block, ...]:
    """Biases, input weights (kernel) or recurrent weights of a cell, block by block in Keras' order.

    Keras starts biases at 0, the forget gate's of an LSTM at 1; input weights anywhere between
    ``± sqrt(6 / (inputs + blocks x units))`` (Glorot, uniform); recurrent weights as an orthogonal matrix, whose
    entries have the spread ``1 / sqrt(blocks x units)``: two of those are given, which holds about 95% of them.
    """
    names = BLOCKS[weights.cell]
    values = np.split(getattr(weights, part), len(names), axis=-1)
    return tuple(
        Block(name=name, values=block.ravel(), low=low, high=high)
        for name, block in zip(names, values, strict=True)
        for low, high in [_start(weights, part, name)]
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
