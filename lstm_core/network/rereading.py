"""Edited windows are read again only where they are new: not before the first edit, nor twice, nor once forgotten.

A recurrent layer that reads forwards knows nothing of later steps. So windows are read once and states are kept on the
way; every edit starts from there (`branches` finds where, and which edits share more of their beginning). When nothing
is edited any more and the states have come back to those of the window, the rest is known as well. What is left is
shared between the processors.
"""

from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Bool, Int

from lstm_core.arrays import HorizonValues, SampleRows, WindowInputs
from lstm_core.network.branches import (
    FROM_WINDOW,
    Branches,
    Rows,
    branch,
    first_and_last,
    sorted_edits,
    steps_apart,
)
from lstm_core.network.forward import READERS, answer, at_once, side_by_side
from lstm_core.network.match import check_inputs
from lstm_core.network.stack import Stack, State
from lstm_core.network.trained import TrainedNetwork
from lstm_core.preparation.padding import PAD_VALUE

KEPT_NUMBERS = 25_000_000
"""Numbers of all kept states, 100 MB of float32: where every step has more, only every second or third is kept."""
LOOK_EVERY = 8
"""Steps between two looks at whether an edit is forgotten: a look costs about as much as the step of a small layer."""
FORGOTTEN = 4 * float(np.finfo(np.float32).eps)
"""A state this near to that of the window, for values above 1 relative to them, differs by the rounding of a step."""
BEGINNING, COARSEST = 4_000_000, 8
"""Multiplications that take about as long as to let an edit begin, and how many steps apart edits begin at most."""
PROBE = 4
"""Units of a state that are looked at first."""
FEWEST, FEWEST_NUMBERS = 64, 16_384
"""Edits, and numbers of a state of theirs, that are worth a processor of their own."""

Columns = Int[np.ndarray, "sample"]
Reread = Callable[[WindowInputs, SampleRows], HorizonValues]
"""Edited windows in, and for each the number of the window that it was; forecasts out, scaled."""


