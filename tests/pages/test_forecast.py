"""Page 6 as a person meets it."""

import io
import json

import pandas as pd
import pytest

from lstm_core.evaluation.baselines import naive
from lstm_core.evaluation.classical import fit_classical
from lstm_core.evaluation.scores import CARDS
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.split import PARTS
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.series.source import SeriesSource, load_source
from pages._shell import present
from pages._shell.opened import OpenedRun
from pages._shell.state import Journey
from pages._shell.understanding import score_table
from tests.pages.finished import finish_run
from tests.pages.networks import random_weights

PAGE = "pages/forecast.py"


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def words(at):
    return " ".join(box.value for kind in (at.success, at.warning, at.error, at.info) for box in kind)


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_verdict_comes_first_with_both_numbers(app_with_run, finished_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    scores = finished_run.state.finished.scores
    for key in ("lstm", "naive"):
        assert present.number(scores[key]["mae"]) in words(at)
    assert "repeating the last value" in words(at)
    assert "best shift" in words(at)


def test_copying_is_looked_at_by_distance_and_by_correlation(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert {"lag_chart", "copy_chart"} <= set(charts(at))
    names = {trace["name"] for trace in charts(at)["copy_chart"]["data"]}
    assert names == {"LSTM, changes", "LSTM, values", "Naive (a perfect copy), changes"}
    assert any("changes fit those of" in one.value for one in at.markdown)
    green = [box.value for box in at.success if "best shift" in box.value]
    assert all("best shift 0" in one for one in green)


def test_scores_on_the_page_are_those_of_the_run(app_with_run, finished_run):
    at = app_with_run.switch_page(PAGE).run()
    table = at.dataframe[0].value.set_index("Forecast")
    names = {"lstm": "LSTM"} | score_table.BASELINES
    assert list(table.index) == ["LSTM", "Naive", "Seasonal naive", "Linear AR", "ETS", "Theta"]
    for key, scores in finished_run.state.finished.scores.items():
        for score, value in scores.items():
            assert table.loc[names[key], CARDS[score].name] == present.number(value)


def test_a_gru_is_called_a_gru(app, store_url):
    source = SeriesSource(kind="sample", sample="sunspots")
    series = load_source(source, lambda sha256: b"")
    preparation = default_preparation(series)
    network = NetworkSpec(layers=(LayerSpec(cell="gru", units=3),))
    weights = random_weights(network, prepare(series, preparation))
    run = finish_run(SqlStore(store_url), series, preparation, weights=weights, network=network)
    app.session_state["_journey"] = Journey(source=source, selected_run=run.run_id)
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "The GRU " in words(at)
    assert at.dataframe[0].value["Forecast"][0] == "GRU"
    drawn = {trace["name"] for chart in charts(at).values() for trace in chart["data"]}
    assert "GRU" in drawn
    assert "LSTM" not in drawn


def test_view_of_the_test_part_draws_only_that(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    everything = charts(at)["forecast_chart"]
    at.segmented_control(key="forecast_view").set_value("Test part").run()
    assert not at.exception
    test_only = charts(at)["forecast_chart"]
    assert {"Train", "Validation", "Test"} <= {trace["name"] for trace in everything["data"]}
    assert {"Train", "Validation"}.isdisjoint(trace["name"] for trace in test_only["data"])


@pytest.fixture
def app_three_ahead(app, store_url):
    """Three steps ahead, two columns."""
    source = SeriesSource(kind="sample", sample="macrodata")
    series = load_source(source, lambda sha256: b"")
    spec = PreparationSpec(
        target=series.columns[0],
        features=series.columns[1:2],
        window=WindowSpec(length=8, horizon=3),
    )
    run = finish_run(SqlStore(store_url), series, spec)
    app.session_state["_journey"] = Journey(source=source, selected_run=run.run_id)
    return app.run()


def test_step_of_the_horizon_can_be_chosen(app_three_ahead):
    at = app_three_ahead.switch_page(PAGE).run()
    assert not at.exception
    before = charts(at)["forecast_chart"]
    at.slider(key="forecast_step").set_value(3).run()
    assert not at.exception
    assert charts(at)["forecast_chart"]["data"] != before["data"]


def test_download_has_every_window_step_and_predictor_in_full_precision(app_three_ahead, store_url):
    at = app_three_ahead.switch_page(PAGE).run()
    assert {button.proto.label for button in at.get("download_button")} >= {"Download the forecasts as CSV"}
    store = SqlStore(store_url)
    run = store.list_runs("local")[0]
    series = store.load_series("local", run.spec.series_fingerprint)
    prepared = prepare(series, run.spec.preparation)
    weights = Weights.from_arrays(arrays_from_bytes(store.load_artifact("local", run.run_id, "weights")))
    # Outside a page, as Streamlit calls it on a click.
    text = OpenedRun(run=run, series=series, prepared=prepared, weights=weights).forecast_csv()
    table = pd.read_csv(io.BytesIO(text))
    assert list(table.columns[:5]) == ["time", "part", "steps_ahead", "actual", "lstm"]
    assert len(table) == 3 * sum(len(prepared.part(part)) for part in PARTS)
    last = table[table["part"] == "test"]
    assert (last["naive"].to_numpy() == naive(prepared, "test").predicted.ravel()).all()
    for one in fit_classical(prepared, period=series.period):
        told = one.forecast(prepared, "test")
        assert told is not None
        assert (last[one.key].to_numpy() == told.predicted.ravel()).all()


def test_ets_and_theta_wait_in_the_key(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    drawn = charts(at)["forecast_chart"]["data"]
    hidden = [trace["name"] for trace in drawn if trace.get("visible") == "legendonly"]
    assert hidden[-2:] == ["ETS", "Theta"]
    assert any("fitted once on the train rows" in one.value for one in at.caption)


def test_a_fit_that_fails_is_told_and_loses_nothing_else(app_with_run, monkeypatch):
    def refuse(*args, **kwargs):
        raise ValueError("no season there")

    monkeypatch.setattr("lstm_core.evaluation.classical.ThetaModel", refuse)
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert list(at.dataframe[0].value["Forecast"])[-2:] == ["Linear AR", "ETS"]
    assert any("Theta could not be fitted" in one.value for one in at.caption)
