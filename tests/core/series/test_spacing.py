"""The usual step in words, its season, and the dates that are absent."""

import pandas as pd
import pytest

from lstm_core.series.dates.spacing import absent_dates, dates_after, find_spacing


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
