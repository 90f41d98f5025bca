import jaxtyping
import numpy as np
import pytest

from lstm_core.errors import RunError
from lstm_core.evaluation.forecast import Forecast, forecast

RAMP = np.arange(100.0)


def last_input(inputs):
    return inputs[:, -1:, 0]


def test_forecast_is_in_original_units_beside_the_truth_of_the_same_rows(make_prepared):
    made = forecast(last_input, make_prepared(RAMP), part="test", label="last", unit="m")
    np.testing.assert_array_equal(made.actual[:, 0], RAMP[80:])
    np.testing.assert_allclose(made.predicted[:, 0], RAMP[79:-1], rtol=1e-6)
    np.testing.assert_array_equal(made.rows[:, 0], np.arange(80, 100))
    assert (made.part, made.unit, made.label, len(made)) == ("test", "m", "last", 20)


def test_truth_carries_no_rounding_of_the_scaled_windows(make_prepared):
    values = 1e9 + np.random.default_rng(0).normal(size=100)
    made = forecast(last_input, make_prepared(values), part="validation", label="")
    np.testing.assert_array_equal(made.actual[:, 0], values[70:80])


def test_step_of_a_longer_horizon_moves_its_origins(make_prepared):
    made = forecast(lambda x: np.zeros((len(x), 3)), make_prepared(RAMP, horizon=3), part="test", label="")
    third = made.at_step(3)
    np.testing.assert_array_equal(third.actual[:, 0], RAMP[82:])
    np.testing.assert_array_equal(third.rows, made.rows[:, 2:])
    with pytest.raises(ValueError, match=r"outside 1\.\.3"):
        made.at_step(4)


def test_w16_flat_predictions_never_broadcast(make_prepared):
    with pytest.raises(ValueError, match="returned"):
        forecast(lambda x: x[:, -1, 0], make_prepared(RAMP), part="test", label="")


def test_w16_shapes_are_asserted_without_the_type_checker_too(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)
    with pytest.raises(ValueError, match="must match"):
        Forecast(origins=np.arange(4), actual=np.zeros((4, 1)), predicted=np.zeros((4, 4)), part="test")
    with pytest.raises(ValueError, match="origins"):
        Forecast(origins=np.arange(3), actual=np.zeros((4, 1)), predicted=np.zeros((4, 1)), part="test")


def test_forecast_that_is_no_number_is_refused_in_words(make_prepared):
    with pytest.raises(RunError, match="not a number everywhere"):
        forecast(lambda x: np.full((len(x), 1), np.nan), make_prepared(RAMP), part="test", label="LSTM")


def test_forecast_is_read_only(make_prepared):
    made = forecast(last_input, make_prepared(RAMP), part="test", label="")
    with pytest.raises(ValueError, match="read-only"):
        made.predicted[0, 0] = 1
