"""Page 8 as a person meets it."""

import json

PAGE = "pages/sensitivity.py"


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_strongest_step_is_named_with_its_year(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert set(charts(at)) == {"sensitivity_chart", "sensitivity_spread_chart"}
    assert "moves this forecast most" in at.info[0].value
    assert "(2007\\)" in at.info[0].value  # the year before the newest forecast


def test_size_and_window_change_the_picture(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    first = charts(at)["sensitivity_chart"]["data"]
    at.slider(key="delta").set_value(2.0).run()
    assert not at.exception
    assert "2.0 standard deviations" in " ".join(one.value for one in at.caption)
    second = charts(at)["sensitivity_chart"]["data"]
    at.slider(key="sensitivity_window").set_value(30).run()
    assert not at.exception
    third = charts(at)["sensitivity_chart"]["data"]
    assert first != second != third


def test_b127_nudge_of_nothing_is_a_flat_line_and_says_so(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    at.slider(key="delta").set_value(0.0).run()
    assert not at.exception
    assert "No nudge moves this forecast" in at.info[0].value
