"""A real browser on a real dashboard. Debian's or the person's own Chromium; nothing is downloaded."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.conversation import follow
from tests.browser.server import dashboard

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HERE = Path(__file__).parent
PATIENCE = 60_000
"""Milliseconds any wait may take: other tests and trainings share the machine, and a new server imports first."""
STREAMLIT_LOOKS_FOR_ITS_ROOT = re.compile(r"//[^/]+/\w+/_stcore/(health|host-config)$")
"""Loaded at /training, Streamlit first asks whether the server lives under /training: a 404 by design."""
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one server, so they share one xdist worker."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("browser"))


def launch_arguments() -> dict[str, Any]:
    """How to launch the Chromium that is there, kept from calling home."""
    found = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *NAMES))), None)
    if found is None:
        raise RuntimeError("No Chromium on the PATH: run `sh .ci/chromium`, or set CHROMIUM.")
    return {
        "executable_path": found,
        "args": [
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium that is there; nothing is downloaded."""
    return {**browser_type_launch_args, **launch_arguments()}


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the one dashboard all browser tests visit."""
    with dashboard(tmp_path_factory.mktemp("dashboard")) as address:
        yield address


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A desk; a test that wants a phone or the dark overrides it with its marker."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails its test when the browser's console complains."""
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        address = message.location.get("url", "")
        if message.type == "error" and not STREAMLIT_LOOKS_FOR_ITS_ROOT.search(address):
            complaints.append(f"{message.text} ({address})")

    follow(page)
    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.context.set_default_timeout(PATIENCE)  # of a second tab too
    yield page
    assert not complaints, complaints
