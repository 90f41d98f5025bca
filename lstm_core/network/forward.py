"""The LSTM in readable NumPy: what a trained network computes, without Keras.

Every layer walks over the window, oldest step first. With ``[h, x, 1]`` for the layer's last output, its input
and a constant standing on top of each other, one step of one layer is::

    i = sigmoid(W_i [h, x, 1])      input gate: how much of the candidate is written
    f = sigmoid(W_f [h, x, 1])      forget gate: how much of the old cell state is kept
    g = act(W_g [h, x, 1])          candidate: what could be written
    o = sigmoid(W_o [h, x, 1])      output gate: how much of the cell state is shown
    c = f * c + i * g               cell state: the memory
    h = o * act(c)                  hidden state: what the layer says

and after the last step the forecast is ``head_kernel' h + head_bias``. Blocks are in Keras' order i, f, g, o.
Held equal to Keras in `tests/reference/test_forward_vs_keras.py` and on every real run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import GateValues, HorizonValues, Window, WindowInputs
from lstm_core.errors import NetworkError
from lstm_core.network.spec import Activation, LayerSpec, NetworkSpec

CHUNK = 256
"""Windows computed at once: small enough that a step's gates stay in the processor's cache."""

_BELOW_ONE = float(np.nextafter(1.0, 0.0))
_ABOVE_ZERO = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayerWeights:
    """What one LSTM layer has learned; read-only float32, blocks in the order i, f, candidate, o.

    Attributes
    ----------
    kernel : (feature, 4 unit) weights of the input
    recurrent : (unit, 4 unit) weights of the layer's own last output
    bias : (4 unit) Keras starts the forget block at 1, so that a young network remembers
    """

    kernel: Float[np.ndarray, "feature gates"]
    recurrent: Float[np.ndarray, "unit gates"]
    bias: Float[np.ndarray, "gates"]

    def __post_init__(self) -> None:
        """Make the arrays float32 and read-only, and hold their shapes together."""
        for name in ("kernel", "recurrent", "bias"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        gates = 4 * self.units
        if (self.kernel.shape[1:], self.recurrent.shape[1:], self.bias.shape) != ((gates,),) * 3:
            raise ValueError(
                f"kernel {self.kernel.shape}, recurrent {self.recurrent.shape} and bias {self.bias.shape} "
                "are not one layer"
            )

    @property
    def n_features(self) -> int:
        """How many numbers the layer reads at every step."""
        return self.kernel.shape[0]

    @property
    def units(self) -> int:
        """How many numbers the layer remembers."""
        return self.recurrent.shape[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """Everything a network has learned.

    Attributes
    ----------
    layers : one `LayerWeights` per LSTM layer, first layer first
    head_kernel : (unit, horizon) float32
    head_bias : (horizon) float32
    """

    layers: tuple[LayerWeights, ...]
    head_kernel: Float[np.ndarray, "unit horizon"]
    head_bias: Float[np.ndarray, "horizon"]

    def __post_init__(self) -> None:
        """Make the head float32 and read-only, and hold the chain of shapes together."""
        for name in ("head_kernel", "head_bias"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        reads = [layer.n_features for layer in self.layers[1:]] + [self.head_kernel.shape[0]]
        if [layer.units for layer in self.layers] != reads:
            raise ValueError(
                f"layers of {[layer.units for layer in self.layers]} units feed inputs of {reads}"
            )
        if self.head_bias.shape != self.head_kernel.shape[1:]:
            raise ValueError(f"head {self.head_kernel.shape} does not match its bias {self.head_bias.shape}")

    @property
    def n_features(self) -> int:
        """How many columns the network reads."""
        return self.layers[0].n_features

    @property
    def horizon(self) -> int:
        """How many steps ahead it answers."""
        return self.head_bias.shape[0]

    @classmethod
    def from_keras(cls, arrays: Sequence[np.ndarray]) -> "Weights":
        """Weights from `model.get_weights()`: kernel, recurrent, bias per layer, then the head's two."""
        layers = tuple(
            LayerWeights(kernel=arrays[at], recurrent=arrays[at + 1], bias=arrays[at + 2])
            for at in range(0, len(arrays) - 2, 3)
        )
        return cls(layers=layers, head_kernel=arrays[-2], head_bias=arrays[-1])

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Plain arrays by name ("layers.0.kernel", ..., "head.bias"), ready to be stored."""
        arrays = {
            f"layers.{number}.{name}": getattr(layer, name)
            for number, layer in enumerate(self.layers)
            for name in ("kernel", "recurrent", "bias")
        }
        return arrays | {"head.kernel": self.head_kernel, "head.bias": self.head_bias}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Weights":
        """Weights from the arrays of `to_arrays`."""
        n_layers = sum(name.endswith(".recurrent") for name in arrays)
        layers = tuple(
            LayerWeights(
                kernel=arrays[f"layers.{number}.kernel"],
                recurrent=arrays[f"layers.{number}.recurrent"],
                bias=arrays[f"layers.{number}.bias"],
            )
            for number in range(n_layers)
        )
        return cls(layers=layers, head_kernel=arrays["head.kernel"], head_bias=arrays["head.bias"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GateTrace:
    """What one layer did at every step of one window; read-only float64.

    Attributes
    ----------
    input, forget, output : (window, unit) gates, strictly between 0 and 1
    candidate : (window, unit) what could be written; between -1 and 1 with tanh
    cell, hidden : (window, unit) states after the step
    layer : which layer, counted from 0
    """

    input: GateValues
    forget: GateValues
    candidate: GateValues
    output: GateValues
    cell: GateValues
    hidden: GateValues
    layer: int


def check_inputs(spec: NetworkSpec, weights: Weights, *, n_features: int) -> None:
    """Refuse data the weights were not made for. The window length is free: weights are shared by the steps.

    Raises
    ------
    NetworkError
        If the network reads another number of columns, or the weights belong to another spec.
    """
    units = [layer.units for layer in spec.layers]
    if units != [layer.units for layer in weights.layers]:
        raise NetworkError(
            "The weights belong to another network",
            received=f"weights of {[layer.units for layer in weights.layers]} units",
            expected=f"layers of {units} units",
        )
    if n_features != weights.n_features:
        raise NetworkError(
            f"This network reads {_columns(weights.n_features)} and is offered {_columns(n_features)}",
            received=f"{n_features} per step",
            expected=f"{weights.n_features} per step; any window length",
            advice="The first layer holds one row of weights per input column: choose the same columns, "
            "or change the input of the first layer and train again.",
            field="features",
        )


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
    for start in range(0, len(inputs), CHUNK):
        windows = inputs[start : start + CHUNK]
        h = np.zeros((weights.layers[-1].units, len(windows)), np.float32)
        for cells in _walk(spec, weights, windows, np.float32):
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
    units = weights.layers[layer].units
    values = np.empty((6, len(window), units))
    for t, cells in enumerate(_walk(spec, weights, window[None], np.float64)):
        cell = cells[layer]
        for row, part in enumerate((cell.i, cell.f, cell.g, cell.o, cell.c, cell.h)):
            values[row, t] = part[:, 0]
    for row in (0, 1, 3):
        np.clip(values[row], _ABOVE_ZERO, _BELOW_ONE, out=values[row])
    values.flags.writeable = False
    i, f, g, o, c, h = values
    return GateTrace(input=i, forget=f, candidate=g, output=o, cell=c, hidden=h, layer=layer)


class _Cell:
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


def _walk(spec: NetworkSpec, weights: Weights, windows: WindowInputs, dtype: type) -> Iterator[list[_Cell]]:
    """Yield the cells of all layers after every step, oldest first. They are overwritten by the next step."""
    cells = [
        _Cell(layer, held, len(windows), dtype)
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


def _columns(count: int) -> str:
    return "1 input column" if count == 1 else f"{count} input columns"


def _frozen(array: np.ndarray) -> np.ndarray:
    held = np.array(array, dtype=np.float32, order="C")
    held.flags.writeable = False
    return held
