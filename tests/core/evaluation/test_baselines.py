import numpy as np
import pytest

from lstm_core.errors import PreparationError
from lstm_core.evaluation import baselines

RAMP = np.arange(100.0)


def test_naive_repeats_the_last_value_over_the_whole_horizon(make_prepared):
    made = baselines.naive(make_prepared(RAMP, horizon=3), "test")
    np.testing.assert_array_equal(made.predicted[0], [79, 79, 79])
    np.testing.assert_array_equal(made.actual[0], [80, 81, 82])


def test_seasonal_naive_is_perfect_on_a_pure_season_over_more_than_one_season(make_prepared):
    values = np.tile([1.0, 5.0, 2.0, 8.0], 25)
    made = baselines.seasonal_naive(make_prepared(values, horizon=7), "test", 4)
    np.testing.assert_array_equal(made.predicted, made.actual)


def test_seasonal_naive_knows_only_what_lies_before_the_origin(make_prepared):
    made = baselines.seasonal_naive(make_prepared(RAMP, horizon=6), "test", 4)
    np.testing.assert_array_equal(made.predicted[0], [76, 77, 78, 79, 76, 77])


def test_period_one_falls_back_to_naive_and_says_so(make_prepared):
    prepared = make_prepared(RAMP)
    made = baselines.seasonal_naive(prepared, "test", 1)
    np.testing.assert_array_equal(made.predicted, baselines.naive(prepared, "test").predicted)
    assert "no season known or found" in made.label


def test_a_season_the_dates_do_not_name_is_found_in_the_train_rows_only(make_prepared):
    """A cycle of 11 rows in the train part; the test part repeats every 7, which nobody may know yet."""
    rows = np.arange(300)
    values = np.where(rows < 240, np.sin(2 * np.pi * rows / 11), np.sin(2 * np.pi * rows / 7))
    prepared = make_prepared(values)
    made = baselines.seasonal_naive(prepared, "test", 1)
    assert "repeats 11 rows ago, found in the train part" in made.label
    np.testing.assert_array_equal(made.predicted[:, 0], values[made.origins - 11])


def test_windows_before_the_first_full_season_repeat_the_last_value(make_prepared):
    made = baselines.seasonal_naive(make_prepared(RAMP, length=3), "train", 5)
    np.testing.assert_array_equal(made.predicted[:4, 0], [2, 3, 0, 1])


def test_season_of_no_rows_is_refused(make_prepared):
    with pytest.raises(PreparationError, match="at least one row"):
        baselines.seasonal_naive(make_prepared(RAMP), "test", 0)


@pytest.mark.parametrize("kind", ["none", "minmax", "standard", "robust"])
def test_linear_ar_finds_a_linear_recurrence_exactly(make_prepared, kind):
    values = 7 + np.sin(np.arange(200) * 0.3)
    made = baselines.linear_ar(make_prepared(values, horizon=4, kind=kind), "test")
    np.testing.assert_allclose(made.predicted, made.actual, atol=2e-5)


def test_linear_ar_reads_the_further_inputs(make_prepared):
    signal = np.random.default_rng(1).normal(size=200)
    made = baselines.linear_ar(make_prepared(np.roll(signal, 1), others=(signal,), length=2), "test")
    np.testing.assert_allclose(made.predicted, made.actual, atol=1e-5)


def test_linear_ar_is_fitted_on_train_rows_only(make_prepared):
    values = np.random.default_rng(2).normal(size=200)
    changed = values.copy()
    changed[140:] = 100 * changed[140:][::-1]
    fitted = [baselines.fit_linear(make_prepared(one)) for one in (values, changed)]
    windows = make_prepared(values).train.inputs
    np.testing.assert_array_equal(fitted[0](windows), fitted[1](windows))


def test_long_train_part_is_fitted_on_evenly_spaced_windows(make_prepared, monkeypatch):
    monkeypatch.setattr(baselines, "LARGEST_FIT", 100)
    monkeypatch.setattr(baselines, "CHUNK", 7)
    values = 7 + np.sin(np.arange(200) * 0.3)
    made = baselines.linear_ar(make_prepared(values), "test")
    np.testing.assert_allclose(made.predicted, made.actual, atol=2e-5)


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_baselines_forecast_the_same_windows_as_the_network(make_prepared, part):
    prepared = make_prepared(RAMP, horizon=2, stride=3)
    for make in (baselines.naive, baselines.linear_ar, lambda *a: baselines.seasonal_naive(*a, 12)):
        made = make(prepared, part)
        np.testing.assert_array_equal(made.origins, prepared.part(part).origins)
        assert made.predicted.shape == prepared.part(part).targets.shape


@pytest.mark.parametrize(("period", "expected"), [(1, 11), (5, 5)])
def test_the_season_in_use_is_the_given_one_or_else_that_of_the_train_rows(make_prepared, period, expected):
    rows = np.arange(300)
    values = np.where(rows < 240, np.sin(2 * np.pi * rows / 11), np.sin(2 * np.pi * rows / 7))
    assert baselines.season_in_use(make_prepared(values), period) == expected
