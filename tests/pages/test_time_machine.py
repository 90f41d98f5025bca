"""The Time machine: one slider over the kept epochs, and the pages that honour it."""

import base64
import json
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.evaluation.forecast import forecast
from lstm_core.evaluation.scores import score
from lstm_core.network.forward import forward
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.network.weights import Weights
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import prepare
from lstm_core.runs.artifacts import arrays_from_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.training.snapshots import Snapshots
from pages._shell import present
from pages._shell.state import Journey
from tests.pages.finished import finish_run
from tests.pages.networks import random_weights
from tests.pages.test_odd_runs import MAKERS, shortest, zoned_hours

PAGE = "pages/time_machine.py"
SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
N_EPOCHS, EARLY = 12, 4
BEST = N_EPOCHS - 3
HONOURING = (
    "pages/forecast.py",
    "pages/ahead.py",
    "pages/intervals.py",
    "pages/residuals.py",
    "pages/sensitivity.py",
    "pages/gates.py",
    "pages/what_if.py",
)


@pytest.fixture
def trained(store: SqlStore) -> Run:
    """A run that kept every one of its epochs."""
    series = load_source(SUNSPOTS, lambda sha256: b"")
    return finish_run(store, series, default_preparation(series), n_epochs=N_EPOCHS)


@pytest.fixture
def at(app: AppTest, trained: Run) -> AppTest:
    """The app with that run selected."""
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=trained.run_id)
    return app.run()


@pytest.fixture
def machine(at: AppTest) -> AppTest:
    """The page itself, at the best epoch."""
    at.switch_page(PAGE).run()
    assert not at.exception
    return at


def go(at: AppTest, epoch: int) -> AppTest:
    at.select_slider(key="epoch").set_value(epoch).run()
    assert not at.exception
    return at


def charts(at: AppTest) -> dict[str, dict]:
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def said(at: AppTest) -> str:
    return " ".join(box.value for kind in (at.success, at.warning, at.info, at.error) for box in kind)


def numbers(axis: dict | list) -> np.ndarray:
    if isinstance(axis, list):
        return np.array(axis, dtype=float)
    return np.frombuffer(base64.b64decode(axis["bdata"]), dtype=axis["dtype"])