def reread(predict: Callable[[WindowInputs], HorizonValues], windows: WindowInputs) -> Reread:
    """How edits of these windows are forecast: only where they are new if the network allows it, else in full.

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
        rooms = self._stack(1).rooms
        every = n_samples * sum(len(room) for room in rooms)
        self._stride = max(-(-length * every // KEPT_NUMBERS), 1)
        n_kept = -(-length // self._stride)
        # Number m holds the states before step m * stride.
        self._kept = [np.zeros((n_kept, len(room), n_samples), np.float32) for room in rooms]
        self._told = np.empty((n_samples, network.weights.horizon), np.float32)
        side_by_side(self._keep, list(self._cut(n_samples)), READERS)

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
        changed = steps_apart(edited, self._windows[samples])
        firsts, lasts = first_and_last(changed)
        predicted = self._told[samples]

        def read(rows: Rows) -> None:
            grain = self._grain(len(rows))
            marks = firsts[rows] // grain * grain
            branches = branch(edited[rows], samples[rows], marks=marks, lasts=lasts[rows], grain=grain)
            predicted[rows] = self._resume(edited[rows], samples[rows], branches)

        rows = sorted_edits(changed, firsts, samples)
        rows = rows[: np.count_nonzero(lasts)]  # those without an edit stand behind
        side_by_side(read, [rows[part] for part in self._cut(len(rows))], READERS)
        return predicted

    def _stack(self, n_columns: int) -> Stack:
        return Stack(self._spec, self._weights, n_columns)

    def _grain(self, n_edits: int) -> int:
        """Steps between two at which edits may begin: where a step costs less than a beginning, only now and then."""
        cheap = BEGINNING // (n_edits * sum(layer.forward.recurrent.size for layer in self._weights.layers))
        return max(-(-min(cheap, COARSEST) // self._stride), 1) * self._stride

    def _cut(self, n_rows: int) -> Iterator[slice]:
        """Rows that are read at once: not too many for the processor's memory, and something for each reader."""
        widest = max(layer.units for layer in self._weights.layers)
        share = max(-(-n_rows // READERS), FEWEST, FEWEST_NUMBERS // widest)
        size = min(share, at_once(self._weights))
        for start in range(0, n_rows, size):
            yield slice(start, min(start + size, n_rows))

    def _keep(self, part: slice) -> None:
        """Read some windows, and keep the states of all layers and what is told in the end."""
        sequence, skipped = self._to_steps(self._windows[part])
        stack = self._stack(sequence.shape[2])
        for t, x in enumerate(sequence):
            if t % self._stride == 0:
                for kept, room in zip(self._kept, stack.rooms, strict=True):
                    kept[t // self._stride, :, part] = room
            stack.step(x, None if skipped is None else skipped[t])
        self._told[part] = answer(self._spec, self._weights, stack.said)

    def _to_steps(self, windows: WindowInputs) -> tuple[np.ndarray, Bool[np.ndarray, "window sample"] | None]:
        """Windows as (window, feature, sample), and the steps that masking passes over."""
        sequence = np.ascontiguousarray(windows.transpose(1, 2, 0))
        skipped = (sequence == PAD_VALUE).all(axis=1) if self._spec.masking else None
        return sequence, skipped

    def _resume(self, edited: WindowInputs, samples: SampleRows, branches: Branches) -> HorizonValues:
        """Forecast edits, each from where it branches off to where it is forgotten."""
        (sequence, skipped), length = self._to_steps(edited), edited.shape[1]
        predicted, column_of = self._told[samples], np.empty(len(edited), dtype=int)
        stack, rows = self._stack(len(edited)), np.empty(0, dtype=int)
        look_every = -(-LOOK_EVERY // self._stride) * self._stride
        order = np.argsort(branches.births, kind="stable")
        begins = np.searchsorted(branches.births[order], np.arange(length + 1))
        for t in range(int(branches.births.min()), length):
            if t % look_every == 0 and (may := branches.ends[rows] <= t).any():
                stays = ~may
                stays[may] = ~self._forgotten(stack, t, samples[rows[may]], np.flatnonzero(may))
                stack.keep(stays)
                rows = rows[stays]
                column_of[rows] = np.arange(len(rows))
            if len(new := order[begins[t] : begins[t + 1]]):
                parents = branches.parents[new]
                columns = np.where(parents == FROM_WINDOW, FROM_WINDOW, column_of[parents])
                self._join(stack, t, samples[new], columns)
                rows = np.concatenate([rows, new])
                column_of[rows] = np.arange(len(rows))
            if len(rows):
                stack.step(sequence[t][:, rows], None if skipped is None else skipped[t, rows])
        if len(rows):
            predicted[rows] = answer(self._spec, self._weights, stack.said)
        for row in np.flatnonzero(branches.births == length):
            predicted[row] = predicted[branches.parents[row]]
        return predicted

    def _known(self, t: int, samples: SampleRows) -> list[State]:
        """States before step `t`, a mark, of windows as they were before they were edited."""
        return [kept[t // self._stride][:, samples] for kept in self._kept]

    def _join(self, stack: Stack, t: int, samples: SampleRows, columns: Columns) -> None:
        """Add columns: from what is kept of their windows, or from where another is read already."""
        from_window = columns == FROM_WINDOW
        if from_window.all():
            stack.join(self._known(t, samples))
            return
        states = [state[:, columns] for state in stack.states]
        if from_window.any():
            known = self._known(t, samples[from_window])
            for state, before in zip(states, known, strict=True):
                state[:, from_window] = before
        stack.join(states)

    def _forgotten(
        self, stack: Stack, t: int, samples: SampleRows, asked: Columns
    ) -> Bool[np.ndarray, "sample"]:
        """Which of the columns asked about have the states of their windows again."""
        near = np.ones(len(asked), dtype=bool)
        # Most differ in the first few units already, and need not be looked at further.
        for units in (slice(0, PROBE), slice(PROBE, None)):
            for state, kept in zip(stack.states, self._kept, strict=True):
                left = asked[near]
                before = kept[t // self._stride, units][:, samples[near]]
                limit = FORGOTTEN * np.maximum(np.abs(before), 1)
                near[near] = (np.abs(state[units][:, left] - before) <= limit).all(axis=0)
        return near
