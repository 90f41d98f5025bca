"""What one layer does over many windows: gates at their ends, states at the end of each, how long units remember."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import WindowInputs
from lstm_core.network.cells import CELLS, Cell, Skipped, walk
from lstm_core.network.layers import read_sequence, skipped_steps
from lstm_core.network.match import check_inputs
from lstm_core.network.memory import GATES, KEEPS, half_lives
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import CellWeights, Weights

SHUT, OPEN = 0.05, 0.95
"""A gate beyond these passes on less than a fifth of the gradient it could: s(1 - s) is 0.0475, at most 0.25."""
CHUNK = 256
_TINY = float(np.finfo(np.float32).tiny)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """One direction of one layer over many windows; read-only.

    Attributes
    ----------
    shut, open : per gate (unit,), the share of its values below 0.05 and above 0.95, over windows and steps that were
        read; empty for a simple RNN, which has no gates
    states : `cell` (LSTM only) and `hidden`, (sample, unit) each, when the window had been read
    half_lives : (unit,) steps until half of the state is forgotten, over all windows; None for a simple RNN
    """

    shut: Mapping[str, Float[np.ndarray, "unit"]]
    open: Mapping[str, Float[np.ndarray, "unit"]]
    states: Mapping[str, Float[np.ndarray, "sample unit"]]
    half_lives: Float[np.ndarray, "unit"] | None


def survey(
    spec: NetworkSpec, weights: Weights, inputs: WindowInputs, *, layer: int, backward: bool = False
) -> Survey:
    """Let one direction of one layer read windows, and keep what it did in short.

    Parameters
    ----------
    inputs : (sample, window, feature), scaled
    layer : counted from 0
    backward : look at the direction that reads windows from their newest step

    Raises
    ------
    NetworkError
        If the windows have another number of features than the network reads.
    ValueError
        If the layer has no backward direction.
    """
    check_inputs(spec, weights, n_features=inputs.shape[2])
    held = weights.layers[layer].backward if backward else weights.layers[layer].forward
    if held is None:
        raise ValueError(f"layer {layer} reads its window in one direction only")
    kind = spec.layers[layer].cell
    tally = _Tally(GATES[kind], KEEPS[kind], held)
    ends: list[dict[str, np.ndarray]] = []
    for start in range(0, len(inputs), CHUNK):
        sequence = inputs[start : start + CHUNK].astype(np.float32, copy=False).transpose(1, 2, 0)
        skipped = skipped_steps(sequence) if spec.masking else None
        for before, learned in zip(spec.layers[:layer], weights.layers[:layer], strict=True):
            sequence = read_sequence(before, learned, sequence, skipped)
        cell = CELLS[kind](spec.layers[layer], held, sequence.shape[2], np.float32)
        for step in walk(cell, sequence, skipped=skipped, backward=backward):
            tally.add(cell, skipped, step)
        ends.append({name: cell.parts[name].T.copy() for name in ("cell", "hidden") if name in cell.parts})
    return tally.survey({name: np.concatenate([end[name] for end in ends]) for name in ends[0]})


class _Tally:
    """Counts of gates at their ends, and how much was kept, step by step."""

    def __init__(self, gates: tuple[str, ...], keeps: str | None, weights: CellWeights) -> None:
        self.keeps = keeps
        self.shut = {gate: np.zeros(weights.units) for gate in gates}
        self.open = {gate: np.zeros(weights.units) for gate in gates}
        self.log_kept = np.zeros(weights.units)
        self.n_read = 0

    def add(self, cell: Cell, skipped: Skipped | None, step: int) -> None:
        read = slice(None) if skipped is None else ~skipped[step]
        self.n_read += cell.h[:, read].shape[1]
        for gate in self.shut:
            values = cell.parts[gate][:, read]
            self.shut[gate] += (values < SHUT).sum(axis=1)
            self.open[gate] += (values > OPEN).sum(axis=1)
        if self.keeps:
            kept = np.maximum(cell.parts[self.keeps][:, read], _TINY)
            self.log_kept += np.log(kept, dtype=np.float64).sum(axis=1)

    def survey(self, states: dict[str, np.ndarray]) -> Survey:
        n_read = max(self.n_read, 1)
        for array in states.values():
            array.flags.writeable = False
        return Survey(
            shut={gate: count / n_read for gate, count in self.shut.items()},
            open={gate: count / n_read for gate, count in self.open.items()},
            states=states,
            half_lives=half_lives(self.log_kept / n_read) if self.keeps else None,
        )
