"""What the tests of the Series page look at: its words, its choices, the series it makes."""

from streamlit.testing.v1 import AppTest

from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource, load_source


def checked(page: AppTest) -> AppTest:
    """The page, after a run without an exception."""
    assert not page.exception
    return page


def choose(page: AppTest, key: str, value: object) -> AppTest:
    """Pick from a list."""
    return checked(page.selectbox(key=key).select(value).run())


def words(page: AppTest) -> str:
    """All verdicts of the page."""
    boxes = [*page.success, *page.warning, *page.error, *page.info]
    return " ".join(box.value for box in boxes).replace("\\", "")


def source_of(page: AppTest) -> SeriesSource:
    """The source that was chosen."""
    return page.session_state["_journey"].source


def series_of(page: AppTest, store_url: str) -> Series:
    """The series that the chosen source gives, read anew."""
    store = SqlStore(store_url)
    return load_source(source_of(page), lambda sha256: store.load_upload("local", sha256))
