"""Look inside one layer while it reads one window."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int

from lstm_core.arrays import GateValues, Window
from lstm_core.network.cells import CELLS, Cell, walk
from lstm_core.network.layers import read_sequence, skipped_steps
from lstm_core.network.match import check_inputs
from lstm_core.network.spec import BLOCKS, Activation, CellKind, NetworkSpec
from lstm_core.network.weights import Weights

_JUST_BELOW_ONE = float(np.nextafter(1.0, 0.0))
_JUST_ABOVE_ZERO = float(np.finfo(np.float64).tiny)
_INSIDE: dict[str, tuple[float, float]] = {
    "sigmoid": (_JUST_ABOVE_ZERO, _JUST_BELOW_ONE),
    "tanh": (-_JUST_BELOW_ONE, _JUST_BELOW_ONE),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GateTrace:
    """What one cell did at every step of one window; read-only float64.

    ====  ============================================================
    cell  parts, in the order in which they are drawn
    ====  ============================================================
    lstm  input, forget, output, candidate, cell, hidden
    gru   update, reset, candidate, hidden
    rnn   hidden
    ====  ============================================================

    Attributes
    ----------
    cell : which cell the layer is made of
    parts : (window, unit) each; gates strictly between 0 and 1, the candidate between -1 and 1 with tanh; states are
        those after the step
    sums : (window, unit) each; what every gate and the candidate (of an rnn: the hidden state) is squashed from. A
        GRU's candidate is squashed from `candidate_input + reset * candidate_state`, which are there too
    layer : which layer, counted from 0
    backward : whether it is the direction that reads from the newest step to the oldest; rows are in the order of time
        either way, so its states then come from the row below
    skipped : steps that masking passed over, counted from 0: states stand still there, and everything else is NaN
    """

    cell: CellKind
    parts: Mapping[str, GateValues]
    sums: Mapping[str, GateValues]
    layer: int
    backward: bool = False
    skipped: Int[np.ndarray, "step"] = field(default_factory=lambda: np.empty(0, int))

    def read(self, name: str) -> GateValues:
        """A part at the steps that were read."""
        return np.delete(self.parts[name], self.skipped, axis=0)


def trace_gates(
    spec: NetworkSpec, weights: Weights, window: Window, *, layer: int, backward: bool = False
) -> GateTrace:
    """Look inside one direction of one layer while it reads one window.

    Computed in float64: a float32 sigmoid is exactly 0 or 1 beyond about 17, the true one never is. Where
    even float64 rounds to 0 or 1 the neighbouring number inside is given (wrong by less than 2e-16).

    Parameters
    ----------
    window : (window, feature), scaled
    layer : counted from 0
    backward : look at the direction that reads the window from its newest step

    Returns
    -------
    GateTrace of (window, unit) arrays

    Raises
    ------
    NetworkError
        If the window has another number of features than the network reads.
    ValueError
        If the layer has no backward direction.
    """
    check_inputs(spec, weights, n_features=window.shape[1])
    held = weights.layers[layer].backward if backward else weights.layers[layer].forward
    if held is None:
        raise ValueError(f"layer {layer} reads its window in one direction only")
    sequence = window.astype(np.float64)[:, :, None]
    skipped = skipped_steps(sequence) if spec.masking else None
    for before, learned in zip(spec.layers[:layer], weights.layers[:layer], strict=True):
        sequence = read_sequence(before, learned, sequence, skipped)
    cell = CELLS[spec.layers[layer].cell](spec.layers[layer], held, 1, np.float64)
    parts = {name: np.empty((len(window), cell.units)) for name in cell.parts}
    for t in walk(cell, sequence, skipped=skipped, backward=backward):
        for name, part in cell.parts.items():
            parts[name][t] = part[:, 0]
    _keep_inside(parts, spec.layers[layer].activation)
    sums = _sums(spec.layers[layer].cell, cell, parts, sequence[:, :, 0], backward=backward)
    passed = np.empty(0, int) if skipped is None else np.flatnonzero(skipped)
    for name, array in (*parts.items(), *sums.items()):
        if array is sums.get(name) or name not in ("cell", "hidden"):
            array[passed] = np.nan
        array.flags.writeable = False
    return GateTrace(
        cell=spec.layers[layer].cell, parts=parts, sums=sums, layer=layer, backward=backward, skipped=passed
    )


def _keep_inside(parts: dict[str, np.ndarray], activation: Activation) -> None:
    """Move what was rounded to the end of an open range to the neighbouring number inside."""
    for name, values in parts.items():
        function = activation if name in ("candidate", "hidden") else "sigmoid"
        if name != "cell" and function in _INSIDE:
            np.clip(values, *_INSIDE[function], out=values)


def _sums(
    kind: CellKind, cell: Cell, parts: Mapping[str, np.ndarray], reads: np.ndarray, *, backward: bool
) -> dict[str, np.ndarray]:
    """Weighted sums of all steps at once: `W [h, x, 1]`, with h of the step read before."""
    before, start = parts["hidden"], np.zeros((1, cell.units))
    before = np.vstack([before[1:], start] if backward else [start, before[:-1]])
    flat = np.hstack([before, reads, np.ones((len(reads), 1))]) @ cell.W.T
    blocks = [np.ascontiguousarray(block) for block in np.split(flat, flat.shape[1] // cell.units, axis=1)]
    if kind != "gru":
        return dict(zip(BLOCKS[kind], blocks, strict=True))
    update, reset, state, given = blocks
    return {
        "update": update,
        "reset": reset,
        "candidate": given + parts["reset"] * state,
        "candidate_input": given,
        "candidate_state": state,
    }
