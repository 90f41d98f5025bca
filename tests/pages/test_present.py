"""Text from data stays text; numbers are short and have units."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages._shell import present


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (14.234, "14.2 sunspots"),
        (1234567.0, "1\u202f234\u202f567 sunspots"),
        (0.0, "0 sunspots"),
        (0.00012345, "0.000123 sunspots"),
        (-0.5, "−0.500 sunspots"),
        (3e12, "3.00e+12 sunspots"),
        (-2.5e-7, "−2.50e−07 sunspots"),
        (float("nan"), "not defined sunspots"),
        (None, "not defined sunspots"),
    ],
)
def test_numbers_have_three_significant_digits_and_a_unit(value: float | None, text: str) -> None:
    assert present.number(value, "sunspots") == text


@given(st.text(max_size=60))
def test_no_markdown_character_of_a_name_is_left_bare(name: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>#$:!|~]", present.safe(name))


@pytest.mark.parametrize(
    "name", ["http://evil.example", "HTTPS://evil.example/x", "www.evil.example", "a@evil.example"]
)
def test_an_address_in_a_name_is_no_link(name: str) -> None:
    # What remark-gfm links even inside escaped text.
    links = re.compile(r"https?\\?:|www(?=\.)|[-.\w+]+@[-\w]+(?:\.[-\w]+)+", re.IGNORECASE)
    assert not links.search(present.safe(name))


def test_names_are_cut_to_a_readable_length() -> None:
    assert present.safe("x" * 500) == "x" * 79 + "…"


def test_csv_keeps_numbers_and_disarms_formulas() -> None:
    table = pd.DataFrame({"=cmd": ["=1+1", "@SUM(A1)", "plain"], "value": [-1.5, 0.1 + 0.2, 3.0]})
    lines = present.csv_bytes(table).decode().splitlines()
    assert lines == ["'=cmd,value", "'=1+1,-1.5", "'@SUM(A1),0.30000000000000004", "plain,3.0"]


@pytest.mark.parametrize(
    ("dates", "written"),
    [
        (pd.date_range("1700", periods=3, freq="YS"), "YYYY"),
        (pd.date_range("2020-01-01", periods=3, freq="D"), "YYYY-MM-DD"),
        (pd.DatetimeIndex(["2020-01-01"]), "YYYY-MM-DD"),
        (pd.date_range("2020-01-01", periods=3, freq="h"), None),
    ],
    ids=["years", "days", "one row", "hours"],
)
def test_a_table_shows_no_time_of_day_where_there_is_none(dates: pd.DatetimeIndex, written: str | None):
    shown = present.date_columns(pd.DataFrame({"date": dates, "value": 1.0}))
    assert (shown["date"]["type_config"]["format"] if shown else None) == written
