"""The usual step in words, its season, and the dates that are absent."""

import pandas as pd
import pytest

from lstm_core.series.dates.spacing import absent_dates, dates_after, find_spacing, rows_since


@pytest.mark.parametrize(
    ("freq", "words", "period"),
    [
        ("YS", "1 year", 1), ("YE", "1 year", 1), ("QS", "1 quarter", 4), ("QE", "1 quarter", 4),
        ("MS", "1 month", 12), ("ME", "1 month", 12), ("BME", "1 month", 12), ("2MS", "2 months", 1),
        ("W-TUE", "1 week", 52), ("D", "1 day", 7), ("B", "1 business day", 5), ("28D", "28 days", 1),
        ("h", "1 hour", 24), ("3h", "3 hours", 8), ("15min", "15 minutes", 1), ("s", "1 second", 1),
        ("250ms", "0.25 seconds", 1),
    ],
)  # fmt: skip
def test_regular_steps(freq, words, period):
    spacing = find_spacing(pd.date_range("2019-03-01", periods=40, freq=freq).as_unit("us"))
    assert (spacing.words, spacing.period, spacing.n_absent, spacing.n_irregular) == (words, period, 0, 0)


@pytest.mark.parametrize("freq", ["YS", "YE", "QE", "MS", "ME", "W", "D", "B", "h", "15min"])
def test_absent_dates_are_exactly_those_removed(freq):
    whole = pd.date_range("2019-03-01 06:00", periods=40, freq=freq).as_unit("us")
    holed = whole.delete([5, 6, 9])
    spacing = find_spacing(holed)
    assert spacing.n_absent == 3
    assert list(absent_dates(holed, spacing)) == list(whole[[5, 6, 9]])


@pytest.mark.parametrize("freq", ["YS", "YE", "QE", "MS", "ME", "W", "D", "B", "h", "15min", "28D"])
def test_dates_after_the_last_one_are_those_cut_off(freq):
    whole = pd.date_range("2019-03-01 06:00", periods=47, freq=freq).as_unit("us")
    after = dates_after(whole[:40], 7, find_spacing(whole[:40]))
    assert after is not None
    assert list(after) == list(whole[40:])


def test_no_date_comes_after_irregular_ones():
    index = pd.DatetimeIndex(["2020-01-01", "2020-01-02", "2020-01-04", "2020-01-09", "2020-01-11 05:00"])
    assert dates_after(index, 3, find_spacing(index)) is None


def test_one_step_off_the_grid_is_counted_and_nothing_is_inserted():
    index = (
        pd.date_range("2020-01-01", periods=30, freq="h")
        .delete([4])
        .union([pd.Timestamp("2020-01-01 03:20")])
    )
    spacing = find_spacing(pd.DatetimeIndex(index).as_unit("us"))
    assert spacing.n_irregular == 2
    assert len(absent_dates(pd.DatetimeIndex(index), spacing)) == 0


def test_two_dates_have_no_usual_step():
    assert find_spacing(pd.date_range("2020-01-01", periods=2).as_unit("us")).words == ""


@pytest.mark.parametrize("freq", ["YS", "QE", "MS", "ME", "W-TUE", "D", "B", "h", "15min"])
@pytest.mark.parametrize("n", [7, 0, -7])
def test_rows_since_a_date_before_or_after_the_first(freq, n):
    whole = pd.date_range("2019-03-01", periods=50, freq=freq).as_unit("us")
    since, first = (0, n) if n >= 0 else (-n, 0)
    assert rows_since(whole[since], whole[first : first + 40]) == n


def test_rows_since_a_date_of_another_zone_and_of_none():
    here = pd.date_range("2019-03-01", periods=40, freq="h", tz="Europe/Vienna").as_unit("us")
    assert rows_since(here[0].tz_convert("UTC"), here[5:]) == 5
    assert rows_since(here[0].tz_localize(None), here[5:]) == 5
    assert rows_since(here[0], here[5:].tz_localize(None)) == 5


def test_rows_are_not_counted_without_dates_or_a_usual_step():
    days = pd.date_range("2019-03-01", periods=40, freq="D").as_unit("us")
    assert rows_since(None, days) == rows_since(days[0], pd.RangeIndex(40)) == 0
    odd = pd.DatetimeIndex(["2019-03-05", "2019-03-06 07:00", "2019-03-09 11:13", "2019-03-10", "2019-03-17"])
    assert rows_since(days[0], odd) == 0
