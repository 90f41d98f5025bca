"""A file that takes long to read: said, cancelled, read again; other pages say the same, nothing else is held up."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.errors import SeriesError
from lstm_core.series.source import load_file
from pages._shell import cached, reading_panel
from tests.pages.series_page import checked, source_of, words

SALES = "date,sales\n" + "".join(f"2020-01-{day:02d},{day}\n" for day in range(1, 31))
RAIN = SALES.replace("sales", "rain")


class SlowFiles:
    """Files that are not read before they may be, or nobody waits."""

    def __init__(self) -> None:
        self.may, self.given_up = threading.Event(), threading.Event()
        self.begun: list[str] = []

    def load(self, file, read_upload, watch):
        watch.n_bytes, watch.has_begun = 48_200_000, True
        self.begun.append(file.file_name)
        while not self.may.wait(0.01):
            if watch.is_stopped:
                self.given_up.set()
                raise SeriesError("Given up")
        return load_file(file, read_upload)


@pytest.fixture
def slow(monkeypatch):
    files = SlowFiles()
    monkeypatch.setattr(cached, "load_file", files.load)
    yield files
    files.may.set()


@pytest.fixture
def first(app: AppTest, slow: SlowFiles, monkeypatch) -> AppTest:
    monkeypatch.setattr(reading_panel, "PATIENCE", 0.05)
    return checked(app.run().switch_page("pages/series.py").run())


def upload(page: AppTest, **files: str) -> AppTest:
    content = [(f"{name}.csv", text.encode(), "text/csv") for name, text in files.items()]
    return checked(page.file_uploader(key="upload").set_value(content).run())


def buttons(page: AppTest) -> set[str | None]:
    return {button.key for button in page.button}


def said(page: AppTest) -> str:
    return " ".join(text.value for text in page.text)


def finish(page: AppTest, slow: SlowFiles, monkeypatch) -> AppTest:
    """The page after the files were read."""
    monkeypatch.setattr(reading_panel, "PATIENCE", 60.0)
    slow.may.set()
    return checked(page.run())


def test_what_is_read_is_said_and_the_page_goes_on_when_it_was(first, slow, monkeypatch):
    upload(first, sales=SALES)
    assert "Reading sales.csv (48.2 MB): 0 s" in said(first)
    assert "cancel_reading" in buttons(first)
    assert not first.error
    finish(first, slow, monkeypatch)
    assert "30 rows" in words(first)
    assert "cancel_reading" not in buttons(first)


def test_a_cancelled_file_stays_and_can_be_read_again(first, slow, monkeypatch):
    upload(first, sales=SALES)
    checked(first.button(key="cancel_reading").click().run())
    assert slow.given_up.wait(60)
    checked(first.run())
    assert "Reading the file was cancelled" in first.info[0].value
    assert not first.error
    assert source_of(first).file_name == "sales.csv"
    assert slow.begun == ["sales.csv"]
    first.button(key="read_again_0").click().run()
    assert "Reading sales.csv" in said(first)
    finish(first, slow, monkeypatch)
    assert "30 rows" in words(first)
    assert "read_again_0" not in buttons(first)


def test_several_files_are_read_one_at_a_time_and_each_can_be_left(first, slow, monkeypatch):
    upload(first, sales=SALES, rain=RAIN)
    assert "file 1 of 2" in said(first)
    assert slow.begun == ["sales.csv"]
    checked(first.button(key="cancel_reading").click().run())
    checked(first.run())
    assert "Reading rain.csv (48.2 MB, file 2 of 2)" in said(first)
    finish(first, slow, monkeypatch)
    assert "sales.csv: Reading the file was cancelled" in words(first)
    assert not first.error
    checked(first.button(key="remove_file").click().run())
    assert source_of(first).file_name == "rain.csv"
    assert "30 rows" in words(first)


def test_another_page_says_the_same_and_a_third_is_not_held_up(first, slow, monkeypatch):
    upload(first, sales=SALES)
    checked(first.switch_page("pages/start.py").run())
    assert "start_sample" in buttons(first)
    checked(first.switch_page("pages/patterns.py").run())
    assert "Reading sales.csv" in said(first)
    checked(first.button(key="cancel_reading").click().run())
    checked(first.run())
    assert "was cancelled" in words(first)
    assert "empty_go" in buttons(first)


def test_who_waits_for_a_place_is_told(first, slow, monkeypatch):
    def wait(_, __, watch):
        watch.n_bytes = 1_000_000
        slow.may.wait(60)
        return load_file(source_of(first).files[0], lambda _: SALES.encode())

    monkeypatch.setattr(cached, "load_file", wait)
    upload(first, sales=SALES)
    assert (
        "sales.csv (1.0 MB) waits for its turn: 0 s. This computer reads 2 files at the same time."
        in said(first)
    )
