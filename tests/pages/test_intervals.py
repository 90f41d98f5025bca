"""The Intervals page as a person meets it."""

import json

import numpy as np
import pandas as pd
import pytest

from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from pages._shell.state import Journey
from tests.pages.finished import finish_run

PAGE = "pages/intervals.py"


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def said(at):
    return " ".join(
        one.value for kind in (at.success, at.warning, at.info, at.caption, at.markdown) for one in kind
    )


def steady(n=400, *, rough=1.0):
    """Noise around 100, in the test part `rough` times as large."""
    noise = np.random.default_rng(3).normal(size=n)
    noise[-n // 5 :] *= rough
    return Series(
        values=(100 + noise)[:, None],
        index=pd.date_range("2020-01-01", periods=n, freq="D"),
        columns=("level",),
        name="steady",
        unit="kg",
    )


def open_run(app, store_url, series, *, horizon=1, **preparation):
    spec = PreparationSpec(target="level", window=WindowSpec(length=8, horizon=horizon), **preparation)
    run = finish_run(SqlStore(store_url), series, spec)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    return app.run().switch_page(PAGE).run()


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_bands_their_coverage_and_how_it_came_and_went(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert {"intervals_chart", "coverage_chart"} <= set(charts(at))
    table = at.dataframe[0].value
    assert list(table["Level"].unique()) == ["50%", "80%", "95%"]
    assert set(table["Method"]) >= {"Split conformal", "Adaptive conformal"}
    assert "Of the 80% bands" in said(at)


def test_calm_validation_and_rough_test_part_are_too_narrow_and_said(app, store_url):
    at = open_run(app, store_url, steady(rough=3.0))
    assert not at.exception
    assert "too narrow. The validation part was calmer" in at.warning[0].value
    assert "kg" in at.warning[0].value


def test_steady_series_keeps_the_promise(app, store_url):
    at = open_run(app, store_url, steady())
    assert "which fits what they promise" in at.success[0].value


def test_level_and_method_change_the_band(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    first = charts(at)["intervals_chart"]["data"]
    at.segmented_control(key="interval_level").set_value(0.95).run()
    second = charts(at)["intervals_chart"]["data"]
    assert second[1]["name"] == "95% band"
    at.segmented_control(key="interval_method").set_value("adaptive").run()
    assert not at.exception
    third = charts(at)["intervals_chart"]["data"]
    at.select_slider(key="interval_rate").set_value(0.1).run()
    assert not at.exception
    fourth = charts(at)["intervals_chart"]["data"]
    assert first != second != third != fourth


def test_several_steps_ahead_show_how_the_width_grows(app, store_url):
    at = open_run(app, store_url, steady(), horizon=3)
    assert not at.exception
    assert "half_width_chart" in charts(at)
    at.slider(key="interval_step").set_value(3).run()
    assert not at.exception
    assert any("3 steps ahead" in one.value for one in at.subheader)


@pytest.mark.parametrize("power", ["log", "box-cox"])
def test_bands_of_a_transformed_target_grow_with_the_level_in_original_units(app, store_url, power):
    at = open_run(app, store_url, steady(), transform=TransformSpec(power=power, difference=1))
    assert not at.exception
    assert "grow with the level" in said(at)
    lower, upper = charts(at)["intervals_chart"]["data"][:2]
    assert "bdata" in str(lower["y"]) or min(lower["y"]) > 90
    assert upper["name"] == "80% band"


def test_too_short_a_validation_part_says_so(app, store_url):
    at = open_run(app, store_url, steady(60))
    at.segmented_control(key="interval_level").set_value(0.95).run()
    assert not at.exception
    assert "too short for 95% bands" in said(at)
    assert "at least 19 windows" in said(at)
    assert "none has a limit" in set(at.dataframe[0].value["Mean width"])
