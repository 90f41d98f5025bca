"""Dates that name months and weekdays in other languages: what the CLDR writes is read back equal (B57, B33)."""

from datetime import date, timedelta

import pandas as pd
import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.dates.languages import LANGUAGES
from lstm_core.series.dates.read import read_dates
from lstm_core.series.detect import detect_roles, find_time_column
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions

DAYS = ("full", "long", "d MMM y", "d MMMM y", "dd-MMM-y", "EEE, d MMM y", "EEEE d. MMMM y", "y. MMMM d.")
MONTHS = ("MMM y", "LLLL y", "MMM-y", "y LLLL")


def column(cells) -> pd.Series:
    return pd.Series(list(cells), name="when", dtype="str")


def told(reading) -> str:
    return " ".join(step.detail for step in reading.steps)


@settings(max_examples=60, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    form=st.sampled_from(DAYS),
    start=st.dates(date(1950, 1, 1), date(2060, 1, 1)),
    step=st.integers(1, 40),
)
def test_days_as_the_cldr_writes_them_are_read_back(language, form, start, step):
    days = [start + timedelta(days=step * place) for place in range(24)]
    read = read_dates(column(format_date(day, form, language) for day in days))
    assert [moment.date() for moment in read.dates] == days


@settings(max_examples=30, deadline=None)
@given(language=st.sampled_from(LANGUAGES), form=st.sampled_from(MONTHS), year=st.integers(1950, 2060))
def test_months_as_the_cldr_writes_them_are_read_back(language, form, year):
    months = [date(year, month, 1) for month in range(1, 13)]
    read = read_dates(column(format_date(month, form, language) for month in months))
    assert [moment.date() for moment in read.dates] == months


@pytest.mark.parametrize(
    ("cells", "first", "language"),
    [
        (["15. Januar 2020", "15. März 2020", "1. Mai 2020"], "2020-01-15", "German"),
        (["15. Mrz 2020", "15. Dez 2020"], "2020-03-15", "German"),
        (["15 maerz 2020", "15 dezember 2020"], "2020-03-15", "German"),
        (["15. Jänner 2020", "3. Feber 2020"], "2020-01-15", "German"),
        (["3 févr. 2021", "14 juil. 2021"], "2021-02-03", "French"),
        (["1er janvier 2021", "2 FEVRIER 2021"], "2021-01-01", "French"),
        (["mar. 2 mars 2021", "mer. 3 mars 2021"], "2021-03-02", "French"),
        (["12-ene-2019", "12-dic-2019"], "2019-01-12", "Spanish"),
        (["12-ene-19", "12-ago-19"], "2019-01-12", "Spanish"),
        (["martes, 3 de marzo de 2020", "mar. 10 mar. 2020", "mié. 1 ene. 2020"], "2020-03-03", "Spanish"),
        (["15 de março de 2020", "1º de maio de 2020"], "2020-03-15", "Portuguese"),
        (["15. Januar 2020 um 12:30 Uhr", "15. Mai 2020 um 13:30 Uhr"], "2020-01-15 12:30", "German"),
        (["15 janvier 2020 à 12:30", "15 août 2020 à 12:30"], "2020-01-15 12:30", "French"),
        (["15 янв. 2020 г.", "15 мая 2020 г."], "2020-01-15", "Russian"),
    ],
)
def test_dates_as_people_write_them(cells, first, language):
    read = read_dates(column(cells))
    assert read.dates[0] == pd.Timestamp(first)
    assert language in read.because
    assert f"row 1 says '{cells[0]}'" in told(read)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["Mo, 13.01.2020", "Di, 14.01.2020"], ["2020-01-13", "2020-01-14"]),
        (["lun. 13/01/2020", "mar. 14/01/2020"], ["2020-01-13", "2020-01-14"]),
        (["Monday 2020-01-13", "Tuesday 2020-01-14"], ["2020-01-13", "2020-01-14"]),
        (["понедельник, 13.01.2020", "вторник, 14.01.2020"], ["2020-01-13", "2020-01-14"]),
    ],
)
def test_weekdays_in_front_of_numbers_are_left_out_and_told(cells, expected):
    read = read_dates(column(cells))
    assert read.dates.strftime("%Y-%m-%d").tolist() == expected
    assert "weekdays" in told(read)


def test_months_that_two_languages_mean_differently_are_asked_about():
    with pytest.raises(SeriesError, match="Polish or Croatian") as refusal:
        read_dates(column(["3 listopada 2020", "4 listopada 2020"]))
    assert "Nov in Polish, Oct in Croatian" in refusal.value.received
    whole = column(["3 listopada 2020", "4 listopada 2020", "1 grudnia 2020"])
    assert read_dates(whole).dates[0] == pd.Timestamp(2020, 11, 3)


def test_a_month_of_no_language_is_refused_with_its_row():
    cells = column(["1. Januar 2020", "2. Januar 2020", "3. Januor 2020", "4. Mai 2020"])
    with pytest.raises(SeriesError, match="Row 3 of column 'when' is not a date"):
        read_dates(cells)
    with pytest.raises(SeriesError, match="no dates"):
        read_dates(column(["15 foo 2020", "16 bar 2020"]))


def test_english_stays_english():
    assert read_dates(column(["3 Mar 2020", "4 May 2020"])).because == "row 1 says '3 Mar 2020'"


@pytest.mark.parametrize("language", ["de", "es", "pl", "ru"])
@pytest.mark.parametrize("form", ["LLLL y", "dd-MMM-yy", "EEEE, d MMMM y", "EEE, dd.MM.y"])
def test_a_column_of_such_dates_is_found_whatever_its_name(form, language):
    months = [date(2015 + month // 12, month % 12 + 1, 1) for month in range(60)]
    lines = [f"{format_date(day, form, language)};{place},5" for place, day in enumerate(months)]
    table = read_table(("mes;valor\n" + "\n".join(lines) + "\n").encode(), "file.csv", ReadOptions())
    series = to_series(table, detect_roles(table))
    assert (series.step, series.index[0]) == ("1 month", pd.Timestamp(2015, 1, 1))


@pytest.mark.parametrize("cell", ["sensor 2020", "mars 5", "set 12", "line mai 3", "modelo 2020 rojo"])
def test_names_with_numbers_are_no_dates(cell):
    frame = pd.DataFrame({"kind": pd.Series([cell] * 30, dtype="str"), "y": range(30)})
    table = read_table(frame.to_csv(index=False).encode(), "file.csv", ReadOptions())
    assert find_time_column(table) is None
