"""The gates page: windows and steps can be walked, every shown gate lies inside (0, 1), Keras is the witness."""

import base64
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.trace import trace_gates
from lstm_core.network.weights import Weights
from lstm_core.preparation.windows import prepare
from lstm_core.runs.artifacts import arrays_from_bytes, arrays_to_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from tests.pages.finished import UNITS


@pytest.fixture
def opened(app_with_run: AppTest) -> AppTest:
    at = app_with_run.switch_page("pages/gates.py").run()
    assert not at.exception
    return at


def figure(at: AppTest, number: int) -> dict:
    """Charts in reading order: 0 gates, 1 cell, 2 unit."""
    return json.loads(at.get("plotly_chart")[number].proto.spec)


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
    assert [trace["type"] for trace in traces] == ["scatter"] + ["heatmap"] * 6
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
