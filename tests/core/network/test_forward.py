"""The forward pass by itself: equations by hand, storage, refusals, saturation, speed (Keras: tests/reference)."""

import time

import numpy as np
import pytest

from lstm_core.errors import NetworkError
from lstm_core.network.forward import at_once, forward, parity
from lstm_core.network.match import check_inputs
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trace import trace_gates
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights


def random_weights(units: tuple[int, ...], *, n_features: int, horizon: int, scale: float = 1.0) -> Weights:
    random, width, layers = np.random.default_rng(7), n_features, []
    for u in units:
        layers.append(
            LayerWeights(
                forward=CellWeights(
                    kernel=random.normal(0, scale, (width, 4 * u)),
                    recurrent=random.normal(0, scale / np.sqrt(u), (u, 4 * u)),
                    bias=random.normal(0, scale, 4 * u),
                )
            )
        )
        width = u
    return Weights(
        layers=tuple(layers),
        head=DenseWeights(kernel=random.normal(0, 1, (width, horizon)), bias=random.normal(0, 1, horizon)),
    )


def spec_of(*units: int) -> NetworkSpec:
    return NetworkSpec(layers=tuple(LayerSpec(units=u) for u in units))


def test_two_steps_of_one_unit_by_hand():
    k, r, b = [0.5, -0.3, 0.8, 0.2], [0.1, 0.4, -0.6, 0.7], [0.0, 1.0, 0.1, -0.2]
    weights = Weights(
        layers=(
            LayerWeights(
                forward=CellWeights(kernel=np.array([k]), recurrent=np.array([r]), bias=np.array(b))
            ),
        ),
        head=DenseWeights(kernel=np.array([[2.0]]), bias=np.array([0.5])),
    )

    def sigma(z: float) -> float:
        return 1 / (1 + np.exp(-z))

    h = c = 0.0
    for x in (0.7, -1.2):
        z = [k[n] * x + r[n] * h + b[n] for n in range(4)]
        i, f, g, o = sigma(z[0]), sigma(z[1]), np.tanh(z[2]), sigma(z[3])
        c = f * c + i * g
        h = o * np.tanh(c)
    window = np.array([[0.7], [-1.2]])
    assert forward(spec_of(1), weights, window[None]).item() == pytest.approx(2 * h + 0.5, abs=1e-6)
    trace = trace_gates(spec_of(1), weights, window, layer=0)
    last = [trace.parts[name][-1, 0] for name in ("input", "forget", "candidate", "output", "cell")]
    assert last == pytest.approx([i, f, g, o, c], abs=1e-7)  # the weights are float32
    assert trace.parts["hidden"][-1, 0] == pytest.approx(h, abs=1e-7)


def test_many_windows_equal_one_by_one():
    weights = random_weights((6, 4), n_features=2, horizon=3)
    n_once = at_once(weights)
    inputs = np.random.default_rng(1).normal(size=(n_once + 7, 9, 2)).astype(np.float32)
    together = forward(spec_of(6, 4), weights, inputs)
    assert together.shape == (n_once + 7, 3)
    assert together.dtype == np.float32
    for at in (0, n_once - 1, n_once, n_once + 6):
        np.testing.assert_allclose(
            together[at], forward(spec_of(6, 4), weights, inputs[at : at + 1])[0], atol=1e-6
        )


def test_no_windows_give_no_forecasts():
    weights = random_weights((3,), n_features=1, horizon=2)
    assert forward(spec_of(3), weights, np.empty((0, 5, 1), np.float32)).shape == (0, 2)


def test_strided_and_read_only_inputs_are_welcome():
    weights = random_weights((3,), n_features=1, horizon=1)
    values = np.sin(np.arange(40, dtype=np.float32))[:, None]
    windows = np.lib.stride_tricks.sliding_window_view(values, 10, axis=0).transpose(0, 2, 1)
    assert not windows.flags.writeable
    np.testing.assert_array_equal(
        forward(spec_of(3), weights, windows), forward(spec_of(3), weights, windows.copy())
    )


def test_dropout_does_nothing_after_training():
    weights = random_weights((5,), n_features=1, horizon=1)
    inputs = np.random.default_rng(2).normal(size=(4, 6, 1)).astype(np.float32)
    dropped = NetworkSpec(layers=(LayerSpec(units=5, dropout=0.5, recurrent_dropout=0.3),))
    np.testing.assert_array_equal(forward(dropped, weights, inputs), forward(spec_of(5), weights, inputs))


