"""Page 7 as a person meets it."""

import json

import numpy as np
import pandas as pd

from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from pages._shell.state import Journey
from tests.pages.finished import finish_run

PAGE = "pages/residuals.py"
CHARTS = {
    "residuals_time_chart",
    "residuals_histogram_chart",
    "residuals_quantiles_chart",
    "residuals_predicted_chart",
    "residuals_memory_chart",
    "residuals_groups_chart",
    "residuals_coverage_chart",
    "residuals_spread_chart",
}


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def links(at):
    return [link.proto.label for link in at.get("page_link")]


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_every_picture_is_there_and_every_test_speaks(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert {key for key in charts(at) if not key.startswith("worst_")} == CHARTS
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


def test_f54_errors_are_grouped_only_by_what_the_series_can_show(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    groups = at.segmented_control(key="residuals_groups")
    # Yearly sunspots: no hour, weekday or month.
    assert groups.options == ["level of the forecast", "level of the truth"]
    title = charts(at)["residuals_groups_chart"]["layout"]["xaxis"]["title"]["text"]
    assert title.startswith("Level of the forecast [")


def test_f54_a_daily_series_has_weekdays_and_a_horizon_has_steps(app, store_url):
    index = pd.date_range("2019-01-01", periods=900, freq="D")
    rng = np.random.default_rng(3)
    values = (
        50 + 10 * np.sin(np.arange(900) / 7) + rng.normal(size=900) * np.where(index.day_of_week == 6, 9, 1)
    )
    series = Series(
        values=values[:, None], index=index, columns=("load",), name="load", unit="MW", step="1 day"
    )
    store = SqlStore(store_url)
    spec = PreparationSpec(target="load", window=WindowSpec(length=14, horizon=3))
    run = finish_run(store, series, spec)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    groups = at.segmented_control(key="residuals_groups")
    levels = {"level of the forecast": "level", "level of the truth": "truth"}
    assert groups.options == ["weekday", "month", *levels, "steps ahead"]
    assert groups.value == "weekday"
    assert any("clearly worse on Sun" in one.value and "MW" in one.value for one in at.markdown)
    for kind in groups.options:
        groups = at.segmented_control(key="residuals_groups")
        groups.set_value({**levels, "steps ahead": "step"}.get(kind, kind)).run()
        assert not at.exception


def test_f55_ten_worst_windows_and_opening_one_chooses_it_everywhere(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert len([key for key in charts(at) if key.startswith("worst_")]) == 10
    assert "Gates" not in links(at)
    at.button(key="worst_2_open").click().run()
    assert not at.exception
    window = at.session_state["_journey"].window
    assert any(f"2. Window {window}**" in one.value for one in at.markdown)
    assert at.query_params["window"] == str(window)
    assert links(at)[-5:] == ["Sensitivity", "Explanation", "Gates", "What-if", "Time machine"]
    at = at.switch_page("pages/gates.py").run()
    assert at.slider(key="gates_window").value == window


def test_f53_the_doctor_is_one_click_away_and_says_the_same(app, store_url):
    rng = np.random.default_rng(3)
    values = rng.normal(size=900)
    for row in range(6, 900):  # repeats itself after six rows, of which a window sees three
        values[row] += 0.9 * values[row - 6]
    series = Series(
        values=values[:, None], index=pd.RangeIndex(900), columns=("load",), name="load", unit="MW"
    )
    run = finish_run(SqlStore(store_url), series, PreparationSpec(target="load", window=WindowSpec(length=3)))
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    said = [one.value for one in at.markdown]
    memory = next(
        one for one in said if "residuals remember each other" in one and "left a pattern unused" in one
    )
    assert any("Next experiment" in one for one in said)
    assert at.button(key="experiment_pattern_left").label.startswith("Try ")
    assert "See its charts" in links(at)
    at = at.switch_page("pages/doctor.py").run()
    seen = memory.split(": ", 1)[1].split(". What was")[0]
    assert any(seen in one.value for one in at.markdown)
