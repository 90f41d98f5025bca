"""Take the README's pictures again: `python -m tests.browser.pictures`. Sunspots, defaults, a desk in the light."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import walk
from tests.browser.conftest import launch_arguments
from tests.browser.server import ROOT, dashboard

SHOTS = {
    "Patterns": "acf_chart",
    "Windows": "window_chart",
    "Training": "loss_chart",
    "Forecast": "forecast_chart",
    "Intervals": "intervals_chart",
    "Sensitivity": "sensitivity_chart",
    "Explanation": "credits_chart",
    "Gates": "gates_chart",
    "What-if": "what_if_chart",
}
DESK = {"width": 1280, "height": 1000}


def take(page: Page, title: str, chart: str) -> None:
    """Save the page from its top down to its main chart."""
    page.set_viewport_size({**DESK, "height": 2400})
    walk.open_page(page, title)
    walk.expect_chart(page, chart)
    if title == "What-if":
        bend(page)
    page.mouse.move(1275, 5)
    page.wait_for_timeout(1_500)  # plotly draws after the script has settled
    box = walk.part(page, chart).bounding_box()
    assert box is not None
    page.screenshot(
        path=ROOT / "docs" / "pictures" / f"{title.lower()}.png",
        clip={"x": 0, "y": 0, "width": DESK["width"], "height": box["y"] + box["height"] + 16},
    )


def bend(page: Page) -> None:
    """Draw a stroke across the newest steps of the window."""
    pencil = walk.part(page, "pencil")
    pencil.get_by_role("button", name="Draw", exact=True).click()
    box = pencil.locator("svg.plot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.72 * box["width"], box["y"] + 0.6 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.3 * box["height"], steps=12)
    page.mouse.up()
    walk.wait_until_settled(page)


def main() -> None:
    """Walk once and save every picture."""
    with (
        tempfile.TemporaryDirectory() as folder,
        dashboard(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**launch_arguments())
        page = browser.new_page(base_url=address, viewport=DESK, color_scheme="light")
        page.set_default_timeout(60_000)
        walk.arrive(page)
        walk.click(page, "start_sample")
        walk.expect_heading(page, "Patterns")
        walk.open_page(page, "Training")
        walk.click_train(page)
        walk.expect_finished(page)
        for title, chart in SHOTS.items():
            take(page, title, chart)
        browser.close()


if __name__ == "__main__":
    main()
