"""Gradients of the forecast: by hand, against differences, and where they must be nothing (Keras: tests/reference)."""

import numpy as np
import pytest

from lstm_core.errors import NetworkError
from lstm_core.network.forward import forward
from lstm_core.network.gradient import KEPT_NUMBERS, forecast_and_gradient, input_gradient
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import CellWeights, DenseWeights, LayerWeights, Weights
from lstm_core.preparation.padding import PAD_VALUE
from tests.core.network.drawn import EVERYTHING, REVERSED, draw_weights


def test_two_steps_of_one_relu_unit_by_hand():
    """h = 0.5 x_1, then 0.5 x_2 + 0.8 h: the forecast 2 h + 1 grows by 0.8 with x_1 and by 1 with x_2."""
    cell = CellWeights(kernel=np.array([[0.5]]), recurrent=np.array([[0.8]]), bias=np.array([0.0]))
    head = DenseWeights(kernel=np.array([[2.0]]), bias=np.array([1.0]))
    weights = Weights(layers=(LayerWeights(forward=cell),), head=head)
    spec = NetworkSpec(layers=(LayerSpec(cell="rnn", units=1, activation="relu"),))
    windows = np.array([[[1.0], [3.0]], [[-1.0], [3.0]], [[1.0], [-3.0]]])
    forecast, gradient = forecast_and_gradient(spec, weights, windows, step=1)
    np.testing.assert_allclose(forecast, [2 * 1.9 + 1, 2 * 1.5 + 1, 1], rtol=1e-6)
    np.testing.assert_allclose(gradient[:, :, 0], [[0.8, 1], [0, 1], [0, 0]], rtol=1e-6)


@pytest.mark.parametrize("spec", [EVERYTHING, REVERSED])
@pytest.mark.parametrize("step", [1, 2, None])
def test_the_forecast_beside_the_gradient_is_that_of_the_forward_pass(spec, step):
    weights = draw_weights(spec, n_features=3, horizon=2)
    inputs = np.random.default_rng(1).normal(size=(7, 6, 3)).astype(np.float32)
    forecast, gradient = forecast_and_gradient(spec, weights, inputs, step=step)
    whole = forward(spec, weights, inputs)
    expected = whole.mean(axis=1) if step is None else whole[:, step - 1]
    np.testing.assert_allclose(forecast, expected, atol=1e-6)
    assert gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, input_gradient(spec, weights, inputs, step=step))


def test_the_mean_over_the_horizon_has_the_mean_gradient():
    weights = draw_weights(EVERYTHING, n_features=2, horizon=3)
    inputs = np.random.default_rng(2).normal(size=(4, 5, 2))
    each = [input_gradient(EVERYTHING, weights, inputs, step=step) for step in (1, 2, 3)]
    mean = input_gradient(EVERYTHING, weights, inputs, step=None)
    np.testing.assert_allclose(mean, np.mean(each, axis=0), atol=1e-12)
    assert np.abs(each[0] - each[1]).max() > 1e-3


def test_skipped_steps_have_no_gradient():
    spec = REVERSED.model_copy(update={"masking": True})
    weights = draw_weights(spec, n_features=2, horizon=1)
    inputs = np.random.default_rng(3).normal(size=(3, 6, 2))
    inputs[0, :2] = inputs[1, 4] = inputs[2] = PAD_VALUE
    gradient = input_gradient(spec, weights, inputs, step=1)
    assert not gradient[0, :2].any()
    assert not gradient[1, 4].any()
    assert not gradient[2].any()
    assert gradient[0, 2:].all()


def test_chunks_do_not_change_the_answer():
    spec = NetworkSpec(layers=(LayerSpec(units=64), LayerSpec(units=64)))
    weights = draw_weights(spec, n_features=1, horizon=1)
    n = 2 * KEPT_NUMBERS // (40 * 2 * 8 * 64) + 3
    inputs = np.random.default_rng(4).normal(size=(n, 40, 1)).astype(np.float32)
    gradient = input_gradient(spec, weights, inputs, step=1)
    np.testing.assert_array_equal(input_gradient(spec, weights, inputs, step=1, n_readers=3), gradient)
    for sample in (0, n // 2, n - 1):
        alone = input_gradient(spec, weights, inputs[sample : sample + 1], step=1)[0]
        np.testing.assert_allclose(gradient[sample], alone, atol=1e-6)


def test_refusals():
    weights = draw_weights(REVERSED, n_features=2, horizon=2)
    with pytest.raises(NetworkError, match="reads 2 input columns and is offered 3"):
        input_gradient(REVERSED, weights, np.zeros((1, 4, 3)), step=1)
    for step in (0, 3):
        with pytest.raises(ValueError, match=rf"step {step} is outside 1\.\.2"):
            input_gradient(REVERSED, weights, np.zeros((1, 4, 2)), step=step)
