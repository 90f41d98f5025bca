"""All recurrent layers of a network that reads forwards, one step at a time, over columns that come and go.

`layers` reads the whole window with one layer and hands it to the next; here every step passes all layers, so that a
column may begin and end anywhere.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float

from lstm_core.network.cells import CELLS, read_step
from lstm_core.network.layers import Vector, normalize
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import Weights

State = Float[np.ndarray, "_ sample"]


class Stack:
    """Cells of all layers, one upon the other.

    Parameters
    ----------
    n_columns : room for so many windows; all of them are there at the beginning, with states of 0, until `join` is
        called for the first time or `keep` sends some away

    Attributes
    ----------
    rooms : what all layers remember, layer by layer, of all columns there is room for
    said : (width, sample) what the last layer said last
    """

    said: Vector

    def __init__(self, spec: NetworkSpec, weights: Weights, n_columns: int) -> None:
        pairs = list(zip(spec.layers, weights.layers, strict=True))
        self._cells = [CELLS[layer.cell](layer, held.forward, n_columns, np.float32) for layer, held in pairs]
        self._norms = [held.norm for _, held in pairs]
        self.rooms: list[State] = [room for cell in self._cells for room in cell.rooms]
        self._n = 0

    @property
    def states(self) -> list[State]:
        """What all layers remember, of the columns there are."""
        return [state for cell in self._cells for state in cell.states]

    def join(self, states: Sequence[State]) -> None:
        """Add columns with these states behind those there are."""
        first, self._n = self._n, self._n + states[0].shape[1]
        for room, state in zip(self.rooms, states, strict=True):
            room[:, first : self._n] = state
        self._narrow()

    def keep(self, stays: Bool[np.ndarray, "sample"]) -> None:
        """Keep some of the columns, in their order."""
        if stays.all():
            return
        kept = [state[:, stays] for state in self.states]
        self._n = 0
        self.join(kept)

    def step(
        self, x: Float[np.ndarray, "feature sample"], skipped: Bool[np.ndarray, "sample"] | None
    ) -> None:
        """Let every layer read a step of what the one below it says."""
        for cell, norm in zip(self._cells, self._norms, strict=True):
            read_step(cell, x, skipped)
            x = cell.h if norm is None else normalize(cell.h, norm)
        self.said = x

    def _narrow(self) -> None:
        for cell in self._cells:
            cell.narrow(self._n)
