"""The three recurrent cells in readable NumPy: one step each, and the walk over a window.

With ``[h, x, 1]`` for the cell's last output, its input and a constant, stacked, one step of an LSTM is::

    i = sigmoid(W_i [h, x, 1])      input gate: how much of the candidate is written
    f = sigmoid(W_f [h, x, 1])      forget gate: how much of the old cell state is kept
    g = act(W_g [h, x, 1])          candidate: what could be written
    o = sigmoid(W_o [h, x, 1])      output gate: how much of the cell state is shown
    c = f * c + i * g               cell state: the memory
    h = o * act(c)                  hidden state: what the cell says

of a GRU, which has no cell state beside what it says (Keras' `reset_after=True`)::

    z = sigmoid(W_z [h, x, 1])              update gate: how much of the old state stays
    r = sigmoid(W_r [h, x, 1])              reset gate: how much of the old state the candidate sees
    g = act(W_x [x, 1] + r * W_h [h, 1])    candidate
    h = z * h + (1 - z) * g                 hidden state

and of a simple RNN, which has no gates::

    h = act(W [h, x, 1])
"""

from collections.abc import Iterator, Sequence

import numpy as np
from jaxtyping import Bool, Float

from lstm_core.network.spec import Activation, CellKind, DenseActivation, LayerSpec
from lstm_core.network.weights import CellWeights

Skipped = Bool[np.ndarray, "window sample"]
"""Steps that masking passes over, oldest first."""


