"""Scaling: the documents' worked examples, put right, and numbers that are hard to scale."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from lstm_core.errors import PreparationError
from lstm_core.preparation.scaling import ScalingSpec, describe_columns, fit_scaler
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.recipe.prepare import fit_scaling, scale, unscale
from lstm_core.series.record import Series

DOCUMENT = np.array([100.0, 200, 150, 300])[:, None]


def scaled(values: np.ndarray, kind: str, lower: int = 0) -> np.ndarray:
    return scale(values, *fit_scaling(values, kind, lower))[:, 0]


def series_of(*columns: np.ndarray) -> Series:
    names = tuple(f"c{i}" for i in range(len(columns)))
    values = np.column_stack(columns)
    return Series(values=values, index=pd.RangeIndex(len(values)), columns=names, name="test")


def prepared(*columns: np.ndarray, kind: str = "standard"):
    series = series_of(*columns)
    spec = PreparationSpec(
        target="c0",
        features=series.columns[1:],
        scaling=ScalingSpec(kind=kind),
        window=WindowSpec(length=5),
    )
    return prepare(series, spec)


def test_c10_fifty_dollars_become_0_and_two_hundred_become_1():
    np.testing.assert_array_equal(scaled(np.array([[50.0], [200], [125]]), "minmax"), [0, 1, 0.5])


def test_c11_w3_min_max_of_the_document_put_right():
    result = scaled(DOCUMENT, "minmax")
    np.testing.assert_allclose(result, [0, 0.5, 0.25, 1], atol=1e-7)
    assert not np.allclose(result, [0, 0.3333, 0.1667, 1], atol=1e-3)  # what the document prints


def test_c12_w4_z_scores_of_the_document_put_right():
    centre, spread = fit_scaling(DOCUMENT, "standard")
    assert centre[0] == 187.5
    assert spread[0] == pytest.approx(73.951, abs=5e-4)
    result = scaled(DOCUMENT, "standard")
    np.testing.assert_allclose(result, [-1.1832, 0.1690, -0.5071, 1.5213], atol=5e-5)
    assert result.std() == pytest.approx(1)
    printed = np.array([-1.1619, 0.5809, -0.2905, 0.8714])  # what the document prints
    assert not np.allclose(result, printed, atol=0.01)
    assert printed.std() == pytest.approx(0.795, abs=1e-3)


def test_c13_min_max_to_minus_one_and_one():
    np.testing.assert_allclose(scaled(DOCUMENT, "minmax", lower=-1), [-1, 0, -0.5, 1], atol=1e-7)


def test_none_leaves_the_values_alone():
    np.testing.assert_array_equal(scaled(DOCUMENT, "none"), DOCUMENT[:, 0])


def test_robust_uses_median_and_quartiles():
    centre, spread = fit_scaling(np.array([[1.0], [2], [3], [4], [1000]]), "robust")
    assert (centre[0], spread[0]) == (3, 2)


def test_c14_w5_the_scaler_sees_train_rows_only():
    rng = np.random.default_rng(0)
    values = rng.normal(size=200)
    one = prepared(values)
    other = prepared(np.r_[values[:140], 1e6 * rng.normal(size=60)])
    assert one.split.train == range(140)
    np.testing.assert_array_equal(one.scaler.centre, other.scaler.centre)
    np.testing.assert_array_equal(one.scaler.spread, other.scaler.spread)
    assert one.scaler.centre[0] == values[:140].mean()


def test_w5_each_column_has_its_own_numbers_and_the_target_comes_back_in_its_unit():
    rng = np.random.default_rng(0)
    result = prepared(rng.normal(50, 10, 200), rng.normal(1e6, 1e5, 200))
    np.testing.assert_allclose(result.scaler.spread, [10, 1e5], rtol=0.15)
    actual = result.values[result.test.origins, 0]
    np.testing.assert_allclose(
        result.to_original(result.test.targets, result.test.origins)[:, 0], actual, rtol=1e-6
    )


def test_b62_values_too_large_to_scale_are_refused():
    values = np.random.default_rng(0).normal(size=200) * 5e307
    with pytest.raises(PreparationError, match="too large to scale") as caught:
        prepared(values)
    assert caught.value.field == "scaling"


def test_b63_what_float32_cannot_hold_is_scaled_first():
    values = np.random.default_rng(0).normal(size=200) * 1e39
    result = prepared(values)
    assert np.isfinite(result.train.inputs).all()
    np.testing.assert_allclose(
        result.to_original(result.train.targets, result.train.origins)[:, 0],
        values[result.train.origins],
        rtol=1e-5,
    )


@pytest.mark.parametrize(("size", "kind"), [(1e39, "none"), (1e31, "none")])
def test_b63_what_is_still_too_large_after_scaling_is_refused(size, kind):
    with pytest.raises(PreparationError, match="'c0' are too large to scale"):
        prepared(np.random.default_rng(0).normal(size=200) * size, kind=kind)


def test_b63_a_later_value_far_outside_the_train_rows_is_refused():
    values = np.random.default_rng(0).normal(size=200)
    values[190] = 1e35
    with pytest.raises(PreparationError, match="too large to scale"):
        prepared(values)


@pytest.mark.parametrize("kind", ["minmax", "standard", "robust"])
def test_b64_small_steps_on_a_large_offset_survive_float32(kind):
    seconds = 1_700_000_000.0 + np.arange(200)
    result = prepared(seconds, kind=kind)
    steps = np.diff(result.train.targets[:, 0])
    assert np.float32(seconds[0]) == np.float32(seconds[1])  # what a plain cast would do
    assert (steps > 0).all()
    np.testing.assert_allclose(steps, 1 / result.scaler.spread[0], rtol=1e-3)


@pytest.mark.parametrize("kind", ["minmax", "standard", "robust"])
@pytest.mark.parametrize("level", [0.0, 0.1, -7.3, 1e12])
def test_b65_a_constant_column_becomes_zero_and_comes_back(kind, level):
    result = prepared(np.full(200, level), kind=kind)
    assert result.scaler.spread[0] == 1
    np.testing.assert_allclose(result.train.targets, 0, atol=1e-3)
    np.testing.assert_allclose(
        result.to_original(result.train.targets, result.train.origins), level, rtol=1e-12
    )


def test_b66_constant_in_train_and_changing_later_stays_finite():
    result = prepared(np.random.default_rng(0).normal(size=200), np.r_[np.full(180, 3.0), np.arange(20.0)])
    assert result.scaler.spread[1] == 1
    assert np.isfinite(result.test.inputs).all()
    assert result.test.inputs[-1, -1, 1] == 18 - 3


def test_f27_fitted_numbers_are_those_of_the_train_rows():
    values = np.arange(200.0)
    result = prepared(values)
    column = describe_columns(result.values[: result.split.train.stop], result.scaler)[0]
    assert (column.column, column.minimum, column.maximum, column.mean) == ("c0", 0, 139, 69.5)
    assert column.deviation == pytest.approx(np.arange(140).std())
    assert (column.centre, column.spread) == (column.mean, column.deviation)
    assert column.example == 139
    assert column.scaled == pytest.approx((139 - 69.5) / column.deviation)


def test_f27_the_summary_has_one_entry_per_column():
    scaler = fit_scaler(np.arange(12.0).reshape(6, 2), ScalingSpec(), ("a", "b"))
    assert [c.column for c in describe_columns(np.arange(12.0).reshape(6, 2), scaler)] == ["a", "b"]


def test_unscale_undoes_scale_on_several_axes():
    centre, spread = fit_scaling(DOCUMENT, "standard")
    targets = scale(DOCUMENT, centre, spread).repeat(3, axis=1)
    np.testing.assert_allclose(unscale(targets, centre[0], spread[0]), DOCUMENT.repeat(3, axis=1), rtol=1e-6)


@pytest.mark.parametrize("choice", [{"kind": "log"}, {"lower": 0.5}, {"shuffle": True}])
def test_unknown_choices_are_refused(choice):
    with pytest.raises(ValidationError):
        ScalingSpec(**choice)


def test_an_unknown_scaling_is_refused_by_the_recipe():
    with pytest.raises(ValueError, match="unknown scaling 'log'"):
        fit_scaling(DOCUMENT, "log")
