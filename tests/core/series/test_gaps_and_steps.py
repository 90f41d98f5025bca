"""Gaps and the regular step by reference: pandas and scipy in the known rows, the past alone behind them (F10, F11)."""

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from scipy.interpolate import CubicSpline

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import observe, to_series
from lstm_core.series.cleaning.spec import LagStep
from lstm_core.series.dates.spacing import find_spacing
from lstm_core.series.roles import ColumnRoles, RegularStep
from lstm_core.series.table import ReadOptions, Table
from lstm_core.series.unrepaired import lay_out
from tests.core.series.cleaned import cleaned, wave

DATES = pd.date_range("2021-01-04", periods=120, freq="D")


def with_gaps(*places: int) -> np.ndarray:
    values = wave()
    values[list(places)] = np.nan
    return values


KNOWN_GAP, LATE_GAP = (20, 21, 22), (100, 101)


@pytest.mark.parametrize("gaps", ["interpolate", "linear", "spline", "seasonal"])
def test_behind_the_known_rows_a_line_becomes_the_last_value_carried_on(gaps):
    values = with_gaps(*KNOWN_GAP, *LATE_GAP)
    made = cleaned({"y": values}, gaps=gaps).series
    kept = np.setdiff1d(np.arange(120), [*KNOWN_GAP, *LATE_GAP])
    np.testing.assert_array_equal(made.values[kept, 0], values[kept])
    if gaps != "seasonal":
        assert made.values[100:102, 0].tolist() == [values[99]] * 2
    assert "2 of them lie behind the rows to learn from" in made.steps[0].detail
    assert (made.steps[0].name, made.steps[0].count) == (gaps, 5)


def test_a_gap_across_the_border_is_carried_on_whole():
    values = with_gaps(82, 83, 84, 85)  # 84 rows are known
    made = cleaned({"y": values}, gaps="interpolate").series
    assert made.values[82:86, 0].tolist() == [values[81]] * 4


def test_lines_and_curves_in_the_known_rows_equal_pandas_and_scipy():
    values = with_gaps(*KNOWN_GAP, 40)
    column = pd.Series(values, index=DATES)
    np.testing.assert_allclose(
        cleaned({"y": values}, gaps="linear").series.values[:, 0], column.interpolate(), rtol=1e-12
    )
    there = np.flatnonzero(~np.isnan(values[:84]))
    spline = CubicSpline(there, values[there])(np.arange(84))
    np.testing.assert_allclose(cleaned({"y": values}, gaps="spline").series.values[:84, 0], spline, rtol=1e-9)


def test_a_straight_line_in_time_and_one_from_row_to_row_differ_where_steps_do():
    dates = DATES.delete(21)
    values = np.delete(np.arange(120.0), 21)
    values[20] = np.nan
    frame = pd.DataFrame({"date": dates.strftime("%Y-%m-%d"), "y": values})
    table = Table(frame=frame, name="made", options=ReadOptions())
    in_time, by_row = (
        to_series(table, ColumnRoles(time="date", target="y", gaps=gaps)).values[20, 0]
        for gaps in ("interpolate", "linear")
    )
    assert (in_time, by_row) == (20.0, 20.5)


def test_the_mean_is_that_of_the_known_rows():
    values = with_gaps(20, 100)
    made = cleaned({"y": values}, gaps="mean")
    assert made.series.values[[20, 100], 0].tolist() == [np.nanmean(values[:84])] * 2
    assert made.learned.gaps == {"y": [np.nanmean(values[:84])]}


def test_a_seasonal_fill_is_close_to_a_series_that_is_only_season():
    season = np.tile([0.0, 1, 4, 2, -1, -3, -3], 18)[:120]
    values = season.copy()
    values[[30, 31, 32, 33, 100, 101, 102, 103]] = np.nan
    made = cleaned({"y": values}, gaps="seasonal")
    np.testing.assert_allclose(made.series.values[:, 0], season, atol=0.01)
    assert len(made.learned.gaps["y"]) == 7


def test_a_new_file_is_filled_with_what_was_learned():
    values = with_gaps(20)
    first = cleaned({"y": values}, gaps="mean")
    new = cleaned({"y": with_gaps(5) + 100}, gaps="mean", learned=first.learned).series
    assert new.values[5, 0] == first.learned.gaps["y"][0]


def test_gaps_without_anything_to_learn_from_are_refused():
    empty = wave()
    empty[:90] = np.nan
    with pytest.raises(SeriesError, match="no value in the rows to learn from"):
        cleaned({"y": wave(), "x": empty}, gaps="mean")
    with pytest.raises(SeriesError, match="No season length is known"):
        cleaned({"y": with_gaps(3)}, gaps="seasonal", freq="11D")


