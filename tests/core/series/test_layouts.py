"""Every layout that people bring is found, can be overruled, and gives the numbers that the file holds."""

import importlib
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
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.samples import SAMPLES, load_sample, sample_table
from lstm_core.series.table import ReadOptions, Table

DETECT = LayoutSpec()
DAYS = range(1, 31)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read(text: str, name: str = "file.csv") -> Table:
    return read_table(text.encode(), name, ReadOptions())


def as_table(frame: pd.DataFrame) -> Table:
    return read(frame.to_csv(index=False))


def turned(text: str, **wanted) -> Table:
    return reshape(read(text), LayoutSpec(**wanted))


def told(table: Table) -> str:
    return " ".join(step.detail for step in table.steps)


def long_frame(n_dates: int = 30, names: tuple[str, ...] = ("A", "B", "C")) -> pd.DataFrame:
    """Series one under the other, as exports of databases and forecasting libraries are."""
    dates = pd.date_range("2020-01-01", periods=n_dates)
    rows = [(name, str(day.date()), 100 * place + number) for place, name in enumerate(names)
            for number, day in enumerate(dates)]  # fmt: skip
    return pd.DataFrame(rows, columns=["unique_id", "ds", "y"])


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


def elnino() -> pd.DataFrame:
    return importlib.import_module("statsmodels.datasets.elnino").load_pandas().data


def test_the_elnino_sheet_of_years_and_months_becomes_the_series():
    table = reshape(as_table(elnino()), DETECT)
    assert table.columns == ("month", "value")
    series = to_series(table, detect_roles(table))
    sample = load_sample("elnino")
    np.testing.assert_array_equal(series.values, sample.values)
    assert series.index.equals(sample.index)
    assert (series.step, series.period) == ("1 month", 12)
    assert "61 rows of 12 months became 732 moments" in told(table)


def test_a_sheet_with_a_running_year_ends_with_its_last_month_and_leaves_the_annual_mean_out():
    sheet = elnino().assign(Annual=1.0)
    sheet.loc[60, ["OCT", "NOV", "DEC"]] = np.nan
    table = reshape(as_table(sheet), DETECT)
    assert table.frame["month"].iloc[-1] == "2010-09"
    assert "3 moments without any value at the ends" in told(table)
    assert "1 column left out: Annual" in told(table)


def test_a_gap_inside_a_sheet_stays_a_gap():
    sheet = elnino()
    sheet.loc[30, "JUN"] = np.nan
    table = reshape(as_table(sheet), DETECT)
    assert table.frame["value"].isna().tolist().index(True) == 30 * 12 + 5
    assert table.n_rows == 732


@pytest.mark.parametrize(
    "names",
    [[str(n) for n in range(1, 13)], [f"M{n:02d}" for n in range(1, 13)], pd.date_range("2020", periods=12, freq="MS")
     .strftime("%B").tolist()],
    ids=["numbers", "M01", "names"],
)  # fmt: skip
def test_months_have_many_names(names):
    sheet = elnino().set_axis(["Year", *names], axis=1)
    assert (
        reshape(as_table(sheet), DETECT).frame["value"].tolist()
        == elnino().iloc[:, 1:].to_numpy().ravel().tolist()
    )


def test_several_stations_in_one_sheet_become_columns():
    first, second = elnino(), elnino()
    second.iloc[:, 1:] += 1
    both = pd.concat([first.assign(station="Paita"), second.assign(station="Lobos")])
    table = reshape(as_table(both), DETECT)
    assert table.columns == ("month", "Paita", "Lobos")
    np.testing.assert_allclose(table.frame["Lobos"] - table.frame["Paita"], 1)


def test_quarters_and_hours_across_become_moments():
    quarters = "year,Q1,Q2,Q3,Q4\n" + "".join(
        f"{2000 + n},{4 * n},{4 * n + 1},{4 * n + 2},{4 * n + 3}\n" for n in range(8)
    )
    table = turned(quarters)
    assert table.frame["quarter"].tolist()[:5] == ["2000Q1", "2000Q2", "2000Q3", "2000Q4", "2001Q1"]
    assert to_series(table, detect_roles(table)).values.ravel().tolist() == list(range(32))
    for first in (0, 1):
        head = "date," + ",".join(f"H{hour}" for hour in range(first, first + 24))
        days = "".join(
            f"2020-01-{day:02d}," + ",".join(str(24 * day + n) for n in range(24)) + "\n" for day in (1, 2, 3)
        )
        table = turned(f"{head}\n{days}")
        assert table.frame["time"].tolist()[:2] == ["2020-01-01 00:00", "2020-01-01 01:00"]
        assert table.frame["value"].tolist() == list(range(24, 96))
        assert f"Hour {first} is taken to start at midnight" in told(table)


