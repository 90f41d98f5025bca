"""A visitor repeats a tiny training with two seeds and reads how much of the result is luck."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import walk


def test_repeat_with_two_seeds_and_read_the_spread(page: Page, tmp_path: Path):
    walk.arrive(page)
    walk.click(page, "start_sample")
    walk.expect_heading(page, "Patterns")
    walk.open_page(page, "Training")
    walk.fill_number(page, "epochs", 4)
    walk.fill_number(page, "n_seeds", 2)
    walk.click(page, "repeat")
    expect(page.get_by_role("heading", level=1, name="Seeds")).to_be_visible()
    walk.expect_chart(page, "seeds_loss_chart")
    expect(page.get_by_text("Over 2 seeds the test MAE is")).to_be_visible(timeout=walk.LONG)
    expect(walk.part(page, "cancel_all")).to_have_count(0)
    walk.wait_until_settled(page)
    for key, lowest in (("seeds_score_chart", 200), ("seeds_loss_chart", 260), ("seeds_forecast_chart", 260)):
        walk.expect_chart(page, key, lowest=lowest)
    page.wait_for_function(  # every band spans all epochs
        """() => {
            const plot = document.querySelector('.st-key-seeds_loss_chart .js-plotly-plot');
            const bands = plot._fullData.filter(trace => trace.fill === 'tonexty');
            return bands.length === 2 && bands.every(band => band.x.length === 4);
        }"""
    )
    table = walk.download(page, "download_seeds", tmp_path).read_text()
    assert [line.split(",")[:2] for line in table.splitlines()[1:]] == [
        ["42", "finished"],
        ["43", "finished"],
    ]
    page.set_viewport_size({"width": 390, "height": 844})
    walk.expect_no_sideways_scroll(page)
