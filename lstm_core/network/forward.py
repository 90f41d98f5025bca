"""The LSTM in readable NumPy: what a trained network computes, without Keras.

Every layer walks over the window, oldest step first. With ``[h, x, 1]`` for the layer's last output, its input and
a constant, stacked, one step of one layer is::

    i = sigmoid(W_i [h, x, 1])      input gate: how much of the candidate is written
    f = sigmoid(W_f [h, x, 1])      forget gate: how much of the old cell state is kept
    g = act(W_g [h, x, 1])          candidate: what could be written
    o = sigmoid(W_o [h, x, 1])      output gate: how much of the cell state is shown
    c = f * c + i * g               cell state: the memory
    h = o * act(c)                  hidden state: what the layer says

and after the last step the forecast is ``head_kernel' h + head_bias``. Blocks are in Keras' order i, f, g, o.
Held equal to Keras in `tests/reference/test_forward_vs_keras.py` and on every real run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from threadpoolctl import ThreadpoolController

from lstm_core.arrays import GateValues, HorizonValues, Window, WindowInputs
from lstm_core.network.spec import Activation, LayerSpec, NetworkSpec
from lstm_core.network.weights import LayerWeights, Weights, check_inputs

CHUNK = 512
"""Windows computed at once: few enough that the gates of a step stay near the processor, many enough to be quick."""

_JUST_BELOW_ONE = float(np.nextafter(1.0, 0.0))
_JUST_ABOVE_ZERO = float(np.finfo(np.float64).tiny)
_INSIDE: dict[str, tuple[float, float]] = {
    "sigmoid": (_JUST_ABOVE_ZERO, _JUST_BELOW_ONE),
    "tanh": (-_JUST_BELOW_ONE, _JUST_BELOW_ONE),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GateTrace:
    """What one layer did at every step of one window; read-only float64.

    Attributes
    ----------
    input, forget, output : (window, unit) gates, strictly between 0 and 1
    candidate : (window, unit) what could be written; between -1 and 1 with tanh
    cell, hidden : (window, unit) states after the step
    sums : (gate, window, unit) what i, f, candidate and o are squashed from: ``W [h, x, 1]``
    layer : which layer, counted from 0
    """

    input: GateValues
    forget: GateValues
    candidate: GateValues
    output: GateValues
    cell: GateValues
    hidden: GateValues
    sums: Float[np.ndarray, "gate window unit"]
    layer: int


def forward(spec: NetworkSpec, weights: Weights, inputs: WindowInputs) -> HorizonValues:
    """Forecast every window.

    Parameters
    ----------
    inputs : (sample, window, feature), scaled; any window length

    Returns
    -------
    (sample, horizon) float32, scaled

    Raises
    ------
    NetworkError
        If the windows have another number of features than the network reads.
    """
    check_inputs(spec, weights, n_features=inputs.shape[2])
    predicted = np.empty((len(inputs), weights.horizon), np.float32)
    with _threads().limit(limits=1, user_api="blas"):
        for start in range(0, len(inputs), CHUNK):
            windows = inputs[start : start + CHUNK]
            h = np.zeros((weights.layers[-1].units, len(windows)), np.float32)
            for cells in walk(spec, weights, windows, np.float32):
                h = cells[-1].h
            predicted[start : start + CHUNK] = h.T @ weights.head_kernel + weights.head_bias
    return predicted


def trace_gates(spec: NetworkSpec, weights: Weights, window: Window, *, layer: int) -> GateTrace:
    """Look inside one layer while it reads one window.

    Computed in float64: a float32 sigmoid is exactly 0 or 1 beyond about 17, the true one never is. Where
    even float64 rounds to 0 or 1 the neighbouring number inside is given (wrong by less than 2e-16).

    Parameters
    ----------
    window : (window, feature), scaled
    layer : counted from 0

    Returns
    -------
    GateTrace of (window, unit) arrays
    """
    check_inputs(spec, weights, n_features=window.shape[1])
    held = weights.layers[layer]
    reads, values = np.empty((len(window), held.n_features)), np.empty((6, len(window), held.units))
    for t, cells in enumerate(walk(spec, weights, window[None], np.float64)):
        cell = cells[layer]
        reads[t] = cell.x[:, 0]
        for row, part in enumerate((cell.i, cell.f, cell.g, cell.o, cell.c, cell.h)):
            values[row, t] = part[:, 0]
    activation = spec.layers[layer].activation
    squashed_by = ("sigmoid", "sigmoid", activation, "sigmoid", None, activation)
    for row, function in enumerate(squashed_by):
        if function in _INSIDE:
            np.clip(values[row], *_INSIDE[function], out=values[row])
    before = np.vstack([np.zeros((1, held.units)), values[5, :-1]])
    flat = before @ held.recurrent + reads @ held.kernel + held.bias
    sums = np.ascontiguousarray(flat.reshape(len(window), 4, held.units).transpose(1, 0, 2))
    for array in (values, sums):
        array.flags.writeable = False
    i, f, g, o, c, h = values
    return GateTrace(input=i, forget=f, candidate=g, output=o, cell=c, hidden=h, sums=sums, layer=layer)


class Cell:
    """One layer walking over a chunk of windows. Columns are windows, so `W @ [h, x, 1]` as in the books."""

    def __init__(self, spec: LayerSpec, weights: LayerWeights, n_samples: int, dtype: type) -> None:
        u = weights.units
        self.activation: Activation = spec.activation
        stacked = np.concatenate([weights.recurrent, weights.kernel, weights.bias[None]])
        self.W = np.ascontiguousarray(stacked.T, dtype=dtype)
        self.hx1 = np.zeros((stacked.shape[0], n_samples), dtype)
        self.hx1[-1] = 1
        self.h, self.x = self.hx1[:u], self.hx1[u:-1]
        self.z = np.empty((4 * u, n_samples), dtype)
        self.i, self.f, self.g, self.o = self.z.reshape(4, u, n_samples)
        self.c = np.zeros((u, n_samples), dtype)
        self.kept, self.written = np.empty_like(self.c), np.empty_like(self.c)

    def step(self, x: np.ndarray) -> np.ndarray:
        """Read `x` (feature, sample), move the state one step on, return `h` (unit, sample). In place."""
        self.x[:] = x
        np.matmul(self.W, self.hx1, out=self.z)
        _sigmoid(self.i)
        _sigmoid(self.f)
        _activate(self.g, self.activation)
        _sigmoid(self.o)
        np.multiply(self.f, self.c, out=self.kept)
        np.multiply(self.i, self.g, out=self.written)
        np.add(self.kept, self.written, out=self.c)
        np.copyto(self.h, self.c)
        _activate(self.h, self.activation)
        self.h *= self.o
        return self.h


def walk(spec: NetworkSpec, weights: Weights, windows: WindowInputs, dtype: type) -> Iterator[list[Cell]]:
    """Yield the cells of all layers after every step, oldest first. They are overwritten by the next step."""
    cells = [
        Cell(layer, held, len(windows), dtype)
        for layer, held in zip(spec.layers, weights.layers, strict=True)
    ]
    for t in range(windows.shape[1]):
        x = windows[:, t].T
        for cell in cells:
            x = cell.step(x)
        yield cells


def _sigmoid(z: np.ndarray) -> None:
    """1 / (1 + exp(-z)) = (1 + tanh(z / 2)) / 2, in place; the second form is faster and cannot overflow."""
    z *= 0.5
    np.tanh(z, out=z)
    z += 1
    z *= 0.5


def _activate(z: np.ndarray, activation: Activation) -> None:
    if activation == "tanh":
        np.tanh(z, out=z)
    elif activation == "relu":
        np.maximum(z, 0, out=z)
    else:
        _sigmoid(z)


def parity(by_hand: HorizonValues, keras: HorizonValues) -> float:
    """Largest difference between this forward pass and Keras' own predictions of the same windows, scaled units."""
    return float(np.abs(by_hand - keras).max())


@cache
def _threads() -> ThreadpoolController:
    """BLAS on one thread: for matrices this small the threads wait longer for each other than they work."""
    return ThreadpoolController()
