"""Roles taken over by another table: all that fits stays, all that goes is told."""

import pytest

from lstm_core.series.carried import carry, fits, loosened
from lstm_core.series.cleaning.spec import Cleaning, CombinationStep, LagStep, MovingAverageStep, OneHotStep
from lstm_core.series.detect import detect_roles
from lstm_core.series.reading.ingest import read_table
from lstm_core.series.roles import ColumnRoles, MissingCode
from lstm_core.series.table import ReadOptions, Table

CHOSEN = ColumnRoles(
    time="date", date_format="day first", zone="Europe/Berlin", target="sales", features=("rain", "wind"),
    text=("shop",), unit="pieces", gaps="linear", period=7,
)  # fmt: skip


def table(*names: str) -> Table:
    """Thirty days of columns; `shop` holds words and every other one numbers."""

    def cell(name: str, day: int) -> str:
        if name in ("date", "when"):
            return f"2020-01-{day:02d}"
        return "north" if name == "shop" else str(day * 7 % 11)

    rows = [",".join(cell(name, day) for name in names) for day in range(1, 31)]
    return read_table("\n".join([",".join(names), *rows]).encode(), "a.csv", ReadOptions())


def carried(roles: ColumnRoles, to: Table, cleaning: Cleaning | None = None):
    kept = carry(roles, cleaning or Cleaning(), to, detect_roles(to))
    assert fits(kept.roles, to)
    again = carry(kept.roles, kept.cleaning, to, detect_roles(to))
    assert (again.roles, again.cleaning, again.gone) == (kept.roles, kept.cleaning, "")
    return kept


def test_all_stays_where_all_columns_are():
    same = table("date", "sales", "rain", "wind", "shop")
    assert fits(CHOSEN, same)
    kept = carried(CHOSEN, same)
    assert (kept.roles, kept.gone) == (CHOSEN, "")


def test_what_is_gone_is_told_and_the_rest_stays():
    kept = carried(CHOSEN, table("date", "sales", "wind", "flow"))
    assert kept.roles == CHOSEN.model_copy(update={"features": ("wind",), "text": ()})
    assert kept.gone == "“rain” is no further input any more."


def test_another_target_has_its_own_unit_and_leaves_the_inputs():
    kept = carried(CHOSEN, table("date", "rain", "flow", "wind"))
    assert (kept.roles.target, kept.roles.features) == ("flow", ("rain", "wind"))
    assert (kept.roles.unit, kept.roles.gaps, kept.roles.period) == ("", "linear", 7)
    assert kept.gone == "“sales” cannot be forecast any more, “flow” is instead."


def test_an_input_becomes_the_target_where_nothing_else_is_left():
    kept = carried(CHOSEN, table("date", "wind", "rain"))
    assert (kept.roles.target, kept.roles.features) == ("wind", ("rain",))


def test_a_target_that_holds_words_now_is_gone():
    words = table("date", "shop", "rain")
    kept = carried(CHOSEN.model_copy(update={"target": "shop", "features": (), "text": ()}), words)
    assert kept.roles.target == "rain"


def test_another_time_column_is_read_in_its_own_way():
    kept = carried(CHOSEN, table("when", "sales", "rain", "wind", "shop"))
    assert (kept.roles.time, kept.roles.date_format, kept.roles.zone) == ("when", None, None)
    assert kept.gone == "Dates are read from “when” instead of “date”."
    assert carried(CHOSEN, table("sales", "rain", "wind", "shop")).gone == (
        "Rows are numbered instead of “date”."
    )


def test_a_table_made_in_another_way_keeps_the_columns_and_finds_how_dates_are_written():
    roles = loosened(CHOSEN)
    assert (roles.time, roles.date_format, roles.zone) == ("date", None, None)
    numbered = loosened(CHOSEN.model_copy(update={"time": None}))
    kept = carried(numbered, table("date", "sales", "rain", "wind", "shop"))
    assert (kept.roles.time, kept.gone) == ("date", "Dates are read from “date”.")
    kept = carried(numbered, table("sales", "rain", "wind", "shop"))
    assert (kept.roles.time, kept.gone) == (None, "")


@pytest.mark.parametrize("names", [("date", "sales", "wind", "shop"), ("date", "sales", "wind")])
def test_steps_go_with_what_they_read(names):
    steps = (
        LagStep(column="rain", rows=2),
        LagStep(column="sales", rows=3),
        MovingAverageStep(column="rain 2 back", rows=4),
        CombinationStep(left="sales", right="wind"),
        OneHotStep(column="shop"),
    )
    kept = carried(CHOSEN, table(*names), Cleaning(steps=steps, known_share=0.5))
    stay = (steps[1], steps[3], *([steps[4]] if "shop" in names else []))
    assert kept.cleaning == Cleaning(steps=stay, known_share=0.5)
    assert "steps had to go (rain 2 back; rain 2 back mean of 4" in kept.gone
    assert ("shop as columns of 0 and 1" in kept.gone) == ("shop" not in names)


def test_codes_for_missing_values_stay_with_their_column():
    codes = tuple(MissingCode(column=name, value=-999) for name in ("sales", "rain"))
    kept = carried(CHOSEN.model_copy(update={"missing_codes": codes}), table("date", "sales", "wind"))
    assert kept.roles.missing_codes == codes[:1]
