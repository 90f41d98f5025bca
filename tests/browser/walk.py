"""What a person does in the browser, in their words. Waits belong here; tests only say what happens."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.conversation import n_acts, wait_until_answered, wait_until_asked

SETTLED = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
LONG = 300_000
"""Milliseconds a training may take on a busy machine."""
LOOKS, LOOK_AGAIN = 60, 500
"""How often a list that should open is looked at, and the milliseconds between two looks."""


def part(page: Page, key: str) -> Locator:
    """Return the widget, chart or box with this key."""
    return page.locator(f".st-key-{key}")


def wait_until_settled(page: Page) -> None:
    """Wait until the page has answered and nothing is left to be drawn; no exception may show."""
    wait_until_answered(page, LONG)
    page.locator(SETTLED).wait_for(state="attached")
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    expect_no_exception(page)
    expect_no_sideways_scroll(page)


def expect_no_exception(page: Page) -> None:
    """No exception box, anywhere."""
    expect(page.locator("[data-testid=stException]")).to_have_count(0)


def expect_no_sideways_scroll(page: Page) -> None:
    """Nothing is wider than the window, a phone's included."""
    page.wait_for_function(  # columns fold and charts follow a moment after the window
        """() => {
            const main = document.querySelector('[data-testid=stMain]');
            return main.clientWidth <= innerWidth && main.scrollWidth - main.clientWidth <= 1;
        }"""
    )


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
    if (page.viewport_size or {"width": 1280})["width"] < 600:
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
        expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()


def expect_heading(page: Page, title: str) -> None:
    """Wait until the page with this title has been drawn."""
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    wait_until_settled(page)


def upload(page: Page, path: Path) -> None:
    """Give a file to the uploader of the Series page."""
    before = n_acts(page)
    part(page, "upload").locator("input[type=file]").set_input_files(path)
    wait_until_asked(page, before, LONG)  # the file travels first; the page is asked once it has arrived
    wait_until_settled(page)


def click(page: Page, key: str) -> None:
    """Click the button with this key."""
    part(page, key).get_by_role("button").first.click()


def cancel(page: Page) -> None:
    """End the run that trains, and wait until it is over here.

    What is drawn at that instant may swallow a press, as it may swallow a person's: where the button still stands
    there, ready to be pressed, after a while, it is pressed again.
    """
    button = part(page, "cancel").get_by_role("button")
    click(page, "cancel")
    for _ in range(LOOKS):
        page.wait_for_timeout(LOOK_AGAIN)
        if not button.count() or button.first.is_disabled():
            break
    else:
        click(page, "cancel")
    expect(part(page, "cancel")).to_have_count(0, timeout=LONG)


def fill_number(page: Page, key: str, value: float) -> None:
    """Type a number and confirm it."""
    field = part(page, key).locator("input").first
    field.fill(f"{value:g}")
    field.press("Enter")
    wait_until_settled(page)


def expect_chart(page: Page, key: str, *, lowest: int = 260) -> None:
    """Wait until the chart with this key is drawn, at least so many pixels high."""
    page.wait_for_function(
        """([key, lowest]) => {
            const drawn = document.querySelector(`.st-key-${key} .js-plotly-plot .main-svg`);
            return drawn && drawn.getBoundingClientRect().height >= lowest;
        }""",
        arg=[key, lowest],
    )


def go_on(page: Page, title: str) -> None:
    """Click the Next button and arrive at the page it names."""
    click(page, "next")
    expect_heading(page, title)


def click_train(page: Page) -> None:
    """Start a training."""
    click(page, "train")


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of the select box with this key."""
    wait_until_settled(page)
    box = part(page, key).get_by_role("combobox")
    # Nothing is typed: the list follows what is typed a little later, and may even close under it.
    box.click()
    offered = page.get_by_role("option", name=option, exact=True)
    for _ in range(
        LOOKS
    ):  # what is drawn at that instant may swallow a click or close the list: open it again
        if offered.is_visible():
            break
        page.wait_for_timeout(LOOK_AGAIN)
        if box.get_attribute("aria-expanded") != "true":
            box.press("ArrowDown")
    offered.click()
    expect(box).to_have_value(option)
    wait_until_settled(page)


def expect_dark(page: Page) -> None:
    """The page is dark, and so are its charts."""
    shade = page.get_by_test_id("stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    assert max(map(int, re.findall(r"\d+", shade)[:3])) < 64, shade
    text = page.locator(".js-plotly-plot .xtick text").first
    if text.count():
        ink = text.evaluate("label => getComputedStyle(label).fill")
        assert min(map(int, re.findall(r"\d+", ink)[:3])) > 128, ink


def expect_words(page: Page, words: str) -> None:
    """Wait until these words stand on the page."""
    expect(page.get_by_test_id("stMain").get_by_text(words).first).to_be_visible()


def expect_some_charts(page: Page) -> None:
    """Wait until the page shows a chart, whatever its key."""
    expect(page.get_by_test_id("stMain").locator(".main-svg").first).to_be_visible()
    wait_until_settled(page)


def loss_points(page: Page) -> int:
    """How many epochs the train loss shows now."""
    return page.evaluate(
        """() => {
            const plot = document.querySelector('.st-key-loss_chart .js-plotly-plot');
            return plot && plot._fullData && plot._fullData.length ? plot._fullData[0].x.length : 0;
        }"""
    )


def expect_loss_points(page: Page, *, at_least: int) -> None:
    """Wait until the loss curve has so many epochs."""
    page.wait_for_function(
        """n => {
            const plot = document.querySelector('.st-key-loss_chart .js-plotly-plot');
            return plot && plot._fullData && plot._fullData.length && plot._fullData[0].x.length >= n;
        }""",
        arg=at_least,
        timeout=LONG,
    )
    expect_no_exception(page)


def expect_finished(page: Page) -> None:
    """Wait until the run is over and the way on is open."""
    expect(part(page, "next").get_by_role("button")).to_be_enabled(timeout=LONG)
    expect(part(page, "cancel")).to_have_count(0, timeout=LONG)
    wait_until_settled(page)


def run_in_address(page: Page) -> str:
    """Return the run that the address bar names."""
    page.wait_for_url("**run=**")
    return parse_qs(urlsplit(page.url).query)["run"][0]


def download(page: Page, key: str, folder: Path) -> Path:
    """Click a download button and return the file that arrives."""
    with page.expect_download() as coming:
        click(page, key)
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path
