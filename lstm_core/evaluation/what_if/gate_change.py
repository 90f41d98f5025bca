"""How the gates and states of a layer change when the window it reads is changed."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from lstm_core.arrays import GateValues
from lstm_core.network.trace import GateTrace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GateChange:
    """Two traces of one layer, on the same steps.

    Attributes
    ----------
    before, after : what the layer did on the window as it was, and as it is now
    """

    before: GateTrace
    after: GateTrace

    def difference(self, part: str) -> GateValues:
        """A gate or state after minus before, (window, unit); 0 at steps that masking passed over in both."""
        after, before = self.after.parts[part], self.before.parts[part]
        return np.where(np.isnan(after) & np.isnan(before), 0.0, after - before)

    def strength(self, part: str) -> Float[np.ndarray, "unit"]:
        """Mean over the steps of the size of the difference, for each unit."""
        return np.nanmean(np.abs(self.difference(part)), axis=0)

    def most_changed(self, part: str) -> Int[np.ndarray, "unit"]:
        """Units, counted from 0, those that change most first; units that change alike stay in their order."""
        return np.argsort(-self.strength(part), kind="stable")

    def strongest_part(self) -> str:
        """Which gate changes most, mean over its units; the cell's own states only where it has no gates."""
        gates = [part for part in self.after.parts if part not in ("cell", "hidden")] or list(
            self.after.parts
        )
        return max(gates, key=lambda part: float(self.strength(part).mean()))
