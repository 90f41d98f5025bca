"""Weights: what a network has learned, and what data they fit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lstm_core.network.spec import BLOCKS, CellKind, NetworkSpec

_PARTS = {"cell": ("kernel", "recurrent", "bias"), "norm": ("scale", "shift", "mean", "variance")}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellWeights:
    """What one recurrent cell has learned; read-only float32, blocks side by side in the order of `BLOCKS`.

    Attributes
    ----------
    kernel : (feature, gates) weights of the input; gates = blocks x units
    recurrent : (unit, gates) weights of the cell's own last output
    bias : (gates); of a GRU (2, gates): added to the input's sums, and to those of the last output
    """

    kernel: Float[np.ndarray, "feature gates"]
    recurrent: Float[np.ndarray, "unit gates"]
    bias: Float[np.ndarray, "*sides gates"]

    def __post_init__(self) -> None:
        """Make the arrays float32 and read-only, and hold their shapes together."""
        _freeze(self, *_PARTS["cell"])
        u = self.recurrent.shape[0]
        expected = {(n * u, *((2,) if cell == "gru" else ())): cell for cell, n in _N_BLOCKS.items()}
        gates = self.recurrent.shape[1]
        if self.kernel.shape[1] != gates or (gates, *self.bias.shape[:-1]) not in expected:
            raise ValueError(
                f"kernel {self.kernel.shape}, recurrent {self.recurrent.shape} and bias {self.bias.shape} "
                "are not one layer"
            )

    @property
    def n_features(self) -> int:
        """How many numbers the cell reads at every step."""
        return self.kernel.shape[0]

    @property
    def units(self) -> int:
        """How many numbers the cell hands to itself from step to step."""
        return self.recurrent.shape[0]

    @property
    def cell(self) -> CellKind:
        """Which cell has this many blocks."""
        n_blocks = self.recurrent.shape[1] // self.units
        return next(cell for cell, n in _N_BLOCKS.items() if n == n_blocks)


_N_BLOCKS: dict[CellKind, int] = {cell: len(blocks) for cell, blocks in BLOCKS.items()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NormWeights:
    """What a normalisation has learned, one number per value it reads; read-only float32.

    Attributes
    ----------
    scale, shift : (width) what the normalised values are multiplied by and moved by
    mean, variance : (width) moving averages over the batches of the training, not trained; None with layer
        normalisation, which takes both from the values themselves
    """

    scale: Float[np.ndarray, "width"]
    shift: Float[np.ndarray, "width"]
    mean: Float[np.ndarray, "width"] | None = None
    variance: Float[np.ndarray, "width"] | None = None

    def __post_init__(self) -> None:
        """Make the arrays float32 and read-only."""
        _freeze(self, *_PARTS["norm"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayerWeights:
    """What one recurrent layer has learned.

    Attributes
    ----------
    forward : of the cell that reads the window from its oldest step
    backward : of the one that reads it from its newest step; None when the layer is not bidirectional
    norm : of the normalisation behind the layer, None without one
    """

    forward: CellWeights
    backward: CellWeights | None = None
    norm: NormWeights | None = None

    def __post_init__(self) -> None:
        """Hold the shapes of the parts together."""
        shapes = {part.recurrent.shape + part.kernel.shape for part in (self.forward, self.backward) if part}
        if len(shapes) > 1 or (self.norm and self.norm.scale.shape != (self.width,)):
            raise ValueError("both directions and the normalisation are not one layer")

    @property
    def n_features(self) -> int:
        """How many numbers the layer reads at every step."""
        return self.forward.n_features

    @property
    def units(self) -> int:
        """How many units one direction has."""
        return self.forward.units

    @property
    def width(self) -> int:
        """How many numbers the layer says at every step."""
        return self.units if self.backward is None else 2 * self.units


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DenseWeights:
    """What one dense layer has learned; read-only float32.

    Attributes
    ----------
    kernel : (width, output)
    bias : (output)
    """

    kernel: Float[np.ndarray, "width output"]
    bias: Float[np.ndarray, "output"]

    def __post_init__(self) -> None:
        """Make the arrays float32 and read-only."""
        _freeze(self, "kernel", "bias")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weights:
    """Everything a network has learned.

    Attributes
    ----------
    layers : one per recurrent layer, first layer first
    attention : scale of the scores: () of dot, (width) of additive attention; None without attention
    dense : one per dense layer before the head
    head : (width, horizon) and (horizon)
    """

    layers: tuple[LayerWeights, ...]
    attention: Float[np.ndarray, "*width"] | None = None
    dense: tuple[DenseWeights, ...] = ()
    head: DenseWeights

    def __post_init__(self) -> None:
        """Hold the chain of shapes together."""
        _freeze(self, "attention")
        says = [layer.width for layer in self.layers] + [len(dense.bias) for dense in self.dense]
        reads = [layer.n_features for layer in self.layers[1:]]
        reads += [dense.kernel.shape[0] for dense in (*self.dense, self.head)]
        if says != reads:
            raise ValueError(f"layers of {says} units feed inputs of {reads}")
        if self.attention is not None and self.attention.shape not in ((), (self.layers[-1].width,)):
            raise ValueError(
                f"attention {self.attention.shape} does not fit {self.layers[-1].width} values a step"
            )

    @property
    def n_features(self) -> int:
        """How many columns the network reads."""
        return self.layers[0].n_features

    @property
    def horizon(self) -> int:
        """How many steps ahead it answers."""
        return len(self.head.bias)

    @classmethod
    def from_keras(cls, spec: NetworkSpec, arrays: Sequence[np.ndarray | np.floating]) -> "Weights":
        """Weights from `model.get_weights()` of the network that the recipe builds for `spec`.

        They come layer by layer: kernel, recurrent, bias of the forward and of the backward cell; scale, shift, mean,
        variance of the normalisation; scale of the attention; kernel, bias of every dense layer and of the head. Keras
        may hand out a scale without axes as a plain number.

        Raises
        ------
        ValueError
            If there are more or fewer arrays than the spec has.
        """
        names = list(_names(spec))
        return cls.from_arrays(dict(zip(names, map(np.asarray, arrays), strict=True)))

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Plain arrays by name ("layers.0.kernel", ..., "head.bias"), ready to be stored."""
        arrays: dict[str, np.ndarray] = {}

        def put(prefix: str, part: object, names: Sequence[str]) -> None:
            held = {name: getattr(part, name) for name in names} if part else {}
            arrays.update({f"{prefix}.{name}": array for name, array in held.items() if array is not None})

        for number, layer in enumerate(self.layers):
            put(f"layers.{number}", layer.forward, _PARTS["cell"])
            put(f"layers.{number}.backward", layer.backward, _PARTS["cell"])
            put(f"layers.{number}.norm", layer.norm, _PARTS["norm"])
        if self.attention is not None:
            arrays["attention.scale"] = self.attention
        for number, dense in enumerate(self.dense):
            put(f"dense.{number}", dense, ("kernel", "bias"))
        put("head", self.head, ("kernel", "bias"))
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Weights":
        """Weights from the arrays of `to_arrays`."""

        def under(prefix: str) -> dict[str, np.ndarray]:
            """Arrays named `prefix.name`, by name."""
            parted = ((name.rpartition("."), array) for name, array in arrays.items())
            return {name: array for (before, _, name), array in parted if before == prefix}

        layers, dense = [], []
        while cell := under(f"layers.{len(layers)}"):
            backward, norm = (under(f"layers.{len(layers)}.{part}") for part in ("backward", "norm"))
            layers.append(
                LayerWeights(
                    forward=CellWeights(**cell),
                    backward=CellWeights(**backward) if backward else None,
                    norm=NormWeights(**norm) if norm else None,
                )
            )
        while held := under(f"dense.{len(dense)}"):
            dense.append(DenseWeights(**held))
        scale = under("attention").get("scale")
        return cls(
            layers=tuple(layers),
            attention=None if scale is None else np.asarray(scale),
            dense=tuple(dense),
            head=DenseWeights(**under("head")),
        )


def _names(spec: NetworkSpec) -> Iterator[str]:
    """Names of a network's arrays, as in `Weights.to_arrays`, in Keras' order."""
    for number, layer in enumerate(spec.layers):
        for direction in ("", ".backward") if layer.bidirectional else ("",):
            yield from (f"layers.{number}{direction}.{name}" for name in _PARTS["cell"])
        learned = {"none": 0, "layer": 2, "batch": 4}[layer.normalization]
        yield from (f"layers.{number}.norm.{name}" for name in _PARTS["norm"][:learned])
    if spec.attention != "none":
        yield "attention.scale"
    for place in [f"dense.{number}" for number in range(len(spec.dense))] + ["head"]:
        yield from (f"{place}.{name}" for name in ("kernel", "bias"))


def _freeze(part: object, *names: str) -> None:
    """Replace arrays of a frozen noun by read-only float32 ones; None stays None."""
    for name in names:
        array = getattr(part, name)
        if array is not None:
            held = np.array(array, dtype=np.float32, order="C")
            held.flags.writeable = False
            object.__setattr__(part, name, held)