class Cell:
    """One cell walking over a chunk of windows. Columns are windows, so `W @ [h, x, 1]` as in the books.

    Attributes
    ----------
    rooms : (unit, n_samples) what it remembers from step to step, of all columns: `h`, of an LSTM the cell state too
    h : (unit, sample) what the cell said last
    states : the same of the columns that read on, see `narrow`
    parts : gates and states by name, in the order in which they are drawn; overwritten by the next step
    masks : what each block of weights sees of `h`, (unit, sample) each to multiply it with; none after training
    """

    parts: dict[str, np.ndarray]
    masks: Sequence[np.ndarray] = ()
    remembers = 1

    def __init__(self, spec: LayerSpec, weights: CellWeights, n_samples: int, dtype: type) -> None:
        self.activation: Activation = spec.activation
        self.units = weights.units
        self.W = np.ascontiguousarray(self.stack(weights).T, dtype=dtype)
        self._all_hx1 = np.zeros((self.W.shape[1], n_samples), dtype)
        self._all_hx1[-1] = 1
        self._all_z = np.empty(len(self.W) * n_samples, dtype)
        beside_h = (np.zeros((self.units, n_samples), dtype) for _ in range(1, self.remembers))
        self.rooms = (self._all_hx1[: self.units], *beside_h)
        self.narrow(n_samples)

    def narrow(self, n_samples: int) -> None:
        """Let only the first `n_samples` columns read on; the others keep what they remember."""
        u = self.units
        self.hx1 = self._all_hx1[:, :n_samples]
        self.h, self.x = self.hx1[:u], self.hx1[u:-1]
        self.states = tuple(room[:, :n_samples] for room in self.rooms)
        self.z = self._all_z[: len(self.W) * n_samples].reshape(len(self.W), n_samples)
        self.blocks = np.split(self.z, len(self.W) // u)
        self.name_parts()

    @staticmethod
    def stack(weights: CellWeights) -> Float[np.ndarray, "reads gates"]:
        """Rows for h, for x and for the constant, one under the other."""
        return np.concatenate([weights.recurrent, weights.kernel, weights.bias[None]])

    def step(self, x: np.ndarray) -> None:
        """Read `x` (feature, sample) and move the state one step on, in place."""
        self.x[:] = x
        if self.masks:
            self._sum_through_masks()
        else:
            np.matmul(self.W, self.hx1, out=self.z)
        self.squash()

    def _sum_through_masks(self) -> None:
        u = self.units
        np.matmul(self.W[:, u:], self.hx1[u:], out=self.z)
        for at, mask in enumerate(self.masks):
            block = slice(at * u, (at + 1) * u)
            self.z[block] += self.W[block, :u] @ (self.h * mask)

    def name_parts(self) -> None:
        """Say which block of the weighted sums is which gate."""
        raise NotImplementedError

    def squash(self) -> None:
        """Turn the weighted sums of a step into gates and states."""
        raise NotImplementedError


class LstmCell(Cell):
    """Long short-term memory: three gates and a cell state."""

    remembers = 2

    def name_parts(self) -> None:
        """Input, forget and output gate, candidate; behind them both states."""
        self.i, self.f, self.g, self.o = self.blocks
        self.c = self.states[-1]
        self.kept, self.written = np.empty_like(self.i), np.empty_like(self.i)
        self.parts = {"input": self.i, "forget": self.f, "output": self.o}
        self.parts |= {"candidate": self.g, "cell": self.c, "hidden": self.h}

    def squash(self) -> None:
        """`c = f * c + i * g` and `h = o * act(c)`."""
        activate(self.i, "sigmoid")
        activate(self.f, "sigmoid")
        activate(self.g, self.activation)
        activate(self.o, "sigmoid")
        np.multiply(self.f, self.c, out=self.kept)
        np.multiply(self.i, self.g, out=self.written)
        np.add(self.kept, self.written, out=self.c)
        np.copyto(self.h, self.c)
        activate(self.h, self.activation)
        self.h *= self.o


class GruCell(Cell):
    """Gated recurrent unit: two gates; the state is what it says."""

    def name_parts(self) -> None:
        """Update and reset gate, what the candidate takes from h, the candidate."""
        self.update, self.reset, self.state, self.g = self.blocks
        self.kept = np.empty_like(self.g)
        self.parts = {"update": self.update, "reset": self.reset, "candidate": self.g, "hidden": self.h}

    @staticmethod
    def stack(weights: CellWeights) -> Float[np.ndarray, "reads gates"]:
        """Update, reset, and the candidate twice: what it takes from h, which the reset gate scales, and from x."""
        u = weights.units
        h_gates, h_candidate = np.split(weights.recurrent, [2 * u], axis=1)
        x_gates, x_candidate = np.split(weights.kernel, [2 * u], axis=1)
        of_x, of_h = weights.bias.astype(np.float64)
        return np.block(
            [
                [h_gates, h_candidate, np.zeros_like(h_candidate)],
                [x_gates, np.zeros_like(x_candidate), x_candidate],
                [(of_x + of_h)[None, : 2 * u], of_h[None, 2 * u :], of_x[None, 2 * u :]],
            ]
        )

    def squash(self) -> None:
        """`h = z * h + (1 - z) * g`, which is `g + z * (h - g)`."""
        activate(self.update, "sigmoid")
        activate(self.reset, "sigmoid")
        np.multiply(self.reset, self.state, out=self.kept)
        self.g += self.kept
        activate(self.g, self.activation)
        self.h -= self.g
        self.h *= self.update
        self.h += self.g


class RnnCell(Cell):
    """Simple recurrent network: what it says is squashed from what it said and what it reads."""

    def name_parts(self) -> None:
        """A simple cell has only what it says."""
        self.parts = {"hidden": self.h}

    def squash(self) -> None:
        """`h = act(W [h, x, 1])`."""
        np.copyto(self.h, self.z)
        activate(self.h, self.activation)


CELLS: dict[CellKind, type[Cell]] = {"lstm": LstmCell, "gru": GruCell, "rnn": RnnCell}


def walk(
    cell: Cell, sequence: np.ndarray, *, skipped: Skipped | None = None, backward: bool = False
) -> Iterator[int]:
    """Let `cell` read `sequence` (window, width, sample), oldest step first or newest; yield every step it has read.

    Where a step is `skipped` the cell keeps its states; its gates there mean nothing.
    """
    steps = range(len(sequence))
    for t in reversed(steps) if backward else steps:
        read_step(cell, sequence[t], None if skipped is None else skipped[t])
        yield t


def read_step(cell: Cell, x: np.ndarray, skipped: Bool[np.ndarray, "sample"] | None) -> None:
    """Let `cell` read one step, (width, sample), in all windows but those that skip it."""
    if skipped is None or not skipped.any():
        cell.step(x)
        return
    kept = [state[:, skipped] for state in cell.states]
    cell.step(x)
    for state, before in zip(cell.states, kept, strict=True):
        state[:, skipped] = before


def activate(z: np.ndarray, function: DenseActivation) -> None:
    """Squash in place. The sigmoid is (1 + tanh(z / 2)) / 2, which is faster and cannot overflow."""
    if function == "tanh":
        np.tanh(z, out=z)
    elif function == "relu":
        np.maximum(z, 0, out=z)
    elif function == "sigmoid":
        z *= 0.5
        np.tanh(z, out=z)
        z += 1
        z *= 0.5