def test_the_last_hidden_state_of_the_last_layer_is_what_the_head_reads():
    weights = random_weights((6, 4), n_features=2, horizon=3)
    window = np.random.default_rng(3).normal(size=(12, 2)).astype(np.float32)
    trace = trace_gates(spec_of(6, 4), weights, window, layer=1)
    np.testing.assert_allclose(
        trace.parts["hidden"][-1] @ weights.head.kernel + weights.head.bias,
        forward(spec_of(6, 4), weights, window[None])[0],
        atol=1e-5,
    )


def test_storage_keeps_every_bit():
    weights = random_weights((6, 4), n_features=2, horizon=3)
    arrays = weights.to_arrays()
    assert list(arrays) == [
        "layers.0.kernel", "layers.0.recurrent", "layers.0.bias",
        "layers.1.kernel", "layers.1.recurrent", "layers.1.bias",
        "head.kernel", "head.bias",
    ]  # fmt: skip
    again = Weights.from_arrays(arrays).to_arrays()
    assert all(again[name].tobytes() == arrays[name].tobytes() for name in arrays)
    with pytest.raises(ValueError, match="read-only"):
        weights.head.bias[0] = 1


def test_weights_that_are_not_one_network_are_refused():
    good = random_weights((6, 4), n_features=2, horizon=3)
    with pytest.raises(ValueError, match="not one layer"):
        LayerWeights(
            forward=CellWeights(kernel=np.zeros((2, 8)), recurrent=np.zeros((3, 8)), bias=np.zeros(8))
        )
    with pytest.raises(ValueError, match="feed inputs"):
        Weights(layers=good.layers[:1], head=good.head)


def test_a9_another_feature_count_is_refused_and_another_length_is_welcome():
    spec, weights = spec_of(5), random_weights((5,), n_features=3, horizon=1)
    with pytest.raises(NetworkError, match="reads 3 input columns and is offered 1 input column") as caught:
        forward(spec, weights, np.zeros((2, 10, 1), np.float32))
    assert "kernel of the first layer must change, from 3 to 1 rows" in caught.value.advice
    for length in (1, 10, 60):
        assert forward(spec, weights, np.zeros((2, length, 3), np.float32)).shape == (2, 1)


def test_a9_weights_of_another_network_are_refused():
    with pytest.raises(NetworkError, match="belong to another network"):
        check_inputs(spec_of(5, 5), random_weights((5,), n_features=3, horizon=1), n_features=3)


@pytest.mark.parametrize("push", [-1000.0, -40.0, -17.0, 17.0, 40.0, 1000.0])
def test_saturated_gates_stay_strictly_inside(push: float):
    # float32 gives exactly 0 or 1 beyond 17; the display computes in float64 and rounds inwards.
    weights = random_weights((4,), n_features=1, horizon=1)
    pushed = LayerWeights(
        forward=CellWeights(
            kernel=weights.layers[0].forward.kernel,
            recurrent=weights.layers[0].forward.recurrent,
            bias=np.full(16, push),
        )
    )
    weights = Weights(layers=(pushed,), head=weights.head)
    trace = trace_gates(spec_of(4), weights, np.zeros((5, 1), np.float32), layer=0)
    for gate in (trace.parts["input"], trace.parts["forget"], trace.parts["output"]):
        assert (gate > 0).all()
        assert (gate < 1).all()
        assert ((gate > 0.5) == (push > 0)).all()
    assert (np.abs(trace.parts["candidate"]) < 1).all()
    assert np.isfinite(trace.parts["cell"]).all()


def test_a_forward_pass_over_60000_windows_takes_less_than_two_seconds():
    # 1,000 windows nudged at each of 30 steps, up and down. Processor time: other work may share the machine.
    weights = random_weights((50,), n_features=1, horizon=1)
    inputs = np.random.default_rng(5).normal(size=(60_000, 30, 1)).astype(np.float32)
    seconds = []
    while len(seconds) < 3 and min(seconds, default=9.0) > 2:
        start = time.thread_time()
        forward(spec_of(50), weights, inputs)
        seconds.append(time.thread_time() - start)
    assert min(seconds) < 2


def test_parity_is_the_largest_difference_whichever_side_is_larger():
    by_hand = np.array([[0.5, 1.0], [2.0, -1.0]], np.float32)
    assert parity(by_hand, by_hand) == 0
    assert parity(by_hand, by_hand + np.float32([[0, 0.25], [0, 0]])) == 0.25
    assert parity(by_hand, by_hand - np.float32([[0, 0.25], [0.5, 0]])) == 0.5
