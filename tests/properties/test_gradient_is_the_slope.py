"""The gradient of every kind of network is the slope that small differences show, in float64."""

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from lstm_core.network.gradient import forecast_and_gradient
from lstm_core.preparation.padding import PAD_VALUE
from tests.core.network.drawn import EVERYTHING, REVERSED, draw_weights, networks

NUDGE = 1e-5


@settings(deadline=None)
@given(spec=networks, n_features=st.integers(1, 3), length=st.integers(1, 6), seed=st.integers(0, 2**32 - 1))
@example(EVERYTHING, 3, 6, 1)
@example(REVERSED, 2, 5, 2)
@example(EVERYTHING.model_copy(update={"masking": True}), 2, 6, 3)
@example(REVERSED.model_copy(update={"masking": True, "attention": "dot"}), 2, 6, 4)
def test_gradient_equals_central_differences(spec, n_features, length, seed):
    weights = draw_weights(spec, n_features=n_features, horizon=2, seed=seed)
    random = np.random.default_rng(seed)
    window = random.normal(size=(length, n_features))
    held_back = (random.random(length) < 0.3) & spec.masking
    window[held_back] = PAD_VALUE
    size = window.size
    nudges = NUDGE * np.eye(size).reshape(size, length, n_features)
    nudges[:, held_back] = 0  # a nudged pad value is skipped no more
    windows = np.concatenate([window[None], window + nudges, window - nudges])
    forecast, gradients = forecast_and_gradient(spec, weights, windows, step=2)
    slopes = (forecast[1 : size + 1] - forecast[size + 1 :]) / (2 * NUDGE)
    gradient = gradients[0].ravel()
    # A relu whose bend lies between the two nudged windows has two slopes.
    around = np.stack(
        [gradients[1 : size + 1].reshape(size, size), gradients[size + 1 :].reshape(size, size)]
    )
    tolerance = 1e-5 * max(1.0, float(np.abs(gradients).max()))
    assume(np.abs(around - gradient).max() < 100 * tolerance)
    np.testing.assert_allclose(slopes, gradient, atol=tolerance)
    assert not gradients[0][held_back].any()
