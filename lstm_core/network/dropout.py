"""Dropout as it acts while a network is trained, also afterwards: units left out at random, each time others.

Dropout behind a layer hides its outputs one by one, anew at every step of every window. Recurrent dropout hides what a
cell remembers of its last output: one mask per block of weights, unit and window, the same at all steps. What is not
hidden grows by `1 / (1 - rate)`, so that sums keep their mean. Both are Keras' own rules (`DropoutRNNCell`); in a GRU
the old state that the update gate keeps is not hidden.

A network that is asked many times with other units left out gives many forecasts. Gal and Ghahramani (2016, "Dropout as
a Bayesian approximation") read their spread as how unsure the weights are. Batch normalisation keeps the averages it
learned: only units are left out.
"""

import numpy as np

from lstm_core.network.cells import Cell
from lstm_core.network.spec import BLOCKS, LayerSpec, NetworkSpec


def has_dropout(spec: NetworkSpec) -> bool:
    """Whether a network leaves anything out while it is trained."""
    return any(layer.dropout > 0 or layer.recurrent_dropout > 0 for layer in spec.layers)


class Dropout:
    """Leaves units of layers and cells out, at random."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def mask(self, rate: float, shape: tuple[int, ...]) -> np.ndarray:
        """Numbers to multiply with, float32: 0 where something is hidden, `1 / (1 - rate)` elsewhere."""
        kept = self._rng.random(shape, dtype=np.float32) >= rate
        return kept * np.float32(1 / (1 - rate))

    def within(self, spec: LayerSpec, cell: Cell) -> None:
        """Let a cell walk with parts of its last output hidden from its blocks of weights."""
        if spec.recurrent_dropout > 0:
            cell.masks = [self.mask(spec.recurrent_dropout, cell.h.shape) for _ in BLOCKS[spec.cell]]

    def behind(self, spec: LayerSpec, said: np.ndarray) -> np.ndarray:
        """What is left of what a layer says, (..., width, sample)."""
        return said * self.mask(spec.dropout, said.shape) if spec.dropout > 0 else said
