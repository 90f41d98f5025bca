"""A refusal on the Series page stands beside the choices that answer it: one click, and the series is read."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.series_page import checked, choose, series_of, source_of, words
from tests.pages.test_files import upload

DAYS = [f"2020-01-{day:02d}" for day in range(1, 31)]
CLEAN = "date,y\n" + "".join(f"{day},{row}\n" for row, day in enumerate(DAYS, start=1))
EITHER = "date,y\n" + "".join(
    f"{day:02d}/{month:02d}/2020,{day}\n" for month in (1, 2) for day in range(1, 13)
)
LONG = "unique_id,ds,y\n" + "".join(f"{name},{day},{row}\n" for name in "AB" for row, day in enumerate(DAYS))
THOUSANDS = "date;y\n" + "".join(f"{day};{row},{100 + row}\n" for row, day in enumerate(DAYS, start=1))


@pytest.fixture
def first(app: AppTest) -> AppTest:
    return checked(app.run().switch_page("pages/series.py").run())


def cures(page: AppTest) -> list[str]:
    return [button.label for button in page.button if (button.key or "").startswith("cure_")]


def cure(page: AppTest, label: str) -> AppTest:
    return checked(next(button for button in page.button if button.label == label).click().run())


@pytest.mark.parametrize(
    ("text", "refused", "offered", "choice", "control", "last"),
    [
        (
            CLEAN + "2020-01-30,40\n",
            "1 row with the date of another row",
            ["Take their mean", "Keep the last one"],
            "Take their mean",
            ("duplicates", "mean"),
            35,
        ),
        (
            CLEAN.replace(",29\n", ",\n"),
            "1 value missing",
            ["Fill with a straight line", "Repeat the last value", "Drop the rows"],
            "Drop the rows",
            ("gaps", "drop"),
            30,
        ),
        (
            EITHER,
            "Day first or month first?",
            ["Day first", "Month first"],
            "Day first",
            ("date_format", "day first"),
            12,
        ),
        (
            CLEAN.replace("2020-01-05", "5 Jan 2020"),
            "Row 5 of column 'date' is not a date of the form 'ISO'",
            ["Read every date on its own"],
            "Read every date on its own",
            ("date_format", "mixed"),
            30,
        ),
        (
            THOUSANDS,
            "Thousands or decimals?",
            ["Decimal point", "Decimal comma"],
            "Decimal comma",
            ("decimal", ","),
            30.130,
        ),
    ],
    ids=["duplicates", "gaps", "date format", "mixed dates", "decimal mark"],
)
def test_one_click_cures_and_the_control_below_says_so(
    first, store_url, text, refused, offered, choice, control, last
):
    upload(first, mine=text)
    assert refused in words(first)
    assert cures(first) == offered
    cure(first, choice)
    assert not first.error
    assert not cures(first)
    key, value = control
    assert first.selectbox(key=key).value == value
    assert series_of(first, store_url).values[-1, 0] == pytest.approx(last)


def test_rows_out_of_order_are_sorted_with_one_click(first):
    lines = CLEAN.splitlines()
    upload(first, mine="\n".join([lines[0], *reversed(lines[1:])]))
    checked(first.toggle(key="sort").set_value(False).run())
    assert "30 rows out of time order" in words(first)
    cure(first, "Sort the rows by date")
    assert not first.error
    assert first.toggle(key="sort").value is True


def test_of_several_files_the_one_that_is_named_is_cured(first, store_url):
    other = "date,rain\n" + "".join(f"{day},{row}\n" for row, day in enumerate(DAYS))
    upload(first, rain=other, sales=CLEAN + "2020-01-30,40\n")
    assert "sales.csv: 1 row with the date of another row" in words(first)
    cure(first, "Keep the last one")
    assert source_of(first).join.repeated == "last"
    assert not first.error
    either = "date,y\n" + "".join(f"{day:02d}/01/2020,{day}\n" for day in range(1, 13))
    upload(first, rain=other, sales=either)
    assert "sales.csv: Day first or month first?" in words(first)
    cure(first, "Day first")
    assert source_of(first).files[1].date_format == "day first"
    assert source_of(first).files[0].date_format is None


def test_rows_of_a_series_with_the_same_date(first, store_url):
    upload(first, long=LONG + f"B,{DAYS[-1]},129\n")
    assert "with the series and the date of another row" in words(first)
    assert cures(first) == ["Take their mean", "Add them up", "Keep the last one"]
    cure(first, "Take their mean")
    assert not first.error
    choose(first, "target", "B")
    assert series_of(first, store_url).values[-1, 0] == (29 + 129) / 2


@pytest.mark.parametrize(
    "text",
    [
        CLEAN.replace("2020-01-07,7", "2020-02-30,7"),
        CLEAN.replace(",17\n", ",seventeen\n"),
        "date,y\n2020-01-01,1\n",
    ],
    ids=["a day that does not exist", "a word", "too short"],
)
def test_what_no_choice_cures_offers_none(first, text):
    upload(first, mine=text)
    assert first.error
    assert not cures(first)


def test_a_cure_keeps_the_windows_of_the_same_columns(first):
    choose(first, "sample", "co2")
    preparation = first.session_state["_journey"].preparation
    choose(first, "gaps", "refuse")
    cure(first, "Repeat the last value")
    roles = source_of(first).roles
    assert roles is not None
    assert roles.gaps == "forward fill"
    assert first.session_state["_journey"].preparation == preparation