def test_filled_values_stay_marked_when_steps_add_columns_and_take_rows():
    made = cleaned({"y": with_gaps(20)}, LagStep(column="y", rows=4), gaps="linear").series
    assert np.argwhere(made.filled).tolist() == [[16, 0]]


@pytest.mark.parametrize("aggregate", ["mean", "sum", "median", "min", "max", "first", "last"])
def test_a_regular_step_equals_pandas(aggregate):
    values = wave(24 * 30)
    made = cleaned({"y": values}, freq="h", regular_step="day", aggregate=aggregate).series
    grouped = pd.Series(values, index=pd.date_range("2021-01-04", periods=720, freq="h")).groupby(
        lambda at: at.date()
    )
    np.testing.assert_allclose(made.values[:, 0], grouped.agg(aggregate), rtol=1e-12)
    assert made.step == "1 day"
    assert made.steps[0].name == "regular step"
    assert "720 rows brought to 30 steps of one day each" in made.steps[0].detail


@pytest.mark.parametrize(
    ("step", "first", "words"),
    [
        ("week", "2021-01-04", "7 days"),
        ("month", "2021-01-01", "1 month"),
        ("quarter", "2021-01-01", "1 quarter"),
    ],
)
def test_steps_are_dated_at_their_start(step, first, words):
    made = cleaned({"y": wave(2400)}, start="2021-01-06", regular_step=step).series
    assert str(made.index[0].date()) == first
    assert made.step in (words, "1 week")


@pytest.mark.parametrize("step", get_args(RegularStep))
def test_every_step_keeps_every_value_once(step):
    every = {
        "minute": "15s",
        "5 minutes": "min",
        "10 minutes": "4min",
        "15 minutes": "4min",
        "30 minutes": "7min",
    }
    freq = every.get(step, "40min" if step in ("hour", "3 hours", "6 hours", "12 hours") else "9h")
    n_rows = {"week": 600, "month": 1800, "quarter": 6000, "year": 25_000}.get(step, 400)
    columns = {"y": np.ones(n_rows)}
    roles = {"regular_step": step, "aggregate": "sum"}
    series = cleaned(columns, start="2020-12-30", freq=freq, **roles).series
    assert series.values.sum() == n_rows
    assert not series.steps[0].detail.endswith("a gap.")
    assert find_spacing(series.index).is_regular


def test_b51_an_irregular_series_becomes_regular_and_its_empty_steps_are_gaps():
    minutes = np.cumsum(np.random.default_rng(0).choice([3, 5, 7, 40], size=400))
    dates = pd.Timestamp("2021-01-04") + pd.to_timedelta(minutes, unit="min")
    frame = pd.DataFrame({"date": dates.strftime("%Y-%m-%d %H:%M"), "y": np.arange(400.0)})
    table = Table(frame=frame, name="made", options=ReadOptions())
    roles = ColumnRoles(time="date", target="y", regular_step="15 minutes", aggregate="sum")
    with pytest.raises(SeriesError, match="missing"):
        to_series(table, roles)
    series = to_series(table, roles.model_copy(update={"gaps": "forward fill"}))
    assert series.step == "15 minutes"
    assert series.filled.any()
    # A sum over no rows is unknown, not 0.
    assert not (series.values[1:] == 0).any()


def test_steps_without_rows_are_seen_while_they_wait_for_a_decision():
    dates = DATES.delete([50, 51])
    frame = pd.DataFrame({"date": dates.strftime("%Y-%m-%d"), "y": np.ones(118)})
    table = Table(frame=frame, name="made", options=ReadOptions())
    roles = ColumnRoles(time="date", target="y", regular_step="day")
    assert np.flatnonzero(lay_out(observe(table, roles), roles, unit="").missing).tolist() == [50, 51]


def test_b54_the_rows_of_a_regular_step_are_counted_before_they_are_made():
    with pytest.raises(SeriesError, match="more rows than the limit") as refused:
        cleaned({"y": wave(2400)}, freq="MS", start="1821-01-01", regular_step="minute")
    assert refused.value.field == "regular_step"
    assert "about 105," in refused.value.message


def test_b50_rows_of_one_step_need_no_decision_about_equal_dates():
    dates = DATES.repeat(3)
    frame = pd.DataFrame({"date": dates.strftime("%Y-%m-%d"), "y": np.ones(360)})
    table = Table(frame=frame, name="sales", options=ReadOptions())
    series = to_series(table, ColumnRoles(time="date", target="y", regular_step="day", aggregate="sum"))
    assert series.values[:, 0].tolist() == [3.0] * 120
