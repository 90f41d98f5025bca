"""Which of many edited windows must be read apart, and from which step on: the branches of a tree.

Edits of a window share its beginning, and often more: an order of removals takes away one block after the other, so
two neighbours differ in one block. What is the same up to a step needs to be read once. Edits are sorted so that those
with the same beginning lie side by side; one that differs from the one before it at step t branches off there.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from lstm_core.arrays import SampleRows, WindowInputs

Rows = Int[np.ndarray, "edit"]
FROM_WINDOW = -1
"""In place of a parent: the states come from the window as it was before it was edited."""


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """Where each of some edits branches off; (edit,) whole numbers.

    Attributes
    ----------
    births : step before which it begins to be read apart; the window length: never, it equals its parent
    parents : edit that it branches off from, earlier in the list, or `FROM_WINDOW`
    ends : step from which on it is edited no more, and no other branches off from it
    """

    births: Rows
    parents: Rows
    ends: Rows


def steps_apart(some: WindowInputs, others: WindowInputs) -> Bool[np.ndarray, "edit window"]:
    """At which steps two windows differ in any column."""
    # One column after the other: NumPy is slow at asking for any of a few values that lie side by side.
    apart = some[:, :, 0] != others[:, :, 0]
    for column in range(1, some.shape[2]):
        apart |= some[:, :, column] != others[:, :, column]
    return apart


def first_and_last(changed: Bool[np.ndarray, "edit window"]) -> tuple[Rows, Rows]:
    """First edited step, the window length where none is; and the step behind the last one, 0 where none is."""
    length, any_edit = changed.shape[1], changed.any(axis=1)
    return np.where(any_edit, changed.argmax(axis=1), length), np.where(
        any_edit, length - changed[:, ::-1].argmax(axis=1), 0
    )


def sorted_edits(changed: Bool[np.ndarray, "edit window"], firsts: Rows, samples: SampleRows) -> Rows:
    """Edits by first edited step, then by window, then by the steps that are edited: like beginnings side by side."""
    bits = np.packbits(changed, axis=1)
    bits = np.pad(bits, ((0, 0), (0, -bits.shape[1] % 8)))
    return np.lexsort((*bits.view(">u8").T[::-1], samples, firsts))


def branch(
    edited: WindowInputs, samples: SampleRows, *, marks: Rows, lasts: Rows, grain: int = 1
) -> Branches:
    """Find where sorted edits branch off.

    Parameters
    ----------
    edited : (edit, window, feature), in the order of `sorted_edits`
    samples : (edit,) windows that they were
    marks : (edit,) step before which each still equals its window and the states of that are known
    lasts : (edit,) step behind the last that is edited
    grain : an edit branches off only at a multiple of so many steps, as its mark is one
    """
    length = edited.shape[1]
    differs = steps_apart(edited[1:], edited[:-1])
    apart = np.where(differs.any(axis=1), differs.argmax(axis=1) // grain * grain, length)
    apart[samples[1:] != samples[:-1]] = 0
    births, parents, ends = marks.copy(), np.full(len(edited), FROM_WINDOW), lasts.copy()
    for row in np.flatnonzero(apart > marks[1:]) + 1:
        births[row], parent = apart[row - 1], row - 1
        # One that is not yet read apart by then is still its own parent.
        while births[parent] >= births[row] and parents[parent] != FROM_WINDOW:
            parent = parents[parent]
        parents[row] = parent
        if births[row] < length:
            ends[parent] = max(ends[parent], births[row] + 1)
    return Branches(births, parents, ends)
