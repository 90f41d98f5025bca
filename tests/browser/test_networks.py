"""A person builds another network than an LSTM on a phone, trains it and looks inside."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.mark.browser_context_args(**PHONE)
def test_a_bidirectional_gru_with_attention_is_built_trained_and_looked_into(page: Page):
    walk.arrive(page)
    walk.click(page, "start_sample")
    walk.expect_heading(page, "Patterns")
    walk.open_page(page, "Network")
    walk.fill_number(page, "units_0", 8)
    walk.expect_words(page, "329 numbers to learn")

    walk.part(page, "width_200_load").locator("button:visible").click()
    expect(walk.part(page, "units_0").locator("input").first).to_have_value("200")
    walk.wait_until_settled(page)
    walk.part(page, "network_undo").locator("button:visible").click()
    expect(walk.part(page, "network_undo")).to_have_count(0)
    walk.wait_until_settled(page)
    expect(walk.part(page, "units_0").locator("input")).to_have_value("8")

    walk.choose(page, "cell_0", "GRU")
    walk.part(page, "bidirectional_0").locator("label").first.click()
    walk.expect_words(page, "Bidirectional GRU 1")
    walk.wait_until_settled(page)
    walk.part(page, "more_0").locator("button:visible").click()
    walk.choose(page, "normalization_0", "layer")
    page.keyboard.press("Escape")
    walk.part(page, "attention").get_by_text("additive", exact=True).click()
    walk.expect_words(page, "Attention: additive")
    walk.expect_chart(page, "network_chart", lowest=200)
    walk.wait_until_settled(page)

    walk.open_page(page, "Training")
    walk.fill_number(page, "epochs", 2)
    walk.click_train(page)
    walk.expect_finished(page)
    walk.open_page(page, "Gates")
    walk.expect_chart(page, "gates_chart")
    walk.expect_chart(page, "attention_chart")
    walk.expect_words(page, "equals Keras")
    walk.part(page, "gates_reads_0").get_by_text("backwards", exact=True).click()
    walk.expect_words(page, "flows from right to left")
    walk.expect_no_exception(page)
