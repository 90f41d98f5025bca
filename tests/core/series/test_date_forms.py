"""Ways of writing dates that files really have: each is read as it was meant, or asked about."""

import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.dates.read import kind_of, read_dates
from lstm_core.series.detect import detect_roles, find_time_column
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions

DAYS = pd.date_range("2020-01-25", periods=30)
MONTHS = pd.date_range("2019-03-01", periods=30, freq="MS")
HOURS = pd.date_range("2020-01-30 20:00", periods=30, freq="h")
MINUTES = pd.date_range("2020-01-31 23:40", periods=30, freq="min")


def table_of(cells, separator=";"):
    rows = "".join(f"{cell}{separator}{n % 7}.5\n" for n, cell in enumerate(cells))
    return read_table(f"date{separator}y\n{rows}".encode(), "f", ReadOptions(delimiter=separator))


def read(cells, separator=";"):
    table = table_of(cells, separator)
    assert find_time_column(table) == "date"
    return read_dates(table.frame["date"])


@pytest.mark.parametrize(
    ("truth", "pattern", "form"),
    [
        (DAYS, "%Y-%m-%d", "ISO"),
        (DAYS, "%Y/%m/%d", "ISO"),
        (DAYS, "%Y.%m.%d", "ISO"),
        (HOURS, "%Y-%m-%dT%H:%M:%S.000Z", "ISO"),
        (HOURS, "%Y%m%dT%H%M%S", "ISO"),
        (HOURS, "%Y%m%dT%H%M", "ISO"),
        (HOURS, "%Y%m%d %H:%M", "ISO"),
        (MINUTES, "%Y%m%d %H:%M:%S", "ISO"),
        (MINUTES, "%Y-%m-%d %I:%M %p", "ISO"),
        (MINUTES, "%Y-%m-%d, %H:%M", "ISO"),
        (DAYS, "%d/%m/%Y", "day first"),
        (DAYS, "%d.%m.%y", "day first"),
        (HOURS, "%d.%m.%Y, %H:%M", "day first"),
        (HOURS, "%d.%m.%Y - %H:%M", "day first"),
        (DAYS, "%m/%d/%Y", "month first"),
        (MINUTES, "%m/%d/%Y %I:%M:%S %p", "month first"),
        (MINUTES, "%m/%d/%Y %I:%M%p", "month first"),
        (DAYS, "%d %b %Y", "month name"),
        (DAYS, "%b %d, %Y", "month name"),
        (DAYS, "%A, %B %d, %Y", "month name"),
        (MONTHS, "%b-%y", "month name"),
        (MONTHS, "%B %Y", "month name"),
        (MONTHS, "%m/%Y", "month"),
        (MONTHS, "%m.%Y", "month"),
        (MONTHS, "%m-%Y", "month"),
        (MONTHS, "%YM%m", "month"),
        (MONTHS, "%Y-%m", "ISO"),
        (MONTHS, "%Y%m", "YYYYMM"),
        (DAYS, "%Y%m%d", "YYYYMMDD"),
        (HOURS, "%Y%m%d%H", "YYYYMMDDhh"),
        (MINUTES, "%Y%m%d%H%M", "YYYYMMDDhhmm"),
        (MINUTES, "%Y%m%d%H%M%S", "YYYYMMDDhhmmss"),
    ],
)
def test_every_form_is_read_as_it_was_meant(truth, pattern, form):
    reading = read(truth.strftime(pattern))
    assert reading.format == form
    assert reading.dates.equals(truth.as_unit("us"))
    assert reading.because


@pytest.mark.parametrize(
    ("factor", "form"),
    [(1e3, "epoch milliseconds"), (1e6, "epoch microseconds"), (1e9, "epoch nanoseconds")],
)
def test_b39_counts_since_1970_in_every_size(factor, form):
    reading = read([f"{stamp.timestamp() * factor:.0f}" for stamp in HOURS])
    assert reading.format == form
    assert (reading.dates == HOURS).all()


def test_months_of_one_digit_before_or_behind_the_year():
    assert read([f"{stamp.month}/{stamp.year}" for stamp in MONTHS]).dates.equals(MONTHS.as_unit("us"))
    assert read([f"{stamp.year}M{stamp.month}" for stamp in MONTHS]).dates.equals(MONTHS.as_unit("us"))


def test_parts_of_one_digit():
    cells = [f"{stamp.year}-{stamp.month}-{stamp.day}" for stamp in DAYS]
    assert read(cells).dates.equals(DAYS.as_unit("us"))


def test_seconds_that_look_like_digits_of_a_date_are_told_apart():
    """2020010100 to 2020013123 are hours of January 2020; every 3600th second from there is none of them."""
    seconds = [2_020_010_100 + 3600 * n for n in range(40)]
    assert read(seconds).format == "epoch seconds"


def test_years_of_two_digits_in_front_are_asked_for():
    cells = DAYS.strftime("%y-%m-%d")
    with pytest.raises(SeriesError, match=r"Do the years come first.*25 January 2020") as asked:
        read(cells)
    assert asked.value.field == "date_format"
    column = table_of(cells).frame["date"]
    assert read_dates(column, "year first").dates.equals(DAYS.as_unit("us"))
    assert read_dates(column, "day first").dates[0] == pd.Timestamp(2025, 1, 20)


def test_the_reason_names_the_row_that_decides():
    assert read(DAYS.strftime("%d/%m/%Y")).because.startswith("row 1 says '25/01/2020'")
    american = read(pd.date_range("2020-01-05", periods=30).strftime("%m/%d/%Y"))
    assert american.because.startswith("row 9 says '01/13/2020'")


def test_a_format_that_was_chosen_needs_no_reason():
    column = table_of(DAYS.strftime("%d/%m/%Y")).frame["date"]
    assert read_dates(column, "day first").because == ""


def test_german_months_with_decimals_beside_them_stay_months():
    rows = "".join(f"{stamp:%m.%Y};{n},5\n" for n, stamp in enumerate(MONTHS))
    table = read_table(f"Monat;Verbrauch\n{rows}".encode(), "f", ReadOptions())
    assert table.options.decimal == ","
    assert table.frame["Verbrauch"].tolist() == [n + 0.5 for n in range(30)]
    assert detect_roles(table).time == "Monat"


@pytest.mark.parametrize(
    "cell",
    ["31/12/2020 12h30", "31/12/2020 12 h 30", "31/12/2020 à 12h30", "31/12/2020, 12H30", "2020-12-31T12h30",
     "31 décembre 2020 à 12h30", "31 de dezembro de 2020 às 12h30", "31/12/2020 12h30min"],
)  # fmt: skip
def test_a_clock_with_an_h_is_read_like_one_with_a_colon(cell):
    dates = read_dates(
        pd.Series([cell, cell.replace("12h", "13h").replace("12 h", "13 h").replace("12H", "13H")])
    )
    assert [str(day) for day in dates.dates] == ["2020-12-31 12:30:00", "2020-12-31 13:30:00"]


def test_an_hour_alone_behind_a_date():
    dates = read_dates(pd.Series(["31/12/2020 9h", "31/12/2020 10h"]))
    assert str(dates.dates[0]) == "2020-12-31 09:00:00"


def test_lengths_of_time_are_no_clock():
    assert kind_of("3h") == "number"
    assert kind_of("2020-01-31 25h30") == "text"
