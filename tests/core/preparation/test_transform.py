"""Transforms of the target: what they do to known series, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from lstm_core.errors import PreparationError
from lstm_core.evaluation.baselines import naive, seasonal_naive
from lstm_core.evaluation.forecast import forecast
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, Prepared, WindowSpec, count_train_windows, prepare
from lstm_core.recipe.transform import difference, fit_power
from lstm_core.series.record import Series
from lstm_core.training.plan import RunSpec

N_ROWS = 160


def wave(level: float = 100.0) -> np.ndarray:
    rows = np.arange(N_ROWS)
    noise = np.random.default_rng(4).normal(size=N_ROWS)
    return level + 0.3 * rows + 10 * np.sin(2 * np.pi * rows / 12) + noise


def prepared_of(values, *others, length=6, horizon=3, **transform) -> Prepared:
    columns = ("y", *(f"x{number}" for number in range(len(others))))
    series = Series(
        values=np.column_stack([values, *others]),
        index=pd.RangeIndex(len(values)),
        columns=columns,
        name="made",
    )
    spec = PreparationSpec(
        target="y",
        features=columns[1:],
        transform=TransformSpec(**transform),
        window=WindowSpec(length=length, horizon=horizon),
    )
    return prepare(series, spec)


def says(prepared: Prepared, value: float):
    """A network that says one value of the transformed target, whatever it reads."""
    scaled = (value - prepared.scaler.centre[0]) / prepared.scaler.spread[0]
    horizon = prepared.spec.window.horizon
    return lambda inputs: np.full((len(inputs), horizon), scaled)


@pytest.mark.parametrize("power", ["none", "log", "box-cox"])
def test_a_network_that_says_no_change_is_the_naive_forecast(power):
    prepared = prepared_of(wave(), power=power, difference=1)
    for part in ("train", "validation", "test"):
        made = forecast(says(prepared, 0.0), prepared, part=part, label="still")
        np.testing.assert_allclose(made.predicted, naive(prepared, part).predicted, rtol=1e-12)


@pytest.mark.parametrize("horizon", [1, 5, 14])
@pytest.mark.parametrize("power", ["none", "log", "box-cox"])
def test_a_network_that_says_no_change_since_a_season_is_the_seasonal_naive_forecast(power, horizon):
    prepared = prepared_of(wave(), power=power, seasonal_lag=12, horizon=horizon)
    made = forecast(says(prepared, 0.0), prepared, part="test", label="still")
    np.testing.assert_allclose(made.predicted, seasonal_naive(prepared, "test", 12).predicted, rtol=1e-12)


def test_one_step_of_a_difference_moves_every_later_row():
    prepared = prepared_of(wave(), difference=1)
    made = forecast(says(prepared, 2.5), prepared, part="test", label="up")
    expected = naive(prepared, "test").predicted + 2.5 * np.arange(1, 4)
    np.testing.assert_allclose(made.predicted, expected, rtol=1e-12)


def test_a_constant_growth_in_logs_is_an_exponential():
    prepared = prepared_of(wave(), power="log", difference=1)
    made = forecast(says(prepared, np.log(1.1)), prepared, part="test", label="grows")
    expected = naive(prepared, "test").predicted * 1.1 ** np.arange(1, 4)
    np.testing.assert_allclose(made.predicted, expected, rtol=1e-12)


def test_the_table_holds_the_transformed_target_and_the_other_columns_as_they_were():
    values, other = wave(), np.random.default_rng(1).normal(size=N_ROWS)
    prepared = prepared_of(values, other, power="log", difference=1, seasonal_lag=4)
    logs = np.log(values)
    by_hand = np.diff(logs[4:] - logs[:-4])
    np.testing.assert_array_equal(prepared.table[5:, 0], by_hand)
    assert np.isnan(prepared.table[:5, 0]).all()
    np.testing.assert_array_equal(prepared.table[:, 1], other)
    np.testing.assert_array_equal(prepared.values[:, 0], values)
    train = prepared.table[5 : prepared.split.train.stop]
    np.testing.assert_array_equal(prepared.train_table, train)
    np.testing.assert_array_equal(prepared.scaler.centre, train.mean(axis=0))


def test_windows_lose_the_rows_without_a_difference():
    prepared = prepared_of(wave(), difference=1, seasonal_lag=12)
    assert (prepared.spec.transform.n_lost, prepared.spec.reach) == (13, 19)
    assert len(prepared.split.train) == 112
    assert len(prepared.train) == 112 - 13 - 6 - 3 + 1
    assert len(prepared.train) == count_train_windows(prepared.split, prepared.spec)
    assert prepared.train.origins[0] == 13 + 6
    assert (len(prepared.validation), len(prepared.test)) == (14, 30)  # these reach back for what they need


def test_without_a_transform_the_table_is_the_series_itself():
    prepared = prepared_of(wave())
    assert prepared.table is prepared.values
    assert (prepared.transform.exponent, prepared.transform.stages) == (None, ())


def test_a_straight_line_has_no_steps_left_but_rounding():
    prepared = prepared_of(0.1 * np.arange(N_ROWS) + 7, difference=1)
    assert prepared.scaler.spread[0] == 1
    np.testing.assert_allclose(prepared.test.inputs, 0, atol=1e-12)
    made = forecast(lambda inputs: np.zeros((len(inputs), 3)), prepared, part="test", label="line")
    np.testing.assert_allclose(made.predicted, made.actual, rtol=1e-12)


def test_a_growing_swing_becomes_an_even_one_in_logs():
    rows = np.arange(N_ROWS)
    values = np.exp(0.02 * rows + 0.3 * np.sin(2 * np.pi * rows / 12))
    table = prepared_of(values, power="log", seasonal_lag=12).table[12:, 0]
    np.testing.assert_allclose(table, 0.02 * 12, rtol=1e-9)


def test_the_unit_of_a_series_changes_nothing_the_network_reads():
    values = wave(level=20.0)
    for power in ("log", "box-cox"):
        here = prepared_of(values, power=power, difference=1)
        tiny = prepared_of(1e-20 * values, power=power, difference=1)
        assert here.transform.exponent == tiny.transform.exponent
        np.testing.assert_allclose(here.train.inputs, tiny.train.inputs, atol=1e-5)


def test_what_a_power_cannot_reach_ends_at_zero():
    prepared = prepared_of(wave(), power="box-cox", horizon=1)
    assert prepared.transform.exponent
    made = forecast(says(prepared, -1e6), prepared, part="test", label="deep")
    np.testing.assert_array_equal(made.predicted, 0)


@pytest.mark.parametrize("power", ["log", "box-cox"])
@pytest.mark.parametrize("row", [3, N_ROWS - 1])
def test_values_of_zero_or_below_have_no_logarithm(power, row):
    values = wave()
    values[row] = 0
    with pytest.raises(
        PreparationError, match="does not exist everywhere: 1 of its 160 values is 0 or below"
    ) as caught:
        prepared_of(values, power=power)
    assert caught.value.received == f"0 in row {row + 1}"
    assert caught.value.field == "transform_power"
    prepared_of(values, difference=1)


def test_differences_that_leave_too_little_are_refused_with_the_largest_window():
    with pytest.raises(
        PreparationError, match="the 12 rows left for training; 100 more have no difference"
    ) as caught:
        prepared_of(wave(), seasonal_lag=100, length=20)
    assert "at most 9 steps" in caught.value.message
    prepared_of(wave(), seasonal_lag=100, length=9)
    with pytest.raises(PreparationError, match="leave none of the 112 train rows") as caught:
        prepared_of(wave(), seasonal_lag=112)
    assert caught.value.field == "transform_seasonal_lag"


@pytest.mark.parametrize("choice", [{"power": "sqrt"}, {"difference": 2}, {"seasonal_lag": 1}, {"lag": 3}])
def test_unknown_transforms_are_refused(choice):
    with pytest.raises(ValidationError):
        TransformSpec(**choice)


def test_what_is_done_is_said_in_the_order_in_which_it_is_done():
    spec = TransformSpec(power="box-cox", difference=1, seasonal_lag=52)
    assert spec.brief == "Box-Cox, difference of 52 rows, difference"
    assert spec.lags == (52, 1)
    assert TransformSpec().brief == ""
    assert not TransformSpec().is_active


def test_a_column_that_never_changes_has_a_power_all_the_same():
    assert fit_power(np.full(50, 0.1), "box-cox")[0] == pytest.approx(0.0)
    prepared = prepared_of(np.full(N_ROWS, 0.1), power="box-cox")
    assert prepared.scaler.spread[0] == 1
    back = prepared.to_original(prepared.test.targets, prepared.test.origins)
    np.testing.assert_allclose(back, 0.1, rtol=1e-9)


def test_a_difference_of_windows_runs_along_their_time():
    windows = np.arange(12.0).reshape(2, 6) ** 2
    np.testing.assert_array_equal(difference(windows, 2)[:, 2:], windows[:, 2:] - windows[:, :-2])


def test_a_run_without_a_transform_keeps_its_digest():
    spec = RunSpec(series_fingerprint="0" * 64, preparation=PreparationSpec(target="y"))
    assert spec.digest == "eef6f6fb4cb8b0878096f72b2e28641f457ba386b192c7d52f1ffb97a12a79a4"
    other = spec.preparation.model_copy(update={"transform": TransformSpec(difference=1)})
    assert spec.model_copy(update={"preparation": other}).digest != spec.digest


def test_a_spec_from_before_there_were_transforms_opens():
    spec = PreparationSpec(target="y")
    old = spec.model_dump(mode="json")
    del old["transform"]
    assert PreparationSpec.model_validate(old) == spec
