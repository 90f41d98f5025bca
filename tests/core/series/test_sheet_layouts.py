"""Sheets with months, hours or dates across are found and become series, with the numbers of the file."""

import importlib

import numpy as np
import pandas as pd
import pytest

from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.layout.reshape import reshape
from lstm_core.series.samples import load_sample
from tests.core.series.layouts import DETECT, as_table, told, turned


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
