"""A file that takes long: the page says so, Cancel ends its process at once, and so does a closed tab."""

import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.core.series.workbooks import handmade


def n_readers(address: str) -> int:
    """Readers that the server with this address has started."""
    port = str(urlsplit(address).port)
    found = 0
    for process in psutil.process_iter(["cmdline"]):
        if "lstm_core.series.reading.reader" not in (process.info["cmdline"] or []):
            continue
        with suppress(psutil.NoSuchProcess):  # it may end while it is looked at
            parent = process.parent()
            found += parent is not None and port in parent.cmdline()
    return found


def expect_readers(address: str, wanted: int) -> None:
    """Wait until so many readers live: a page tells of one a moment before it starts or after it ended."""
    deadline = time.monotonic() + 60
    while n_readers(address) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert n_readers(address) == wanted


def test_reading_is_cancelled_begun_again_and_ends_with_the_tab(page: Page, base_url: str, tmp_path: Path):
    book = tmp_path / "meters.xlsx"
    book.write_bytes(handmade('<row><c><v>1</v></c><c t="b"><v>0</v></c></row>' * 900_000))
    walk.arrive(page)
    walk.open_page(page, "Series")
    walk.part(page, "upload").locator("input[type=file]").set_input_files(book)
    expect(walk.part(page, "being_read")).to_contain_text("Reading meters.xlsx (0.1 MB)")
    expect_readers(base_url, 1)
    walk.click(page, "cancel_reading")
    expect(page.get_by_text("Reading the file was cancelled")).to_be_visible()
    expect_readers(base_url, 0)
    walk.click(page, "read_again_0")
    expect(walk.part(page, "being_read")).to_contain_text("Reading meters.xlsx")
    expect_readers(base_url, 1)
    page.close()
    expect_readers(base_url, 0)
