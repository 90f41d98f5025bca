"""Split conformal half widths and bands against MAPIE's, which calibrates one step of the horizon at a time."""

import numpy as np
import pytest
from mapie.metrics.regression import regression_coverage_score, regression_mwi_score
from mapie.regression import SplitConformalRegressor
from sklearn.base import BaseEstimator, RegressorMixin

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.intervals.bands import LEVELS, split_bands
from lstm_core.evaluation.intervals.conformal import split_conformal
from lstm_core.evaluation.intervals.coverage import measure
from lstm_core.preparation.transform import FittedTransform, TransformSpec

PLAIN = FittedTransform(spec=TransformSpec(), exponent=None, size=1.0, stages=())
HORIZON = 3


class Given(RegressorMixin, BaseEstimator):
    """Forecasts what it is given: a network that was fitted elsewhere."""

    def fit(self, X, y):  # noqa: N803 - scikit-learn's names
        self.n_features_in_ = 1
        return self

    def predict(self, X):  # noqa: N803
        return X[:, 0]


def made(n, part, seed, size=1.0):
    rng = np.random.default_rng(seed)
    predicted = rng.normal(50, 10, size=(n, HORIZON))
    errors = size * rng.standard_t(4, size=(n, HORIZON)) * np.arange(1, HORIZON + 1)
    return Forecast(origins=np.arange(n), actual=predicted + errors, predicted=predicted, part=part)


@pytest.mark.parametrize("n", [60, 99, 143])
@pytest.mark.parametrize("step", [1, HORIZON])
def test_bands_coverage_and_score_are_those_of_mapie(n, step):
    validation, test = made(n, "validation", 1), made(80, "test", 2, size=1.3)
    engine = SplitConformalRegressor(Given().fit(None, None), confidence_level=list(LEVELS), prefit=True)
    column = slice(step - 1, step)
    engine.conformalize(validation.predicted[:, column], validation.actual[:, step - 1])
    _, theirs = engine.predict_interval(test.predicted[:, column])
    bands = split_bands(validation, test, PLAIN, step=step)
    np.testing.assert_allclose(bands.lower, theirs[:, 0].T, rtol=1e-9)
    np.testing.assert_allclose(bands.upper, theirs[:, 1].T, rtol=1e-9)
    truth = test.actual[:, step - 1]
    shares = regression_coverage_score(truth, theirs)
    for found, level, at in zip(measure(bands), LEVELS, range(len(LEVELS)), strict=True):
        assert found.held == pytest.approx(shares[at])
        score = regression_mwi_score(truth, theirs[:, :, at : at + 1], level)
        assert found.score == pytest.approx(score, rel=1e-9)


def test_half_widths_are_those_of_mapie_at_any_level():
    validation = made(199, "validation", 5)
    levels = [0.1, 0.33, 0.5, 0.9, 0.99]
    engine = SplitConformalRegressor(Given().fit(None, None), confidence_level=levels, prefit=True)
    engine.conformalize(validation.predicted[:, :1], validation.actual[:, 0])
    _, theirs = engine.predict_interval(np.zeros((1, 1)))
    ours = split_conformal(validation.actual - validation.predicted, levels)
    np.testing.assert_allclose(ours[:, 0], theirs[0, 1], rtol=1e-9)
