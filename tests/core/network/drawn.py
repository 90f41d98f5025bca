"""Any network the page can make, with weights drawn at random; without Keras."""

import numpy as np
from hypothesis import strategies as st

from lstm_core.network.spec import BLOCKS, DenseSpec, LayerSpec, NetworkSpec
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, NormWeights, Weights

EVERYTHING = NetworkSpec(
    layers=tuple(
        LayerSpec(
            cell=cell,
            units=4,
            dropout=0.2,
            recurrent_dropout=0.2,
            l1=0.01,
            recurrent_l2=0.01,
            bidirectional=True,
            normalization=kind,
        )
        for cell, kind in [("lstm", "layer"), ("gru", "batch"), ("rnn", "none"), ("lstm", "batch")]
    ),
    attention="additive",
    dense=(DenseSpec(units=5, activation="relu"), DenseSpec(units=4, activation="tanh")),
)
REVERSED = NetworkSpec(
    layers=(
        LayerSpec(cell="gru", units=3),
        LayerSpec(cell="rnn", units=2, bidirectional=True, normalization="layer"),
    )
)
"""Without attention the head reads the backward direction where it has read all: at the oldest step."""

shares, penalties = st.sampled_from([0.0, 0.2]), st.sampled_from([0.0, 0.01])
layers = st.builds(
    LayerSpec,
    cell=st.sampled_from(["lstm", "gru", "rnn"]),
    units=st.integers(1, 6),
    activation=st.sampled_from(["tanh", "relu", "sigmoid"]),
    dropout=shares,
    recurrent_dropout=shares,
    l1=penalties,
    l2=penalties,
    recurrent_l1=penalties,
    recurrent_l2=penalties,
    bidirectional=st.booleans(),
    normalization=st.sampled_from(["none", "layer", "batch"]),
)
dense = st.builds(
    DenseSpec, units=st.integers(1, 6), activation=st.sampled_from(["relu", "tanh", "sigmoid", "linear"])
)
networks = st.builds(
    NetworkSpec,
    layers=st.lists(layers, min_size=1, max_size=4).map(tuple),
    attention=st.sampled_from(["none", "dot", "additive"]),
    dense=st.lists(dense, max_size=3).map(tuple),
    masking=st.booleans(),
)


def draw_weights(
    spec: NetworkSpec, *, n_features: int, horizon: int, seed: int = 0, scale: float = 1.0
) -> Weights:
    """Weights of about Glorot's size times `scale`, biases and scales moved like trained ones."""
    random, width, layers = np.random.default_rng(seed), n_features, []

    def matrix(*shape: int) -> np.ndarray:
        return scale * random.normal(size=shape) / np.sqrt(shape[0])

    for layer in spec.layers:
        u, gates = layer.units, layer.units * len(BLOCKS[layer.cell])
        cells = [
            CellWeights(
                kernel=matrix(width, gates),
                recurrent=matrix(u, gates),
                bias=random.normal(0, 0.3, (2, gates) if layer.cell == "gru" else gates),
            )
            for _ in range(1 + layer.bidirectional)
        ]
        width = u * len(cells)
        kept = layer.normalization == "batch"
        norm = NormWeights(
            scale=random.uniform(0.5, 1.5, width),
            shift=random.normal(0, 0.3, width),
            mean=random.normal(0, 0.3, width) if kept else None,
            variance=random.uniform(0.2, 2, width) if kept else None,
        )
        both = cells[1] if layer.bidirectional else None
        layers.append(
            LayerWeights(
                forward=cells[0], backward=both, norm=None if layer.normalization == "none" else norm
            )
        )
    attention = {"none": None, "dot": np.float32(0.8), "additive": random.normal(0, 1, width)}[spec.attention]
    dense = []
    for units in [held.units for held in spec.dense] + [horizon]:
        dense.append(DenseWeights(kernel=matrix(width, units), bias=random.normal(0, 0.3, units)))
        width = units
    return Weights(
        layers=tuple(layers),
        attention=None if attention is None else np.asarray(attention),
        dense=tuple(dense[:-1]),
        head=dense[-1],
    )
