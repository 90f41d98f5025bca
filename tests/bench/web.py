"""The web process: memory after every page, seconds per page switch, CPU per tick of the live chart."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

from tests.bench.measure import Measurement
from tests.browser import walk
from tests.browser.conftest import launch_arguments
from tests.browser.server import dashboard

TITLES = (
    "Series",
    "Patterns",
    "Windows",
    "Network",
    "Training",
    "Forecast",
    "Residuals",
    "Sensitivity",
    "Gates",
)
LIVE_SECONDS = 10.0
TICKS_A_SECOND = 1.0


def measure(rounds: int) -> Iterator[Measurement]:
    with (
        tempfile.TemporaryDirectory() as folder,
        dashboard(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_arguments())
        page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 900})
        server = _server_at(address)
        walk.arrive(page)
        walk.click(page, "start_sample")
        walk.expect_heading(page, "Patterns")
        idle = _cpu_per_second(server)
        walk.open_page(page, "Training")
        walk.fill_number(page, "epochs", 10_000)
        page.get_by_text("More settings").click()
        walk.fill_number(page, "patience", 10_000)  # or it would stop before it has been watched
        walk.click_train(page)
        walk.expect_loss_points(page, at_least=1)
        yield _tick(server, idle)
        walk.click(page, "cancel")
        walk.expect_words(page, "cancelled")
        walk.fill_number(page, "epochs", 10)
        yield Measurement(
            name="First loss point after the click, warm slot, sunspots",
            value=_seconds_to_first_point(page),
            target=3.0,
            unit="s",
        )
        walk.expect_finished(page)
        switches = [_seconds_to(page, title) for _ in range(rounds) for title in TITLES]
        yield Measurement(
            name=f"A page switch settles, median of {len(switches)}",
            value=statistics.median(switches),
            target=0.7,
            unit="s",
            detail=f"slowest {max(switches):.2f} s",
        )
        yield Measurement(
            name="Web process after every page, sunspots",
            value=server.memory_info().rss / 1e6,
            target=400,
            unit="MB",
        )
        browser.close()


def _server_at(address: str) -> psutil.Process:
    port = int(address.rpartition(":")[2])
    return next(
        psutil.Process(one.pid)
        for one in psutil.net_connections("tcp")
        if one.pid and one.status == psutil.CONN_LISTEN and one.laddr.port == port
    )


def _tick(server: psutil.Process, idle: float) -> Measurement:
    """CPU that watching a run costs the web process, per tick: queue, store and chart included."""
    spent = 1e3 * (_cpu_per_second(server) - idle) / TICKS_A_SECOND
    return Measurement(
        name="CPU per tick of the live page",
        value=spent,
        target=20,
        unit="ms",
        detail=f"queue and store included; the idle server takes {1e3 * idle:.0f} ms a second",
    )


def _cpu_per_second(server: psutil.Process) -> float:
    before, began = sum(server.cpu_times()[:2]), time.monotonic()
    time.sleep(LIVE_SECONDS)
    return (sum(server.cpu_times()[:2]) - before) / (time.monotonic() - began)


def _seconds_to_first_point(page: Page) -> float:
    page.wait_for_timeout(3_000)  # the slot comes back to rest after the run before
    began = time.monotonic()
    walk.click_train(page)
    page.wait_for_function(
        """() => {
            const plot = document.querySelector('.st-key-loss_chart .js-plotly-plot');
            const points = plot && plot._fullData && plot._fullData.length ? plot._fullData[0].x.length : 0;
            return 0 < points && points <= 10;
        }"""
    )
    return time.monotonic() - began


def _seconds_to(page: Page, title: str) -> float:
    began = time.monotonic()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    walk.expect_heading(page, title)
    return time.monotonic() - began
