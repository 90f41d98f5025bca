"""What a person does in the browser, in their words. Waits belong here; tests only say what happens."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SETTLED = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
LONG = 90_000
"""Milliseconds a training may take on a busy machine."""


def part(page: Page, key: str) -> Locator:
    """Return the widget, chart or box with this key."""
    return page.locator(f".st-key-{key}")


def wait_until_settled(page: Page) -> None:
    """Wait until the script has run and nothing is left to be drawn; no exception may show."""
    page.locator(SETTLED).wait_for(state="attached")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    expect_no_exception(page)


def expect_no_exception(page: Page) -> None:
    """No exception box, anywhere."""
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def arrive(page: Page) -> None:
    """Open the dashboard as a new visitor."""
    page.goto("/")
    wait_until_settled(page)


def open_page(page: Page, title: str) -> None:
    """Go to a page through the navigation; on a phone it stands behind a button."""
    behind = page.get_by_test_id("stExpandSidebarButton")
    if behind.is_visible():
        behind.click()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect_heading(page, title)


def expect_heading(page: Page, title: str) -> None:
    """Wait until the page with this title has been drawn."""
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    wait_until_settled(page)


def upload(page: Page, path: Path) -> None:
    """Give a file to the uploader of the Series page."""
    part(page, "upload").locator("input[type=file]").set_input_files(path)
    wait_until_settled(page)


def click(page: Page, key: str) -> None:
    """Click the button with this key."""
    part(page, key).get_by_role("button").first.click()


def fill_number(page: Page, key: str, value: float) -> None:
    """Type a number and confirm it."""
    field = part(page, key).locator("input").first
    field.fill(f"{value:g}")
    field.press("Enter")
    wait_until_settled(page)


def expect_chart(page: Page, key: str) -> None:
    """Wait until the chart with this key shows at least one trace."""
    chart = part(page, key)
    expect(chart.locator(".main-svg").first).to_be_visible()
    expect(
        chart.locator(".trace, .hm, .gl-canvas, .scatterlayer, .heatmaplayer, .barlayer").first
    ).to_be_attached()


def go_on(page: Page, title: str) -> None:
    """Click the Next button and arrive at the page it names."""
    click(page, "next")
    expect_heading(page, title)


def click_train(page: Page) -> None:
    """Start a training."""
    click(page, "train")
