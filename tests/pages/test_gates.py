"""The gates page: windows and steps can be walked, every shown gate lies inside (0, 1), Keras is the witness."""

import base64
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.spec import DenseSpec, LayerSpec, NetworkSpec
from lstm_core.network.trace import trace_gates
from lstm_core.network.weights import Weights
from lstm_core.preparation.defaults import default_preparation
from lstm_core.preparation.windows import prepare
from lstm_core.runs.artifacts import arrays_from_bytes, arrays_to_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.source import load_source
from pages._shell.state import Journey
from tests.pages.conftest import SUNSPOTS
from tests.pages.finished import UNITS, finish_run
from tests.pages.networks import random_weights


@pytest.fixture
def opened(app_with_run: AppTest) -> AppTest:
    at = app_with_run.switch_page("pages/gates.py").run()
    assert not at.exception
    return at


def figure(at: AppTest, number: int) -> dict:
    """Charts in reading order: 0 gates, 1 cell, 2 unit."""
    return json.loads(at.get("plotly_chart")[number].proto.spec)


def maps(at: AppTest) -> list[dict]:
    return [data for data in figure(at, 0)["data"] if data["type"] == "heatmap"]


def words(at: AppTest) -> str:
    return " ".join(one.value for kind in ("info", "success", "warning", "caption") for one in at.get(kind))


def formulas(at: AppTest) -> list[str]:
    return [text.value.strip("$\n") for text in at.latex]


def numbers(axis: dict | list) -> np.ndarray:
    if isinstance(axis, list):
        return np.array(axis, dtype=float)
    flat = np.frombuffer(base64.b64decode(axis["bdata"]), dtype=axis["dtype"])
    return flat.reshape([int(size) for size in axis["shape"].split(",")]) if "shape" in axis else flat


def test_six_heat_maps_stand_aligned_under_the_series(opened):
    traces = figure(opened, 0)["data"]
    assert [trace["type"] for trace in traces] == ["scatter"] + ["heatmap"] * 6 + ["scatter"] * 6
    assert all(trace["x"] == traces[0]["x"] for trace in traces)
    assert "half-life" in words(opened)


def test_the_numbers_are_those_of_the_stored_run(opened, finished_run, store_url):
    store = SqlStore(store_url)
    weights = Weights.from_arrays(
        arrays_from_bytes(store.load_artifact("local", finished_run.run_id, "weights"))
    )
    prepared = prepare(
        store.load_series("local", finished_run.spec.series_fingerprint), finished_run.spec.preparation
    )
    opened.selectbox(key="gates_order").set_value("number").run()
    opened.slider(key="gates_window").set_value(3).run()
    trace = trace_gates(finished_run.spec.network, weights, prepared.test.inputs[2], layer=0)
    shown = numbers(figure(opened, 0)["data"][2]["z"])
    np.testing.assert_allclose(shown, trace.parts["forget"].T, atol=1e-6)
    assert ((shown > 0) & (shown < 1)).all()


def test_walking_over_windows_steps_and_units(opened):
    before = figure(opened, 0)["data"][0]["x"]
    opened.slider(key="gates_window").set_value(1).run()
    opened.slider(key="gates_step").set_value(1).run()
    assert not opened.exception
    assert figure(opened, 0)["data"][0]["x"] != before
    assert "Test window 1 of" in words(opened)
    opened.selectbox(key="gates_unit_0").set_value(UNITS - 1).run()
    assert not opened.exception
    # at the first step there is no memory yet
    cell_state = next(text for text in formulas(opened) if "C_t &= " in text)
    assert r"\cdot 0\\" in cell_state


def test_f62_the_pointer_reads_the_equation_of_the_chosen_unit_at_every_step(opened):
    opened.selectbox(key="gates_unit_0").set_value(4).run()
    opened.slider(key="gates_step").set_value(7).run()
    points = figure(opened, 0)["data"][7:]
    forget = next(text for text in formulas(opened) if text.startswith("f_t = ") and "W_f" not in text)
    value = forget.rsplit(" = ", 1)[1]
    assert points[1]["text"][6].startswith("step 7, chosen unit 5: f = σ(")
    assert points[1]["text"][6].split("<br>")[0].endswith(f" = {float(value):.3g}")


def test_units_can_be_sorted(opened):
    for order in ("forget", "variation", "number"):
        opened.selectbox(key="gates_order").set_value(order).run()
        assert not opened.exception
    assert figure(opened, 0)["data"][1]["y"] == [str(unit) for unit in range(1, UNITS + 1)]


def test_six_equations_with_numbers_inside_their_range(opened):
    told = formulas(opened)
    assert len(told) == 12
    assert told[0] == r"f_t = \sigma(W_f\,[h_{t-1}, x_t] + b_f)"
    for letter in "fio":
        shown = next(text for text in told if re.match(rf"{letter}_t = \\sigma\(.*\) = ", text))
        value = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", shown.rsplit(" = ", 1)[1])
        assert 0 < float(value) < 1


