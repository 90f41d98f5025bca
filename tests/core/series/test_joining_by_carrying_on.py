"""Files of different clocks joined with the nearest value before: never from the future, never too old."""

import io

import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from tests.core.series.joins import csv, joined, told


def test_the_newest_value_before_is_taken_and_never_one_from_the_future():
    table = joined(
        csv("y", "2020-01-01", 90), csv("index", "2020-01-01", 3, step="MS", start=7), how="nearest before"
    )
    assert table.n_rows == 90
    assert table.frame["index"].tolist() == [7] * 31 + [8] * 29 + [9] * 30
    assert table.files[1].reach == "less than 31 days"


def test_a_value_that_is_too_old_is_not_carried_on():
    daily, monthly = csv("y", "2020-01-01", 120), csv("index", "2020-01-01", 2, step="MS", start=7)
    table = joined(daily, monthly, how="nearest before")
    assert table.frame["index"].isna().sum() == 120 - 31 - 32
    assert table.files[1].n_missing == table.files[0].n_misaligned == 57
    far = joined(daily, monthly, how="nearest before", tolerance=400, tolerance_unit="days")
    assert far.frame["index"].isna().sum() == 0
    near = joined(daily, monthly, how="nearest before", tolerance=0, tolerance_unit="days")
    assert near.frame["index"].notna().sum() == 2


def test_clocks_that_differ_by_minutes_meet_with_the_nearest_before():
    hourly = csv("load", "2020-01-01 00:05:00", 48, step="h")
    with pytest.raises(SeriesError, match="No date is in all files") as refused:
        joined(hourly, csv("temperature", "2020-01-01", 48, step="h"), how="inner")
    assert "take the nearest value before" in refused.value.message
    assert refused.value.field == "join_how"
    table = joined(hourly, csv("temperature", "2020-01-01 00:00:00", 48, step="h"), how="nearest before")
    assert table.frame["temperature"].tolist() == list(range(48))
    assert table.frame["date"].iloc[0] == "2020-01-01 00:05:00"


def test_a_day_that_is_absent_is_not_filled_with_the_day_before():
    holed = "".join(line + "\n" for line in csv("x", "2020-01-01", 30).splitlines() if "-10," not in line)
    table = joined(csv("y", "2020-01-01", 30), holed, how="nearest before")
    assert table.frame["x"].isna().tolist().index(True) == 9
    assert (table.files[1].n_missing, table.files[1].reach) == (1, "less than 1 day")


@pytest.mark.parametrize(
    ("step", "reach"),
    [
        ("QS", "less than 92 days"),
        ("YS", "less than 366 days"),
        ("B", "less than 3 days"),
        ("h", "less than 1 hour"),
    ],
)
def test_a_value_holds_until_the_next_one_is_due(step, reach):
    other = csv("x", "2016-01-01", 40, step=step)
    last = pd.read_csv(io.StringIO(other), parse_dates=["date"])["date"].iloc[-1]
    n_days = max(30, (last - pd.Timestamp("2016-01-01")).days)
    table = joined(csv("y", "2016-01-01", n_days), other, how="nearest before")
    assert table.files[1].reach == reach
    if step != "h":
        assert table.frame["x"].isna().sum() == 0


def test_a_value_of_an_irregular_file_holds_for_its_longest_step():
    days = [1, 2, 4, 9, 11, 17, 20, 28]
    irregular = "date,x\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in days)
    table = joined(csv("y", "2020-01-01", 40), irregular, how="nearest before")
    assert table.files[1].reach == "8 days"
    assert table.frame["x"].iloc[15] == 11
    assert table.files[1].n_missing == 4


def test_a_coarser_file_is_carried_on_without_being_asked_and_it_is_said_why():
    table = joined(csv("y", "2020-01-01", 90), csv("index", "2020-01-01", 3, step="MS"))
    assert table.n_rows == 90
    assert "at or before each, because fewer than half of its dates are in all files" in told(table)
    finer = joined(csv("index", "2020-01-01", 24, step="MS"), csv("y", "2020-01-01", 720))
    assert (finer.how, finer.n_rows) == ("inner", 24)


def test_month_ends_and_month_starts_meet_with_the_nearest_before():
    table = joined(
        csv("y", "2020-01-31", 24, step="ME"), csv("x", "2020-01-01", 24, step="MS"), how="nearest before"
    )
    assert table.frame["x"].tolist() == list(range(24))
    assert table.files[1].n_misaligned == 0
