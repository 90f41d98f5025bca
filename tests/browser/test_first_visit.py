"""The first visitor of a fresh server may come by the address of any page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.server import dashboard


@pytest.fixture
def fresh(tmp_path: Path):
    with dashboard(tmp_path, LSTM_EXPLORER_WARM_SLOTS="0") as address:
        yield address


def test_a_reload_after_a_server_restart_shows_the_page_in_its_frame(page: Page, fresh: str):
    page.goto(f"{fresh}/patterns")
    walk.expect_heading(page, "Patterns")
    expect(walk.part(page, "journey")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav").get_by_text("Understanding")).to_be_visible()
    walk.expect_no_exception(page)
