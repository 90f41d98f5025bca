"""Edits that are read from their first edited step on are forecast as if they were read in full."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import NetworkError
from lstm_core.network import rereading
from lstm_core.network.forward import CHUNK, forward
from lstm_core.network.rereading import Rereading, reread
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.trained import TrainedNetwork
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
@given(spec=networks, n_features=st.integers(1, 3), length=st.integers(1, 9), seed=st.integers(0, 2**32 - 1))
def test_edits_of_any_network_are_forecast_as_in_full(spec, n_features, length, seed):
    random = np.random.default_rng(seed)
    network = TrainedNetwork(spec, draw_weights(spec, n_features=n_features, horizon=2, seed=seed))
    windows = random.normal(size=(4, length, n_features)).astype(np.float32)
    windows[0, : length // 2] = PAD_VALUE
    edited, samples = draw_edits(random, windows, 30)
    whole = forward(spec, network.weights, edited)
    np.testing.assert_array_equal(network(edited), whole)
    again = reread(network, windows)(edited, samples)
    np.testing.assert_allclose(again, whole, rtol=1e-5, atol=1e-5 * max(1.0, float(np.abs(whole).max())))


@pytest.mark.parametrize("kept_numbers", [10, 2_000, 25_000_000])
def test_fewer_kept_states_and_several_batches_give_the_same(monkeypatch, kept_numbers):
    monkeypatch.setattr(rereading, "KEPT_NUMBERS", kept_numbers)
    spec = NetworkSpec(layers=(LayerSpec(units=6, normalization="layer"), LayerSpec(cell="gru", units=5)))
    network = TrainedNetwork(spec, draw_weights(spec, n_features=2, horizon=3))
    random = np.random.default_rng(1)
    windows = random.normal(size=(8, 20, 2)).astype(np.float32)
    edited, samples = draw_edits(random, windows, 1_500)
    again = Rereading(network, windows)(edited, samples)
    np.testing.assert_allclose(again, forward(spec, network.weights, edited), atol=1e-5)


def test_steps_before_the_first_edit_are_not_read_again(monkeypatch):
    read = []

    def walk(cell, sequence, **rest):
        read.append(len(sequence))
        return original(cell, sequence, **rest)

    original = rereading.walk
    monkeypatch.setattr(rereading, "walk", walk)
    spec = NetworkSpec(layers=(LayerSpec(units=3),))
    network = TrainedNetwork(spec, draw_weights(spec, n_features=1, horizon=1))
    windows = np.random.default_rng(2).normal(size=(5, 10, 1)).astype(np.float32)
    again = Rereading(network, windows)
    for first in (0, 7, 9):
        edited = windows.copy()
        edited[:, first] += 1
        again(edited, np.arange(5))
    again(windows, np.arange(5))
    assert read == [10, 10, 3, 1, 1]


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
    inputs = np.random.default_rng(3).normal(size=(4 * CHUNK + 9, 5, 2)).astype(np.float32)
    alone = forward(spec, weights, inputs)
    np.testing.assert_array_equal(forward(spec, weights, inputs, n_readers=3), alone)
    np.testing.assert_array_equal(TrainedNetwork(spec, weights)(inputs), alone)
