"""Several files on one time axis: equal to pandas where pandas has a word for it, and every loss is counted."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.health import examine
from lstm_core.series.table import ReadOptions, Table
from tests.core.series.joins import RAIN, SALES, combined, csv, joined, told


def test_files_of_equal_dates_stand_side_by_side():
    table = joined(csv("sales", "2020-01-01", 30), csv("rain", "2020-01-01", 30, start=100))
    assert table.columns == ("date", "sales", "rain")
    assert table.frame["rain"].tolist() == list(range(100, 130))
    assert table.frame["date"].iloc[-1] == "2020-01-30"
    assert [fit.n_misaligned for fit in table.files] == [0, 0]
    series = to_series(table, detect_roles(table).model_copy(update={"features": ("rain",)}))
    assert series.values[3].tolist() == [3, 103]
    assert series.name == "a.csv and 1 more"


def test_only_dates_that_all_files_have_are_kept_and_the_others_counted_and_listed():
    table = joined(SALES, RAIN)
    assert table.n_rows == 30
    assert table.frame.iloc[0].tolist() == ["2020-01-11", 10, 100]
    first, second = table.files
    assert (first.n_lost, first.n_misaligned, first.n_missing) == (10, 10, 0)
    assert (second.n_lost, str(second.misaligned[-1].date())) == (10, "2020-02-19")
    assert "10 of 40 rows of a.csv; 10 of 40 rows of b.csv" in told(table)
    assert examine(table, detect_roles(table)).n_misaligned == 20


def test_every_date_is_kept_when_asked_and_absent_values_wait_for_a_repair():
    table = joined(SALES, RAIN, how="outer")
    assert table.n_rows == 50
    assert table.frame["rain"].isna().sum() == table.frame["sales"].isna().sum() == 10
    assert [fit.n_missing for fit in table.files] == [10, 10]
    assert [fit.n_lost for fit in table.files] == [0, 0]
    assert "Rows without a value of a file, which count as missing: 10 of a.csv; 10 of b.csv" in told(table)
    with pytest.raises(SeriesError, match="20 values missing"):
        to_series(table, detect_roles(table).model_copy(update={"features": ("rain",)}))


def test_a_gappy_first_file_loses_most_rows_and_the_message_says_what_would_keep_them():
    table = joined(csv("y", "2020-01-01", 90), csv("index", "2020-01-01", 3, step="MS"), how="inner")
    assert table.n_rows == 3
    assert "Most of a.csv is gone; the nearest value before would keep it" in told(table)


def test_files_of_one_kind_that_follow_each_other_are_put_one_under_the_other():
    table = joined(
        csv("y", "2021-01-01", 365, start=366), csv("y", "2020-01-01", 366), names=("2021.csv", "2020.csv")
    )
    assert table.columns == ("date", "y")
    assert table.frame["y"].tolist() == list(range(731))
    assert "one under the other, because they have the same columns and hardly a date in common" in told(
        table
    )
    assert to_series(table, detect_roles(table)).step == "1 day"


def test_dates_that_two_stacked_files_share_wait_for_a_decision():
    table = joined(csv("y", "2020-01-01", 40), csv("y", "2020-02-08", 40, start=100))
    assert table.n_rows == 80
    assert [fit.n_misaligned for fit in table.files] == [2, 2]
    assert examine(table, detect_roles(table)).n_duplicates == 2


def test_the_same_columns_over_the_same_time_stand_side_by_side_under_names_of_their_files():
    table = joined(
        csv("close", "2020-01-01", 30), csv("close", "2020-01-01", 30, start=9), names=("AAPL.csv", "IBM.csv")
    )
    assert table.columns == ("date", "close", "close (IBM)")
    assert table.frame["close (IBM)"].iloc[0] == 9


def test_files_with_other_columns_cannot_be_put_one_under_the_other():
    with pytest.raises(SeriesError, match=r"b\.csv has other columns than a\.csv") as refused:
        joined(SALES, RAIN, how="stack")
    assert "rain, sales" in refused.value.received


def test_repeated_dates_within_a_file_wait_for_a_decision_because_they_would_multiply():
    twice = RAIN + "2020-02-19,239\n"
    with pytest.raises(SeriesError, match=r"b\.csv: 1 row with the date of .* at 2020-02-19") as refused:
        joined(SALES, twice)
    assert refused.value.field == "join_repeated"
    assert joined(SALES, twice, how="outer", repeated="mean").frame["rain"].iloc[-1] == (139 + 239) / 2
    assert joined(SALES, twice, how="outer", repeated="last").frame["rain"].iloc[-1] == 239


def test_b83_more_rows_than_the_limit_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_ROWS", "100")
    with pytest.raises(SeriesError, match="more rows than the limit"):
        joined(csv("y", "2020-01-01", 90), csv("x", "2021-01-01", 90), how="outer")


def test_three_files_and_a_name_in_all_of_them():
    table = joined(*(csv("y", "2020-01-01", 30, start=start) for start in (0, 10, 20)))
    assert table.columns == ("date", "y", "y (b)", "y (c)")
    assert table.name == "a.csv and 2 more"


DAYS = st.lists(st.integers(0, 60), min_size=1, max_size=40, unique=True)


def frame_of(days: list[int], name: str) -> pd.DataFrame:
    dates = pd.Timestamp("2020-01-01") + pd.to_timedelta(sorted(days), unit="D")
    return pd.DataFrame({"date": dates.as_unit("us"), name: [float(day) for day in sorted(days)]})


@given(DAYS, DAYS, st.sampled_from(["inner", "outer", "nearest before"]), st.integers(0, 20))
@settings(max_examples=40)
def test_joins_equal_those_of_pandas_and_no_row_gets_lost_uncounted(left, right, how, tolerance):
    a, b = frame_of(left, "a"), frame_of(right, "b")
    ages = [x - y for x in left for y in right]
    meets = any(0 <= age <= (tolerance if how == "nearest before" else 0) for age in ages)
    files = [
        Table(frame=one.assign(date=one["date"].astype("str")), name=name, options=ReadOptions())
        for one, name in ((a, "a.csv"), (b, "b.csv"))
    ]
    if not meets and how != "outer":
        with pytest.raises(SeriesError, match="No date"):
            combined(files, how=how, tolerance=tolerance)
        return
    table = combined(files, how=how, tolerance=tolerance)
    if how == "nearest before":
        expected = pd.merge_asof(a, b, on="date", tolerance=pd.Timedelta(days=tolerance))
    else:
        expected = a.merge(b, on="date", how=how).sort_values("date")
    np.testing.assert_array_equal(
        table.frame[["a", "b"]].to_numpy(dtype=float), expected[["a", "b"]].to_numpy(dtype=float)
    )
    assert pd.to_datetime(table.frame["date"]).tolist() == expected["date"].tolist()
    kept = [int(table.frame["a"].notna().sum()), table.frame["b"].dropna().nunique()]
    for fit, n_kept in zip(table.files, kept, strict=True):
        assert fit.n_rows == n_kept + fit.n_lost
