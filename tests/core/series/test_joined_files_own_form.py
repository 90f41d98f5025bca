"""Every joined file keeps the form it was written in: its layout, marks, clock, order and units."""

import pandas as pd
import pytest

from lstm_core.errors import SeriesError
from lstm_core.series.assemble import to_series
from lstm_core.series.detect import detect_roles
from lstm_core.series.layout.spec import LayoutSpec
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions
from tests.core.series.joins import RAIN, SALES, csv, joined, told


def test_a_long_file_joins_with_a_wide_one():
    long = "date,station,rain\n" + "".join(
        f"2020-01-{day:02d},{station},{day + 100 * place}\n"
        for place, station in enumerate("xy")
        for day in range(1, 31)
    )
    table = joined(csv("y", "2020-01-01", 30), long, choices=({}, {"layout": LayoutSpec()}))
    assert table.columns == ("date", "y", "x", "y (b)")
    assert table.frame["y (b)"].tolist() == list(range(101, 131))


def test_decimal_commas_of_one_file_do_not_reach_the_other():
    german = (
        "Tag;Wert\n" + "".join(f"{day:02d}.01.2020;{day},5\n" for day in range(1, 31)) + "31.01.2020;oops\n"
    )
    english = "date,y\n" + "".join(f"2020-01-{day:02d},{day}.25\n" for day in range(1, 32))
    table = joined(english, german)
    assert table.frame["y"].iloc[2] == 3.25
    assert table.frame["Wert"].iloc[2] == "3.5"
    with pytest.raises(SeriesError, match="row 31 is not a number: 'oops'"):
        to_series(table, detect_roles(table).model_copy(update={"target": "Wert"}))


def test_a_cell_that_is_no_number_in_its_file_does_not_become_one_by_joining():
    """1.5 in a file of decimal commas could be 15 or 1.5: it must be refused there, and behind the join too."""
    rows = "".join(f"{day:02d}.01.2020;{day},25\n" for day in range(1, 31))
    german = "Tag;Wert\n" + rows.replace(";7,25", ";7.5")
    alone = read_table(german.encode(), "b.csv", ReadOptions())
    with pytest.raises(SeriesError, match="row 7 is not a number"):
        to_series(alone, detect_roles(alone))
    table = joined(csv("y", "2020-01-01", 30), german)
    with pytest.raises(SeriesError, match="row 7 is not a number"):
        to_series(table, detect_roles(table).model_copy(update={"target": "Wert"}))


def test_grouped_digits_and_signs_of_one_file_are_read_before_it_is_joined():
    money = "date,price\n" + "".join(f'2020-01-{day:02d},"$1,2{day:02d}.50"\n' for day in range(1, 31))
    table = joined(csv("y", "2020-01-01", 31), money + "2020-01-31,oops\n")
    assert table.frame["price"].iloc[0] == "1201.5"
    table = joined(csv("y", "2020-01-01", 31), money)
    assert table.frame["price"].iloc[-1] == 1230.5


def test_b36_clocks_of_different_zones_are_moved_to_utc_and_a_missing_zone_is_said():
    def hours(zone: str, name: str, shift: int = 0) -> str:
        moments = pd.date_range("2020-01-01", periods=30, freq="h") + pd.Timedelta(hours=shift)
        return f"time,{name}\n" + "".join(
            f"{one:%Y-%m-%dT%H:%M:%S}{zone},{n}\n" for n, one in enumerate(moments)
        )

    table = joined(hours("+02:00", "y", 2), hours("Z", "x"))
    assert table.frame["time"].iloc[0] == "2020-01-01 00:00:00"
    assert table.frame["y"].tolist() == table.frame["x"].tolist() == list(range(30))
    assert "different clocks (a.csv +02:00, b.csv Z)" in told(table)
    silent = joined(hours("+02:00", "y"), hours("", "x"))
    assert silent.n_rows == 30
    assert "No time zone is stated in b.csv; its times are taken to be on the clock of +02:00" in told(silent)
    assert "zone is stated" not in told(joined(hours("Z", "y"), hours("Z", "x")))


def test_b33_ambiguous_dates_are_asked_for_the_file_that_has_them():
    unclear = "date,x\n" + "".join(
        f"{day:02d}/{month:02d}/2020,{day}\n" for month in (1, 2) for day in range(1, 13)
    )
    with pytest.raises(SeriesError, match=r"b\.csv: Day first or month first\?") as refused:
        joined(SALES, unclear)
    assert refused.value.field == "date_format"
    table = joined(SALES, unclear, choices=({}, {"date_format": "day first"}))
    assert table.frame["date"].tolist()[11:13] == ["2020-01-12", "2020-02-01"]


def test_a_file_without_dates_cannot_be_joined():
    with pytest.raises(SeriesError, match=r"b\.csv has no column of dates") as refused:
        joined(SALES, "x\n" + "1.5\n" * 40)
    assert refused.value.field == "join_time"
    with pytest.raises(SeriesError, match=r"b\.csv has no column 'when'"):
        joined(SALES, RAIN, choices=({}, {"time": "when"}))
    with pytest.raises(SeriesError, match=r"b\.csv holds nothing beside its dates"):
        joined(SALES, "date\n" + "".join(f"2020-01-{day:02d}\n" for day in range(1, 31)))


def test_rows_out_of_order_are_sorted_and_counted():
    lines = RAIN.splitlines()
    table = joined(SALES, "\n".join([lines[0], *reversed(lines[1:])]))
    assert table.frame["rain"].tolist() == list(range(100, 130))
    assert any(step.name == "sort" and "b.csv" in step.detail for step in table.steps)


def test_units_follow_their_columns_and_steps_name_their_file():
    with_units = "date;rain\n;mm\n" + "".join(f"2020-01-{day:02d};{day},5\n" for day in range(1, 31))
    table = joined(csv("rain", "2020-01-01", 30), with_units)
    assert table.unit("rain (b)") == "mm"
    assert table.unit("rain") == ""
    assert any(step.detail.startswith("b.csv: The decimal mark is the comma") for step in table.steps)


def test_a_text_column_is_carried_along():
    weather = "date,weather\n" + "".join(f"2020-01-{day:02d},sun\n" for day in range(1, 21))
    table = joined(csv("y", "2020-01-01", 30), weather, how="outer")
    assert table.frame["weather"].tolist() == ["sun"] * 20 + [""] * 10