def test_dates_across_one_row_per_country_as_the_world_bank_has_it():
    years = [str(year) for year in range(1960, 2000)]
    rows = [["Chad", "TCD", *range(40)], ["Mali", "MLI", *range(100, 140)]]
    table = reshape(as_table(pd.DataFrame(rows, columns=["Country Name", "Country Code", *years])), DETECT)
    assert table.columns == ("date", "Chad", "Mali")
    assert table.frame["date"].tolist() == years
    assert table.frame["Mali"].tolist() == list(range(100, 140))
    assert "1 column left out: Country Code" in told(table)


def test_a_download_of_the_world_bank_with_its_notes_above_and_its_empty_last_column():
    years = range(1960, 2000)
    head = ["Country Name", "Country Code", "Indicator Name", *map(str, years)]
    values = ["" if year < 1965 else str(year / 7) for year in years]
    rows = [[name, name[:3].upper(), "GDP", *values] for name in ("Chad", "Mali")]
    lines = [",".join(f'"{cell}"' for cell in line) + "," for line in [head, *rows]]
    notes = ['"Data Source","World Development Indicators",', "", '"Last Updated Date","2023-05-10",', ""]
    table = turned("\ufeff" + "\r\n".join([*notes, *lines]))
    assert table.columns == ("date", "Chad", "Mali")
    assert table.frame["date"].iloc[0] == "1965"
    assert "5 moments without any value at the ends of the sheet left out" in told(table)


def test_dates_across_from_new_to_old_come_out_in_order():
    days = [str(day.date()) for day in pd.date_range("2020-01-01", periods=30)][::-1]
    table = reshape(as_table(pd.DataFrame([["A", *range(30)]], columns=["name", *days])), DETECT)
    assert table.frame.iloc[0].tolist() == ["2020-01-01", 29]


def test_year_month_day_and_hour_in_columns_of_their_own_as_in_air_quality_files():
    hours = pd.date_range("2010-01-01", periods=60, freq="h")
    frame = pd.DataFrame(
        {"No": range(1, 61), "year": hours.year, "month": hours.month, "day": hours.day, "hour": hours.hour,
         "pm2.5": range(60), "cbwd": "NW"},
    )  # fmt: skip
    table = reshape(as_table(frame), DETECT)
    assert table.columns == ("date", "No", "pm2.5", "cbwd")
    assert table.frame["date"].iloc[-1] == "2010-01-03 11:00"
    series = to_series(table, detect_roles(table).model_copy(update={"target": "pm2.5"}))
    assert (series.step, series.values[-1, 0]) == ("1 hour", 59)
    assert "put together from the columns year, month, day, hour" in told(table)


def test_year_and_period_as_statistics_offices_write_them():
    text = "Series ID,Year,Period,Value\n" + "".join(
        f"LNS14,{year},M{month:02d},{year + month / 100}\n"
        for year, month in product((2019, 2020), range(1, 13))
    )
    table = turned(text)
    assert table.frame["date"].tolist()[:2] == ["2019-01", "2019-02"]
    assert table.frame["Value"].iloc[-1] == 2020.12


def test_the_day_and_the_time_of_a_meter_in_two_columns():
    rows = [
        f"{day:02d}/12/2006;{hour:02d}:30:00;{24 * day + hour}" for day in (15, 16, 17) for hour in range(24)
    ]
    table = turned("\n".join(["Date;Time;Global_active_power", *rows]))
    assert table.columns == ("date", "Global_active_power")
    series = to_series(table, detect_roles(table))
    assert str(series.index[0]) == "2006-12-15 00:30:00"
    assert (series.step, series.n_rows) == ("1 hour", 72)


@pytest.mark.parametrize("first", [0, 1])
def test_the_day_and_the_hour_of_a_grid_operator_in_two_columns(first):
    rows = [f"2020-01-{day:02d},{hour + first},{hour}" for day in (1, 2, 3) for hour in range(24)]
    table = turned("\n".join(["date,hour,load", *rows]))
    assert table.frame["date"].tolist()[:2] == ["2020-01-01 00:00", "2020-01-01 01:00"]
    assert f"Hour {first} is taken to start at midnight" in told(table)
    assert to_series(table, detect_roles(table)).step == "1 hour"


def test_a_time_beside_a_day_that_never_repeats_is_left_alone():
    rows = "".join(f"2020-01-{day:02d},07:{day:02d},{day}\n" for day in DAYS)
    assert turned("date,measured,y\n" + rows).columns == ("date", "measured", "y")


