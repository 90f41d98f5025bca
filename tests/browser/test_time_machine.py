"""Acceptance: a person slides through a training, and takes a moment of it to another page."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser import walk


def thumb(page: Page) -> Locator:
    return walk.part(page, "epoch").get_by_role("slider")


def verdict(page: Page) -> Locator:
    """The sentence on top of the page."""
    return page.get_by_test_id("stAlert").first


def drawn(page: Page, key: str, name: str) -> list[float]:
    """Values of the line with this name."""
    return page.evaluate(
        """([key, name]) => {
            const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
            const line = plot._fullData.find(one => one.name.startsWith(name));
            return line ? Array.from(line.y) : [];
        }""",
        [key, name],
    )


def train_a_short_run(page: Page) -> None:
    walk.arrive(page)
    walk.click(page, "start_sample")
    walk.expect_heading(page, "Patterns")
    walk.open_page(page, "Training")
    walk.fill_number(page, "epochs", 12)
    walk.click_train(page)
    walk.expect_finished(page)


def test_the_slider_replays_the_training_and_other_pages_keep_the_epoch(page: Page, tmp_path: Path):
    train_a_short_run(page)
    walk.open_page(page, "Time machine")
    expect(verdict(page)).to_contain_text("At its best epoch")
    walk.expect_chart(page, "time_forecast_chart")
    walk.expect_chart(page, "time_gate_chart")
    at_best = drawn(page, "time_forecast_chart", "LSTM at the best epoch")
    axis = page.evaluate(
        "() => document.querySelector('.st-key-time_forecast_chart .js-plotly-plot').layout.yaxis.range"
    )

    thumb(page).focus()
    thumb(page).press("Home")
    expect(verdict(page)).to_contain_text("At epoch 1 the mean absolute error")
    walk.wait_until_settled(page)
    page.wait_for_function(
        """() => document.querySelector('.st-key-time_forecast_chart .js-plotly-plot')
            ._fullData.some(one => one.name === 'LSTM at epoch 1')"""
    )
    assert drawn(page, "time_forecast_chart", "LSTM at the best epoch") == at_best
    assert drawn(page, "time_forecast_chart", "LSTM at epoch 1") != at_best
    assert axis == page.evaluate(
        "() => document.querySelector('.st-key-time_forecast_chart .js-plotly-plot').layout.yaxis.range"
    )

    walk.click(page, "epoch_next")
    expect(verdict(page)).to_contain_text("At epoch 2 the mean absolute error")
    page.wait_for_url(re.compile(r"epoch=2(&|$)"))

    walk.part(page, "epoch_links").get_by_role("link", name="Gates").click()
    walk.expect_heading(page, "Gates")
    expect(walk.part(page, "epoch_bar")).to_contain_text("Looking at epoch 2 of 12")
    expect(walk.part(page, "epoch_gates").get_by_role("slider")).to_have_attribute("aria-valuetext", "2")
    walk.expect_chart(page, "gates_chart")
    page.wait_for_url(re.compile(r"epoch=2(&|$)"))

    page.reload()
    walk.expect_heading(page, "Gates")
    expect(walk.part(page, "epoch_bar")).to_contain_text("Looking at epoch 2 of 12")

    walk.open_page(page, "Forecast")
    assert walk.download(page, "download_scores", tmp_path).name == "scores_epoch_2.csv"

    walk.click(page, "epoch_reset")
    expect(walk.part(page, "epoch_bar")).to_have_count(0)
    walk.wait_until_settled(page)
