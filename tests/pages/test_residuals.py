"""Page 7 as a person meets it."""

import json

PAGE = "pages/residuals.py"
CHARTS = {
    "residuals_time_chart",
    "residuals_histogram_chart",
    "residuals_quantiles_chart",
    "residuals_predicted_chart",
    "residuals_memory_chart",
}


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_every_picture_is_there_and_every_test_speaks(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert set(charts(at)) == CHARTS
    said = " ".join(one.value for one in at.markdown)
    for words in (
        "mean residual",
        "remember each other",
        "size of the misses|as large at low",
        "clusters",
        "normal",
    ):
        assert any(word in said for word in words.split("|")), words


def test_number_of_bins_can_be_changed(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert len(charts(at)["residuals_histogram_chart"]["data"][0]["x"]) in (30, 2)  # base64 has two keys
    bins = at.slider(key="residuals_bins")
    assert bins.value == 30
    before = charts(at)["residuals_histogram_chart"]["data"][0]
    bins.set_value(10).run()
    assert not at.exception
    assert charts(at)["residuals_histogram_chart"]["data"][0] != before