def test_large_blocks_of_one_series_are_still_found():
    days = pd.date_range("2000-01-01", periods=10_001).strftime("%Y-%m-%d")
    frame = pd.concat([pd.DataFrame({"who": who, "when": days, "y": range(10_001)}) for who in "ab"])
    table = Table(frame=frame.reset_index(drop=True), name="file.csv", options=ReadOptions())
    assert find_layout(table, DETECT).series == ("who",)


def test_a_year_and_quarter_beside_each_other():
    text = "year,quarter,gdp\n" + "".join(
        f"{year},{quarter},{year}\n" for year in range(2000, 2010) for quarter in (1, 2, 3, 4)
    )
    table = turned(text)
    series = to_series(table, detect_roles(table))
    assert (series.step, str(series.index[-1].date())) == ("1 quarter", "2009-10-01")


def test_a_date_that_does_not_exist_is_named_by_its_row():
    text = "year,month,day,y\n" + "".join(f"2020,2,{day},1\n" for day in range(1, 31))
    with pytest.raises(SeriesError, match="Row 30 has no date: year, month, day are 2020 2 30") as refused:
        turned(text)
    assert refused.value.field == "date_parts"


@pytest.mark.parametrize(
    "text",
    [
        "date,y,weather\n" + "".join(f"2020-01-{day:02d},{day},{'sun' if day % 3 else 'rain'}\n" for day in DAYS),
        "date,a,b\n" + "".join(f"2020-01-{day:02d},{day},{2 * day}\n" for day in range(1, 31)) + "2020-01-30,1,1\n",
        "date,y,note\n" + "".join(f"2020-01-{day:02d},{day},n{day}\n" for day in range(1, 31)) + "2020-01-30,9,again\n",
        "year,month,y\n" + "".join(f"{year},1,{year}\n" for year in range(1990, 2020)),
        "y\n" + "".join(f"{row}\n" for row in range(30)),
        "date,1,2,3\n" + "".join(f"2020-01-{day:02d},1,2,3\n" for day in range(1, 31)),
        "day,1979,1980,1981,1982,1983\n" + "".join(f"{day},1,2,3,4,5\n" for day in range(1, 31)),
    ],
    ids=["text column", "duplicates", "one date twice", "constant month", "one column", "numbers", "season sheet"],
)  # fmt: skip
def test_a_table_that_has_a_row_per_moment_is_left_alone(text):
    table = read(text)
    assert find_layout(table, DETECT) == LayoutSpec(kind="wide")
    assert reshape(table, DETECT).frame.equals(table.frame)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_sample_is_turned(name):
    assert find_layout(sample_table(name), DETECT).kind == "wide"


def test_detection_can_be_overruled_both_ways():
    text = long_frame().to_csv(index=False)
    assert turned(text, kind="wide").columns == ("unique_id", "ds", "y")
    odd = "when,who,much\n" + "".join(
        f"2020-01-{day:02d},{who},{day}\n" for day in range(1, 31) for who in "ab"
    )
    assert turned(odd, kind="long", time="when", series=("who",), values=("much",)).columns == (
        "when",
        "a",
        "b",
    )
    with pytest.raises(SeriesError, match="not laid out as 'calendar'") as refused:
        turned(text, kind="calendar")
    assert refused.value.field == "layout"
    with pytest.raises(SeriesError, match="no column 'gone'"):
        turned(text, kind="long", time="gone")
    with pytest.raises(SeriesError, match="needs a column for the name of the series"):
        turned("date,y\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in range(1, 31)), kind="long")


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


def test_a_day_that_is_missing_beside_its_hour_is_named_by_its_row():
    rows = [f"202001{day:02d},{hour},{hour}" for day in (1, 2, 3) for hour in range(24)]
    rows[30] = ",6,6"
    table = turned("\n".join(["day,hour,load", *rows]))
    assert table.frame["date"].iloc[30] == "06:00"
    with pytest.raises(SeriesError, match="Row 31 of column 'date' is not a date"):
        to_series(table, detect_roles(table))


def test_days_with_a_fraction_take_no_clock():
    rows = "".join(f"{43831 + hour / 24},{hour},{hour}\n" for hour in range(24)) * 2
    assert find_layout(read("date,hour,y\n" + rows), DETECT).date_parts == ()
    with pytest.raises(SeriesError, match="Row 1 has no date"):
        turned("date,hour,y\n" + rows, kind="wide", date_parts=("date", "hour"))


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


def test_the_hour_ending_of_a_zone_gives_one_column_per_zone():
    rows = [
        f"2020-01-{day:02d},{hour},{zone},{hour}"
        for day in (1, 2)
        for hour in range(1, 25)
        for zone in ("AE", "DOM")
    ]
    table = turned("\n".join(["date,hour_ending,zone,mw", *rows]))
    assert table.columns == ("date", "AE", "DOM")
    assert table.frame["date"].iloc[24] == "2020-01-02 00:00"
