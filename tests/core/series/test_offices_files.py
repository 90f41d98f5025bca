"""Files as statistics offices, weather services and grid operators write them: read as they are meant."""

import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.dates.read import kind_of, start_of
from lstm_core.series.detect import detect_roles
from lstm_core.series.record import Series
from tests.core.series.layouts import told, turned

MONTHS = pd.date_range("2018-01-01", periods=40, freq="MS")
HOURS = pd.date_range("2020-01-01", periods=60, freq="h")


def series_of(text: str, **roles) -> Series:
    table = turned(text)
    return to_series(table, detect_roles(table).model_copy(update=roles))


def eurostat(*rows: str) -> str:
    head = "freq,unit,s_adj,geo\\TIME_PERIOD\t" + "\t".join(f"{month:%Y-%m} " for month in MONTHS)
    return "\n".join([head, *rows]) + "\n"


def test_eurostat_flags_are_taken_off_and_no_month_is_lost():
    """Before, a month in which any country carries a flag was left out of every series."""
    germany = "\t".join(f"{3 + place / 10:.1f} {'p' if place > 37 else ''}" for place in range(40))
    france = "\t".join(
        ": " if place < 2 else ": c" if place == 2 else f"{8 + place / 10:.1f} b" for place in range(40)
    )
    table = turned(eurostat(f"M,PC_ACT,SA,DE\t{germany}", f"M,PC_ACT,SA,FR\t{france}"))
    assert table.n_rows == 40
    assert "40 cells with a flag of Eurostat behind the number" in told(table)
    assert table.frame["M,PC_ACT,SA,DE"].tolist() == pytest.approx([3 + place / 10 for place in range(40)])
    assert table.frame["M,PC_ACT,SA,FR"].isna().sum() == 3
    assert table.frame["M,PC_ACT,SA,FR"].iloc[-1] == pytest.approx(11.9)


def test_letters_behind_numbers_of_other_tables_are_no_flags():
    """A month with a cell that is no number is refused with its place, not left out."""
    head = "country\t" + "\t".join(f"{month:%Y-%m}" for month in MONTHS)
    rows = [
        "DE\t" + "\t".join("3.1 p" if place == 7 else "3.1" for place in range(40)),
        "FR\t" + "\t".join(["1"] * 40),
    ]
    with pytest.raises(SeriesError, match=r"In column '2018-08', row 1 is not a number: '3\.1 p'"):
        turned("\n".join([head, *rows]))


@pytest.mark.parametrize("form", ["%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M:%S"])
def test_an_hour_from_and_to_of_a_grid_operator_is_dated_at_its_start(form):
    """Before, the day-ahead load was taken for days as Excel counts them."""
    hours = HOURS + pd.Timedelta(days=12)
    rows = [
        f'"{hour:{form}} - {hour + pd.Timedelta(hours=1):{form}}","{40_000 + row}","{41_000 + row % 24 * 10}"'
        for row, hour in enumerate(hours)
    ]
    head = '"MTU (CET/CEST)","Day-ahead Total Load Forecast [MW] - BZN|DE-LU","Actual Total Load [MW] - BZN|DE-LU"'
    table = turned("\n".join([head, *rows]))
    assert detect_roles(table).time == "MTU (CET/CEST)"
    series = to_series(table, detect_roles(table))
    assert (str(series.index[0]), series.step, series.n_rows) == ("2020-01-13 00:00:00", "1 hour", 60)
    assert "dated at its start" in " ".join(step.detail for step in series.steps)


def test_pairs_that_are_no_interval():
    assert start_of("2020-01-01 - 2020-01-31") == "2020-01-01"
    assert start_of("01.01.2020 - 12:30") is None
    assert start_of("12 - 14") is None
    assert start_of("a - b") is None
    assert kind_of("01.01.2020 - 12:30") == "day or month first"


@pytest.mark.parametrize(
    "name", ["Day-ahead Total Load Forecast", "time spent in queue", "daily mean of the day"]
)
def test_large_numbers_under_a_long_name_are_no_days_of_excel(name):
    text = f"{name},y\n" + "".join(f"{40_000 + row},{row % 7}\n" for row in range(30))
    assert detect_roles(turned(text)).time is None
    assert detect_roles(turned(text.replace(name, "Excel date"))).time == "Excel date"


def test_the_place_of_a_weather_service_above_its_table_is_another_table():
    head = "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n52.5,13.4,38,0,GMT,GMT\n\n"
    rows = "".join(f"{hour:%Y-%m-%dT%H:%M},{row % 24 / 2},0.0\n" for row, hour in enumerate(HOURS))
    table = turned(f"{head}time,temperature_2m (°C),rain (mm)\n{rows}")
    assert table.columns == ("time", "temperature_2m (°C)", "rain (mm)")
    assert "3 lines above the table skipped" in told(table)
    series = to_series(table, detect_roles(table))
    assert (series.step, series.n_rows, series.unit) == ("1 hour", 60, "°C")


def test_a_letter_head_as_fred_writes_it_above_a_table_of_two_columns():
    head = (
        "Title:        Unemployment\nSource:       U.S. Bureau of Labor Statistics\nUnits:        Percent\n"
    )
    head += "Date Range:   2018-01-01 to 2021-04-01\nNotes:        The rate is the share of the unemployed, see: x.\n\n"
    rows = "".join(f"{month:%Y-%m-%d}     {3 + row / 10:.1f}\n" for row, month in enumerate(MONTHS))
    series = series_of(f"{head}DATE          VALUE\n{rows}")
    assert (series.columns, series.n_rows, series.step) == (("VALUE",), 40, "1 month")


