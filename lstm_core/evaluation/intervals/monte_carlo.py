"""Monte-Carlo dropout: many forecasts of the same windows, each with other units left out."""

import numpy as np
from jaxtyping import Float

from lstm_core.network.dropout import Dropout
from lstm_core.network.forward import forward
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.preparation.windows import Prepared

N_DRAWS = 100
MOST_WINDOWS = 500
"""Newest test windows that are drawn for: enough to measure a coverage to 4%, few enough to wait for."""


def draw_forecasts(
    spec: NetworkSpec, weights: Weights, prepared: Prepared, *, n_draws: int = N_DRAWS, seed: int = 0
) -> Float[np.ndarray, "draw sample horizon"]:
    """Forecast the newest test windows `n_draws` times, with the dropout of the training.

    Every draw has random numbers of its own: another number of draws leaves those before it as they are.

    Returns
    -------
    (draw, sample, horizon) original units, at most `MOST_WINDOWS` windows, oldest first
    """
    inputs, origins = prepared.test.inputs[-MOST_WINDOWS:], prepared.test.origins[-MOST_WINDOWS:]
    return np.stack(
        [
            prepared.to_original(
                forward(spec, weights, inputs, Dropout(np.random.default_rng([seed, draw]))), origins
            )
            for draw in range(n_draws)
        ]
    )
