"""A run whose target was transformed, on every page: numbers in original units, and words about the way back."""

import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.evaluation.forecast import forecast
from lstm_core.network.forward import forward
from lstm_core.network.weights import Weights
from lstm_core.preparation.transform import TransformSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.samples import load_sample
from lstm_core.series.source import SeriesSource, load_source
from pages._shell.data.transform_panel import nudged
from pages._shell.state import Journey
from tests.pages.finished import finish_run
from tests.pages.repeated import finish_study

NILE = SeriesSource(kind="sample", sample="nile")
TRANSFORM = TransformSpec(power="box-cox", difference=1, seasonal_lag=3)
PREPARATION = PreparationSpec(target="volume", transform=TRANSFORM, window=WindowSpec(length=6, horizon=2))
PAGES = (
    "windows",
    "network",
    "training",
    "memory",
    "backtest",
    "ahead",
    "intervals",
    "residuals",
    "time_machine",
    "doctor",
    "debugging",
)


@pytest.fixture
def run(store: SqlStore) -> Run:
    return finish_run(store, load_source(NILE, lambda _: b""), PREPARATION, n_epochs=6)


@pytest.fixture
def at(app: AppTest, run: Run) -> AppTest:
    app.session_state["_journey"] = Journey(source=NILE, preparation=PREPARATION, selected_run=run.run_id)
    return app.run()


def words(at: AppTest) -> str:
    said = [*at.caption, *at.markdown, *at.info, *at.success, *at.warning, *at.error]
    return " ".join(one.value for one in said).replace("\\", "")


def charts(at: AppTest) -> dict[str, dict]:
    return {one.proto.id.rsplit("-", 1)[-1]: json.loads(one.proto.spec) for one in at.get("plotly_chart")}


def forecast_of(store: SqlStore, run: Run):
    series = load_source(NILE, lambda _: b"")
    prepared = prepare(series, PREPARATION)
    weights = Weights.from_arrays(arrays_from_bytes(store.load_artifact("local", run.run_id, "weights")))
    made = forecast(
        lambda inputs: forward(run.spec.network, weights, inputs), prepared, part="test", label="LSTM"
    )
    return prepared, made


@pytest.mark.parametrize("page", PAGES)
def test_every_other_page_shows_it(at, page):
    at.switch_page(f"pages/{page}.py").run()
    assert not at.exception
    assert not any("not a number" in one.value for one in at.error)


def test_the_forecast_page_draws_original_units_and_says_what_a_median_is(at, store, run):
    _, made = forecast_of(store, run)
    at.switch_page("pages/forecast.py").run()
    assert "a median, not a mean" in words(at)
    assert "errors add up over the horizon" in words(at)
    lines = [one for one in charts(at)["forecast_chart"]["data"] if one.get("name") == "LSTM"]
    assert 400 < np.mean(made.predicted) < 1400
    drawn = np.array([value for value in _values(lines[-1]["y"]) if value is not None and np.isfinite(value)])
    for value in made.predicted[:, 0]:
        assert np.abs(drawn - value).min() < 1e-3 * value


def test_the_gates_page_recomputes_the_forecast_in_original_units(at, store, run):
    _, made = forecast_of(store, run)
    at.switch_page("pages/gates.py").run()
    assert f"{made.predicted[-1, 0]:.0f}" in words(at).replace("\u202f", "")
    assert "with scaling, Box-Cox, difference of 3 rows, difference undone" in words(at)
    titles = [one["text"] for one in charts(at)["gates_chart"]["layout"]["annotations"]]
    assert titles[0] == "volume: Box-Cox, difference of 3 rows, difference"


def test_the_sensitivity_page_reaches_back_as_far_as_the_forecast_does(at):
    at.switch_page("pages/sensitivity.py").run()
    bars = [one for one in charts(at)["sensitivity_chart"]["data"] if one["type"] == "bar"]
    assert [len(_values(one["x"])) for one in bars] == [10, 10]
    assert "The 4 rows before the window count too" in words(at)
    assert "ends at the lowest train value" in words(at)


def test_the_seeds_are_shown_in_original_units(at, store):
    series = load_source(NILE, lambda _: b"")
    finish_study(store, series, study="one", preparation=PREPARATION)
    at.switch_page("pages/seeds.py").run()
    assert not at.exception
    told = re.search(
        r"test MAE over all 2 steps ahead is (\d+) ± .* repeating the last value gives (\d+)", words(at)
    )
    assert told
    assert 100 < int(told[1]) < 200
    assert 100 < int(told[2]) < 200


