"""A person zooms into the curve of a training, and it grows on without losing the zoom."""

from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.test_steering import epoch_it_paused_after, train

REACH = """() => document.querySelector('.st-key-loss_chart .js-plotly-plot')._fullLayout.xaxis.range.map(Number)"""
CHARTS = "[data-testid=stMain] .js-plotly-plot"


def reach(page: Page) -> list[float]:
    """First and last epoch on the axis."""
    return page.evaluate(REACH)


def zoom_in(page: Page) -> None:
    """Drag across the left half of the chart."""
    plot = walk.part(page, "loss_chart").locator(".nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 2, height)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, height, steps=4)
    page.mouse.move(box["x"] + box["width"] / 2, height, steps=4)
    page.mouse.up()
    page.wait_for_function(f"() => ({REACH})()[1] < 6000")


def test_a_zoom_and_the_chart_itself_survive_further_epochs(page: Page):
    train(page)
    walk.click(page, "pause")
    epoch_it_paused_after(page)
    walk.wait_until_settled(page)
    for key in ("loss_chart", "example_chart"):
        walk.expect_chart(page, key, lowest=200)
    assert reach(page) == [0.5, 10_000.5]
    zoom_in(page)
    zoomed, before = reach(page), walk.loss_points(page)
    page.evaluate(f"document.querySelectorAll('{CHARTS}').forEach(chart => chart.dataset.seen = 'yes')")

    walk.click(page, "resume")
    walk.expect_loss_points(page, at_least=before + 2)
    assert reach(page) == zoomed
    expect(page.locator(f"{CHARTS}[data-seen=yes]")).to_have_count(2)
    expect(page.get_by_role("figure", name="Train and validation loss over")).to_be_visible()
    walk.cancel(page)


def test_a_tab_whose_clock_has_stopped_still_learns_that_the_training_is_over(page: Page):
    page.add_init_script("window.setInterval = () => 0")
    walk.arrive(page)
    walk.click(page, "start_sample")
    walk.expect_heading(page, "Patterns")
    walk.open_page(page, "Training")
    walk.fill_number(page, "epochs", 3)
    walk.click_train(page)
    walk.expect_finished(page)
