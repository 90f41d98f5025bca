"""Edits that are read from their first edited step on are forecast as if they were read in full."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import NetworkError
from lstm_core.network import rereading
from lstm_core.network.forward import at_once, forward
from lstm_core.network.rereading import Rereading, reread
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.stack import Stack
from lstm_core.network.trained import TrainedNetwork
from lstm_core.network.weights import Weights
from lstm_core.preparation.padding import PAD_VALUE
from tests.core.network.drawn import EVERYTHING, draw_weights, networks


def draw_edits(
    random: np.random.Generator, windows: np.ndarray, n_edits: int
) -> tuple[np.ndarray, np.ndarray]:
    """Edits of windows chosen at random: from a random step on nothing is certain; some edits edit nothing."""
    samples = random.integers(len(windows), size=n_edits)
    edited, length = windows[samples], windows.shape[1]
    from_here_on = np.arange(length) >= random.integers(length + 1, size=n_edits)[:, None]
    touched = from_here_on & (random.random((n_edits, length)) < 0.5)
    edited[touched] += random.normal(size=edited[touched].shape).astype(np.float32)
    edited[touched & (random.random(touched.shape) < 0.2)] = PAD_VALUE
    return edited, samples


@settings(deadline=None)
@given(
    spec=networks,
    n_features=st.integers(1, 3),
    length=st.integers(1, 20),
    seed=st.integers(0, 2**32 - 1),
    apart=st.booleans(),
)
def test_edits_of_any_network_are_forecast_as_in_full(spec, n_features, length, seed, apart):
    """Whether they begin to be read apart at every step or only now and then."""
    random = np.random.default_rng(seed)
    network = TrainedNetwork(spec, draw_weights(spec, n_features=n_features, horizon=2, seed=seed))
    windows = random.normal(size=(4, length, n_features)).astype(np.float32)
    windows[0, : length // 2] = PAD_VALUE
    edited, samples = draw_edits(random, windows, 30)
    whole = forward(spec, network.weights, edited)
    np.testing.assert_array_equal(network(edited), whole)
    with pytest.MonkeyPatch.context() as patch:
        if apart:
            patch.setattr(rereading, "BEGINNING", 0)
        again = reread(network, windows)(edited, samples)
    np.testing.assert_allclose(again, whole, rtol=1e-5, atol=1e-5 * max(1.0, float(np.abs(whole).max())))


@pytest.mark.parametrize("beginning", [0, 500_000])
@pytest.mark.parametrize("kept_numbers", [10, 2_000, 25_000_000])
def test_fewer_kept_states_and_several_batches_give_the_same(monkeypatch, kept_numbers, beginning):
    monkeypatch.setattr(rereading, "BEGINNING", beginning)
    monkeypatch.setattr(rereading, "KEPT_NUMBERS", kept_numbers)
    spec = NetworkSpec(layers=(LayerSpec(units=6, normalization="layer"), LayerSpec(cell="gru", units=5)))
    network = TrainedNetwork(spec, draw_weights(spec, n_features=2, horizon=3))
    random = np.random.default_rng(1)
    windows = random.normal(size=(8, 20, 2)).astype(np.float32)
    edited, samples = draw_edits(random, windows, 1_500)
    again = Rereading(network, windows)(edited, samples)
    np.testing.assert_allclose(again, forward(spec, network.weights, edited), atol=1e-5)


@pytest.fixture
def read(monkeypatch) -> list[int]:
    """How many columns every step reads."""
    columns, original = [], Stack.step

    def step(self, x, skipped):
        columns.append(x.shape[1])
        original(self, x, skipped)

    monkeypatch.setattr(Stack, "step", step)
    monkeypatch.setattr(rereading, "BEGINNING", 0)
    return columns


def one_layer(*, scale: float = 1.0) -> TrainedNetwork:
    spec = NetworkSpec(layers=(LayerSpec(units=3),))
    return TrainedNetwork(spec, draw_weights(spec, n_features=1, horizon=1, scale=scale))


def test_steps_before_the_first_edit_are_not_read_again(read):
    windows = np.random.default_rng(2).normal(size=(5, 10, 1)).astype(np.float32)
    again = Rereading(one_layer(), windows)
    assert read == [5] * 10
    for first, expected in [(0, 10), (7, 3), (9, 1)]:
        read.clear()
        edited = windows.copy()
        edited[:, first] += 1
        again(edited, np.arange(5))
        assert read == [5] * expected
    read.clear()
    again(windows, np.arange(5))
    assert read == []


def test_what_edits_have_in_common_is_read_once(read):
    """Removals of the first k of an order differ from each other in one block, whatever the order."""
    network, window = one_layer(), np.ones((1, 8, 1), np.float32)
    again = Rereading(network, window)
    gone = np.array([3, 0, 2, 1])[:, None] >= np.repeat(
        np.arange(4), 2
    )  # not an order: first steps in common
    edited = np.where(gone, 0, window[0, :, 0])[:, :, None].astype(np.float32)
    edited = np.concatenate([edited, edited])  # and what is asked twice is read once
    read.clear()
    found = again(edited, np.zeros(8, dtype=int))
    assert read == [1, 1, 2, 2, 3, 3, 4, 4]
    np.testing.assert_allclose(found, network(edited), atol=1e-6)


def test_edits_are_left_where_the_network_has_forgotten_them(read):
    network, random = one_layer(scale=0.3), np.random.default_rng(4)
    windows = random.normal(size=(6, 200, 1)).astype(np.float32)
    again, edited = Rereading(network, windows), windows.copy()
    edited[:, 20] += 1
    edited[0, 150] += 1
    read.clear()
    found = again(edited, np.arange(6))
    assert 0 < read.count(6) < 60
    assert sum(read) < 6 * 120
    np.testing.assert_allclose(found, network(edited), atol=1e-6)


def test_what_is_never_forgotten_is_read_to_the_end(read):
    """A forget gate that is open keeps the smallest edit for ever."""
    spec = NetworkSpec(layers=(LayerSpec(units=1),))
    kernel, bias = np.array([[1, 0, 1, 0]], np.float32), np.array([0, 50, 0, 0], np.float32)
    arrays = [
        kernel,
        np.zeros((1, 4), np.float32),
        bias,
        np.ones((1, 1), np.float32),
        np.zeros(1, np.float32),
    ]
    network = TrainedNetwork(spec, Weights.from_keras(spec, arrays))
    windows = np.random.default_rng(5).normal(size=(1, 300, 1)).astype(np.float32)
    edited = windows.copy()
    edited[:, 3] += 1e-3
    again = Rereading(network, windows)
    read.clear()
    np.testing.assert_allclose(again(edited, np.array([0])), network(edited), atol=1e-6)
    assert read == [1] * 297


def test_only_networks_that_read_forwards_resume():
    spec = NetworkSpec(layers=(LayerSpec(units=2), LayerSpec(units=2)))
    both = spec.model_copy(update={"layers": (LayerSpec(units=2), LayerSpec(units=2, bidirectional=True))})
    attending = spec.model_copy(update={"attention": "dot"})
    for chosen, expected in [(spec, True), (both, False), (attending, False), (EVERYTHING, False)]:
        network = TrainedNetwork(chosen, draw_weights(chosen, n_features=1, horizon=1))
        assert network.can_resume == expected
        windows = np.zeros((2, 3, 1), np.float32)
        assert isinstance(reread(network, windows), Rereading) == expected


def test_windows_of_another_width_are_refused():
    spec = NetworkSpec(layers=(LayerSpec(units=2),))
    network = TrainedNetwork(spec, draw_weights(spec, n_features=2, horizon=1))
    with pytest.raises(NetworkError, match="reads 2 input columns and is offered 1"):
        reread(network, np.zeros((2, 3, 1), np.float32))


@pytest.mark.parametrize("spec", [NetworkSpec(layers=(LayerSpec(units=5),)), EVERYTHING])
def test_several_readers_give_the_very_same_forecasts(spec):
    weights = draw_weights(spec, n_features=2, horizon=2)
    inputs = np.random.default_rng(3).normal(size=(4 * at_once(weights) + 9, 5, 2)).astype(np.float32)
    alone = forward(spec, weights, inputs)
    np.testing.assert_array_equal(forward(spec, weights, inputs, n_readers=3), alone)
    np.testing.assert_array_equal(TrainedNetwork(spec, weights)(inputs), alone)


def test_an_edit_that_is_forgotten_is_kept_until_no_other_branches_off_from_it(read):
    """The network forgets at once; both looks whether it has, at steps 8 and 16, come where another edit begins."""
    spec, nothing = NetworkSpec(layers=(LayerSpec(units=1),)), np.zeros((1, 4), np.float32)
    kernel, bias = np.array([[1, 0, 1, 1]], np.float32), np.array([0, -200, 0, 0], np.float32)
    head = [np.ones((1, 1), np.float32), np.zeros(1, np.float32)]
    network = TrainedNetwork(spec, Weights.from_keras(spec, [kernel, nothing, bias, *head]))
    windows = np.random.default_rng(6).normal(size=(2, 20, 1)).astype(np.float32)
    touched = [(0, ()), (0, (3,)), (0, (3, 8, 19)), (0, (3, 8, 16, 19)), (1, (2,)), (1, (2, 16, 19))]
    samples = np.array([sample for sample, _ in touched])
    edited = windows[samples]
    for row, (_, steps) in enumerate(touched):
        edited[row, list(steps)] += 1
    found = Rereading(network, windows)(edited, samples)
    np.testing.assert_allclose(found, network(edited), atol=1e-6)
