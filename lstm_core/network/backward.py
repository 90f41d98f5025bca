"""What every part of a network passes back, in readable NumPy: backpropagation through time.

Going back, a part is told how much the answer grows with each value it said, and tells how much it grows with each
value it read. A function that was squashed needs only what came out of it (`slope`). For one step of an LSTM, with
`d` for "the answer grows by" and `*` value by value::

    do = dh * act(c)          dc += dh * o * act'(c)
    df = dc * c_before        di  = dc * g          dg = dc * i
    dc_before = dc * f        [dh_before, dx] = W' [di slope(i), df slope(f), dg slope(g), do slope(o)]

Hochreiter and Schmidhuber (1997) cut this chain short; it is whole here, as in Keras.
"""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from lstm_core.network.cells import CELLS, Skipped, activate, walk
from lstm_core.network.layers import EPSILON, Read, Sequence, Vector, attend, normalize
from lstm_core.network.spec import Activation, Attention, CellKind, DenseActivation, LayerSpec
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, NormWeights

States = list[np.ndarray]
"""(unit, sample) each: the hidden state, of an LSTM the cell state behind it."""


def slope(squashed: np.ndarray, function: DenseActivation) -> np.ndarray:
    """How fast a function grew where it gave this value; relu does not grow at 0, as in Keras."""
    if function == "tanh":
        return 1 - squashed * squashed
    if function == "sigmoid":
        return squashed * (1 - squashed)
    if function == "relu":
        return (squashed > 0).astype(squashed.dtype)
    return np.ones_like(squashed)


class Reading:
    """One direction of one layer that has read its windows, with all that is needed to go back.

    Attributes
    ----------
    said : (window, unit, sample) hidden state after every step, in the order of time
    last : (unit, sample) hidden state when all was read
    """

    def __init__(
        self,
        spec: LayerSpec,
        held: CellWeights,
        sequence: Read,
        *,
        skipped: Skipped | None,
        backward: bool,
    ) -> None:
        length, n_samples = len(sequence), sequence.shape[2]
        self._cell = cell = CELLS[spec.cell](spec, held, n_samples, sequence.dtype.type)
        self._step_back = STEPS_BACK[spec.cell]
        self._skipped, self._backward = skipped, backward
        self._sums = np.empty((length, *cell.z.shape), sequence.dtype)
        self._states = [np.empty((length, *state.shape), sequence.dtype) for state in cell.states]
        for t in walk(cell, sequence, skipped=skipped, backward=backward):
            self._sums[t] = cell.z
            for kept, state in zip(self._states, cell.states, strict=True):
                kept[t] = state
        self.said, self._last = self._states[0], 0 if backward else -1
        self.last = self.said[self._last]

    def back(self, given: Sequence) -> Read:
        """From how the answer grows with what was said at every step to how it grows with what was read."""
        cell, length, u = self._cell, len(self._sums), self._cell.units
        growth = [np.zeros_like(state[0]) for state in self._states]
        read = np.empty((length, cell.W.shape[1] - u - 1, given.shape[2]), given.dtype)
        for t in range(length) if self._backward else reversed(range(length)):
            growth[0] += given[t]
            of_sums, before = self._step_back(
                self._sums[t].reshape(-1, *growth[0].shape), self._before(t), growth, cell.activation
            )
            of_hx1 = cell.W.T @ of_sums
            before[0] += of_hx1[:u]
            read[t] = of_hx1[u:-1]
            if self._skipped is not None and (passed := self._skipped[t]).any():
                read[t][:, passed] = 0
                for now, then in zip(before, growth, strict=True):
                    now[:, passed] = then[:, passed]
            growth = before
        return read

    def back_from_last(self, given: Vector) -> Read:
        """The same when only what was said after the whole window went on."""
        alone = np.zeros_like(self.said)
        alone[self._last] = given
        return self.back(alone)

    def _before(self, t: int) -> States:
        """States as they were before step `t` was read, and the hidden one after it last."""
        at = t + 1 if self._backward else t - 1
        inside = 0 <= at < len(self._sums)
        before = [state[at] if inside else np.zeros_like(state[0]) for state in self._states]
        return [*before, *(state[t] for state in self._states)]


