"""Page 1 with files that are not text, and with a table from the clipboard."""

import io

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages._shell.state import from_address
from tests.core.series.workbooks import saved, written
from tests.pages.series_page import checked, series_of, source_of, words

DAYS = [day.to_pydatetime() for day in pd.date_range("2020-01-01", periods=30)]
ROWS = [["date", "y"], *([day, place] for place, day in enumerate(DAYS))]


@pytest.fixture
def first(app: AppTest) -> AppTest:
    return checked(app.run().switch_page("pages/series.py").run())


def upload(page: AppTest, content: bytes, name: str) -> AppTest:
    return checked(
        page.file_uploader(key="upload").set_value([(name, content, "application/octet-stream")]).run()
    )


def keys(page: AppTest) -> set[str]:
    return {box.key for box in page.selectbox}


def book() -> bytes:
    made = openpyxl.Workbook()
    made.worksheets[0].title = "Notes"
    made.worksheets[0].append(["Measured by hand"])
    for name, shift in (("North", 0), ("South", 100)):
        sheet = made.create_sheet(name)
        if name == "South":
            sheet.append(["A title"])
        for day, value in ROWS:
            sheet.append([day, value + shift if isinstance(value, int) else value])
    return saved(made)


def test_a_workbook_is_read_and_its_sheet_can_be_chosen(first, store_url):
    upload(first, book(), "book.xlsx")
    assert not first.error
    assert "30 rows from 2020-01-01 to 2020-01-30" in words(first)
    assert "Excel, sheet North, names in row 1" in " ".join(box.label for box in first.expander)
    assert first.selectbox(key="sheet").value == "North"
    assert "delimiter" not in keys(first)
    assert "encoding" not in keys(first)
    checked(first.selectbox(key="sheet").select("South").run())
    assert "Excel, sheet South, names in row 2" in " ".join(box.label for box in first.expander)
    assert series_of(first, store_url).values[-1, 0] == 129
    restored = from_address(str(first.query_params["journey"]))
    assert restored is not None
    assert restored.source == source_of(first)


def test_a_sheet_with_other_names_finds_its_own_dates(first, store_url):
    """The time column of the sheet before is none of its columns: rows would be numbered without a word."""
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made["South"]["A2"] = "Month"
    upload(first, saved(made), "book.xlsx")
    assert first.selectbox(key="time").value == "date"
    checked(first.selectbox(key="sheet").select("South").run())
    assert first.selectbox(key="time").value == "Month"
    assert "30 rows from 2020-01-01 to 2020-01-30" in words(first)
    assert series_of(first, store_url).step == "1 day"
    checked(first.selectbox(key="sheet").select("North").run())
    assert first.selectbox(key="time").value == "date"


def test_b87_a_sheet_without_a_table_can_be_left_again(first):
    upload(first, book(), "book.xlsx")
    checked(first.selectbox(key="sheet").select("Notes").run())
    assert first.error
    checked(first.selectbox(key="sheet").select("South").run())
    assert not first.error
    assert "30 rows" in words(first)


def test_the_next_workbook_begins_with_its_own_sheet(first):
    upload(first, book(), "book.xlsx")
    checked(first.selectbox(key="sheet").select("South").run())
    upload(first, written(ROWS), "other.xlsx")
    assert not first.error
    assert "sheet" not in keys(first)
    assert "Excel, sheet Sheet, names in row 1" in " ".join(box.label for box in first.expander)


def test_a_parquet_file_is_read_without_any_question(first, store_url):
    sink = io.BytesIO()
    pd.DataFrame({"date": DAYS, "y": range(30)}).to_parquet(sink)
    upload(first, sink.getvalue(), "table.parquet")
    assert "30 rows from 2020-01-01 to 2020-01-30" in words(first)
    assert "How the file was read: Parquet" in " ".join(box.label for box in first.expander)
    assert not {"delimiter", "encoding", "header"} & keys(first)
    assert series_of(first, store_url).values[-1, 0] == 29


def test_b88_formulas_without_values_are_told_on_the_page(first):
    upload(first, written(ROWS, lambda sheet: sheet.__setitem__("B5", "=B4+1")), "book.xlsx")
    assert "Column 'y' holds formulas without values" in words(first)


def test_a_pasted_table_is_kept_like_an_upload(first, store_url):
    assert first.button(key="use_pasted").disabled
    rows = "".join(f"2020-01-{day:02d}\t{day},5\n" for day in range(1, 31))
    checked(first.text_area(key="pasted").input("date\ty\n" + rows).run())
    checked(first.button(key="use_pasted").click().run())
    assert not first.error
    assert (source_of(first).kind, source_of(first).file_name) == ("upload", "pasted table")
    assert series_of(first, store_url).values[0, 0] == 1.5
    checked(first.switch_page("pages/start.py").run())
    checked(first.switch_page("pages/series.py").run())
    assert "30 rows" in words(first)


def test_a_pasted_sentence_is_told_in_words(first):
    checked(first.text_area(key="pasted").input("only words").run())
    checked(first.button(key="use_pasted").click().run())
    assert first.error


def test_b82_a_pasted_table_above_the_limit_is_not_stored(app, monkeypatch):
    monkeypatch.setenv("LSTM_EXPLORER_MAX_UPLOAD_MB", "1")
    app.run().switch_page("pages/series.py").run()
    checked(app.text_area(key="pasted").input("1\n" * 600_000).run())
    checked(app.button(key="use_pasted").click().run())
    assert "larger than the limit" in words(app)
    assert source_of(app) is None
