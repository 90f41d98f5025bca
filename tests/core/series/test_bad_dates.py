"""Rows B33 to B58 of BAD_INPUTS.md: dates and their spacing. One test per row, named by its number."""

import datetime as dt

import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.dates.read import read_dates
from lstm_core.series.detect import detect_roles
from lstm_core.series.health import examine
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.record import Series
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.table import ReadOptions, Table


def table_of(dates, values=None) -> Table:
    rows = zip(dates, values or range(1, len(dates) + 1), strict=True)
    source = "date,y\n" + "".join(f"{date},{value}\n" for date, value in rows)
    return read_table(source.encode(), "file.csv", ReadOptions(delimiter=","))


def series_of(dates, values=None, **roles) -> Series:
    table = table_of(dates, values)
    return to_series(table, detect_roles(table).model_copy(update=roles))


def days(n_rows: int = 24, form: str = "%Y-%m-%d", freq: str = "D") -> list[str]:
    return pd.date_range("2020-01-01", periods=n_rows, freq=freq).strftime(form).tolist()


def step(thing, name: str):
    found = [step for step in thing.steps if step.name == name]
    assert len(found) == 1, f"{name} not exactly once in {thing.steps}"
    return found[0]


def test_b33_ambiguous_order_is_asked_not_guessed():
    ambiguous = [f"{day:02d}/{month:02d}/2020" for month in (2, 3) for day in range(1, 13)]
    with pytest.raises(SeriesError, match="Day first or month first") as asked:
        series_of(ambiguous)
    assert asked.value.field == "date_format"
    assert "01 February 2020 or 02 January 2020" in asked.value.message
    assert series_of(ambiguous, date_format="day first").index[-1] == pd.Timestamp(2020, 3, 12)
    assert series_of(ambiguous, date_format="month first").index[-1] == pd.Timestamp(2020, 12, 3)


def test_b34_a_day_above_12_decides_the_whole_column():
    series = series_of([f"{day:02d}/02/2020" for day in range(1, 22)])
    assert series.index[0] == pd.Timestamp(2020, 2, 1)
    assert series.step == "1 day"
    assert "row 13 says '13/02/2020', which cannot be month first" in step(series, "day first").detail


def test_b34_a_day_above_12_far_down_decides_too():
    hours = pd.date_range("2020-01-01", "2020-01-12 23:30", freq="10min").strftime("%d/%m/%Y %H:%M").tolist()
    series = series_of([*hours, "13/01/2020 00:00"])
    assert series.index[-1] == pd.Timestamp(2020, 1, 13)
    american = [f"{stamp[3:5]}/{stamp[:2]}{stamp[5:]}" for stamp in hours]
    assert series_of([*american, "01/13/2020 00:00"]).index[-1] == pd.Timestamp(2020, 1, 13)
    with pytest.raises(SeriesError, match="Day first or month first"):
        series_of(hours)


def test_b35_mixed_formats_name_the_first_row_and_offer_mixed():
    mixed = [*days(23), "31/01/2020", "1 February 2020"]
    with pytest.raises(SeriesError, match=r"Row 24 of column 'date' is not a date.*'31/01/2020'.*'mixed'"):
        series_of(mixed)
    assert series_of(mixed, date_format="mixed").index[-1] == pd.Timestamp(2020, 2, 1)


def test_b36_mixed_time_zones_become_utc():
    stamps = [f"2020-01-{day:02d}T00:00:00+0{day % 2 + 1}:00" for day in range(1, 25)]
    series = series_of(stamps)
    assert series.index[0] == pd.Timestamp("2019-12-31 22:00")
    assert series.index[1] == pd.Timestamp("2020-01-01 23:00")
    assert step(series, "convert to UTC").count == 24


def test_b37_a_zone_in_some_rows_only():
    with pytest.raises(SeriesError, match="some have none, first at row 15"):
        series_of([f"2020-01-{day:02d} 10:00Z" for day in range(1, 15)] + ["2020-01-15 10:00"])


def test_b38_eight_digits_are_a_date():
    series = series_of(days(form="%Y%m%d"))
    assert series.index[-1] == pd.Timestamp(2020, 1, 24)
    assert "YYYYMMDD" in step(series, "numeric dates").detail


@pytest.mark.parametrize(("factor", "name"), [(1, "epoch seconds"), (1000, "epoch milliseconds")])
def test_b39_counts_since_1970(factor, name):
    start = int(dt.datetime(2020, 1, 1, tzinfo=dt.UTC).timestamp())
    series = series_of([(start + 3600 * hour) * factor for hour in range(25)])
    assert series.index[0] == pd.Timestamp(2020, 1, 1)
    assert series.step == "1 hour"
    assert name in step(series, "numeric dates").detail


