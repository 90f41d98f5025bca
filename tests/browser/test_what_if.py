"""Acceptance: a person bends a window with a mouse, a finger or the keyboard, and the forecast follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lstm_core.evaluation.what_if.scenario import Scenario
from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs import scenarios
from lstm_core.runs.sql import SqlStore
from lstm_core.series.source import SeriesSource, load_source
from tests.browser import walk
from tests.browser.server import dashboard
from tests.pages.finished import finish_run

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, SqlStore, str]]:
    """Page, store and id of a finished run on the sunspots, in a dashboard of its own; nothing is trained."""
    folder = tmp_path_factory.mktemp("what_if")
    series = load_source(SeriesSource(kind="sample", sample="sunspots"), _no_upload)
    store = SqlStore(f"sqlite:///{folder / 'runs.sqlite3'}")
    run = finish_run(store, series, default_preparation(series))
    with dashboard(folder, LSTM_EXPLORER_WARM_SLOTS="0") as url:
        yield f"{url}/what_if?run={run.run_id}", store, run.run_id


@pytest.fixture
def address(opened: tuple[str, SqlStore, str]) -> str:
    """The page, with nothing drawn on it."""
    url, store, run_id = opened
    scenarios.save_draft(store, "local", run_id, Scenario())
    return url


def _no_upload(sha256: str) -> bytes:
    raise AssertionError(f"no test uploads {sha256}")


def arrive(page: Page, address: str) -> Locator:
    """Open the page; returns the chart under the pencil."""
    page.goto(address)
    walk.expect_heading(page, "What-if")
    plot = page.locator(".st-key-pencil svg.plot")
    expect(plot).to_be_visible()
    expect_words(page, "Nothing is changed yet")
    plot.scroll_into_view_if_needed()
    return plot


def expect_words(page: Page, words: str) -> None:
    """Wait until the verdict says so."""
    expect(page.get_by_test_id("stAlert").first).to_contain_text(words)


def forecast(page: Page) -> str:
    """Where the new forecast is drawn."""
    return page.locator(".st-key-pencil path.after").get_attribute("d") or ""


def expect_another_forecast(page: Page, than: str) -> None:
    expect(page.locator(".st-key-pencil path.after")).not_to_have_attribute("d", than)


def choose_tool(page: Page, name: str) -> None:
    tool = page.locator(".st-key-pencil").get_by_role("button", name=name, exact=True)
    tool.click()
    expect(tool).to_have_attribute("aria-pressed", "true")


def drag(page: Page, plot: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with the mouse between two places, as shares of the chart."""
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    place = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    page.mouse.move(*place[0])
    page.mouse.down()
    page.mouse.move(*place[1], steps=8)
    page.mouse.up()


def test_a_point_is_dragged_and_forecast_and_gates_follow(page: Page, address: str):
    plot = arrive(page, address)
    before = forecast(page)
    drag(page, plot, (0.9, 0.7), (0.9, 0.3))
    expect_another_forecast(page, before)
    expect_words(page, "1 changed value moves the forecast")
    expect(page.locator(".st-key-pencil .readout")).to_contain_text("(was ")
    walk.expect_chart(page, "what_if_gates_chart")

    page.locator(".st-key-pencil").get_by_role("button", name="Undo").click()
    expect_words(page, "Nothing is changed yet")
    expect(page.locator(".st-key-pencil path.after")).to_have_attribute("d", before)


def test_a_line_is_drawn_and_shapes_are_painted(page: Page, address: str):
    plot = arrive(page, address)
    choose_tool(page, "Draw")
    drag(page, plot, (0.4, 0.6), (0.8, 0.3))
    expect_words(page, "changed values move the forecast")
    drawn = forecast(page)
    for tool, end in (
        ("Step", (0.9, 0.4)),
        ("Scale", (0.9, 0.3)),
        ("Shift", (0.85, 0.5)),
        ("Gap", (0.92, 0.5)),
    ):
        choose_tool(page, tool)
        drag(page, plot, (0.75, 0.5), end)
        expect_another_forecast(page, drawn)
        drawn = forecast(page)
    page.locator(".st-key-pencil").get_by_role("button", name="Reset").click()
    expect_words(page, "Nothing is changed yet")


def test_the_keyboard_does_what_the_mouse_does(page: Page, address: str):
    plot = arrive(page, address)
    before = forecast(page)
    plot.focus()
    for key in ("ArrowLeft", "ArrowUp", "ArrowUp", "PageUp"):
        page.keyboard.press(key)
    expect_words(page, "1 changed value moves the forecast")
    expect_another_forecast(page, before)
    expect(plot).to_have_attribute("data-ack", "3")  # the page has answered every press
    raised = forecast(page)
    assert plot.get_attribute("role") == "slider"
    assert "2006" in (plot.get_attribute("aria-valuetext") or "")

    page.keyboard.press("End")
    page.keyboard.press("Delete")
    expect_words(page, "2 changed values move the forecast")
    page.keyboard.press("Control+z")
    expect_words(page, "1 changed value moves the forecast")
    expect(page.locator(".st-key-pencil path.after")).to_have_attribute("d", raised)
    page.keyboard.press("Control+z")
    expect_words(page, "Nothing is changed yet")


@pytest.mark.browser_context_args(**PHONE)
def test_a_finger_draws_on_a_phone(page: Page, address: str):
    plot = arrive(page, address)
    walk.expect_dark(page)
    box = plot.bounding_box()
    assert box is not None
    before = forecast(page)
    finger = page.context.new_cdp_session(page)
    x, y = box["x"] + 0.8 * box["width"], box["y"] + 0.6 * box["height"]
    for kind, lifted in (("touchStart", 0), ("touchMove", 20), ("touchMove", 60), ("touchEnd", None)):
        points = [] if lifted is None else [{"x": x, "y": y - lifted}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect_words(page, "1 changed value moves the forecast")
    expect_another_forecast(page, before)
    walk.wait_until_settled(page)


def test_scenarios_are_kept_and_drawn_together(page: Page, address: str, tmp_path: Path):
    plot = arrive(page, address)
    for name, height in (("Higher", 0.3), ("Lower", 0.8)):
        before = forecast(page)
        drag(page, plot, (0.9, 0.5), (0.9, height))
        expect_another_forecast(page, before)
        expect_words(page, "1 changed value moves the forecast")
        field = walk.part(page, "scenario_name").locator("input")
        field.fill(name)
        field.press("Enter")
        walk.click(page, "scenario_keep")
        expect(walk.part(page, "scenario_shown").get_by_text(name, exact=True)).to_be_visible()

    page.reload()
    expect_words(page, "1 changed value moves the forecast")
    expect(page.get_by_text("Taken up again: 2 changes you had drawn.")).to_be_visible()
    walk.expect_chart(page, "scenarios_chart")
    walk.wait_until_settled(page)
    lines = page.evaluate(
        """() => document.querySelector('.st-key-scenarios_chart .js-plotly-plot')
            ._fullData.filter(one => one.type === 'scatter').map(one => [one.name, Array.from(one.y)])"""
    )
    assert [name for name, _ in lines] == ["no scenario", "came true", "Higher", "Lower"]
    drawn = dict(lines)
    assert drawn["Higher"] != drawn["Lower"]
    walk.part(page, "scenario_files").get_by_text("Export and import").click()
    taken = walk.download(page, "scenario_json", tmp_path)
    assert "Higher" in taken.read_text()
