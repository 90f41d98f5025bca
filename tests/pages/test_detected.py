"""Page 1 tells what it detected in sentences that can be checked, and every one can be overruled beside it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._shell.data.detected_panel import KEYS
from tests.pages.series_page import checked, choose

FILES = Path(__file__).parents[1] / "files"


@pytest.fixture
def first(app: AppTest) -> AppTest:
    return checked(app.run().switch_page("pages/series.py").run())


def upload(page: AppTest, name: str) -> AppTest:
    content = (FILES / name).read_bytes()
    return checked(page.file_uploader(key="upload").upload(name, content, "text/csv").run())


def told(page: AppTest) -> str:
    return " ".join(text.value for text in [*page.markdown, *page.caption]).replace("\\", "")


def words(page: AppTest) -> str:
    return " ".join(box.value for box in [*page.success, *page.warning, *page.error]).replace("\\", "")


def test_every_choice_about_reading_has_a_sentence_with_its_evidence(first):
    upload(first, "bank_with_account_lines.csv")
    assert not first.error
    said = told(first)
    assert "6 lines above the table, such as" in said
    assert "A semicolon separates the cells: it makes 3 of them" in said
    assert "The first row holds the names: 'Datum' stands above '06.01.2020'." in said
    assert "The decimal mark is the comma, because a cell says" in said
    assert "The point only groups digits" in said
    assert "Dates are day first, because row 8 says '13.01.2020', which cannot be month first." in said


def test_what_a_person_chose_is_said_to_be_chosen(first):
    upload(first, "excel_german.csv")
    choose(first, "decimal", ",")
    assert "You chose this." in told(first)
    assert not first.error


def test_b33_b68_questions_are_answered_by_the_control_that_stands_open(first):
    upload(first, "analytics_users.csv")
    assert "Thousands or decimals?" in words(first)
    assert "its comma may begin decimals or only group digits" in told(first)
    assert next(box for box in first.expander if "How the file was read" in box.label).proto.expanded
    choose(first, "decimal", ".")
    assert not first.error
    assert "30 rows" in words(first)


def test_b48_a_clock_that_was_set_back_asks_for_its_zone(first):
    upload(first, "sensor_clock_set_back.csv")
    assert "The clock was set back at 2020-10-25 02:00" in words(first)
    choose(first, "zone", "Europe/Berlin")
    assert not first.error
    assert "30 rows from 2020-10-24 23:00 to 2020-10-25 13:30" in words(first)


@pytest.mark.parametrize(
    ("content", "n_choices"),
    [(b"", 0), (b"PK\x03\x04 cut off", 7)],
    ids=["nothing to choose", "a workbook has no encoding"],
)
def test_a_file_that_cannot_be_read_offers_only_choices_that_could_help(first, content, n_choices):
    checked(first.file_uploader(key="upload").upload("broken.xlsx", content, "text/csv").run())
    keys = [control.key for control in [*first.selectbox, *first.number_input]]
    assert len([key for key in keys if key in KEYS]) == n_choices
    assert "encoding" not in keys


def test_choices_without_a_finding_stand_together_without_a_sentence_each(first):
    upload(first, "bank_with_account_lines.csv")
    assert told(first).count("Nothing special was found") == 1
    keys = {control.key for control in [*first.selectbox, *first.number_input]}
    assert set(KEYS) <= keys


def test_remarks_of_the_verdict_are_sentences(first):
    upload(first, "excel_german.csv")
    assert "Umsatz (€). 4 more remarks below." in words(first)
