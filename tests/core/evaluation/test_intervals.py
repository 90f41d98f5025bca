import numpy as np
import pytest

from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.intervals.adaptive import FEWEST
from lstm_core.evaluation.intervals.bands import (
    LEVELS,
    Bands,
    adaptive_bands,
    count_crossings,
    drawn_bands,
    quantile_bands,
    split_bands,
)
from lstm_core.preparation.transform import FittedTransform, TransformSpec

PLAIN = FittedTransform(spec=TransformSpec(), exponent=None, size=1.0, stages=())
LOG = FittedTransform(spec=TransformSpec(power="log"), exponent=0.0, size=1.0, stages=())
RNG = np.random.default_rng(2)


def made(errors, *, level=10.0, first=0):
    errors = np.asarray(errors, dtype=float)
    predicted = np.full(errors.shape, level) + np.arange(len(errors))[:, None]
    return Forecast(
        origins=np.arange(first, first + len(errors)),
        actual=predicted + errors,
        predicted=predicted,
        part="test",
        unit="kg",
    )


VALIDATION = made(RNG.permutation(np.arange(1.0, 100.0))[:, None] * [1, -2])
TEST = made(RNG.normal(size=(40, 2)) * 30, first=200)


def test_half_width_is_the_ranked_error_of_that_step_in_original_units():
    bands = split_bands(VALIDATION, TEST, PLAIN, step=2)
    np.testing.assert_allclose(bands.upper - TEST.predicted[:, 1], np.tile([[100.0], [160.0], [190.0]], 40))
    np.testing.assert_allclose(TEST.predicted[:, 1] - bands.lower, np.tile([[100.0], [160.0], [190.0]], 40))
    np.testing.assert_array_equal(bands.rows, TEST.origins + 1)
    assert (bands.levels, bands.unit, bands.step) == (LEVELS, "kg", 2)


def test_bands_of_a_logarithm_grow_with_the_level_and_hold_the_same_truths():
    factors = np.exp(np.linspace(-0.5, 0.5, 199))
    validation = Forecast(
        origins=np.arange(199),
        actual=100 * factors[:, None],
        predicted=np.full((199, 1), 100.0),
        part="validation",
    )
    predicted = np.array([[10.0], [1000.0]])
    test = Forecast(origins=np.array([300, 301]), actual=predicted * 1.2, predicted=predicted, part="test")
    bands = split_bands(validation, test, LOG, levels=[0.5])
    half = np.sort(np.abs(np.log(factors)))[99]
    np.testing.assert_allclose(bands.upper[0], predicted[:, 0] * np.exp(half))
    np.testing.assert_allclose(bands.lower[0], predicted[:, 0] / np.exp(half))
    np.testing.assert_array_equal(bands.held[0], np.abs(np.log(1.2)) <= half)


def test_forecast_that_sank_to_nothing_still_has_a_band():
    test = Forecast(origins=np.array([300]), actual=np.ones((1, 1)), predicted=np.zeros((1, 1)), part="test")
    validation = made(np.arange(1.0, 60.0)[:, None], level=100.0)
    bands = split_bands(validation, test, LOG)
    assert (bands.lower >= 0).all()
    assert np.isfinite(bands.upper).all()


def test_too_few_errors_make_bands_without_limit():
    bands = split_bands(made(np.ones((10, 2))), TEST, PLAIN)
    np.testing.assert_array_equal(bands.unbounded[:, 0], [False, False, True])
    assert bands.held[2].all()


def test_adaptive_bands_begin_as_split_ones_and_learn():
    validation = made(RNG.normal(size=(FEWEST, 1)))
    test = made(RNG.normal(size=(300, 1)) * 5, first=500)
    fixed, moving = split_bands(validation, test, PLAIN), adaptive_bands(validation, test, PLAIN)
    np.testing.assert_allclose(moving.upper[:, 0], fixed.upper[:, 0])
    assert moving.held[1].mean() > fixed.held[1].mean() + 0.1


def test_drawn_bands_are_quantiles_of_the_draws():
    draws = RNG.permuted(np.tile(np.arange(101.0)[:, None, None], (1, 40, 2)), axis=0)
    bands = drawn_bands(draws, TEST, levels=[0.8])
    np.testing.assert_allclose(bands.lower, 10.0)
    np.testing.assert_allclose(bands.upper, 90.0)


def test_crossing_quantiles_change_places_and_are_counted():
    test = made([[0.0], [0.0]])
    edges = np.array([[[5.0], [20.0]], [[15.0], [10.0]]])
    bands = quantile_bands(edges, test, level=0.8)
    np.testing.assert_array_equal(bands.lower, [[5.0, 10.0]])
    np.testing.assert_array_equal(bands.upper, [[15.0, 20.0]])
    assert count_crossings(edges) == 1


def test_bands_of_draws_for_the_newest_windows_only():
    bands = drawn_bands(np.arange(11.0)[:, None, None] * np.ones((1, 3, 2)), TEST, levels=[0.8])
    np.testing.assert_array_equal(bands.rows, TEST.origins[-3:])
    np.testing.assert_allclose(bands.upper, 9.0)


@pytest.mark.parametrize("lower", [np.ones((2, 3)), np.full((1, 3), np.nan), np.full((1, 3), 3.0)])
def test_edges_that_are_no_band_are_refused(lower):
    with pytest.raises(ValueError, match="edge"):
        Bands(
            method="split",
            levels=(0.5,),
            lower=lower,
            upper=np.full(lower.shape, 2.0),
            actual=np.zeros(3),
            predicted=np.zeros(3),
            rows=np.arange(3),
            step=1,
        )
