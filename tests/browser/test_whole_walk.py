"""Acceptance: a person with a CSV of their own walks from upload to gates."""

import ast
import csv
import math
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}
N_ROWS, GAPS = 260, (40, 41, 120)


@pytest.fixture
def visitors(tmp_path: Path) -> Path:
    """Two columns as a European spreadsheet writes them, with three empty cells."""
    noise = random.Random(7)
    path = tmp_path / "visitors.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(["day", "visitors", "rain"])
        for row in range(N_ROWS):
            day = date(2024, 1, 1) + timedelta(days=row)
            count = 200 + 0.3 * row + 60 * math.sin(2 * math.pi * row / 7) + noise.gauss(0, 5)
            table.writerow(
                [
                    day,
                    "" if row in GAPS else f"{count:.2f}".replace(".", ","),
                    f"{noise.random():.2f}".replace(".", ","),
                ]
            )
    return path


def prepare_a_run(page: Page, visitors: Path) -> None:
    """Series, patterns, windows and network, by the Next buttons."""
    walk.arrive(page)
    walk.open_page(page, "Series")
    walk.upload(page, visitors)
    walk.expect_words(page, "missing")
    walk.choose(page, "gaps", "straight line in time")
    walk.expect_chart(page, "series_chart")
    walk.go_on(page, "Patterns")
    walk.expect_chart(page, "acf_chart")
    walk.expect_chart(page, "pacf_chart")
    walk.go_on(page, "Windows")
    walk.expect_chart(page, "window_chart")
    walk.go_on(page, "Network")
    walk.fill_number(page, "units_0", 12)
    walk.expect_chart(page, "network_chart", lowest=200)  # a drawing, as high as it has layers
    walk.go_on(page, "Training")


def train_for_longer_than_a_test(page: Page) -> None:
    """Start a training that learns so slowly that it still improves when the test ends it."""
    walk.fill_number(page, "epochs", 10_000)
    walk.fill_number(page, "learning_rate", 0.00001)
    walk.click_train(page)


def look_inside(page: Page) -> None:
    """Forecast, residuals, sensitivity and gates of the selected run."""
    walk.go_on(page, "Forecast")
    walk.expect_chart(page, "forecast_chart")
    walk.expect_words(page, "MAE")
    walk.go_on(page, "Residuals")
    walk.expect_some_charts(page)
    walk.go_on(page, "Sensitivity")
    walk.expect_chart(page, "sensitivity_chart")
    walk.go_on(page, "Explanation")
    walk.expect_chart(page, "truth_chart")
    walk.go_on(page, "Gates")
    walk.expect_chart(page, "gates_chart")


def test_an_uploaded_series_walks_the_whole_path(page: Page, visitors: Path, tmp_path: Path):
    prepare_a_run(page, visitors)
    train_for_longer_than_a_test(page)
    walk.expect_loss_points(page, at_least=3)
    expect(walk.part(page, "cancel")).to_be_visible()  # points were seen while it runs
    run_id = walk.run_in_address(page)

    seen = walk.loss_points(page)
    page.reload()
    walk.expect_heading(page, "Training")
    walk.expect_loss_points(page, at_least=seen)
    assert walk.run_in_address(page) == run_id

    walk.click(page, "finish")
    walk.expect_finished(page)
    look_inside(page)
    assert walk.run_in_address(page) == run_id

    walk.open_page(page, "Forecast")
    script = walk.download(page, "download_script", tmp_path)
    assert isinstance(ast.parse(script.read_text(encoding="utf-8")), ast.Module)
    assert "'units': 12" in script.read_text(encoding="utf-8")


def test_a_cancelled_run_stops_soon_keeps_its_curve_and_both_tabs_know(page: Page):
    walk.arrive(page)
    walk.click(page, "start_sample")
    walk.expect_heading(page, "Patterns")
    walk.open_page(page, "Training")
    train_for_longer_than_a_test(page)
    walk.expect_loss_points(page, at_least=1)
    other = page.context.new_page()
    other.goto(page.url)
    walk.expect_loss_points(other, at_least=1)
    walk.cancel(page)
    for tab in (page, other):
        expect(walk.part(tab, "cancel")).to_have_count(0, timeout=walk.LONG)
        walk.expect_words(tab, "cancelled")
        walk.expect_loss_points(tab, at_least=1)
        walk.expect_no_exception(tab)


@pytest.mark.browser_context_args(**PHONE)
def test_the_whole_walk_fits_a_phone_in_the_dark(page: Page, visitors: Path):
    prepare_a_run(page, visitors)
    walk.fill_number(page, "epochs", 5)
    walk.click_train(page)
    walk.expect_finished(page)
    look_inside(page)
    walk.expect_dark(page)
