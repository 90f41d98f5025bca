"""Forecasts with units left out at random: which windows they are of, and what they have in common."""

import numpy as np
import pytest

from lstm_core.evaluation.intervals import monte_carlo
from lstm_core.evaluation.intervals.monte_carlo import draw_forecasts
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from tests.core.network.drawn import draw_weights

NEWEST = 7


def drawn(prepared, rate, **asked):
    spec = NetworkSpec(layers=(LayerSpec(units=3, dropout=rate),))
    weights = draw_weights(spec, n_features=1, horizon=2)
    return spec, weights, draw_forecasts(spec, weights, prepared, **asked)


@pytest.fixture
def prepared(make_prepared):
    return make_prepared(np.random.default_rng(5).normal(size=120).cumsum() + 50, horizon=2)


def test_draws_are_of_the_newest_windows_in_original_units(prepared, monkeypatch):
    monkeypatch.setattr(monte_carlo, "MOST_WINDOWS", NEWEST)
    spec, weights, draws = drawn(prepared, 0.0, n_draws=2)
    plain = prepared.to_original(forward(spec, weights, prepared.test.inputs), prepared.test.origins)
    assert len(plain) > NEWEST
    np.testing.assert_allclose(draws, [plain[-NEWEST:]] * 2, rtol=1e-5)


def test_every_draw_differs_and_more_of_them_leave_the_first_as_they_are(prepared):
    few, many = (drawn(prepared, 0.5, n_draws=n)[2] for n in (2, 4))
    np.testing.assert_array_equal(many[:2], few)
    assert len({one.tobytes() for one in many}) == 4