def test_f65_the_page_names_the_largest_difference_to_keras(opened):
    assert "equals Keras: largest difference" in opened.success[0].value
    assert "on this one" in opened.success[0].value


def test_the_example_of_the_document_is_told(opened):
    told = " ".join(text.value for text in opened.markdown)
    assert all(word in told for word in ("cats", "dogs", "loyal", "near 0 forgets, near 1 keeps"))


def test_without_a_run_the_page_says_what_is_missing(app_with_sample):
    at = app_with_sample.switch_page("pages/gates.py").run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_a_forecast_that_differs_from_keras_is_said_and_measured(
    app_with_run: AppTest, finished_run: Run, store_url: str
) -> None:
    store = SqlStore(store_url)
    key = (finished_run.owner, finished_run.run_id, "test_predictions")
    keras = arrays_from_bytes(store.load_artifact(*key))["keras"]
    store.save_artifact(*key, arrays_to_bytes({"keras": keras + np.float32(0.25)}))
    at = app_with_run.switch_page("pages/gates.py").run()
    assert not at.exception
    said = " ".join(box.value for box in at.warning)
    assert "differs from Keras" in said
    assert "2.5e-01 on this one" in said
    assert "relu" not in said  # the network has none to blame


KINDS = {
    "lstm": NetworkSpec(layers=(LayerSpec(units=5, bidirectional=True, normalization="batch"),)),
    "gru": NetworkSpec(
        layers=(LayerSpec(units=4), LayerSpec(cell="gru", units=5, bidirectional=True)),
        attention="additive",
        dense=(DenseSpec(units=3),),
    ),
    "rnn": NetworkSpec(layers=(LayerSpec(cell="rnn", units=5, normalization="layer"),), attention="dot"),
}


def open_network(app: AppTest, store_url: str, network: NetworkSpec, *, n_epochs: int = 0) -> AppTest:
    """The gates page on a finished run of such a network, with random weights."""
    series = load_source(SUNSPOTS, lambda sha256: b"")
    preparation = default_preparation(series)
    weights = random_weights(network, prepare(series, preparation))
    run = finish_run(
        SqlStore(store_url), series, preparation, network=network, weights=weights, n_epochs=n_epochs
    )
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=run.run_id)
    at = app.run().switch_page("pages/gates.py").run()
    assert not at.exception
    return at


@pytest.mark.parametrize("kind", KINDS)
def test_f62_the_pointer_names_the_unit_under_it_in_every_cell_and_direction(app, store_url, kind):
    at = open_network(app, store_url, KINDS[kind])
    layer = len(KINDS[kind].layers) - 1
    if layer:
        at.selectbox(key="gates_layer").set_value(layer).run()
    said = {
        "lstm": "Forget gate f = %{z:.3~g}",
        "gru": "Update gate z = %{z:.3~g}",
        "rnn": "Hidden state h = %{z:.3~g}",
    }
    for way in ("forwards", "backwards") if KINDS[kind].layers[layer].bidirectional else ("forwards",):
        if way == "backwards":
            at.segmented_control(key=f"gates_reads_{layer}").set_value(way).run()
        labels = [one["hovertemplate"] for one in maps(at)]
        assert all(one.startswith("unit %{y}: ") for one in labels)
        assert any(one.endswith(f"{said[kind]}<extra></extra>") for one in labels)


def test_a_gru_has_its_own_maps_drawing_and_four_equations(app, store_url):
    at = open_network(app, store_url, KINDS["gru"])
    at.selectbox(key="gates_layer").set_value(1).run()
    assert not at.exception
    assert [data["type"] for data in figure(at, 0)["data"]][:5] == ["scatter"] + ["heatmap"] * 4
    told = formulas(at)
    assert len(told) == 8
    assert told[0] == r"z_t = \sigma(W_z\,[h_{t-1}, x_t] + b_z)"
    assert any(r"r_t \odot (U\,h_{t-1} + b_h)" in formula for formula in told)
    assert "half of their hidden state" in words(at)
    assert at.selectbox(key="gates_order_1").options[:3] == [
        "longest memory",
        "mean update gate",
        "mean reset gate",
    ]
    at.selectbox(key="gates_order_1").set_value("reset").run()
    assert not at.exception


