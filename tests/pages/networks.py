"""Networks of every kind with random weights, for pages that look inside them."""

import numpy as np

from lstm_core.network.spec import BLOCKS, LayerSpec, NetworkSpec
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, NormWeights, Weights
from lstm_core.preparation.windows import Prepared


def random_weights(network: NetworkSpec, prepared: Prepared, *, seed: int = 0) -> Weights:
    """Weights of realistic size that fit a network and its windows."""
    rng = np.random.default_rng(seed)
    width, horizon = prepared.train.inputs.shape[2], prepared.train.targets.shape[1]
    layers = []
    for layer in network.layers:
        layers.append(_layer(rng, layer, width))
        width = layers[-1].width
    scale = {"none": None, "dot": np.array(2.0), "additive": rng.normal(0, 2, width)}[network.attention]
    dense = []
    for one in network.dense:
        dense.append(_dense(rng, width, one.units))
        width = one.units
    return Weights(
        layers=tuple(layers), attention=scale, dense=tuple(dense), head=_dense(rng, width, horizon)
    )


def _layer(rng: np.random.Generator, layer: LayerSpec, n_inputs: int) -> LayerWeights:
    directions = [_cell(rng, layer, n_inputs) for _ in range(1 + layer.bidirectional)]
    said, norm = layer.units * len(directions), None
    if layer.normalization != "none":
        averages = {"mean": rng.normal(0, 0.1, said), "variance": rng.uniform(0.05, 0.2, said)}
        kept = averages if layer.normalization == "batch" else {}
        norm = NormWeights(scale=np.ones(said), shift=np.zeros(said), **kept)
    return LayerWeights(
        forward=directions[0], backward=directions[1] if layer.bidirectional else None, norm=norm
    )


def _cell(rng: np.random.Generator, layer: LayerSpec, n_inputs: int) -> CellWeights:
    gates = layer.units * len(BLOCKS[layer.cell])
    return CellWeights(
        kernel=rng.normal(0, 0.6, (n_inputs, gates)),
        recurrent=rng.normal(0, 0.5, (layer.units, gates)) / np.sqrt(layer.units),
        bias=rng.normal(0, 0.5, (2, gates) if layer.cell == "gru" else gates),
    )


def _dense(rng: np.random.Generator, n_inputs: int, units: int) -> DenseWeights:
    return DenseWeights(kernel=rng.normal(0, 0.3, (n_inputs, units)), bias=np.zeros(units))
