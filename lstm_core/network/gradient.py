"""How fast a forecast grows with every value that the network reads, without Keras.

The network reads its windows as in `forward`, every part keeps what it needs, and `backward` takes the same way back.
Held equal to Keras' own gradients in `tests/reference/test_gradient_vs_keras.py`.
"""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from jaxtyping import Float

from lstm_core.arrays import WindowInputs
from lstm_core.network.backward import LayerReading, back_through_attention, back_through_dense
from lstm_core.network.forward import at_once, side_by_side
from lstm_core.network.layers import Vector, attend, read_dense, skipped_steps
from lstm_core.network.match import check_inputs
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import Weights

KEPT_NUMBERS = 9_000_000
"""Numbers that are kept for the way back at once: 36 MB of float32."""
AT_ONCE = 8
"""Windows that matrix products take as quickly as five to seven: batches of more are a multiple."""
WayBack = Callable[[np.ndarray], np.ndarray]
"""From how the answer grows with what a part said to how it grows with what the part read."""


def input_gradient(
    spec: NetworkSpec, weights: Weights, inputs: WindowInputs, *, step: int | None, n_readers: int = 1
) -> WindowInputs:
    """Gradient of every window's forecast with respect to its inputs, both scaled.

    A step that masking skips has a gradient of 0; where a relu stands exactly at its bend, the side is taken on which
    it does not grow, as in Keras.

    Parameters
    ----------
    inputs : (sample, window, feature), scaled; float64 is computed in float64, all else in float32
    step : step of the horizon, 1, 2, ...; None: mean over the horizon
    n_readers : batches computed at the same time; the answer is the same

    Returns
    -------
    (sample, window, feature): by how much the scaled forecast grows per unit of each scaled input

    Raises
    ------
    NetworkError
        If the windows have another number of features than the network reads.
    ValueError
        If the network does not forecast that step.
    """
    return forecast_and_gradient(spec, weights, inputs, step=step, n_readers=n_readers)[1]


def forecast_and_gradient(
    spec: NetworkSpec, weights: Weights, inputs: WindowInputs, *, step: int | None, n_readers: int = 1
) -> tuple[Float[np.ndarray, "sample"], WindowInputs]:
    """Forecast beside its gradient, as `input_gradient` describes it.

    Returns
    -------
    forecast : (sample,) scaled, of the chosen step or the mean over the horizon
    gradient : (sample, window, feature)
    """
    check_inputs(spec, weights, n_features=inputs.shape[2])
    if step is not None and not 1 <= step <= weights.horizon:
        raise ValueError(f"step {step} is outside 1..{weights.horizon}")
    dtype = np.float64 if inputs.dtype == np.float64 else np.float32
    chosen = slice(None) if step is None else slice(step - 1, step)
    to_answer = weights.head.kernel[:, chosen].astype(dtype).mean(axis=1)
    added = weights.head.bias[chosen].astype(dtype).mean()
    forecast, gradient = np.empty(len(inputs), dtype), np.empty(inputs.shape, dtype)

    def read(chunk: slice) -> None:
        said, ways = _read(spec, weights, inputs[chunk].astype(dtype, copy=False).transpose(1, 2, 0))
        forecast[chunk] = to_answer @ said + added
        given = np.repeat(to_answer[:, None], said.shape[1], axis=1)
        for way in reversed(ways):
            given = way(given)
        gradient[chunk] = given.transpose(2, 0, 1)

    side_by_side(read, list(_chunks(weights, inputs)), n_readers)
    return forecast, gradient


def _read(spec: NetworkSpec, weights: Weights, sequence: np.ndarray) -> tuple[Vector, list[WayBack]]:
    """What the head reads, (width, sample), and the way back through every part, first part first."""
    skipped = skipped_steps(sequence) if spec.masking else None
    ways: list[WayBack] = []
    said = sequence
    for number, (layer, held) in enumerate(zip(spec.layers, weights.layers, strict=True), start=1):
        every_step = weights.attention is not None or number < len(spec.layers)
        read = LayerReading(layer, held, said, skipped=skipped, every_step=every_step)
        said = read.handed_on
        ways.append(read.back)
    if weights.attention is not None:
        parts = (spec.attention, weights.attention, said, skipped)
        said = attend(*parts)[1]
        ways.append(partial(back_through_attention, *parts))
    for dense, held in zip(spec.dense, weights.dense, strict=True):
        said = read_dense(dense.activation, held, said)
        ways.append(partial(back_through_dense, dense.activation, held, said))
    return said, ways


def _chunks(weights: Weights, inputs: WindowInputs) -> Iterator[slice]:
    """Windows that are read and gone back through at once: all layers keep their gates and states."""
    cells = [cell for layer in weights.layers for cell in (layer.forward, layer.backward) if cell is not None]
    kept = inputs.shape[1] * sum(cell.recurrent.shape[1] + 4 * cell.units for cell in cells)
    size = min(max(KEPT_NUMBERS // kept, 1), at_once(weights))
    size -= size % AT_ONCE if size > AT_ONCE else 0
    for start in range(0, len(inputs), size):
        yield slice(start, start + size)