@pytest.fixture
def windows(app: AppTest) -> AppTest:
    app.session_state["_journey"] = Journey(source=SeriesSource(kind="sample", sample="co2"))
    return app.run().switch_page("pages/windows.py").run()


def preparation(at: AppTest) -> PreparationSpec:
    return at.session_state["_journey"].preparation


def test_the_controls_choose_a_transform_and_the_panel_works_it_out(windows):
    assert not any(one.key == "transform_chart" for one in windows.get("plotly_chart"))
    windows.segmented_control(key="transform_power").set_value("log")
    windows.number_input(key="transform_seasonal_lag").set_value(52)
    windows.toggle(key="transform_difference").set_value(True).run()
    assert not windows.exception
    assert preparation(windows).transform == TransformSpec(power="log", difference=1, seasonal_lag=52)
    prepared = prepare(
        load_source(windows.session_state["_journey"].source, lambda _: b""), preparation(windows)
    )
    row = prepared.split.train.stop - 1
    told = words(windows)
    assert f"= {np.log(prepared.values[row, 0]):.5f}." in told
    assert f"= {prepared.table[row, 0]:.9f}.".replace("-", "−") in told
    assert "Seasonal difference of 52 rows" in told
    assert "The first 53 rows have no difference" in told
    train = windows.dataframe[0].value.to_dict("records")[0]
    assert train["Windows"] == len(prepared.train)
    assert "− 53 − 24 − 1 + 1" in train["How many"]
    assert "transform_chart" in charts(windows)


def test_a_difference_answers_the_warning_that_test_values_are_out_of_range(windows):
    assert "A difference takes a trend out" in windows.warning[0].value
    windows.toggle(key="transform_difference").set_value(True).run()
    assert not windows.exception
    assert not windows.warning
    assert "The first row has no difference, so no window holds it." in words(windows)


def test_one_row_before_the_window_is_one():
    assert "The row before the window counts too, because a difference is taken of it" in nudged(
        TransformSpec(difference=1)
    )


def test_box_cox_shows_its_exponent(windows):
    windows.segmented_control(key="transform_power").set_value("box-cox").run()
    assert not windows.exception
    assert "λ = " in words(windows)


def test_a_logarithm_of_zeros_is_answered_in_words_and_not_kept(app_with_sample):
    at = app_with_sample.switch_page("pages/windows.py").run()
    at.segmented_control(key="transform_power").set_value("log").run()
    assert not at.exception
    assert "of its 309 values are 0 or below" in at.error[0].value.replace("\\", "")
    assert not preparation(at).transform.is_active


def test_another_series_starts_without_a_transform(windows):
    windows.toggle(key="transform_difference").set_value(True).run()
    windows.switch_page("pages/series.py").run()
    windows.selectbox(key="sample").select("nile").run()
    windows.switch_page("pages/windows.py").run()
    assert not windows.exception
    assert not windows.toggle(key="transform_difference").value


def _values(encoded) -> list[float]:
    """Numbers of a figure as JSON: a plain list, or plotly's packed array."""
    if isinstance(encoded, dict):
        import base64

        return np.frombuffer(base64.b64decode(encoded["bdata"]), dtype=encoded["dtype"]).tolist()
    return list(encoded)


@pytest.mark.parametrize(
    ("transform", "title"),
    [
        (TransformSpec(difference=1), "co2: difference [ppm]"),
        (TransformSpec(power="log", difference=1), "co2: log, difference [log ppm]"),
        (TransformSpec(power="box-cox"), "co2: Box-Cox"),
        (TransformSpec(), "co2 [ppm]"),
    ],
)
def test_what_the_network_reads_has_its_unit_on_the_axis(app, store, transform, title):
    co2 = load_sample("co2")
    spec = PreparationSpec(target="co2", window=WindowSpec(length=8), transform=transform)
    made = finish_run(store, co2, spec)
    app.session_state["_journey"] = Journey(selected_run=made.run_id)
    at = app.run().switch_page("pages/gates.py").run()
    assert not at.exception
    assert json.loads(at.get("plotly_chart")[0].proto.spec)["layout"]["annotations"][0]["text"] == title