class LayerReading:
    """One layer that has read its windows, both directions and the normalisation behind them, and the way back.

    Attributes
    ----------
    handed_on : (window, width, sample) what the layer says at every step, or (width, sample) when it has read all; as
        `layers.read_sequence` and `layers.read_last` say it
    """

    def __init__(
        self,
        spec: LayerSpec,
        held: LayerWeights,
        sequence: Read,
        *,
        skipped: Skipped | None,
        every_step: bool,
    ) -> None:
        self._norm, self._every_step = held.norm, every_step
        self._directions = [
            Reading(spec, direction, sequence, skipped=skipped, backward=at == 1)
            for at, direction in enumerate((held.forward, held.backward))
            if direction is not None
        ]
        two = len(self._directions) == 2
        self._silent = skipped[:, None] if skipped is not None and every_step and two else None
        if every_step:
            self._said = np.concatenate([reading.said for reading in self._directions], axis=1)
        else:
            # The backward direction has read the window when it reaches the oldest step.
            self._said = np.concatenate([reading.last for reading in self._directions])
        if self._silent is not None:
            self._said = np.where(self._silent, 0, self._said)
        self.handed_on = self._said if self._norm is None else normalize(self._said, self._norm)

    def back(self, given: np.ndarray) -> Read:
        """From how the answer grows with what was handed on to how it grows with what was read."""
        if self._norm is not None:
            given = back_through_norm(self._norm, self._said, given)
        if self._silent is not None:
            given = np.where(self._silent, 0, given)
        own = np.split(given, len(self._directions), axis=-2)
        if self._every_step:
            ways = [reading.back(part) for reading, part in zip(self._directions, own, strict=True)]
        else:
            ways = [reading.back_from_last(part) for reading, part in zip(self._directions, own, strict=True)]
        return sum(ways[1:], start=ways[0])


def _back_lstm(
    parts: np.ndarray, states: States, growth: States, activation: Activation
) -> tuple[np.ndarray, States]:
    """See the top of this file."""
    (i, f, g, o), (_, c_before, _, c) = parts, states
    dh, dc = growth
    shown = c.copy()
    activate(shown, activation)
    dc = dc + dh * o * slope(shown, activation)
    of_sums = np.concatenate(
        [
            dc * g * slope(i, "sigmoid"),
            dc * c_before * slope(f, "sigmoid"),
            dc * i * slope(g, activation),
            dh * shown * slope(o, "sigmoid"),
        ]
    )
    return of_sums, [np.zeros_like(dh), dc * f]


def _back_gru(
    parts: np.ndarray, states: States, growth: States, activation: Activation
) -> tuple[np.ndarray, States]:
    """`h = z * h_before + (1 - z) * g`, and `g` is squashed from what is read and `r` times `state`."""
    (z, r, state, g), (before, _), (dh,) = parts, states, growth
    dg = dh * (1 - z) * slope(g, activation)
    dz, dr = dh * (before - g) * slope(z, "sigmoid"), dg * state * slope(r, "sigmoid")
    return np.concatenate([dz, dr, dg * r, dg]), [dh * z]


def _back_rnn(
    parts: np.ndarray, states: States, growth: States, activation: Activation
) -> tuple[np.ndarray, States]:
    """`h = act(W [h, x, 1])`; its sums are not squashed in place."""
    del parts
    (_, h), (dh,) = states, growth
    return dh * slope(h, activation), [np.zeros_like(dh)]


STEPS_BACK: dict[CellKind, Callable[..., tuple[np.ndarray, States]]] = {
    "lstm": _back_lstm,
    "gru": _back_gru,
    "rnn": _back_rnn,
}
"""One step back: gates (block, unit, sample), states before and after, and how the answer grows with the states after;
to how it grows with the weighted sums (gates, sample) and, past them, with the states before."""


def back_through_norm(weights: NormWeights, said: np.ndarray, given: np.ndarray) -> np.ndarray:
    """Through `layers.normalize`: of one layer normalisation mean and variance move with the values.

    Parameters
    ----------
    said, given : (..., width, sample) what was normalised, and how the answer grows with what came of it
    """
    given = given * weights.scale.astype(said.dtype)[:, None]
    if weights.variance is not None:
        return given / np.sqrt(weights.variance.astype(said.dtype) + said.dtype.type(EPSILON))[:, None]
    root = np.sqrt(said.var(axis=-2, keepdims=True) + said.dtype.type(EPSILON))
    even = (said - said.mean(axis=-2, keepdims=True)) / root
    along = (given * even).mean(axis=-2, keepdims=True)
    return (given - given.mean(axis=-2, keepdims=True) - even * along) / root


def back_through_attention(
    kind: Attention, scale: np.ndarray, sequence: Sequence, skipped: Skipped | None, given: Vector
) -> Sequence:
    """Through `layers.attend`: the steps are what is weighed, they decide the weights, and the last one asks."""
    weights, _ = attend(kind, scale, sequence, skipped)
    scale, query = scale.astype(sequence.dtype), sequence[-1]
    fits = np.einsum("ws,tws->ts", given, sequence)
    of_scores = weights * (fits - (weights * fits).sum(axis=0))
    if kind == "dot":
        of_keys = of_scores[:, None] * (scale * query)
        of_query = (of_scores[:, None] * (scale * sequence)).sum(axis=0)
    else:
        of_keys = of_scores[:, None] * scale[:, None] * slope(np.tanh(query + sequence), "tanh")
        of_query = of_keys.sum(axis=0)
    back = weights[:, None] * given + of_keys
    back[-1] += of_query
    return back


def back_through_dense(
    activation: DenseActivation, weights: DenseWeights, answer: Vector, given: Vector
) -> Float[np.ndarray, "reads sample"]:
    """Through `layers.read_dense`, which gave `answer`."""
    return weights.kernel.astype(given.dtype) @ (given * slope(answer, activation))