def test_b40_excel_days():
    series = series_of(range(43831, 43861))
    assert series.index[0] == pd.Timestamp(2020, 1, 1)
    assert "Excel" in step(series, "numeric dates").detail


def test_b41_times_without_dates():
    with pytest.raises(SeriesError, match="holds no dates, only times"):
        series_of([f"{hour:02d}:00" for hour in range(15)])


@pytest.mark.parametrize("form", ["{}Q{}", "{}-Q{}", "Q{1} {0}"])
def test_b42_quarters(form):
    series = series_of([form.format(year, quarter) for year in range(2019, 2025) for quarter in (1, 2, 3, 4)])
    assert series.index[5] == pd.Timestamp(2020, 4, 1)
    assert (series.step, series.period) == ("1 quarter", 4)


def test_b43_iso_weeks_are_mondays():
    series = series_of([f"2020-W{week:02d}" for week in range(1, 25)])
    assert series.index[0] == pd.Timestamp(2019, 12, 30)
    assert (series.step, series.period) == ("1 week", 52)
    assert step(series, "ISO weeks").count == 24


def test_b44_month_names_of_an_unknown_language_list_the_accepted_forms():
    months = [
        "urtarrila",
        "otsaila",
        "martxoa",
        "apirila",
        "maiatza",
        "ekaina",
        "uztaila",
        "abuztua",
        "iraila",
    ]
    with pytest.raises(SeriesError, match=r"holds no dates.*2020-01-31, 31/01/2020"):
        series_of([f"{month} 2020" for month in months])


@pytest.mark.parametrize("cell", ["2020-02-30", "2020-01-25 23:59:60"])
def test_b45_dates_that_do_not_exist_name_the_row(cell):
    with pytest.raises(SeriesError, match=f"Row 25 of column 'date' is not a date.*'{cell}'"):
        series_of([*days(24), cell])


def test_b45_24_00_is_the_next_day():
    series = series_of([f"2020-01-01 {hour:02d}:00" for hour in range(1, 25)])
    assert series.index[-1] == pd.Timestamp(2020, 1, 2)
    assert step(series, "24:00").count == 1


def test_b49_unsorted_rows_are_sorted_and_counted():
    dates = days(24)
    dates[3], dates[8] = dates[8], dates[3]
    series = series_of(dates)
    assert series.values[3, 0] == 9
    assert step(series, "sort").count == 2
    with pytest.raises(SeriesError, match="2 rows out of time order"):
        series_of(dates, sort=False)


def test_b33_the_wrong_order_of_day_and_month_is_suspected_where_most_rows_are_moved():
    daily = [f"{day:02d}/{month:02d}/2020" for month in (2, 3) for day in range(1, 13)]
    wrong = series_of(daily, date_format="month first")
    assert "day and month changed places" in step(wrong, "sort").detail
    right = series_of(daily, date_format="day first")
    assert not any("changed places" in one.detail for one in right.steps)
    swapped = series_of([daily[1], daily[0], *daily[2:]], date_format="day first")
    assert "changed places" not in step(swapped, "sort").detail


def test_b50_duplicate_dates_are_refused_until_a_repair_is_chosen():
    dates = [*days(23), days(23)[-1]]
    with pytest.raises(
        SeriesError, match=r"1 row with the date of another row, first at 2020-01-23"
    ) as refused:
        series_of(dates)
    assert refused.value.field == "duplicates"
    assert series_of(dates, duplicates="mean").values[-1, 0] == 23.5
    assert series_of(dates, duplicates="last").values[-1, 0] == 24
    assert step(series_of(dates, duplicates="mean"), "duplicates: mean").count == 1


def test_b51_irregular_spacing_is_told_with_its_range():
    minutes = pd.Series([3, 5, 7, 4, 6] * 5).cumsum()
    stamps = (pd.Timestamp("2020-01-01") + pd.to_timedelta(minutes, unit="min")).dt.strftime("%Y-%m-%d %H:%M")
    series = series_of(stamps.tolist())
    assert "3 to 7 minutes" in step(series, "irregular steps").detail
    assert series.n_rows == 25


def test_b52_absent_days_are_counted_and_can_be_filled():
    dates = days(26)
    del dates[5:8]
    kept = series_of(dates, list(range(23)))
    assert step(kept, "absent dates").count == 3
    assert kept.n_rows == 23
    filled = series_of(dates, list(range(23)), missing_dates="insert", gaps="interpolate")
    assert filled.n_rows == 26
    assert filled.values[4:9, 0].tolist() == [4, 4.25, 4.5, 4.75, 5]
    assert step(filled, "insert dates").count == step(filled, "interpolate").count == 3