def test_a_simple_rnn_has_one_map_one_equation_and_no_half_life(app, store_url):
    at = open_network(app, store_url, KINDS["rnn"])
    assert [data["type"] for data in figure(at, 0)["data"]] == ["scatter", "heatmap", "scatter"]
    assert len(formulas(at)) == 2
    assert "no half-life" in at.info[0].value
    assert at.selectbox(key="gates_unit_0").options[0].isdigit()
    assert "Layer normalisation acts behind this layer" in words(at)


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_both_directions_can_be_looked_at(app, store_url, kind):
    at = open_network(app, store_url, KINDS[kind])
    layer = len(KINDS[kind].layers) - 1
    if layer:
        at.selectbox(key="gates_layer").set_value(layer).run()
    hidden = numbers(maps(at)[-1]["z"])
    assert "from left to right" in words(at)
    at.segmented_control(key=f"gates_reads_{layer}").set_value("backwards").run()
    assert not at.exception
    assert "from right to left" in words(at)
    assert "the one to the right, one step later in time" in words(at)
    back = numbers(maps(at)[-1]["z"])
    assert back.shape == hidden.shape
    assert not np.allclose(np.sort(back, axis=None), np.sort(hidden, axis=None))
    # read first, so there is nothing to keep at the newest step
    state = next(
        text for text in formulas(at) if ("C_t &= " if kind == "lstm" else "h_t &= ") in text and "=" in text
    )
    assert r"\cdot 0\\" in state


@pytest.mark.parametrize("kind", ["gru", "rnn"])
def test_f66_c31_attention_stands_under_the_window_with_a_verdict(app, store_url, kind):
    at = open_network(app, store_url, KINDS[kind])
    said = " ".join(box.value for box in at.info)
    assert "3 newest steps get" in said or "almost evenly" in said
    target, bars = figure(at, 3)["data"][:2]
    assert bars["x"] == target["x"]
    shares = numbers(bars["y"])
    assert shares.sum() == pytest.approx(1, abs=1e-6)
    assert (shares > 0).all()
    told = " ".join(text.value for text in at.markdown)
    assert "A weight is not an effect" in told
    at.slider(key="gates_window").set_value(1).run()
    assert not at.exception
    assert not np.allclose(numbers(figure(at, 3)["data"][1]["y"]), shares)


def test_without_attention_nothing_is_said_about_it(opened):
    assert not any("attention" in one.value for one in opened.subheader)


@pytest.mark.parametrize("kind", KINDS)
def test_f65_every_network_is_recomputed_by_hand(app, store_url, kind):
    at = open_network(app, store_url, KINDS[kind])
    assert "equals Keras: largest difference" in at.success[0].value
    assert {
        "lstm": "last hidden state of the last layer, normalised,",
        "gru": "last dense layer",
        "rnn": "weighted by",
    }[kind] in words(at)


@pytest.mark.parametrize(
    ("kind", "started"), [("lstm", "forget gate f: started at 1"), ("rnn", "started at 0")]
)
def test_f64_weights_stand_beside_where_they_started(app, store_url, kind, started):
    at = open_network(app, store_url, KINDS[kind])
    at.session_state["weights"] = True
    at.run()
    assert not at.exception
    titles = [note["text"] for note in figure(at, 3)["layout"]["annotations"]]
    assert any(started in title for title in titles)
    at.segmented_control(key="gates_weights").set_value("recurrent").run()
    assert not at.exception
    assert "orthogonal" in words(at)


def test_another_epoch_is_still_checked_against_keras_at_the_best(app, store_url):
    series = load_source(SUNSPOTS, lambda sha256: b"")
    run = finish_run(SqlStore(store_url), series, default_preparation(series), n_epochs=6)
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=run.run_id, epoch=1)
    at = app.run().switch_page("pages/gates.py").run()
    assert not at.exception
    assert "equals Keras" in at.success[0].value
    assert f"at the best epoch, {run.state.best_epoch}" in words(at)


def test_the_code_is_that_of_the_cell_and_of_attention(app, store_url):
    at = open_network(app, store_url, KINDS["gru"])
    at.selectbox(key="gates_layer").set_value(1).run()
    at.session_state["code"] = True
    at.run()
    (code,) = at.code
    for name in ("class GruCell", "def walk", "def trace_gates", "def attend", "def attention_weights"):
        assert name in code.value


@pytest.mark.parametrize("kind", KINDS)
def test_f64_all_units_stand_beside_each_other(app, store_url, kind):
    at = open_network(app, store_url, KINDS[kind])
    keys = [chart.proto.id.rsplit("-", 1)[-1] for chart in at.get("plotly_chart")]
    gated = {"half_lives_chart", "saturation_chart"} <= set(keys)
    assert gated == (KINDS[kind].layers[0].cell != "rnn")
    assert "tracking_chart" in keys
    told = " ".join(text.value for text in at.markdown)
    assert "The state goes most with" in told or "No unit tracks one thing clearly" in told
    assert "the place in the season of" in words(at)
    if KINDS[kind].layers[0].cell == "lstm":
        at.segmented_control(key="gates_tracked_0").set_value("hidden").run()
        assert not at.exception
        assert "Correlation r of the hidden state" in words(at)
    if kind == "lstm":
        at.segmented_control(key="gates_reads_0").set_value("backwards").run()
        assert not at.exception
