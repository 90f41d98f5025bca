"""Page 3 in the real app."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from lstm_core.runs.sql import SqlStore
from lstm_core.series.cleaning.spec import Cleaning, OutlierStep
from lstm_core.series.roles import ColumnRoles
from lstm_core.series.source import SeriesSource
from pages._shell.state import Journey

PAGE = "pages/windows.py"


@pytest.fixture
def windows(app_with_sample):
    """The Windows page on the sunspots: 309 rows, 216 train, 31 validation, 62 test."""
    return app_with_sample.switch_page(PAGE).run()


def preparation(app):
    return app.session_state["_journey"].preparation


def shapes(app) -> list[dict]:
    return app.dataframe[0].value.to_dict("records")


def charts(app) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def test_the_defaults_fit_and_are_chosen(windows):
    assert not windows.exception
    assert preparation(windows).window.length == 24
    assert "192 windows to train on" in windows.success[0].value
    assert len(charts(windows)) == 2


def test_f24_shapes_and_formulas_are_filled_in(windows):
    train, validation, test = shapes(windows)
    assert train["Inputs (samples, steps, features)"] == "(192, 24, 1)"
    assert train["How many"] == "216 − 24 − 1 + 1 = 192"
    assert validation["How many"] == "31 − 1 + 1 = 31"
    assert test["Targets (samples, horizon)"] == "(62, 1)"


def test_b5_shapes_follow_the_window_at_once(windows):
    windows.slider(key="window_length").set_value(10)
    windows.number_input(key="horizon").set_value(3).run()
    assert not windows.exception
    train = shapes(windows)[0]
    assert train["Inputs (samples, steps, features)"] == "(204, 10, 1)"
    assert train["Targets (samples, horizon)"] == "(204, 3)"
    assert preparation(windows).window.horizon == 3
    windows.number_input(key="stride").set_value(4).run()
    assert shapes(windows)[0]["How many"] == "⌊(216 − 10 − 3) / 4⌋ + 1 = 51"


def test_b1_the_three_dimensions_are_named(windows):
    assert any("(32, 24, 1) = (batch, steps, features)" in caption.value for caption in windows.caption)


def test_the_numbers_behind_a_window_count_its_rows_from_1(windows):
    windows.session_state["window_chart_table"] = True
    windows.slider(key="window_at").set_value(2).run()
    (table,) = (one.value for one in windows.dataframe if "role" in one.value)
    assert list(table["row"]) == list(range(2, 27)), "the second window, from the second row on"
    assert list(table["role"]) == ["read"] * 24 + ["to forecast"]


def test_f25_the_slider_moves_one_window(windows):
    before = windows.get("plotly_chart")[1].proto.spec
    windows.slider(key="window_at").set_value(192).run()
    assert any(
        "a train window: it reads 1891 to 1914 and is asked for 1915." in caption.value
        for caption in windows.caption
    )
    windows.slider(key="window_at").set_value(193).run()
    assert any("a validation window" in caption.value for caption in windows.caption)
    windows.slider(key="window_at").set_value(285).run()
    assert not windows.exception
    captions = " ".join(caption.value for caption in windows.caption)
    assert "a test window: it reads 1984 to 2007 and is asked for 2008." in captions
    assert windows.get("plotly_chart")[1].proto.spec != before


def test_f25_the_slider_stays_in_range_when_windows_vanish(windows):
    windows.slider(key="window_at").set_value(285).run()
    windows.number_input(key="stride").set_value(10).run()
    assert not windows.exception
    assert windows.slider(key="window_at").max == sum(shape["Windows"] for shape in shapes(windows))
    assert windows.slider(key="window_at").value <= windows.slider(key="window_at").max


@pytest.mark.parametrize("kind", ["none", "minmax", "standard", "robust"])
def test_f27_every_scaling_shows_its_fitted_numbers(windows, kind):
    windows.segmented_control(key="scaling").set_value(kind).run()
    assert not windows.exception
    fitted = windows.dataframe[1].value.iloc[0]
    assert preparation(windows).scaling.kind == kind
    centre = {"none": 0, "minmax": fitted["Minimum"], "standard": fitted["Mean"]}
    if kind in centre:
        assert fitted["Centre"] == centre[kind]


def test_c13_the_range_is_asked_for_min_max_only(windows):
    assert not [one for one in windows.segmented_control if one.key == "scaling_lower"]
    windows.segmented_control(key="scaling").set_value("minmax").run()
    windows.segmented_control(key="scaling_lower").set_value(-1).run()
    assert not windows.exception
    assert preparation(windows).scaling.lower == -1


def test_f26_split_by_date(windows):
    windows.segmented_control(key="split_by").set_value("date").run()
    assert not windows.exception
    # The dates start where the shares had cut: no row moves by switching.
    assert [shape["Rows"] for shape in shapes(windows)] == [216, 31, 62]
    windows.date_input(key="test_start").set_value(date(1990, 1, 1)).run()
    assert not windows.exception
    assert shapes(windows)[2]["Rows"] == 19
    windows.segmented_control(key="split_by").set_value("share").run()
    assert preparation(windows).split.test_start is None


def test_f26_dates_in_the_wrong_order_are_answered_in_words(windows):
    windows.segmented_control(key="split_by").set_value("date").run()
    windows.date_input(key="validation_start").set_value(date(2000, 1, 1)).run()
    assert not windows.exception
    assert "without rows" in windows.error[0].value


def test_f26_a_gap_moves_the_parts_apart(windows):
    windows.number_input(key="gap").set_value(5).run()
    assert not windows.exception
    assert shapes(windows)[0]["Rows"] == 206


def test_b106_a_window_that_does_not_fit_is_answered_and_not_kept(windows):
    windows.slider(key="window_length").set_value(300).run()
    assert not windows.exception
    assert "at most 215 steps" in windows.error[0].value
    assert preparation(windows).window.length == 24
    windows.slider(key="window_length").set_value(100).run()
    assert not windows.error
    assert preparation(windows).window.length == 100


def test_b107_a_horizon_longer_than_the_test_part(windows):
    windows.slider(key="validation_fraction").set_value(0.3)
    windows.slider(key="test_fraction").set_value(0.1)
    windows.number_input(key="horizon").set_value(40).run()
    assert "does not fit the 31 test rows" in windows.error[0].value.replace("\\", "")


def test_b110_a_window_of_one(windows):
    windows.slider(key="window_length").set_value(1).run()
    assert not windows.exception
    assert shapes(windows)[0]["Inputs (samples, steps, features)"] == "(215, 1, 1)"


def test_b111_a_stride_longer_than_the_window_is_said(windows):
    windows.slider(key="window_length").set_value(2)
    windows.number_input(key="stride").set_value(5).run()
    assert "some rows are never read" in windows.warning[0].value


def test_b108_shares_are_bounded_by_their_sliders(windows):
    for key in ("validation_fraction", "test_fraction"):
        slider = windows.slider(key=key)
        assert 0 < slider.min < slider.max < 1


def test_choices_survive_a_visit_to_another_page(windows):
    windows.slider(key="window_length").set_value(36)
    windows.segmented_control(key="scaling").set_value("robust")
    windows.slider(key="test_fraction").set_value(0.3).run()
    windows.switch_page("pages/patterns.py").run().switch_page(PAGE).run()
    assert not windows.exception
    assert windows.slider(key="window_length").value == 36
    assert windows.segmented_control(key="scaling").value == "robust"
    assert windows.slider(key="test_fraction").value == 0.3


@pytest.mark.parametrize("sample", ["co2", "nile", "macrodata", "elnino", "sine", "random_walk", "echo"])
def test_every_sample_has_windows(app, sample):
    app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample=sample))
    app.run().switch_page(PAGE).run()
    assert not app.exception
    assert not app.error


def test_c15_why_to_scale_is_shown_on_demand(windows):
    windows.session_state["why_scale"] = True
    windows.run()
    assert not windows.exception
    assert "Saturation" in " ".join(text.value for text in windows.markdown)


def test_b65_a_constant_series_is_prepared_and_said(app):
    still = SeriesSource(
        kind="sample", sample="trend_season", parameters={"trend": 0, "amplitude": 0, "noise": 0}
    )
    app.session_state["_journey"] = Journey(source=still)
    app.run().switch_page(PAGE).run()
    assert not app.exception
    assert "never changes: nothing to learn from it" in app.warning[0].value.replace("\\", "")


def leak_words(app) -> str:
    return " ".join(text.value for text in app.markdown if "material" in text.value).replace("\\", "")


def test_f28_every_way_is_listed_and_green(windows):
    words = leak_words(windows)
    assert words.count(":green[") == 6
    assert "6 ways in were looked at: none of them leaks." in " ".join(
        text.value for text in windows.markdown
    )
    assert not windows.error


def uploaded(store_url: str, target: np.ndarray, column: np.ndarray) -> SeriesSource:
    """A table of days whose y is forecast with x beside it."""
    days = pd.date_range("2020-01-01", periods=len(target)).astype(str)
    content = pd.DataFrame({"day": days, "y": target, "x": column}).to_csv(index=False).encode()
    return SeriesSource(
        kind="upload",
        sha256=SqlStore(store_url).save_upload("local", content, "leak.csv"),
        file_name="leak.csv",
        roles=ColumnRoles(time="day", target="y", features=("x",)),
    )


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda y: 3 * y + 2, "is the target 'y' itself"),
        (lambda y: np.r_[y[1:], 0], "is the target 1 row ahead of its time"),
        (lambda y: np.r_[y[:1], (y[:-2] + y[1:-1] + y[2:]) / 3, y[-1:]], "are the next target exactly"),
    ],
    ids=["b79", "b80", "centred average"],
)
def test_f28_an_input_that_knows_the_future_turns_the_page_red(app, store_url, make, said):
    target = np.random.default_rng(0).normal(size=300)
    app.session_state["_journey"] = Journey(source=uploaded(store_url, target, make(target)))
    app.run().switch_page(PAGE).run()
    assert not app.exception
    assert said in app.error[0].value.replace("\\", "")
    assert "Remove 'x'" in app.error[0].value.replace("\\", "")
    assert leak_words(app).count(":red[") == 1


def test_f28_one_click_leaves_the_leaking_column_out_and_another_reads_it_again(app, store_url):
    target = np.random.default_rng(0).normal(size=300)
    app.session_state["_journey"] = Journey(source=uploaded(store_url, target, np.r_[target[1:], 0]))
    app.run().switch_page(PAGE).run()
    app.slider(key="window_length").set_value(30).run()
    app.button(key="leave_out_ahead").click().run()
    assert not app.exception
    assert not app.error
    assert preparation(app).features == ()
    assert preparation(app).window.length == 30
    assert "Not read by the network: x." in " ".join(text.value for text in app.markdown)
    app.button(key="read_all").click().run()
    assert preparation(app).features == ("x",)
    assert app.error


@pytest.mark.parametrize(("share", "leaks"), [(0.7, 0), (0.9, 1)])
def test_f28_a_cleaning_that_learns_behind_the_train_rows_turns_the_page_red(app, share, leaks):
    cleaning = Cleaning(steps=(OutlierStep(column="sunspots", action="clip"),), known_share=share)
    source = SeriesSource(kind="sample", sample="sunspots", cleaning=cleaning)
    app.session_state["_journey"] = Journey(source=source)
    app.run().switch_page(PAGE).run()
    assert not app.exception
    assert len(app.error) == leaks
    if leaks:
        assert "Let the cleaning learn from at most 69% of the rows." in app.error[0].value


def test_f28_a_larger_test_part_makes_the_same_cleaning_a_leak(app):
    cleaning = Cleaning(steps=(OutlierStep(column="sunspots", action="clip"),), known_share=0.69)
    app.session_state["_journey"] = Journey(
        source=SeriesSource(kind="sample", sample="sunspots", cleaning=cleaning)
    )
    app.run().switch_page(PAGE).run()
    assert not app.error
    app.slider(key="test_fraction").set_value(0.4).run()
    assert "59 rows of validation or test had a say" in app.error[0].value.replace("\\", "")