def test_b53_two_rows_are_too_few():
    with pytest.raises(SeriesError, match="only 2 rows"):
        series_of(days(2))


def test_b56_without_dates_rows_are_numbered():
    table = read_table(("y,z\n" + "".join(f"{n * n},{n}\n" for n in range(22))).encode(), "f", ReadOptions())
    series = to_series(table, detect_roles(table))
    assert not series.is_dated
    assert series.column("y")[-1] == 441
    assert step(series, "row numbers").count == 22


@pytest.mark.parametrize(
    ("cells", "what"), [(["", "", ""], "it is empty"), (["2020-01-01"] * 3, "has the same date")]
)
def test_b57_empty_or_constant_dates(cells, what):
    with pytest.raises(SeriesError, match=what):
        read_dates(pd.Series(cells, name="date", dtype="str"))


def test_b58_future_dates_and_falling_dates_are_told():
    table = table_of(pd.date_range("2999-01-01", periods=22).strftime("%Y-%m-%d")[::-1].tolist())
    roles = ColumnRoles(time="date", target="y")
    series = to_series(table, roles)
    assert step(series, "future dates").count == 22
    assert series.values[0, 0] == 22
    card = examine(table, roles)
    assert (card.n_future, card.n_unsorted) == (22, 22)


def test_b46_years_1_and_9999_are_read_and_told():
    series = series_of([f"{year:04d}-01-01" for year in range(1, 25)])
    assert (series.index[0].year, series.step) == (1, "1 year")
    assert step(series, "far dates").count == 24
    late = series_of([*days(24), "9999-12-31"])
    assert late.index[-1].year == 9999
    assert "9999-12-31" in step(late, "far dates").detail
    assert step(late, "future dates").count == 1


@pytest.mark.parametrize("cell", ["30000-01-01", "12020-01-01"])
def test_b47_years_of_five_digits_name_the_row(cell):
    with pytest.raises(SeriesError, match=f"Row 25 of column 'date' is not a date.*'{cell}'"):
        series_of([*days(24), cell])


LOCAL = pd.date_range("2020-10-24 12:00", periods=40, freq="h", tz="UTC").tz_convert("Europe/Berlin")


def test_b48_the_hour_that_stands_twice_is_named_and_its_zone_keeps_both():
    stamps = LOCAL.strftime("%Y-%m-%d %H:%M").tolist()
    with pytest.raises(SeriesError, match=r"clock was set back at 2020-10-25 02:00") as refused:
        series_of(stamps)
    assert refused.value.field == "duplicates"
    series = series_of(stamps, zone="Europe/Berlin")
    assert series.index.equals(LOCAL.tz_convert("UTC").tz_localize(None).as_unit("us"))
    assert step(series, "convert to UTC").count == 40


def test_b48_the_hour_that_is_absent_in_spring_is_counted_and_its_zone_closes_the_gap():
    spring = pd.date_range("2020-03-28 12:00", periods=40, freq="h", tz="UTC").tz_convert("Europe/Berlin")
    stamps = spring.strftime("%Y-%m-%d %H:%M").tolist()
    assert step(series_of(stamps), "absent dates").count == 1
    assert not any(step.name == "absent dates" for step in series_of(stamps, zone="Europe/Berlin").steps)


@pytest.mark.parametrize(
    ("zone", "what"), [("Europe/Nowhere", "no such time zone"), ("Europe/Berlin", "no times of a clock in")]
)
def test_b48_a_zone_that_does_not_fit_is_refused(zone, what):
    skipped = pd.date_range("2020-03-28 12:00", periods=40, freq="h").strftime("%Y-%m-%d %H:%M").tolist()
    with pytest.raises(SeriesError, match=what) as refused:
        series_of(skipped, zone=zone)
    assert refused.value.field == "zone"


@pytest.mark.parametrize(
    ("freq", "words", "period"),
    [
        ("B", "1 business day", 5),
        ("ME", "1 month", 12),
        ("YE", "1 year", 1),
        ("QE", "1 quarter", 4),
        ("MS", "1 month", 12),
    ],
)
def test_b55_business_days_and_ends_of_months_quarters_and_years(freq, words, period):
    series = series_of(days(30, freq=freq))
    assert (series.step, series.period) == (words, period)
    assert not any(step.name in ("absent dates", "irregular steps") for step in series.steps)
