"""A date that stands in several columns is put together."""

from itertools import product

import pandas as pd
import pytest
from babel.dates import get_month_names

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.dates.languages import LANGUAGES, names_in
from lstm_core.series.detect import detect_roles
from lstm_core.series.layout.reshape import reshape
from lstm_core.series.layout.spec import find_layout
from tests.core.series.layouts import DETECT, as_table, read, told, turned


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


NAMED = {
    "de": ("Jahr", "Monat", "Tag"), "fr": ("Année", "Mois", "Jour"), "es": ("Año", "Mes", "Día"),
    "it": ("Anno", "Mese", "Giorno"), "pt": ("Ano", "Mês", "Dia"), "nl": ("Jaar", "Maand", "Dag"),
    "pl": ("Rok", "Miesiąc", "Dzień"), "sv": ("År", "Månad", "Dag"), "ru": ("Год", "Месяц", "День"),
    "da": ("År", "Måned", "Dag"), "nb": ("År", "Måned", "Dag"), "fi": ("Vuosi", "Kuukausi", "Päivä"),
    "cs": ("Rok", "Měsíc", "Den"), "hr": ("Godina", "Mjesec", "Dan"), "hu": ("Év", "Hónap", "Nap"),
    "ro": ("An", "Luna", "Zi"), "uk": ("Рік", "Місяць", "День"), "en": ("Year", "Month", "Day"),
}  # fmt: skip
"""What the columns are called in every language whose months are read."""


def test_no_language_of_the_dates_is_left_out():
    assert set(NAMED) == {"en", *LANGUAGES}


@pytest.mark.parametrize("width", ["wide", "abbreviated"])
@pytest.mark.parametrize("language", NAMED)
def test_months_named_in_a_column_of_their_own(language, width):
    months, (year, month, day) = get_month_names(width, "stand-alone", language), NAMED[language]
    rows = [f"2020;{months[number]};{1 + number % 28};{number},5" for number in range(1, 13)]
    table = turned("\n".join([f"{year};{month};{day};y", *rows, f"2021;{months[1]};2;13,5"]))
    assert table.frame["date"].tolist()[:2] == ["2020-01-02", "2020-02-03"]
    assert table.frame["date"].tolist()[-2:] == ["2020-12-13", "2021-01-02"]
    assert ("Months are named in" in told(table)) == (language != "en")


def test_a_name_that_two_languages_use_for_two_months_is_asked_about():
    rows = [f"{year};listopad;{year - 2000}" for year in (2019, 2020, 2020)]
    with pytest.raises(SeriesError, match="can be read both ways"):
        turned("\n".join(["Rok;Miesiąc;y", *rows]))


@pytest.mark.parametrize("language", ["fr", "fi", "cs", "ru"])
def test_months_across_in_other_languages(language):
    months = get_month_names("wide", "stand-alone", language)
    head = ";".join([NAMED[language][0], *(months[number] for number in range(1, 13))])
    rows = [";".join([str(year), *(f"{number},5" for number in range(1, 13))]) for year in (2019, 2020)]
    table = turned("\n".join([head, *rows]))
    series = to_series(table, detect_roles(table))
    assert (series.step, series.n_rows) == ("1 month", 24)
    assert (str(series.index[-1].date()), series.values[-1, 0]) == ("2020-12-01", 12.5)


def test_the_day_and_a_clock_as_it_is_written_in_french():
    rows = [f"{day:02d}/12/2006;{hour}h00;{24 * day + hour}" for day in (15, 16, 17) for hour in range(24)]
    series = to_series(table := turned("\n".join(["Jour;Heure;charge", *rows])), detect_roles(table))
    assert (str(series.index[9]), series.step, series.n_rows) == ("2006-12-15 09:00:00", "1 hour", 72)


def test_a_plain_table_is_not_searched_for_months_in_every_language():
    names_in.cache_clear()
    turned("date,y,x\n" + "".join(f"2020-01-{day:02d},{day},{day % 5}\n" for day in range(1, 31)))
    assert names_in.cache_info().currsize == 0
