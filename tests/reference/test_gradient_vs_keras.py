"""Our gradients of the inputs against TensorFlow's, for every kind of network the page can make."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_core.network.gradient import input_gradient
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from tests.core.network.drawn import EVERYTHING, REVERSED, networks
from tests.reference.test_forward_vs_keras import (
    give_weights,
    keras,
    some_held_back,
    trainable,
)

TOLERANCE = 1e-4
__all__ = ["keras"]  # the fixture of the forward pass
masked = {"masking": True}


def keras_gradient(model, inputs: np.ndarray, step: int | None) -> np.ndarray:
    import tensorflow as tf

    windows = tf.constant(inputs)
    with tf.GradientTape() as tape:
        tape.watch(windows)
        forecast = model(windows, training=False)
        chosen = tf.reduce_mean(forecast, axis=1) if step is None else forecast[:, step - 1]
    return np.asarray(tape.gradient(chosen, windows))


@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")  # attention on a window of one step
@settings(deadline=None)
@given(
    spec=networks,
    n_features=st.integers(1, 4),
    step=st.sampled_from([1, 2, None]),
    length=st.integers(1, 8),
    seed=st.integers(0, 2**32 - 1),
)
@example(EVERYTHING, 3, 1, 8, 1)
@example(EVERYTHING, 3, None, 8, 1)
@example(REVERSED, 2, 2, 7, 2)
@example(EVERYTHING.model_copy(update=masked), 3, 2, 8, 3)
@example(REVERSED.model_copy(update=masked), 2, 1, 7, 4)
@example(REVERSED.model_copy(update={**masked, "attention": "dot"}), 2, 1, 7, 5)
def test_every_kind_of_network_has_the_gradient_of_keras(keras, spec, n_features, step, length, seed):
    model = trainable(spec, n_features=n_features, horizon=2, length=length)
    give_weights(model, scale=0.7, seed=seed)
    inputs = some_held_back(np.random.default_rng(seed), (6, length, n_features))
    expected = keras_gradient(model, inputs, step)
    gradient = input_gradient(spec, Weights.from_keras(spec, model.get_weights()), inputs, step=step)
    # relu has no limit, and float32 has seven digits
    size = max(1e-3, float(np.abs(expected).max()))
    assert np.abs(gradient - expected).max() / size < TOLERANCE


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_large_layers_over_long_windows_have_the_gradient_of_keras(keras, cell, activation):
    layer = LayerSpec(cell=cell, units=50, activation=activation)
    spec = NetworkSpec(layers=(layer, layer))
    model = trainable(spec, n_features=3, horizon=2, length=48)
    give_weights(model, scale=0.7, seed=8)
    inputs = np.random.default_rng(8).normal(size=(20, 48, 3)).astype(np.float32)
    expected = keras_gradient(model, inputs, 1)
    gradient = input_gradient(spec, Weights.from_keras(spec, model.get_weights()), inputs, step=1)
    assert np.abs(gradient - expected).max() / np.abs(expected).max() < TOLERANCE
    # the way back reaches the beginning of the window
    assert (np.abs(gradient[:, 0]).max(axis=0) > 0).all()
