"""Where a training stands after an epoch: everything that is needed to go on as if it had never stopped."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_core.training.snapshots import Snapshots


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checkpoint:
    """State of a training at the end of an epoch.

    Attributes
    ----------
    epoch : epochs done
    arrays : by name: `model.*` (all variables of the network, the states of its random generators included),
        `optimizer.*` (all variables of the optimiser) and `best.*` (weights of the best epoch)
    numbers : by name: what the rules remember (`EarlyStopping.wait`, `ReduceLROnPlateau.best`, ...), the `seconds`
        trained, and the `stride` of the snapshots
    snapshots : weights kept so far
    """

    epoch: int
    arrays: Mapping[str, np.ndarray]
    numbers: Mapping[str, float]
    snapshots: Snapshots

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Plain arrays by name, ready to be stored; numbers as 0-d float64."""
        flat = {"epoch": np.array(self.epoch)} | {f"state.{name}": held for name, held in self.arrays.items()}
        flat |= {f"number.{name}": np.array(value, np.float64) for name, value in self.numbers.items()}
        return flat | {f"snapshots.{name}": held for name, held in self.snapshots.to_arrays().items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Checkpoint":
        """Checkpoint from the arrays of `to_arrays`."""

        def under(prefix: str) -> dict[str, np.ndarray]:
            return {
                name.removeprefix(prefix): held for name, held in arrays.items() if name.startswith(prefix)
            }

        return cls(
            epoch=int(arrays["epoch"]),
            arrays=under("state."),
            numbers={name: float(value) for name, value in under("number.").items()},
            snapshots=Snapshots.from_arrays(under("snapshots.")),
        )
