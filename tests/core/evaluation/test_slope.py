"""Slopes of forecasts against central differences in float64, through every transform."""

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.explanation.slope import history_slope
from lstm_core.preparation import histories
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.series.record import Series

RNG = np.random.default_rng(3)
VALUES = np.column_stack(
    [50 + 8 * np.sin(np.arange(160) / 4) + RNG.normal(size=160), 30 * RNG.normal(size=160)]
)
WEIGHTS = 0.4 * RNG.normal(size=(4, 2, 3))


def bent(inputs):
    return np.tanh(np.einsum("swf,wfh->sh", inputs.astype(float), WEIGHTS))


def gradient(inputs, step):
    looked_at = np.full(3, 1 / 3) if step is None else np.eye(3)[step - 1]
    return np.einsum("sh,wfh->swf", (1 - bent(inputs) ** 2) * looked_at, WEIGHTS)


def prepared_with(**transform):
    series = Series(values=VALUES, index=pd.RangeIndex(160), columns=("y", "x"), name="made")
    spec = PreparationSpec(
        target="y",
        features=("x",),
        transform=TransformSpec(**transform),
        window=WindowSpec(length=4, horizon=3),
    )
    return prepare(series, spec)


@pytest.mark.parametrize(
    "transform",
    [
        {},
        {"power": "log"},
        {"power": "box-cox"},
        {"difference": 1},
        {"seasonal_lag": 2},
        {"power": "log", "difference": 1, "seasonal_lag": 3},
    ],
    ids=str,
)
@pytest.mark.parametrize("step", [1, 3, None])
def test_slope_is_that_of_central_differences(transform, step):
    prepared = prepared_with(**transform)
    known = histories.histories(prepared, prepared.test.origins[[0, 9]])

    def told(edited):
        all_steps = histories.from_outputs(prepared, bent(histories.to_inputs(prepared, edited)), edited)
        return all_steps.mean(axis=1) if step is None else all_steps[:, step - 1]

    found = history_slope(bent, gradient, prepared, known, step=step)
    expected = np.empty_like(known)
    for lag in range(known.shape[1]):
        for feature, size in enumerate(
            (0.2, 2.0)
        ):  # inputs are float32: a smaller nudge would measure rounding
            up, down = known.copy(), known.copy()
            up[:, lag, feature] += size
            down[:, lag, feature] -= size
            expected[:, lag, feature] = (told(up) - told(down)) / (2 * size)
    np.testing.assert_allclose(found, expected, rtol=5e-3, atol=5e-3 * np.abs(expected).max())
