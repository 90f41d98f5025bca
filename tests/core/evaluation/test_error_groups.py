"""Errors by group: against pandas and scipy, on planted flaws, in the zone of the series."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from lstm_core.evaluation.error_groups import error_groups, worst_first
from lstm_core.evaluation.forecast import Forecast
from lstm_core.evaluation.measure import measure_for
from lstm_core.series.record import Series


def made(index, errors, truth=None, *, unit="kg"):
    """A series with these dates, and a forecast of all its rows that misses by these errors."""
    errors = np.asarray(errors, dtype=float).reshape(len(errors), -1)
    n, horizon = errors.shape
    rng = np.random.default_rng(1)
    values = rng.normal(100, 10, len(index)) if truth is None else np.asarray(truth, dtype=float)
    origins = np.arange(n)
    actual = values[origins[:, None] + np.arange(horizon)]
    series = Series(values=values[:, None], index=index, columns=("load",), name="load", unit=unit)
    forecast = Forecast(origins=origins, actual=actual, predicted=actual - errors, part="test", unit=unit)
    return forecast, series


def by(kind, groupings):
    return next(one for one in groupings if one.kind == kind)


def noise(n, seed=0):
    return np.random.default_rng(seed).normal(size=n)


def test_every_group_has_the_numbers_of_pandas():
    index = pd.date_range("2023-01-01", periods=24 * 60, freq="h")
    errors = noise(len(index))
    found = error_groups(*made(index, errors))
    assert [one.kind for one in found] == ["hour", "weekday", "month", "level", "truth"]
    frame = pd.DataFrame({"e": errors, "size": np.abs(errors), "hour": index.hour})
    told = frame.groupby("hour").agg(mae=("size", "mean"), bias=("e", "mean"), n=("e", "size"))
    groups = by("hour", found).groups
    np.testing.assert_allclose([group.loss for group in groups], told["mae"])
    np.testing.assert_allclose([group.bias for group in groups], told["bias"])
    assert [group.n for group in groups] == told["n"].tolist() == [60] * 24
    assert [group.name for group in groups][:2] == ["00:00", "01:00"]


def test_the_p_value_is_that_of_scipy_times_the_number_of_groupings_when_it_is_the_smallest():
    index = pd.date_range("2023-01-02", periods=7 * 30, freq="D")
    errors = noise(len(index)) * np.where(index.day_of_week == 5, 4.0, 1.0)
    found = error_groups(*made(index, errors))
    weekday = by("weekday", found)
    alone = stats.kruskal(*(np.abs(errors[index.day_of_week == day]) for day in range(7))).pvalue
    n_tested = sum(one.p_value is not None for one in found)
    assert n_tested == 2  # weekdays and levels: no month is seen in five years
    assert weekday.p_value == pytest.approx(alone * n_tested)
    assert weekday.verdict.tone == "caution"
    assert "clearly worse on Sat" in weekday.verdict.sentence
    assert "n = 30" in weekday.verdict.sentence
    assert "errs to both sides there" in weekday.verdict.sentence
    assert worst_first(found).sentence == weekday.verdict.sentence


def test_noise_is_called_even():
    index = pd.date_range("2023-01-02", periods=7 * 30, freq="D")
    found = error_groups(*made(index, noise(len(index))))
    assert by("weekday", found).verdict.tone == by("level", found).verdict.tone == "good"
    assert "spread evenly" in worst_first(found).sentence


def test_hours_are_those_of_the_zone_of_the_series():
    index = pd.date_range("2023-01-01", periods=24 * 40, freq="h", tz="UTC").tz_convert("Asia/Tokyo")
    errors = noise(len(index)) * np.where(index.tz_convert("UTC").hour == 0, 9.0, 1.0)
    hours = by("hour", error_groups(*made(index, errors)))
    assert max(hours.groups, key=lambda group: group.loss).name == "09:00"
    assert "at 09:00" in hours.verdict.sentence


@pytest.mark.parametrize(
    ("freq", "kinds"),
    [
        ("15min", {"hour", "weekday", "level"}),  # 300 rows lie in one month
        ("D", {"weekday", "month", "level"}),
        ("B", {"weekday", "month", "level"}),
        ("W", {"month", "level"}),
        ("MS", {"month", "level"}),
        ("QS", {"month", "level"}),
        ("YS", {"level"}),
        (None, {"level"}),
    ],
)
def test_only_what_the_dates_can_show(freq, kinds):
    n = 300 if freq != "YS" else 100
    index = pd.RangeIndex(n) if freq is None else pd.date_range("1950-01-01", periods=n, freq=freq)
    assert {one.kind for one in error_groups(*made(index, noise(n)))} == kinds | {"truth"}


def test_one_bad_winter_is_not_called_a_bad_month():
    index = pd.date_range("2021-01-01", periods=365, freq="D")
    errors = noise(len(index)) * np.where(index.month == 1, 9.0, 1.0)
    month = by("month", error_groups(*made(index, errors)))
    assert all(group.is_small for group in month.groups)
    assert month.p_value is None
    assert "fewer than 5 years" in month.verdict.sentence


def test_months_of_many_years_are_compared_year_by_year():
    index = pd.date_range("2001-01-01", periods=365 * 8, freq="D")
    errors = noise(len(index)) * np.where(index.month == 1, 3.0, 1.0)
    month = by("month", error_groups(*made(index, errors)))
    sizes = pd.Series(np.abs(errors)).groupby([index.month, index.year]).mean()
    alone = stats.kruskal(*(sizes[at] for at in range(1, 13))).pvalue
    assert month.p_value == pytest.approx(3 * alone)  # weekdays, months, levels
    assert "in Jan" in month.verdict.sentence


def test_levels_are_fifths_of_the_forecast_and_a_high_one_can_be_worse():
    said = np.arange(200.0)
    errors = noise(200) * np.where(said >= 160, 6.0, 1.0) + np.where(said >= 160, 5.0, 0.0)
    level = by("level", error_groups(*made(pd.RangeIndex(200), errors, said + errors)))
    assert [group.n for group in level.groups] == [40] * 5
    assert level.groups[-1].name == "above 159"
    assert level.verdict.tone == "caution"
    assert "above 159 kg" in level.verdict.sentence
    assert "too low there" in level.verdict.sentence


def test_the_best_forecast_of_a_noisy_series_is_worst_at_the_extremes_of_the_truth_and_that_is_no_flaw():
    said, errors = np.sin(np.arange(400.0)), noise(400)
    found = error_groups(*made(pd.RangeIndex(400), errors, said + errors))
    truth = by("truth", found)
    assert max(truth.groups, key=lambda group: group.loss).name.startswith(("above", "up to"))
    assert truth.p_value is None
    assert truth.verdict.tone == "note"
    assert "what nobody can foresee is in it" in truth.verdict.sentence
    assert by("level", found).verdict.tone == worst_first(found).tone == "good"


def test_repeated_values_give_fewer_levels_and_a_constant_none():
    truth = np.r_[np.zeros(150), np.arange(1.0, 51.0)]
    level = by("truth", error_groups(*made(pd.RangeIndex(200), noise(200), truth)))
    assert sum(group.n for group in level.groups) == 200
    assert level.groups[0].name == "up to 0"
    assert level.groups[0].n == 150
    assert error_groups(*made(pd.RangeIndex(200), np.zeros(200), np.ones(200))) == ()


def test_levels_that_share_their_first_digits_are_told_apart():
    truth = 100_000 + np.arange(100.0) / 10
    names = [
        group.name for group in by("truth", error_groups(*made(pd.RangeIndex(100), noise(100), truth))).groups
    ]
    assert len(set(names)) == 5
    assert names[0] == "up to 100002"


def test_steps_are_compared_window_by_window_and_growth_is_usual():
    errors = noise(120 * 3).reshape(120, 3) * [1.0, 2.0, 4.0]
    found = by("step", error_groups(*made(pd.RangeIndex(122), errors)))
    assert found.p_value == pytest.approx(2 * stats.friedmanchisquare(*np.abs(errors).T).pvalue)
    assert found.verdict.tone == "note"
    assert "3 steps ahead" in found.verdict.sentence
    two = by("step", error_groups(*made(pd.RangeIndex(121), errors[:, :2])))
    assert two.test == "Wilcoxon"


@pytest.mark.parametrize("errors", [np.zeros(100), np.ones(100), np.ones((60, 2)), [1.0, 2.0], [1.0]])
def test_nothing_to_compare_is_said(errors):
    index = pd.date_range("2020-01-01", periods=len(errors) + 2, freq="D")
    found = error_groups(*made(index, errors))
    assert all(one.p_value is None and one.verdict.tone == "note" for one in found)
    assert worst_first(found).tone == "note"


def test_gaps_that_make_the_usual_step_odd_do_not_break_it():
    index = pd.DatetimeIndex(["2020-01-01", "2020-01-02", "2023-05-05", "2023-05-06"])
    assert error_groups(*made(index, noise(4)))


def test_a_quantile_is_judged_by_the_pinball_loss_of_every_group_as_sklearn_has_it():
    index = pd.date_range("2023-01-02", periods=7 * 40, freq="D")
    errors = noise(len(index)) - 1.28 + np.where(index.day_of_week == 5, 4.0, 0.0)
    forecast, series = made(index, errors)
    weekday = by("weekday", error_groups(forecast, series, measure=measure_for(0.9)))
    for day, group in enumerate(weekday.groups):
        chosen = index.day_of_week == day
        truth, said = forecast.actual[chosen, 0], forecast.predicted[chosen, 0]
        assert group.loss == pytest.approx(mean_pinball_loss(truth, said, alpha=0.9))
        assert group.below == pytest.approx((truth <= said).mean())
    assert "clearly worse on Sat: pinball loss" in weekday.verdict.sentence
    assert (
        "of the truths lie below it, 90% should: it lies too low for its quantile" in weekday.verdict.sentence
    )
    assert "bias" not in weekday.verdict.sentence


def test_a_wild_day_with_the_right_share_below_lies_to_no_side():
    index = pd.date_range("2023-01-02", periods=7 * 40, freq="D")
    wild = np.where(index.day_of_week == 5, 6.0, 1.0)
    weekday = by(
        "weekday", error_groups(*made(index, (noise(len(index)) - 1.28) * wild), measure=measure_for(0.9))
    )
    assert "90% should: no more than chance" in weekday.verdict.sentence
