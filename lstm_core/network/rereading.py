"""Edited windows are read again only from their first edited step on: before it, nothing has changed.

A recurrent layer that reads forwards knows nothing of later steps. So an explanation that edits every step of every
window alone need not read 48 steps 48 times: windows are read once, states are kept on the way, and every edit starts
from there. That is half of the work; the other half is shared between the processors.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from jaxtyping import Int

from lstm_core.arrays import HorizonValues, SampleRows, WindowInputs
from lstm_core.network.cells import CELLS, Cell, walk
from lstm_core.network.forward import READERS, answer, chunks, one_thread, side_by_side
from lstm_core.network.layers import Vector, normalize, skipped_steps
from lstm_core.network.match import check_inputs
from lstm_core.network.trained import TrainedNetwork

KEPT_NUMBERS = 25_000_000
"""Numbers of all kept states, 100 MB of float32: where every step has more, only every second or third is kept."""

Reread = Callable[[WindowInputs, SampleRows], HorizonValues]
"""Edited windows in, and for each the number of the window that it was; forecasts out, scaled."""


def reread(predict: Callable[[WindowInputs], HorizonValues], windows: WindowInputs) -> Reread:
    """How edits of these windows are forecast: from the first edited step on if the network allows it, else in full.

    Parameters
    ----------
    windows : (sample, window, feature), scaled, as they are before they are edited

    Raises
    ------
    NetworkError
        If the windows have another number of features than the network reads.
    """
    if isinstance(predict, TrainedNetwork) and predict.can_resume:
        return Rereading(predict, windows)
    return lambda edited, _: predict(edited)


class Rereading:
    """Windows that a network has read once, with its states on the way.

    Called with edited windows it gives what `forward` gives, but for the rounding of float32: matrices of another width
    may be added up in another order.
    """

    def __init__(self, network: TrainedNetwork, windows: WindowInputs) -> None:
        check_inputs(network.spec, network.weights, n_features=windows.shape[2])
        self._spec, self._weights = network.spec, network.weights
        self._windows = windows.astype(np.float32, copy=False)
        n_samples, length, _ = windows.shape
        cells = self._cells(1)
        every = n_samples * sum(len(state) for cell in cells for state in cell.states)
        self._stride = max(-(-length * every // KEPT_NUMBERS), 1)
        n_kept = -(-length // self._stride)
        # Number m holds the states before step m * stride.
        self._kept = [
            [np.zeros((n_kept, len(state), n_samples), np.float32) for state in cell.states] for cell in cells
        ]
        with one_thread():
            for chunk in chunks(network.weights, n_samples, length):
                self._keep(chunk)

    def __call__(self, edited: WindowInputs, samples: SampleRows) -> HorizonValues:
        """Forecast edited windows.

        Parameters
        ----------
        edited : (edit, window, feature), scaled
        samples : (edit,) which of the windows each was, counted from 0

        Returns
        -------
        (edit, horizon) float32, scaled
        """
        edited = edited.astype(np.float32, copy=False)
        length = edited.shape[1]
        changed = (edited != self._windows[samples]).any(axis=2)
        firsts = np.where(changed.any(axis=1), changed.argmax(axis=1), length - 1)
        predicted = np.empty((len(edited), self._weights.horizon), np.float32)

        def read(rows: Int[np.ndarray, "edit"]) -> None:
            predicted[rows] = self._resume(edited[rows], samples[rows], int(firsts[rows[0]]))

        side_by_side(read, list(self._batches(firsts, length)), READERS)
        return predicted

    def _batches(self, firsts: Int[np.ndarray, "edit"], length: int) -> Iterator[Int[np.ndarray, "edit"]]:
        """Rows of edits, those side by side that begin at about the same step, the earliest first."""
        order = np.argsort(firsts, kind="stable")
        for chunk in chunks(self._weights, len(order), length):
            yield order[chunk]

    def _cells(self, n_samples: int) -> list[Cell]:
        """Fresh cells of all layers."""
        pairs = zip(self._spec.layers, self._weights.layers, strict=True)
        return [CELLS[layer.cell](layer, held.forward, n_samples, np.float32) for layer, held in pairs]

    def _keep(self, chunk: slice) -> None:
        """Read some windows, and keep the states of all layers."""
        windows, stride = self._windows[chunk], self._stride
        cells = self._cells(len(windows))

        def keep(number: int, t: int) -> None:
            if (t + 1) % stride == 0 and t + 1 < windows.shape[1]:
                for kept, state in zip(self._kept[number], cells[number].states, strict=True):
                    kept[(t + 1) // stride, :, chunk] = state

        self._read(windows, cells, keep)

    def _resume(self, edited: WindowInputs, samples: SampleRows, first: int) -> HorizonValues:
        """Forecast edits, none of which begins before step `first`, from the states kept there or before."""
        mark = first // self._stride
        cells = self._cells(len(edited))
        for cell, kept in zip(cells, self._kept, strict=True):
            for state, known in zip(cell.states, kept, strict=True):
                state[:] = known[mark][:, samples]
        return answer(self._spec, self._weights, self._read(edited[:, mark * self._stride :], cells))

    def _read(
        self, windows: WindowInputs, cells: Sequence[Cell], keep: Callable[[int, int], None] | None = None
    ) -> Vector:
        """What the last layer says when it has read all; `keep` is told every layer and step."""
        said = windows.transpose(1, 2, 0)
        skipped = skipped_steps(said) if self._spec.masking else None
        for number, (cell, held) in enumerate(zip(cells, self._weights.layers, strict=True)):
            hands_on = number + 1 < len(cells)
            every = np.empty((len(said) if hands_on else 0, *cell.h.shape), np.float32)
            for t in walk(cell, said, skipped=skipped):
                if hands_on:
                    every[t] = cell.h
                if keep:
                    keep(number, t)
            said = every if hands_on else cell.h
            said = said if held.norm is None else normalize(said, held.norm)
        return said
