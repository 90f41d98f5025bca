"""Units in brackets behind a column name: taken where they are certain, told, and never cut off the name."""

import pytest

from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.reading.named_units import unit_in
from lstm_core.series.table import ReadOptions, Table


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("co2 [ppm]", "ppm"), ("Temp (°C)", "°C"), ("T (degC)", "degC"), ("Wind speed (m/s)", "m/s"),
        ("wind [m s-1]", "m s-1"), ("PM2.5 (µg/m³)", "µg/m³"), ("Pressure(hPa)", "hPa"), ("Price (€/MWh)", "€/MWh"),
        ("GDP (billions USD)", "billions USD"), ("Rad (W m-2)", "W m-2"), ("Demand (in MW)", "MW"), ("rain [%]", "%"),
    ],
)  # fmt: skip
def test_a_unit_in_brackets_is_found(name, unit):
    assert unit_in(name) == unit


@pytest.mark.parametrize(
    "name",
    [
        "load_MW", "load MW", "Sales (total)", "y (2)", "x [2]", "Close (Adj)", "Population (2019)", "a [mean]",
        "value (min)", "CO(GT)", "Speed (max)", "[ppm]", "(°C)", "co2 [ppm] raw", "", "f()", "weights (a and b)",
    ],
)  # fmt: skip
def test_what_is_no_certain_unit_is_left_alone(name):
    assert unit_in(name) == ""


def read(head: str) -> Table:
    rows = "".join(f"2020-01-{day:02d};{day * day}.5;{day % 5}.5\n" for day in range(1, 29))
    return read_table(f"{head}\n{rows}".encode(), "file.csv", ReadOptions())


def test_the_unit_is_proposed_and_told_and_the_name_stays():
    table = read("date;co2 [ppm];Temp (°C)")
    assert table.columns == ("date", "co2 [ppm]", "Temp (°C)")
    assert detect_roles(table).unit == "ppm"
    told = [finding.sentence for finding in table.findings if finding.field == "units_row"]
    assert told[-1] == "The name 'co2 [ppm]' ends with its unit, ppm; so does 1 more."


def test_a_row_of_units_comes_first():
    table = read("date;co2 [ppm];Temp (°C)\n;ppb;K")
    assert (table.unit("co2 [ppm]"), table.unit("Temp (°C)")) == ("ppb", "K")
