"""The Ahead page as a person meets it."""

import json

import numpy as np
import pandas as pd
import pytest

from lstm_core.evaluation.ahead.recursion import forecast_ahead
from lstm_core.network.forward import forward
from lstm_core.network.weights import Weights
from lstm_core.preparation.histories import histories
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from lstm_core.series.source import SeriesSource, load_source
from pages._shell.state import Journey
from tests.pages.finished import finish_run

PAGE = "pages/ahead.py"


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def words(at):
    kinds = (at.success, at.warning, at.error, at.info, at.markdown, at.caption)
    return " ".join(box.value for kind in kinds for box in kind)


def line(chart, name):
    return next(trace for trace in chart["data"] if trace.get("name") == name)


def numbers(values):
    """What plotly packs as bytes, as numbers again."""
    if isinstance(values, dict):
        import base64

        return np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
    return np.array(values)


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_forecast_beyond_the_last_row_is_the_recursion_by_hand(app_with_run, finished_run, store_url):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    store = SqlStore(store_url)
    series = store.load_series("local", finished_run.spec.series_fingerprint)
    prepared = prepare(series, finished_run.spec.preparation)
    weights = Weights.from_arrays(
        arrays_from_bytes(store.load_artifact("local", finished_run.run_id, "weights"))
    )
    steps = at.slider(key="ahead_steps").value
    known = histories(prepared, np.array([series.n_rows]))
    told = forecast_ahead(
        lambda inputs: forward(finished_run.spec.network, weights, inputs), prepared, known, steps
    )
    drawn = line(charts(at)["ahead_chart"], "LSTM forecast")
    np.testing.assert_allclose(numbers(drawn["y"]), told[0], rtol=1e-6)
    assert pd.Timestamp(drawn["x"][0]).year == 2009
    assert pd.Timestamp(drawn["x"][-1]).year == 2008 + steps
    assert {"80% band", "Naive", "Actual"} <= {
        trace.get("name") for trace in charts(at)["ahead_chart"]["data"]
    }
    assert f"{steps} steps after 2008 the LSTM forecasts" in words(at)
    assert "On the test part they held" in words(at)
    assert "trained on the train part only" in words(at)


def test_more_steps_reach_further_and_the_error_is_told(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    at.slider(key="ahead_steps").set_value(20).run()
    assert not at.exception
    assert len(line(charts(at)["ahead_chart"], "LSTM forecast")["x"]) == 20
    growth = charts(at)["ahead_growth_chart"]
    assert {"LSTM, closed loop", "LSTM, one step ahead (open loop)", "Naive"} <= {
        trace["name"] for trace in growth["data"]
    }
    assert "Told the truth before every step, the LSTM misses by" in words(at)
    assert "Actual" in {trace["name"] for trace in charts(at)["ahead_run_chart"]["data"]}


@pytest.fixture
def app_with_inputs(app, store_url):
    """Three steps ahead, one further input that no date determines."""
    source = SeriesSource(kind="sample", sample="macrodata")
    series = load_source(source, lambda sha256: b"")
    spec = PreparationSpec(
        target=series.columns[0], features=series.columns[1:2], window=WindowSpec(length=8, horizon=3)
    )
    run = finish_run(SqlStore(store_url), series, spec)
    app.session_state["_journey"] = Journey(source=source, selected_run=run.run_id)
    return app.run()


def test_further_inputs_are_asked_for_only_where_they_are_read(app_with_inputs):
    at = app_with_inputs.switch_page(PAGE).run()
    assert not at.exception
    assert at.slider(key="ahead_steps").value == 3
    keys = {control.key for control in at.get("button_group")}
    assert "ahead_rule" not in keys
    at.slider(key="ahead_steps").set_value(9).run()
    assert not at.exception
    assert "repeats its last value" in words(at)
    before = numbers(line(charts(at)["ahead_chart"], "LSTM forecast")["y"])
    at.segmented_control(key="ahead_rule").set_value("last season").run()
    assert not at.exception
    assert "repeats its last season of 4 rows" in words(at)
    assert not np.array_equal(before, numbers(line(charts(at)["ahead_chart"], "LSTM forecast")["y"]))
    at.segmented_control(key="ahead_rule").set_value("given").run()
    assert not at.exception
    assert "is what was given" in words(at)


def test_feeding_back_one_step_is_another_forecast(app_with_inputs):
    at = app_with_inputs.switch_page(PAGE).run()
    at.slider(key="ahead_steps").set_value(6).run()
    before = numbers(line(charts(at)["ahead_chart"], "LSTM forecast")["y"])
    assert "LSTM, closed loop, step by step" in {
        trace["name"] for trace in charts(at)["ahead_growth_chart"]["data"]
    }
    at.segmented_control(key="ahead_feedback").set_value("One step").run()
    assert not at.exception
    assert not np.array_equal(before, numbers(line(charts(at)["ahead_chart"], "LSTM forecast")["y"]))


@pytest.mark.parametrize("irregular", [False, True])
def test_rows_without_a_regular_date_are_counted(app, store_url, irregular):
    index = pd.RangeIndex(120)
    if irregular:
        days = np.random.default_rng(0).integers(1, 40, 120).cumsum()
        index = pd.DatetimeIndex(np.datetime64("2020-01-01") + days.astype("timedelta64[D]")).as_unit("us")
    values = np.sin(np.arange(120) / 4)[:, None] * 10 + 50
    series = Series(values=values, index=index, columns=("<b>y</b>",), name="made", unit="m")
    spec = PreparationSpec(target="<b>y</b>", window=WindowSpec(length=8))
    run = finish_run(SqlStore(store_url), series, spec)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    drawn = charts(at)["ahead_chart"]
    assert numbers(line(drawn, "LSTM forecast")["x"])[0] == 120
    assert drawn["layout"]["xaxis"]["title"]["text"] == "Row"
    at.slider(key="ahead_steps").set_value(30).run()  # 12 validation and 24 test rows hold no 30 steps
    assert not at.exception
    assert "There are no bands" in words(at)
    assert "test part" in words(at)


def test_baselines_are_chosen_and_stand_in_charts_table_and_words(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    at.pills(key="ahead_beside").set_value(["linear_ar", "ets", "theta"]).run()
    assert not at.exception
    for key in ("ahead_chart", "ahead_growth_chart"):
        names = {trace.get("name") for trace in charts(at)[key]["data"]}
        assert {"Linear AR", "ETS", "Theta"} <= names
        assert not {"Naive", "Seasonal naive"} & names
    assert "fitted once on the train rows" in words(at)
    told = words(at).split("Mean absolute error over all steps")[1]
    assert all(name in told for name in ("LSTM in the closed loop", "Naive", "ETS", "Theta", "Linear AR"))
    at.pills(key="ahead_beside").set_value([]).run()
    assert not at.exception
    assert "ETS" not in words(at)
