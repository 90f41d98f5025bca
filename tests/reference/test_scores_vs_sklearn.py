"""Scores against scikit-learn, and against the closed forms of the papers where it has none."""

import numpy as np
import pytest
from sklearn import metrics

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.scores import mae_by_step, score


@pytest.mark.parametrize("horizon", [1, 4])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_scores_equal_the_reference(horizon, offset):
    rng = np.random.default_rng(horizon)
    actual = offset + rng.normal(size=(60, horizon))
    predicted = actual + 0.3 * rng.normal(size=(60, horizon))
    made = Forecast(origins=np.arange(60), actual=actual, predicted=predicted, part="test")
    scores = score(made, naive_error=0.7)
    flat = actual.ravel(), predicted.ravel()
    assert scores.mae == pytest.approx(metrics.mean_absolute_error(*flat), rel=1e-12)
    assert scores.mse == pytest.approx(metrics.mean_squared_error(*flat), rel=1e-12)
    assert scores.rmse == pytest.approx(metrics.root_mean_squared_error(*flat), rel=1e-12)
    assert scores.r2 == pytest.approx(metrics.r2_score(*flat), rel=1e-9)
    # Makridakis et al. (2020), M4: 2/n sum |y - f| / (|y| + |f|), in percent.
    error, size = np.abs(flat[0] - flat[1]), np.abs(flat[0]) + np.abs(flat[1])
    assert scores.smape == pytest.approx(100 * 2 / error.size * np.sum(error / size), rel=1e-12)
    assert scores.mase == pytest.approx(error.mean() / 0.7, rel=1e-12)


def test_error_by_step_ahead_equals_the_reference():
    rng = np.random.default_rng(8)
    actual, predicted = rng.normal(size=(2, 50, 5))
    made = Forecast(origins=np.arange(50), actual=actual, predicted=predicted, part="test")
    np.testing.assert_allclose(
        mae_by_step(made),
        metrics.mean_absolute_error(actual, predicted, multioutput="raw_values"),
        rtol=1e-12,
    )
