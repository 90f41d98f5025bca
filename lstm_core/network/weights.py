"""Weights: what a network has learned, and what data they fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.errors import NetworkError
from lstm_core.network.spec import NetworkSpec


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
            advice=f"Only the kernel of the first layer must change, from {weights.n_features} to {n_features} rows; "
            "all that stands behind it fits. Choose the same columns as before, or train again.",
            field="features",
        )


def _columns(count: int) -> str:
    return "1 input column" if count == 1 else f"{count} input columns"


def _frozen(array: np.ndarray) -> np.ndarray:
    held = np.array(array, dtype=np.float32, order="C")
    held.flags.writeable = False
    return held
