"""Weights kept every few epochs, so that a finished training can be looked at as it was."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from lstm_core.network.weights import Weights

MOST_EPOCHS = 40
MOST_BYTES = 16 * 2**20
"""Of all snapshots of a run together."""
FEWEST_EPOCHS = 3
"""The first, the best and the last epoch are kept whatever they weigh."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshots:
    """Weights at the end of some epochs.

    Attributes
    ----------
    epochs : (epoch,) which, counted from 1, rising
    weights : of these epochs
    """

    epochs: Int[np.ndarray, "epoch"]
    weights: tuple[Weights, ...]

    def at(self, epoch: int) -> Weights:
        """Weights of the newest snapshot that is not after `epoch`; of the first one when all are."""
        place = int(np.searchsorted(self.epochs, epoch, side="right")) - 1
        return self.weights[max(place, 0)]

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Plain arrays by name; those of all epochs stacked along the first axis."""
        flat = [weights.to_arrays() for weights in self.weights]
        stacked = {name: np.stack([one[name] for one in flat]) for name in (flat[0] if flat else ())}
        return {"epochs": np.asarray(self.epochs)} | {
            f"weights.{name}": held for name, held in stacked.items()
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Snapshots":
        """Snapshots from the arrays of `to_arrays`."""
        prefix = "weights."
        stacked = {
            name.removeprefix(prefix): held for name, held in arrays.items() if name.startswith(prefix)
        }
        weights = tuple(
            # The dots keep a number alone (the scale of dot attention) an array.
            Weights.from_arrays({name: held[place, ...] for name, held in stacked.items()})
            for place in range(len(arrays["epochs"]))
        )
        return cls(epochs=arrays["epochs"], weights=weights)


class Album:
    """Gathers snapshots while a training goes on, evenly spaced: when it is full, every second one goes."""

    def __init__(self, opened: Snapshots | None = None, *, stride: int = 1) -> None:
        self.stride, self._most = stride, MOST_EPOCHS
        self._held: dict[int, Weights] = {}
        if opened is not None:
            for epoch, weights in zip(opened.epochs.tolist(), opened.weights, strict=True):
                if self.wants(epoch):
                    self.add(epoch, weights)

    def wants(self, epoch: int) -> bool:
        """Whether the epoch has a place: 1, 1 + stride, 1 + 2 stride, ..."""
        return (epoch - 1) % self.stride == 0

    def add(self, epoch: int, weights: Weights) -> None:
        """Take in the weights at the end of an epoch that has a place."""
        if not self._held:
            weight = sum(array.nbytes for array in weights.to_arrays().values())
            self._most = min(max(MOST_BYTES // weight, FEWEST_EPOCHS), MOST_EPOCHS)
        self._held[epoch] = weights
        while len(self._held) > self._most - 2:  # the best and the last epoch come on top
            self.stride *= 2
            self._held = {number: held for number, held in self._held.items() if self.wants(number)}

    def snapshots(self, extra: Mapping[int, Weights]) -> Snapshots:
        """All snapshots; `extra`: weights of epochs that are kept whether they have a place or not."""
        held = self._held | dict(extra)
        epochs = sorted(held)
        return Snapshots(epochs=np.array(epochs, np.int64), weights=tuple(held[epoch] for epoch in epochs))
