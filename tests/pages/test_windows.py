"""Page 3 in the real app."""

import json
from datetime import date

import pytest

from lstm_core.series.source import SeriesSource
from pages._shell.state import Journey

PAGE = "pages/windows.py"


@pytest.fixture
def page(app_with_sample):
    """The Windows page on the sunspots: 309 rows, 216 train, 31 validation, 62 test."""
    return app_with_sample.switch_page(PAGE).run()


def preparation(app):
    return app.session_state["_journey"].preparation


def shapes(app) -> list[dict]:
    return app.dataframe[0].value.to_dict("records")


def charts(app) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_the_defaults_fit_and_are_chosen(page):
    assert not page.exception
    assert preparation(page).window.length == 24
    assert "192 windows to train on" in page.success[0].value
    assert len(charts(page)) == 2


def test_f24_shapes_and_formulas_are_filled_in(page):
    train, validation, test = shapes(page)
    assert train["Inputs (samples, steps, features)"] == "(192, 24, 1)"
    assert train["How many"] == "216 − 24 − 1 + 1 = 192"
    assert validation["How many"] == "31 − 1 + 1 = 31"
    assert test["Targets (samples, horizon)"] == "(62, 1)"


def test_b5_shapes_follow_the_window_at_once(page):
    page.slider(key="window_length").set_value(10)
    page.number_input(key="horizon").set_value(3).run()
    assert not page.exception
    train = shapes(page)[0]
    assert train["Inputs (samples, steps, features)"] == "(204, 10, 1)"
    assert train["Targets (samples, horizon)"] == "(204, 3)"
    assert preparation(page).window.horizon == 3
    page.number_input(key="stride").set_value(4).run()
    assert shapes(page)[0]["How many"] == "⌊(216 − 10 − 3) / 4⌋ + 1 = 51"


def test_b1_the_three_dimensions_are_named(page):
    assert any("(32, 24, 1) = (batch, steps, features)" in caption.value for caption in page.caption)


def test_f25_the_slider_moves_one_window(page):
    before = page.get("plotly_chart")[1].proto.spec
    page.slider(key="window_at").set_value(192).run()
    assert any("a train window: it reads rows 191 to 214" in caption.value for caption in page.caption)
    page.slider(key="window_at").set_value(193).run()
    assert any("a validation window" in caption.value for caption in page.caption)
    page.slider(key="window_at").set_value(285).run()
    assert not page.exception
    captions = " ".join(caption.value for caption in page.caption)
    assert "a test window: it reads rows 284 to 307 and is asked for row 308." in captions
    assert page.get("plotly_chart")[1].proto.spec != before


def test_f25_the_slider_stays_in_range_when_windows_vanish(page):
    page.slider(key="window_at").set_value(285).run()
    page.number_input(key="stride").set_value(10).run()
    assert not page.exception
    assert page.slider(key="window_at").max == sum(shape["Windows"] for shape in shapes(page))
    assert page.slider(key="window_at").value <= page.slider(key="window_at").max


@pytest.mark.parametrize("kind", ["none", "minmax", "standard", "robust"])
def test_f27_every_scaling_shows_its_fitted_numbers(page, kind):
    page.segmented_control(key="scaling").set_value(kind).run()
    assert not page.exception
    fitted = page.dataframe[1].value.iloc[0]
    assert preparation(page).scaling.kind == kind
    centre = {"none": 0, "minmax": fitted["Minimum"], "standard": fitted["Mean"]}
    if kind in centre:
        assert fitted["Centre"] == centre[kind]


def test_c13_the_range_is_asked_for_min_max_only(page):
    assert not [one for one in page.segmented_control if one.key == "scaling_lower"]
    page.segmented_control(key="scaling").set_value("minmax").run()
    page.segmented_control(key="scaling_lower").set_value(-1).run()
    assert not page.exception
    assert preparation(page).scaling.lower == -1


def test_f26_split_by_date(page):
    page.segmented_control(key="split_by").set_value("date").run()
    assert not page.exception
    # The dates start where the shares had cut: no row moves by switching.
    assert [shape["Rows"] for shape in shapes(page)] == [216, 31, 62]
    page.date_input(key="test_start").set_value(date(1990, 1, 1)).run()
    assert not page.exception
    assert shapes(page)[2]["Rows"] == 19
    page.segmented_control(key="split_by").set_value("share").run()
    assert preparation(page).split.test_start is None


def test_f26_dates_in_the_wrong_order_are_answered_in_words(page):
    page.segmented_control(key="split_by").set_value("date").run()
    page.date_input(key="validation_start").set_value(date(2000, 1, 1)).run()
    assert not page.exception
    assert "without rows" in page.error[0].value


def test_f26_a_gap_moves_the_parts_apart(page):
    page.number_input(key="gap").set_value(5).run()
    assert not page.exception
    assert shapes(page)[0]["Rows"] == 206


def test_b106_a_window_that_does_not_fit_is_answered_and_not_kept(page):
    page.slider(key="window_length").set_value(300).run()
    assert not page.exception
    assert "at most 215 steps" in page.error[0].value
    assert preparation(page).window.length == 24
    page.slider(key="window_length").set_value(100).run()
    assert not page.error
    assert preparation(page).window.length == 100


def test_b107_a_horizon_longer_than_the_test_part(page):
    page.slider(key="validation_fraction").set_value(0.3)
    page.slider(key="test_fraction").set_value(0.1)
    page.number_input(key="horizon").set_value(40).run()
    assert "does not fit the 31 test rows" in page.error[0].value.replace("\\", "")


def test_b110_a_window_of_one(page):
    page.slider(key="window_length").set_value(1).run()
    assert not page.exception
    assert shapes(page)[0]["Inputs (samples, steps, features)"] == "(215, 1, 1)"


def test_b111_a_stride_longer_than_the_window_is_said(page):
    page.slider(key="window_length").set_value(2)
    page.number_input(key="stride").set_value(5).run()
    assert "some rows are never read" in " ".join(text.value for text in page.markdown)
    assert page.warning


def test_b108_shares_are_bounded_by_their_sliders(page):
    for key in ("validation_fraction", "test_fraction"):
        slider = page.slider(key=key)
        assert 0 < slider.min < slider.max < 1


def test_choices_survive_a_visit_to_another_page(page):
    page.slider(key="window_length").set_value(36)
    page.segmented_control(key="scaling").set_value("robust")
    page.slider(key="test_fraction").set_value(0.3).run()
    page.switch_page("pages/patterns.py").run().switch_page(PAGE).run()
    assert not page.exception
    assert page.slider(key="window_length").value == 36
    assert page.segmented_control(key="scaling").value == "robust"
    assert page.slider(key="test_fraction").value == 0.3


@pytest.mark.parametrize("sample", ["co2", "nile", "macrodata", "elnino", "sine", "random_walk", "echo"])
def test_every_sample_has_windows(app, sample):
    app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample=sample))
    app.run().switch_page(PAGE).run()
    assert not app.exception
    assert not app.error


def test_c15_why_to_scale_is_shown_on_demand(page):
    page.session_state["why_scale"] = True
    page.run()
    assert not page.exception
    assert "Saturation" in " ".join(text.value for text in page.markdown)
