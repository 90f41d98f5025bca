"""Series one under the other are found and stand side by side, with the numbers of the file."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.layout.reshape import reshape, series_names
from lstm_core.series.layout.spec import LayoutSpec, find_layout
from lstm_core.series.table import ReadOptions, Table
from tests.core.series.layouts import DAYS, DETECT, MONTHS, as_table, long_frame, read, told, turned

STOCKS = pd.DataFrame(
    [
        (symbol, f"{month} 1 {year}", round(10 * place + year - 2000 + number / 7, 2))
        for place, (symbol, first) in enumerate({"MSFT": 2000, "GOOG": 2004, "AAPL": 2000}.items())
        for year, (number, month) in product(range(first, 2008), enumerate(MONTHS))
    ],
    columns=["symbol", "date", "price"],
)


UNEMPLOYMENT = pd.DataFrame(
    [
        (
            name,
            year,
            month,
            1000 * place + 12 * year + month,
            place + month / 10,
            f"{year}-{month:02d}-01T08:00:00.000Z",
        )
        for place, name in enumerate(["Government", "Mining", "Construction"])
        for year, month in product(range(2000, 2010), range(1, 13))
    ],
    columns=["series", "year", "month", "count", "rate", "date"],
)


def test_unique_id_ds_y_becomes_a_column_per_series():
    frame = long_frame()
    table = reshape(as_table(frame), DETECT)
    assert table.columns == ("ds", "A", "B", "C")
    expected = frame.pivot_table(index="ds", columns="unique_id", values="y")
    np.testing.assert_array_equal(table.frame[["A", "B", "C"]].to_numpy(), expected.to_numpy())
    assert "90 rows on 30 dates, told apart by unique_id" in told(table)
    series = to_series(table, detect_roles(table).model_copy(update={"features": ("B", "C")}))
    assert series.values[-1].tolist() == [29, 129, 229]


def test_the_shape_of_stocks_series_of_different_length():
    table = reshape(as_table(STOCKS), DETECT)
    assert table.columns == ("date", "MSFT", "GOOG", "AAPL")
    dated = STOCKS.assign(date=pd.to_datetime(STOCKS["date"], format="%b %d %Y"))
    wide = dated.pivot_table(index="date", columns="symbol", values="price")
    np.testing.assert_array_equal(table.frame["GOOG"], wide["GOOG"])
    assert table.frame["GOOG"].isna().sum() == 48
    assert detect_roles(table).target == "MSFT"


def test_the_order_of_the_file_does_not_scramble_the_dates_when_a_late_series_comes_first():
    late_first = pd.concat([STOCKS[STOCKS["symbol"] == "GOOG"], STOCKS[STOCKS["symbol"] != "GOOG"]])
    table = reshape(as_table(late_first), DETECT)
    assert table.columns[1] == "GOOG"
    assert pd.to_datetime(table.frame["date"]).is_monotonic_increasing


def test_the_shape_of_unemployment_two_values_and_the_date_twice():
    table = reshape(as_table(UNEMPLOYMENT), DETECT)
    assert set(table.columns) == {"date"} | {
        f"{value} ({name})"
        for value in ("count", "rate")
        for name in ("Government", "Mining", "Construction")
    }
    assert "2 columns left out: year, month" in told(table)
    mining = UNEMPLOYMENT[UNEMPLOYMENT["series"] == "Mining"]
    np.testing.assert_array_equal(table.frame["rate (Mining)"], mining["rate"])


def test_one_series_or_some_can_be_picked_and_keep_the_names_they_have_in_a_table_of_all():
    everything = turned(STOCKS.to_csv(index=False))
    one = turned(STOCKS.to_csv(index=False), chosen=("GOOG",))
    assert one.columns == ("date", "GOOG")
    assert one.frame["GOOG"].tolist() == everything.frame["GOOG"].dropna().tolist()
    assert "1 of 3 series taken: GOOG" in told(one)
    assert turned(STOCKS.to_csv(index=False), chosen=("AAPL", "MSFT")).columns == ("date", "MSFT", "AAPL")
    assert series_names(as_table(STOCKS), DETECT) == ("MSFT", "GOOG", "AAPL")
    with pytest.raises(SeriesError, match="no series 'IBM'") as refused:
        turned(STOCKS.to_csv(index=False), chosen=("IBM",))
    assert refused.value.field == "layout_chosen"


def test_two_columns_name_a_series_together():
    frame = pd.DataFrame(
        [(state, kind, day, 10 * day + len(state + kind)) for state in ("Iowa", "Ohio") for kind in ("wind", "coal")
         for day in range(2001, 2031)],
        columns=["state", "source", "year", "net"],
    )  # fmt: skip
    table = reshape(as_table(frame), DETECT)
    assert table.columns == ("year", "Iowa / wind", "Iowa / coal", "Ohio / wind", "Ohio / coal")
    assert table.frame["Ohio / coal"].tolist() == [10 * year + 8 for year in range(2001, 2031)]


def test_rows_of_the_same_series_and_date_wait_for_a_decision():
    text = long_frame().to_csv(index=False) + "A,2020-01-30,31\n"
    with pytest.raises(SeriesError, match="1 row with the series and the date of another row") as refused:
        turned(text)
    assert refused.value.field == "layout_repeated"
    assert turned(text, repeated="mean").frame["A"].iloc[-1] == 30
    assert turned(text, repeated="sum").frame["A"].iloc[-1] == 60
    assert turned(text, repeated="last").frame["A"].iloc[-1] == 31
    assert "1 row with the series and the date of another row added up" in told(turned(text, repeated="sum"))


def test_rows_of_the_same_date_in_the_only_series_that_was_picked_wait_like_those_of_any_file():
    text = long_frame().to_csv(index=False) + "A,2020-01-30,31\n"
    table = turned(text, chosen=("A",))
    with pytest.raises(SeriesError, match="1 row with the date of another row") as refused:
        to_series(table, detect_roles(table))
    assert refused.value.field == "duplicates"


def test_a_missing_value_stays_missing_when_rows_are_added_up():
    text = long_frame().to_csv(index=False).replace("A,2020-01-30,29", "A,2020-01-30,")
    table = turned(text + "A,2020-01-30,\n", repeated="sum")
    assert np.isnan(table.frame["A"].iloc[-1])
    assert table.frame["B"].iloc[-1] == 129


def test_ds_may_be_a_counter_as_in_competition_files():
    frame = long_frame().assign(ds=lambda rows: rows.groupby("unique_id").cumcount() + 1)
    table = reshape(as_table(frame), DETECT)
    assert table.columns == ("ds", "A", "B", "C")
    assert table.frame["ds"].tolist() == list(range(1, 31))


def test_a_bad_cell_of_a_long_file_is_named_by_its_series():
    text = long_frame().to_csv(index=False).replace("B,2020-01-07,106", "B,2020-01-07,oops")
    table = turned(text)
    assert pd.api.types.is_numeric_dtype(table.frame["A"])
    with pytest.raises(SeriesError, match="In column 'B', row 7 is not a number: 'oops'"):
        to_series(table, detect_roles(table).model_copy(update={"target": "B"}))


def test_series_without_a_name_are_kept_apart_and_a_series_called_like_the_date_does_not_overwrite_it():
    text = long_frame(names=("A", "ds", "C")).to_csv(index=False).replace("\nC,", "\n,")
    table = turned(text)
    assert table.columns == ("ds", "A", "ds (2)", "without a name")
    assert table.frame["ds (2)"].tolist() == list(range(100, 130))


def test_b26_more_series_than_columns_allowed_can_be_chosen_from(monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_COLUMNS", "10")
    names = tuple(f"s{number}" for number in range(12))
    text = long_frame(names=names).to_csv(index=False)
    with pytest.raises(SeriesError, match="holds 12 series, more than a table may have columns") as refused:
        turned(text)
    assert (refused.value.field, refused.value.received) == ("layout_chosen", "12 columns")
    assert turned(text, chosen=("s3", "s7")).columns == ("ds", "s3", "s7")
    assert series_names(read(text), DETECT) == names


def test_large_blocks_of_one_series_are_still_found():
    days = pd.date_range("2000-01-01", periods=10_001).strftime("%Y-%m-%d")
    frame = pd.concat([pd.DataFrame({"who": who, "when": days, "y": range(10_001)}) for who in "ab"])
    table = Table(frame=frame.reset_index(drop=True), name="file.csv", options=ReadOptions())
    assert find_layout(table, DETECT).series == ("who",)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.integers(-1000, 1000)),
        min_size=1,
        max_size=80,
        unique_by=lambda row: row[:2],
    )
)
@settings(max_examples=25)
def test_turning_a_long_table_equals_a_pivot_by_pandas(rows):
    frame = pd.DataFrame(rows, columns=["unique_id", "ds", "y"]).assign(
        ds=lambda rows: (pd.Timestamp("2020-01-01") + pd.to_timedelta(rows["ds"], unit="D")).astype("str")
    )
    spec = LayoutSpec(kind="long", time="ds", series=("unique_id",), values=("y",))
    table = reshape(Table(frame=frame, name="file.csv", options=ReadOptions()), spec)
    wide = frame.pivot_table(index="ds", columns="unique_id", values="y")
    got = table.frame.set_index("ds").sort_index()
    assert sorted(got.columns) == list(wide.columns)
    np.testing.assert_array_equal(got[list(wide.columns)].to_numpy(dtype=float), wide.to_numpy(dtype=float))


def test_provinces_without_a_name_go_by_their_country_as_in_files_of_cases():
    days = [f"{day.month}/{day.day}/{day:%y}" for day in pd.date_range("2020-01-22", periods=30)]
    rows = [
        ["", "Chad", 1.5, *range(30)],
        ["Hubei", "China", 3.1, *range(30, 60)],
        ["Henan", "China", 3.2, *range(60, 90)],
    ]
    table = reshape(
        as_table(pd.DataFrame(rows, columns=["Province/State", "Country/Region", "Lat", *days])), DETECT
    )
    assert table.columns == ("date", "Chad", "Hubei / China", "Henan / China")


def test_numbers_of_stores_and_departments_name_a_series_together():
    rows = "".join(
        f"{s},{d},2020-01-{day:02d},{100 * s + 10 * d + day}\n"
        for s in (1, 2)
        for d in (3, 4)
        for day in DAYS
    )
    table = turned("Store,Dept,Date,Weekly_Sales\n" + rows)
    assert table.columns == ("Date", "1 / 3", "1 / 4", "2 / 3", "2 / 4")
    assert table.frame["2 / 4"].iloc[-1] == 270
