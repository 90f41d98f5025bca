"""What stands around the cells, in readable NumPy: both directions, normalisation, attention, dense layers.

Sequences are (window, width, sample): steps oldest first, then what is said at a step, then the windows.
"""

import numpy as np
from jaxtyping import Float

from lstm_core.network.cells import CELLS, Skipped, activate, walk
from lstm_core.network.dropout import Dropout
from lstm_core.network.spec import Attention, DenseActivation, LayerSpec
from lstm_core.network.weights import DenseWeights, LayerWeights, NormWeights
from lstm_core.preparation.padding import PAD_VALUE

Read = Float[np.ndarray, "window reads sample"]
Sequence = Float[np.ndarray, "window width sample"]
Vector = Float[np.ndarray, "width sample"]
EPSILON = 1e-3
"""Added to the variance before dividing by its root, as in Keras."""
FAR_BELOW = 1e9
"""Taken from the score of a skipped step, as in Keras."""


def skipped_steps(sequence: Read) -> Skipped | None:
    """Steps of windows, as the network is given them, that masking passes over; None when there are none."""
    skipped = (sequence == PAD_VALUE).all(axis=1)
    return skipped if skipped.any() else None


def read_sequence(
    spec: LayerSpec,
    weights: LayerWeights,
    sequence: Read,
    skipped: Skipped | None = None,
    dropout: Dropout | None = None,
) -> Sequence:
    """What a recurrent layer says at every step; of a bidirectional one, both directions one under the other.

    At a step that is skipped a single direction repeats what it said before (0 at the beginning), and two directions
    say 0, as in Keras; the normalisation behind acts on that like on anything.
    """
    n_samples, u = sequence.shape[2], weights.units
    said = np.empty((len(sequence), weights.width, n_samples), sequence.dtype)
    for at, held in enumerate((weights.forward, weights.backward)):
        if held is not None:
            cell = CELLS[spec.cell](spec, held, n_samples, sequence.dtype.type)
            if dropout is not None:
                dropout.within(spec, cell)
            for t in walk(cell, sequence, skipped=skipped, backward=at == 1):
                said[t, at * u : (at + 1) * u] = cell.h
    if skipped is not None and weights.backward is not None:
        said.swapaxes(1, 2)[skipped] = 0
    return _hand_on(spec, weights, said, dropout)


def read_last(
    spec: LayerSpec,
    weights: LayerWeights,
    sequence: Read,
    skipped: Skipped | None = None,
    dropout: Dropout | None = None,
) -> Vector:
    """What a recurrent layer says when it has read the whole window.

    The backward direction has read it when it reaches the oldest step, the forward one at the newest.
    """
    n_samples, u = sequence.shape[2], weights.units
    said = np.zeros((weights.width, n_samples), sequence.dtype)
    for at, held in enumerate((weights.forward, weights.backward)):
        if held is not None:
            cell = CELLS[spec.cell](spec, held, n_samples, sequence.dtype.type)
            if dropout is not None:
                dropout.within(spec, cell)
            for _ in walk(cell, sequence, skipped=skipped, backward=at == 1):
                pass
            said[at * u : (at + 1) * u] = cell.h
    return _hand_on(spec, weights, said, dropout)


def _hand_on(spec: LayerSpec, weights: LayerWeights, said: np.ndarray, dropout: Dropout | None) -> np.ndarray:
    """What stands behind the cells of a layer: its normalisation, and while units are left out, its dropout."""
    if weights.norm is not None:
        said = normalize(said, weights.norm)
    return said if dropout is None else dropout.behind(spec, said)


def normalize(said: np.ndarray, weights: NormWeights) -> np.ndarray:
    """`(value - mean) / sqrt(variance + EPSILON) * scale + shift`.

    Layer normalisation takes mean and variance over the values of one step of one window, batch normalisation the
    averages it kept while training.

    Parameters
    ----------
    said : (..., width, sample)
    """
    if weights.mean is None or weights.variance is None:
        mean, variance = said.mean(axis=-2, keepdims=True), said.var(axis=-2, keepdims=True)
    else:
        mean, variance = weights.mean[:, None], weights.variance[:, None]
    dtype = said.dtype
    factor = weights.scale.astype(dtype)[:, None] / np.sqrt(variance.astype(dtype) + dtype.type(EPSILON))
    return (said - mean) * factor + weights.shift[:, None]


def attend(
    kind: Attention, scale: np.ndarray, sequence: Sequence, skipped: Skipped | None = None
) -> tuple[Float[np.ndarray, "window sample"], Vector]:
    """Weigh the steps of a sequence by how well each fits the last one.

    The query is what is said at the last step, keys and values what is said at every step::

        dot        score_t = scale * sum(query * key_t)
        additive   score_t = sum(scale * tanh(query + key_t))
        weight_t = exp(score_t) / sum of all exp(score)
        context  = sum of weight_t * key_t

    A step that is skipped gets no weight, unless all are: then they share it.

    Returns
    -------
    weights : (window, sample), positive; those of a window sum to 1
    context : (width, sample)
    """
    query, scale = sequence[-1], scale.astype(sequence.dtype)
    if kind == "dot":
        scores = np.stack([scale * (query * key).sum(axis=0) for key in sequence])
    else:
        scores = np.stack([scale @ np.tanh(query + key) for key in sequence])
    if skipped is not None:
        scores = np.where(skipped, scores - FAR_BELOW, scores)
    weights = np.exp(scores - scores.max(axis=0))  # the largest is 1: nothing overflows
    weights /= weights.sum(axis=0)
    return weights, np.einsum("ts,tws->ws", weights, sequence)


def read_dense(
    activation: DenseActivation, weights: DenseWeights, said: Vector
) -> Float[np.ndarray, "output sample"]:
    """`act(kernel' [said] + bias)`."""
    answer = weights.kernel.T.astype(said.dtype) @ said + weights.bias[:, None].astype(said.dtype)
    activate(answer, activation)
    return answer
