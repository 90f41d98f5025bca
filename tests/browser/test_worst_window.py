"""Acceptance: the worst window of a forecast is opened with one click, and every page shows it."""

import re

from playwright.sync_api import Page, expect

from tests.browser import walk


def train_a_short_run(page: Page) -> None:
    walk.arrive(page)
    walk.click(page, "start_sample")
    walk.expect_heading(page, "Patterns")
    walk.open_page(page, "Training")
    walk.fill_number(page, "epochs", 4)
    walk.click_train(page)
    walk.expect_finished(page)


def expect_window(page: Page, title: str, key: str, window: str) -> None:
    """The page with this title is open, and its slider stands at the window."""
    walk.expect_heading(page, title)
    expect(walk.part(page, key).get_by_role("slider")).to_have_attribute("aria-valuetext", window)
    page.wait_for_url(re.compile(rf"window={window}(&|$)"))


def click_a_step(page: Page) -> None:
    """A click on a heat-map of the Gates page chooses its step, and the next click another one."""
    step = walk.part(page, "gates_step").get_by_role("slider")
    walk.expect_chart(page, "gates_chart")
    newest = step.get_attribute("aria-valuetext")
    for share in (0.3, 0.6):
        before = step.get_attribute("aria-valuetext")
        chart = walk.part(page, "gates_chart").locator(".js-plotly-plot")
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box
        chart.hover(position={"x": share * box["width"], "y": 0.45 * box["height"]})
        expect(chart.locator(".hoverlayer")).to_contain_text("all units")
        page.mouse.down()
        page.mouse.up()
        expect(step).not_to_have_attribute("aria-valuetext", before or "")
        walk.wait_until_settled(page)
    assert step.get_attribute("aria-valuetext") != newest


def test_worst_window_opens_everywhere(page: Page):
    train_a_short_run(page)
    walk.open_page(page, "Residuals")
    card = walk.part(page, "worst_1")
    walk.expect_chart(page, "worst_1_chart", lowest=180)
    named = re.search(r"Window (\d+)", card.inner_text())
    assert named
    window = named[1]

    walk.click(page, "worst_1_open")
    links = walk.part(page, "worst_links")
    expect(links.get_by_role("link")).to_have_count(5)
    expect(walk.part(page, "worst_1_open")).to_have_count(0)
    page.wait_for_url(re.compile(rf"window={window}(&|$)"))

    links.get_by_role("link", name="Sensitivity").click()
    expect_window(page, "Sensitivity", "sensitivity_window", window)
    walk.open_page(page, "Gates")
    expect_window(page, "Gates", "gates_window", window)
    walk.expect_words(page, f"Test window {window} of")
    click_a_step(page)
    walk.open_page(page, "Time machine")
    expect_window(page, "Time machine", "time_window", window)
    walk.expect_words(page, f"Test window {window} of")

    page.reload()
    expect_window(page, "Time machine", "time_window", window)
    walk.open_page(page, "Residuals")
    expect(walk.part(page, "worst_1").get_by_role("link")).to_have_count(5)
