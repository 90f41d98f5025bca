"""Acceptance: a person steers a training: pause, one epoch, resume; and goes on after the server went away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk
from tests.browser.server import dashboard

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True}


def train(page: Page, address: str = "/") -> None:
    """Start a training that improves for longer than a test takes, and wait for the first points of its curve."""
    page.goto(address)
    walk.wait_until_settled(page)
    walk.click(page, "start_sample")
    walk.expect_heading(page, "Patterns")
    walk.open_page(page, "Training")
    walk.fill_number(page, "epochs", 10_000)
    walk.fill_number(page, "learning_rate", 0.00001)
    walk.click_train(page)
    walk.expect_loss_points(page, at_least=3)


def epoch_it_paused_after(page: Page, *, other_than: int = 0) -> int:
    """Wait until the run stands still; returns the last epoch it trained."""
    words = page.get_by_test_id("stProgress").filter(
        has_text=re.compile(rf"Paused after epoch (?!{other_than}\.)\d+\.")
    )
    expect(words).to_be_visible(timeout=walk.LONG)
    found = re.search(r"after epoch (\d+)", words.inner_text())
    assert found is not None
    return int(found.group(1))


@pytest.mark.browser_context_args(**PHONE)
def test_pause_one_epoch_and_resume_on_a_phone(page: Page):
    train(page)
    walk.click(page, "pause")
    stands_at = epoch_it_paused_after(page)
    walk.expect_loss_points(page, at_least=stands_at)
    for key in ("resume", "step", "finish", "cancel"):
        place = walk.part(page, key).get_by_role("button").bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= PHONE["viewport"]["width"]

    page.reload()
    walk.expect_heading(page, "Training")
    assert epoch_it_paused_after(page) == stands_at
    walk.expect_loss_points(page, at_least=stands_at)
    assert walk.loss_points(page) == stands_at, "it stands still"

    walk.click(page, "step")
    assert epoch_it_paused_after(page, other_than=stands_at) == stands_at + 1
    walk.expect_loss_points(page, at_least=stands_at + 1)
    assert walk.loss_points(page) == stands_at + 1, "one epoch is one point"

    walk.click(page, "resume")
    walk.expect_loss_points(page, at_least=stands_at + 2)
    walk.click(page, "finish")
    walk.expect_finished(page)


def test_fault_14_a_training_goes_on_after_the_server_went_away(page: Page, tmp_path: Path):
    with dashboard(tmp_path, LSTM_EXPLORER_CHECKPOINT_SECONDS="0") as address:
        train(page, address)
        lost = walk.run_in_address(page)
        # The page of a dead server would complain about its lost connection.
        page.goto("about:blank")
    with dashboard(tmp_path, LSTM_EXPLORER_CHECKPOINT_SECONDS="0") as address:
        page.goto(f"{address}/training?run={lost}")
        walk.expect_heading(page, "Training")
        walk.expect_words(page, "Resume it: the training goes on after epoch")
        walk.expect_loss_points(page, at_least=3)
        before = walk.loss_points(page)
        walk.click(page, "go_on")
        walk.expect_words(page, "continues")
        expect(page).not_to_have_url(re.compile(lost))
        walk.expect_loss_points(page, at_least=before + 1)
        walk.click(page, "finish")
        walk.expect_finished(page)
        page.goto("about:blank")