def test_a_head_that_is_repeated_within_the_table_loses_no_rows():
    rows = [f"{month:%Y-%m-%d},{row}" for row, month in enumerate(MONTHS)]
    table = turned("\n".join(["date,y", *rows[:20], "", "date,y", *rows[20:]]))
    assert table.n_rows == 41


def test_a_gap_in_a_table_does_not_begin_another_one():
    rows = [f"{month:%Y-%m-%d},{row}" for row, month in enumerate(MONTHS)]
    table = turned("\n".join(["date,y", *rows[:3], "", *rows[3:]]))
    assert (table.columns, table.n_rows) == (("date", "y"), 40)


def test_a_part_of_the_date_is_not_what_is_forecast():
    rows = "".join(
        f"{month.year},{month.month},{month.year + (month.month - 0.5) / 12:.4f},{315 + row % 12 / 5:.2f}\n"
        for row, month in enumerate(MONTHS)
    )
    series = series_of("# monthly means\n# from an observatory\nyear,month,decimal date,average\n" + rows)
    assert series.columns == ("average",)
    assert series.step == "1 month"


def test_a_table_that_begins_further_below_says_so():
    text = "Title:   Unemployment\nSource:     Bureau of Labor Statistics of the country\nDATE   VALUE\n"
    with pytest.raises(
        SeriesError, match="If the table only begins further below, skip the lines above its names"
    ):
        turned(text + "".join(f"{month:%Y-%m-%d}   {row / 10}\n" for row, month in enumerate(MONTHS)))


def test_a_table_as_statistics_canada_shows_it_with_titles_and_footnotes():
    """Before, it was refused for lines that do not have the same number of cells."""
    months = '","'.join(f"{month:%B %Y}" for month in MONTHS)
    items, food = ('","'.join(f"{start + row / 5:.1f}" for row in range(40)) for start in (133, 143))
    table = turned(
        '"Consumer Price Index, monthly, not seasonally adjusted 1 2 3"\n"Monthly"\n"Table: 18-10-0004-01"\n\n'
        f'"","Geography","Canada"\n"Products and product groups","{months}"\n"","2002=100"\n'
        f'"All-items","{items}"\n"Food","{food}"\n\n'
        '"Footnotes:"\n"1","The index is no cost-of-living index."\n\n"How to cite: Statistics Canada."\n'
    )
    assert table.columns == ("date", "All-items", "Food")
    assert "3 rows of notes below the table left out, the first says 'Footnotes:'" in told(table)
    series = to_series(table, detect_roles(table))
    assert (series.step, str(series.index[-1].date())) == ("1 month", "2021-04-01")
    assert series.values[:, 0] == pytest.approx([133 + row / 5 for row in range(40)])


def test_names_of_groups_above_the_names_and_units_below_them():
    """Before, the groups were the names, and `Flow` the unit of the boiler."""
    days = pd.date_range("2020-01-01", periods=40)
    rows = [f"{day:%d.%m.%Y},{12 + row % 5},{80 + row % 7},{1200 + row % 9}" for row, day in enumerate(days)]
    text = "\n".join([
        "Monthly report of plant 7", "Prepared by: Operations", "", ",Boiler,Boiler,Grid", "Date,Flow,Temp,Load",
        ",m³/h,°C,MW", *rows, "", "Source: plant historian", "* preliminary",
    ])  # fmt: skip
    series = series_of(text, target="Temp", unit="")
    assert (series.columns, series.unit, series.n_rows) == (("Temp",), "°C", 40)
    assert series.values[1, 0] == 81


def test_a_title_with_commas_above_the_names():
    """Before, the title was the names."""
    rows = "".join(f"{year}12,{52 + year % 7 / 10:.2f},{year % 9 / 10:.2f}\n" for year in range(1950, 1990))
    title = (
        "Contiguous U.S., Average Temperature, January-December\nUnits: Degrees Fahrenheit\nMissing: -99\n"
    )
    table = turned(f"{title}Date,Value,Anomaly\n{rows}")
    assert table.columns == ("Date", "Value", "Anomaly")
    assert table.n_rows == 40


def test_a_second_row_of_names_below_the_dates_own_stays_a_row_of_notes():
    rows = "".join(f"{month:%Y-%m-%d},{row},{row % 5}\n" for row, month in enumerate(MONTHS))
    table = turned(f"Price,Close,Volume\nTicker,AAPL,AAPL\nDate,,\n{rows}")
    assert table.columns == ("Price", "Close", "Volume")
    assert not table.units


def test_words_under_the_names_are_no_unit():
    """Before, the rate was in Euro-Referenzkurs."""
    days = pd.date_range("2020-01-01", periods=40)
    head = ';BBEX3.D.USD;FLAGS\n;"Euro-Referenzkurs";\nEinheit;USD;\nDimension;Eins;\nStand vom;21.11.2024 16:00;\n'
    rows = "".join(f"{day:%Y-%m-%d};1,{1000 + row};\n" for row, day in enumerate(days))
    table = turned(head + rows)
    assert table.units == ()
    assert table.frame["BBEX3.D.USD"].iloc[1] == 1.1001


def test_names_in_a_second_language_are_no_units():
    """Before, the load was in `Last`."""
    days = pd.date_range("2020-01-01", periods=40)
    rows = "".join(f"{day:%d.%m.%Y};{row % 7},5;{row % 5},1\n" for row, day in enumerate(days))
    table = turned("date;load;wind\nDatum;Last;Wind\n;MW;MW\n" + rows)
    assert (table.columns, table.units, table.n_rows) == (("date", "load", "wind"), (), 40)
