"""What a trained network computes, without Keras: recurrent layers, attention, dense layers, head.

Each recurrent layer (`cells`) reads the whole window and hands what it says at every step to the next one
(`layers`); the last one hands on its last state, or attention weighs all its steps. With masking, steps whose inputs
all hold the pad value are skipped. The head is linear:
``kernel' h + bias``. Dropout does nothing after training.
Held equal to Keras in `tests/reference/test_forward_vs_keras.py` and on every real run.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import TypeVar

import numpy as np
from jaxtyping import Float
from threadpoolctl import ThreadpoolController

from lstm_core.arrays import HorizonValues, WindowInputs
from lstm_core.network.cells import Skipped
from lstm_core.network.dropout import Dropout
from lstm_core.network.layers import Vector, attend, read_dense, read_last, read_sequence, skipped_steps
from lstm_core.network.match import check_inputs
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import Weights

STATE_NUMBERS, FEWEST_WINDOWS, MOST_WINDOWS = 65_536, 512, 8_192
"""Numbers of a state computed at once, and bounds for the windows that makes: few enough that the gates of a step stay
near the processor, many enough that two readers do not wait for Python in between (8 units: 6 times as quick)."""
CHUNK_NUMBERS = 8_000_000
"""Numbers that one layer may say about a chunk, 32 MB of float32: long windows of wide layers make small chunks."""
READERS = min(os.cpu_count() or 1, 4)
"""Batches computed at the same time where nobody trains: in the process of the pages."""
Batch = TypeVar("Batch")


def forward(
    spec: NetworkSpec,
    weights: Weights,
    inputs: WindowInputs,
    dropout: Dropout | None = None,
    *,
    n_readers: int = 1,
) -> HorizonValues:
    """Forecast every window.

    Parameters
    ----------
    inputs : (sample, window, feature), scaled; any window length
    dropout : what leaves units out, as in the training; None: nothing, as after it
    n_readers : batches computed at the same time; the answer is the same. Dropout draws in the order of the batches,
        so it takes one

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

    def read(chunk: slice) -> None:
        predicted[chunk] = answer(spec, weights, _read(spec, weights, inputs[chunk], dropout))

    batches = list(chunks(weights, *inputs.shape[:2]))
    side_by_side(read, batches, n_readers if dropout is None else 1)
    return predicted


def side_by_side(read: Callable[[Batch], None], batches: Sequence[Batch], n_readers: int) -> None:
    """Read batches, as many at the same time as there are readers: NumPy lets go of Python's lock while it computes."""
    with one_thread():
        if n_readers == 1 or len(batches) < 2:
            for batch in batches:
                read(batch)
        else:
            with ThreadPoolExecutor(n_readers) as readers:
                list(readers.map(read, batches))


def answer(spec: NetworkSpec, weights: Weights, said: Vector) -> HorizonValues:
    """Dense layers and head: from what the recurrent layers and attention hand on to (sample, horizon)."""
    for dense, held in zip(spec.dense, weights.dense, strict=True):
        said = read_dense(dense.activation, held, said)
    return said.T @ weights.head.kernel + weights.head.bias


def attention_weights(
    spec: NetworkSpec, weights: Weights, inputs: WindowInputs
) -> Float[np.ndarray, "sample window"]:
    """How much attention gives to every step of every window.

    Parameters
    ----------
    inputs : (sample, window, feature), scaled

    Returns
    -------
    (sample, window) float32, positive, oldest step first; rows sum to 1

    Raises
    ------
    ValueError
        If the network has no attention.
    NetworkError
        If the windows have another number of features than the network reads.
    """
    check_inputs(spec, weights, n_features=inputs.shape[2])
    if weights.attention is None:
        raise ValueError("this network has no attention")
    given = np.empty(inputs.shape[:2], np.float32)
    with one_thread():
        for chunk in chunks(weights, *inputs.shape[:2]):
            sequence, skipped = _read_all(spec, weights, inputs[chunk], n_layers=len(spec.layers))
            given[chunk] = attend(spec.attention, weights.attention, sequence, skipped)[0].T
    return given


def _read(spec: NetworkSpec, weights: Weights, windows: WindowInputs, dropout: Dropout | None) -> Vector:
    """What the recurrent layers and attention hand on, (width, sample)."""
    if weights.attention is not None:
        sequence, skipped = _read_all(spec, weights, windows, n_layers=len(spec.layers), dropout=dropout)
        return attend(spec.attention, weights.attention, sequence, skipped)[1]
    sequence, skipped = _read_all(spec, weights, windows, n_layers=len(spec.layers) - 1, dropout=dropout)
    return read_last(spec.layers[-1], weights.layers[-1], sequence, skipped, dropout)


def _read_all(
    spec: NetworkSpec,
    weights: Weights,
    windows: WindowInputs,
    *,
    n_layers: int,
    dropout: Dropout | None = None,
) -> tuple[np.ndarray, Skipped | None]:
    """What the first `n_layers` layers say at every step, (window, width, sample) float32; the steps they skip."""
    sequence = windows.astype(np.float32, copy=False).transpose(1, 2, 0)
    skipped = skipped_steps(sequence) if spec.masking else None
    for layer, held in zip(spec.layers[:n_layers], weights.layers[:n_layers], strict=True):
        sequence = read_sequence(layer, held, sequence, skipped, dropout)
    return sequence, skipped


def chunks(weights: Weights, n_samples: int, length: int) -> Iterator[slice]:
    """Windows that are read at once, of so many of this length."""
    hand_on = weights.layers[:-1] if weights.attention is None else weights.layers
    widest = max((layer.width for layer in hand_on), default=1)
    size = min(max(CHUNK_NUMBERS // (length * widest), 1), at_once(weights))
    for start in range(0, n_samples, size):
        yield slice(start, start + size)


def at_once(weights: Weights) -> int:
    """How many windows are computed at once."""
    widest = max(layer.units for layer in weights.layers)
    return min(max(STATE_NUMBERS // widest, FEWEST_WINDOWS), MOST_WINDOWS)


def parity(by_hand: HorizonValues, keras: HorizonValues) -> float:
    """Largest difference between this forward pass and Keras' own predictions of the same windows, scaled units."""
    return float(np.abs(by_hand - keras).max())


def one_thread() -> AbstractContextManager[object]:
    """BLAS on one thread a reader: for matrices this small the threads wait longer for each other than they work."""
    return _threads().limit(limits=1, user_api="blas")


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()
