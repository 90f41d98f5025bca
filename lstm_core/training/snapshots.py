"""Weights kept every few epochs, so that a finished training can be looked at as it was."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from lstm_core.network.weights import Weights


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
            Weights.from_arrays({name: held[place] for name, held in stacked.items()})
            for place in range(len(arrays["epochs"]))
        )
        return cls(epochs=arrays["epochs"], weights=weights)