def error_at(store: SqlStore, run: Run, epoch: int) -> float:
    """Mean absolute error on the test part with the weights that were stored for an epoch."""
    prepared = prepare(store.load_series("local", run.spec.series_fingerprint), run.spec.preparation)
    kept = Snapshots.from_arrays(arrays_from_bytes(store.load_artifact("local", run.run_id, "snapshots")))
    predict = partial(forward, run.spec.network, kept.at(epoch))
    return score(forecast(predict, prepared, part="test", label="LSTM"), naive_error=0.0).mae


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_a_run_that_kept_no_weights_offers_to_be_trained_again(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert "best epoch alone" in at.info[0].value
    at.button(key="train_again").click().run()
    assert not at.exception
    assert at.title[0].value == "Training"


def test_it_opens_at_the_best_epoch_with_the_error_of_the_run(machine, trained):
    assert trained.state.best_epoch == BEST
    mae = trained.state.finished.scores["lstm"]["mae"]
    assert f"At its best epoch, {BEST}" in said(machine)
    assert present.number(mae, "sunspots") in said(machine)
    assert f"From epoch {BEST + 1} on the network overfits" in said(machine)
    assert machine.select_slider(key="epoch").value == BEST


def test_the_slider_replays_the_weights_of_that_epoch(machine, store, trained):
    before = charts(machine)
    go(machine, EARLY)
    mae, best = error_at(store, trained, EARLY), trained.state.finished.scores["lstm"]["mae"]
    assert f"At epoch {EARLY} the mean absolute error on the test part was {present.number(mae)}" in said(
        machine
    )
    assert present.number(best) in said(machine)
    after = charts(machine)
    chosen = next(
        one for one in after["time_forecast_chart"]["data"] if one["name"] == f"LSTM at epoch {EARLY}"
    )
    actual = next(one for one in after["time_forecast_chart"]["data"] if one["name"] == "Actual")
    off = np.abs(numbers(chosen["y"]) - numbers(actual["y"])).mean()
    assert off == pytest.approx(mae, rel=1e-12)
    for key in ("time_forecast_chart", "time_pull_chart", "time_loss_chart", "time_error_chart"):
        assert before[key] != after[key], key


def test_no_axis_moves_with_the_epoch(machine):
    def axes() -> dict[str, tuple]:
        found = {}
        for key, figure in charts(machine).items():
            layout = figure["layout"]
            found[key] = tuple(layout[axis].get("range") for axis in layout if axis.startswith("yaxis"))
            found[key] += tuple((one.get("zmin"), one.get("zmax")) for one in figure["data"])
        return found

    machine.selectbox(key="time_gate_lstm").set_value("cell").run()
    go(machine, 1)
    first = axes()
    del (
        first["time_forecast_chart"],
        first["time_loss_chart"],
    )  # compared below and fixed by the losses themselves
    ranges = charts(machine)["time_forecast_chart"]["layout"]
    go(machine, N_EPOCHS)
    last = axes()
    assert first == {key: last[key] for key in first}
    for axis in ("yaxis", "yaxis2"):
        assert charts(machine)["time_forecast_chart"]["layout"][axis]["range"] == ranges[axis]["range"]


def test_every_kept_epoch_fits_its_axes(machine):
    machine.segmented_control(key="time_part").set_value("train").run()
    for epoch in (1, BEST, N_EPOCHS):
        figure = charts(go(machine, epoch))["time_forecast_chart"]
        for trace in figure["data"]:
            low, high = figure["layout"]["yaxis2" if trace.get("yaxis") == "y2" else "yaxis"]["range"]
            assert low <= numbers(trace["y"]).min()
            assert numbers(trace["y"]).max() <= high


def test_buttons_walk_over_the_kept_epochs(machine):
    assert machine.button(key="epoch_best").disabled
    machine.button(key="epoch_previous").click().run()
    assert machine.select_slider(key="epoch").value == BEST - 1
    machine.button(key="epoch_next").click().run()
    assert machine.session_state["_journey"].epoch is None  # the best epoch needs no name
    go(machine, 1)
    assert machine.button(key="epoch_previous").disabled
    machine.button(key="epoch_best").click().run()
    assert machine.select_slider(key="epoch").value == BEST
    assert not machine.exception


def test_errors_by_epoch_are_those_of_the_stored_weights(machine, store, trained):
    drawn = next(one for one in charts(machine)["time_error_chart"]["data"] if one["name"] == "test")
    for epoch in (1, EARLY, BEST, N_EPOCHS):
        assert numbers(drawn["y"])[epoch - 1] == pytest.approx(error_at(store, trained, epoch), rel=1e-12)
    assert "must not" in " ".join(one.value for one in machine.caption)


@pytest.mark.parametrize("path", HONOURING)
def test_the_other_pages_show_the_chosen_epoch(machine, path):
    at_best = charts(machine.switch_page(path).run())
    assert "epoch 4" not in " ".join(one.value for one in machine.markdown)
    machine.switch_page(PAGE).run()
    go(machine, EARLY)
    machine.switch_page(path).run()
    assert not machine.exception
    told = " ".join(one.value for one in machine.markdown)
    assert f"Looking at **epoch {EARLY}** of {N_EPOCHS}; the best is {BEST}" in told
    bar = f"epoch_{path.removeprefix('pages/').removesuffix('.py')}"
    assert machine.select_slider(key=bar).value == EARLY
    machine.select_slider(key=bar).set_value(EARLY + 1).run()
    assert not machine.exception
    assert f"Looking at **epoch {EARLY + 1}**" in " ".join(one.value for one in machine.markdown)
    changed = charts(machine)
    assert any(changed[key] != at_best[key] for key in at_best)
    machine.button(key="epoch_reset").click().run()
    assert not machine.exception
    assert charts(machine) == at_best


def test_the_score_board_is_that_of_the_chosen_epoch(machine, store, trained):
    go(machine, EARLY)
    machine.switch_page("pages/forecast.py").run()
    table = machine.dataframe[0].value.set_index("Forecast")
    assert table.loc["LSTM", "MAE"] == present.number(error_at(store, trained, EARLY))


def test_keras_is_compared_at_the_best_epoch_alone(machine):
    go(machine, EARLY)
    machine.switch_page("pages/gates.py").run()
    assert not machine.exception
    assert "equals Keras" in said(machine)
    assert f"is the forecast at the best epoch, {BEST}:" in " ".join(one.value for one in machine.caption)


def test_a_link_restores_the_epoch_and_nonsense_does_not_break(app, trained):
    app.query_params["run"] = trained.run_id
    app.query_params["epoch"] = str(EARLY)
    app.run()
    app.switch_page("pages/forecast.py").run()
    assert not app.exception
    assert f"Looking at **epoch {EARLY}**" in " ".join(one.value for one in app.markdown)
    assert app.query_params["epoch"] == str(EARLY)


@pytest.mark.parametrize("text", ["-1", "ten", "", "99999999999999999999", "1e3"])
def test_an_epoch_that_is_none_is_the_best(app, trained, text):
    app.query_params["run"] = trained.run_id
    app.query_params["epoch"] = text
    app.run()
    app.switch_page("pages/forecast.py").run()
    assert not app.exception
    assert "Looking at" not in " ".join(one.value for one in app.markdown)
    assert "epoch" not in app.query_params


def test_an_epoch_beyond_the_last_is_the_last(app, trained):
    app.query_params["run"] = trained.run_id
    app.query_params["epoch"] = "500"
    app.run()
    app.switch_page("pages/forecast.py").run()
    told = " ".join(one.value for one in app.markdown)
    assert f"epoch {N_EPOCHS}" in told
    assert "Epoch 500 was not kept" in told


def test_another_run_starts_at_its_own_best_epoch(machine, finished_run):
    go(machine, EARLY)
    machine.selectbox(key="run").set_value(finished_run.run_id).run()
    assert not machine.exception
    assert machine.session_state["_journey"].epoch is None
    assert "best epoch alone" in machine.info[0].value


def test_a_run_without_kept_weights_says_that_the_epoch_cannot_be_shown(app, finished_run):
    app.query_params["run"] = finished_run.run_id
    app.query_params["epoch"] = "1"
    app.run()
    app.switch_page("pages/forecast.py").run()
    assert not app.exception
    assert "epoch 1 cannot be shown" in said(app)


def test_weights_of_the_best_epoch_are_those_of_the_run(store, trained):
    artifacts = {
        name: arrays_from_bytes(store.load_artifact("local", trained.run_id, name))
        for name in ("weights", "snapshots")
    }
    kept = Snapshots.from_arrays(artifacts["snapshots"]).at(BEST).to_arrays()
    for name, array in Weights.from_arrays(artifacts["weights"]).to_arrays().items():
        np.testing.assert_array_equal(kept[name], array)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_the_page_answers_for_runs_at_the_edge_of_what_can_be_trained(app, store, make):
    run = finish_run(store, *make(), n_epochs=6)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    app.run().switch_page(PAGE).run()
    go(app, 1)
    assert "At epoch 1" in said(app) or "At its best epoch, 1" in said(app)
    assert set(charts(app)) == {
        f"time_{name}_chart" for name in ("loss", "error", "forecast", "pull", "gate")
    }
    app.selectbox(key="time_gate_lstm").set_value("cell").run()
    go(app, 6)


@pytest.mark.parametrize(("cell", "n_parts"), [("gru", 4), ("rnn", 1)])
def test_every_cell_and_both_directions_can_be_looked_into(app, store, cell, n_parts):
    layers = (LayerSpec(units=4), LayerSpec(cell=cell, units=5, bidirectional=True, activation="relu"))
    network = NetworkSpec(layers=layers, attention="dot")
    series = load_source(SUNSPOTS, lambda sha256: b"")
    preparation = default_preparation(series)
    weights = random_weights(network, prepare(series, preparation))
    run = finish_run(store, series, preparation, network=network, weights=weights, n_epochs=5)
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=run.run_id)
    app.run().switch_page(PAGE).run()
    app.selectbox(key="time_layer").set_value(1).run()
    forward_way = charts(app)["time_gate_chart"]["data"][1]
    app.selectbox(key="time_direction").set_value(True).run()
    assert not app.exception
    assert charts(app)["time_gate_chart"]["data"][1] != forward_way
    gates = app.selectbox(key=f"time_gate_{cell}")
    assert len(gates.options) == n_parts
    gates.set_value("hidden").run()
    assert not app.exception
    assert charts(app)["time_gate_chart"]["data"][1]["zmax"] > 0


def test_another_run_with_fewer_windows_can_be_opened_on_the_page(app, store):
    long, short = (finish_run(store, *make(), n_epochs=6) for make in (zoned_hours, shortest))
    app.session_state["_journey"] = Journey(selected_run=long.run_id)
    app.run().switch_page(PAGE).run()
    app.slider(key="time_window").set_value(40).run()
    app.slider(key="time_step").set_value(30).run()
    app.selectbox(key="run").set_value(short.run_id).run()
    assert not app.exception
    assert {slider.key for slider in app.slider}.isdisjoint({"time_step"})
