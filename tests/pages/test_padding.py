"""Padding and masking in the real app: two switches, their warnings, and everything that follows from them."""

import base64
import json

import numpy as np
import pandas as pd
import pytest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.padding import PAD_VALUE
from lstm_core.preparation.scaling import ScalingSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series
from pages._shell.state import Journey, from_address, to_address
from tests.pages.finished import finish_run
from tests.pages.networks import random_weights


@pytest.fixture
def windows(app_with_sample):
    """The Windows page on the sunspots: 309 rows, 216 train."""
    return app_with_sample.switch_page("pages/windows.py").run()


def journey(app) -> Journey:
    return app.session_state["_journey"]


def box(at, key: str) -> str:
    found = [one for one in at.get("flex_container") if one.proto.id.endswith(f"-{key}")]
    return " ".join(warning.value for one in found for warning in one.get("warning"))


def decoded(axis: dict | list) -> np.ndarray:
    return (
        np.array(axis)
        if isinstance(axis, list)
        else np.frombuffer(base64.b64decode(axis["bdata"]), axis["dtype"])
    )


def captions(at) -> str:
    return " ".join(caption.value for caption in at.caption)


def test_a10_the_switch_pads_the_first_windows_and_every_count_follows(windows):
    windows.toggle(key="window_padding").set_value(True).run()
    assert not windows.exception
    assert journey(windows).preparation.window.padding
    train, validation, _ = windows.dataframe[0].value.to_dict("records")
    assert train["Inputs (samples, steps, features)"] == "(215, 24, 1)"
    assert train["How many"] == "216 − 24 − 1 + 1 + 23 = 215"
    assert validation["How many"] == "31 − 1 + 1 = 31"
    assert "Padding adds 23" in captions(windows)
    windows.number_input(key="stride").set_value(4).run()
    assert windows.dataframe[0].value.to_dict("records")[0]["How many"] == (
        "⌊(216 − 24 − 1) / 4⌋ + 1 + ⌊(24 − 1) / 4⌋ = 53"
    )


def test_f25_a_padded_window_shows_its_rows_and_says_how_many_steps_are_padded(windows):
    windows.toggle(key="window_padding").set_value(True).run()
    windows.slider(key="window_at").set_value(1).run()
    assert not windows.exception
    assert "reads 23 padded steps (−10), then 1700 and is asked for 1701." in captions(windows)
    windows.slider(key="window_at").set_value(23).run()
    assert "reads 1 padded step (−10), then 1700 to 1722 and is asked for 1723." in captions(windows)
    drawn = [json.loads(chart.proto.spec) for chart in windows.get("plotly_chart")]
    read = next(trace["y"] for trace in drawn[1]["data"] if "y" in trace)
    assert np.min(decoded(read)) >= 0  # no padding among the sunspots
    windows.slider(key="window_at").set_value(24).run()
    assert "padded" not in captions(windows).split("a train window")[1].split(" is asked")[0]


def test_f34_the_warnings_stand_beside_the_two_switches(windows):
    assert box(windows, "padding_box") == ""
    windows.toggle(key="window_padding").set_value(True).run()
    assert "takes the −10 in 23 padded windows for data" in box(windows, "padding_box")
    assert "the reason stands beside its switch" in windows.warning[0].value
    network = windows.switch_page("pages/network.py").run()
    assert "takes the −10 in 23 padded windows for data" in box(network, "in_front")
    network.toggle(key="masking").set_value(True).run()
    assert not network.exception
    assert box(network, "in_front") == ""
    assert journey(network).network.masking
    rows = {row.Layer: row for row in network.dataframe[0].value.itertuples()}
    assert rows["Masking"].Parameters == "0"
    assert "−10" in rows["Masking"].Formula
    assert rows["Total"].Parameters == "10\u202f451"
    assert "Masking: skips" in network.get("plotly_chart")[0].proto.spec
    network.session_state["code"] = True
    network.run()
    assert "'mask_value': -10.0" in network.code[0].value
    windows = network.switch_page("pages/windows.py").run()
    assert box(windows, "padding_box") == ""
    windows.toggle(key="window_padding").set_value(False).run()
    network = windows.switch_page("pages/network.py").run()
    assert "nothing to skip" in box(network, "in_front")


def test_old_links_open_unchanged_and_new_ones_carry_both_switches():
    old = to_address(Journey())
    assert from_address(old) == Journey()
    both = Journey(network=NetworkSpec(masking=True))
    assert from_address(to_address(both)) == both
    assert "padding" not in WindowSpec().model_dump_json(exclude_defaults=True)


def degrees() -> Series:
    """Temperatures that are not scaled; the test part holds the mask value, also where a window ends."""
    values = np.round(10 * np.sin(np.arange(150) / 5) + np.random.default_rng(1).normal(size=150), 1)
    values[[130, 140, 147]] = PAD_VALUE
    return Series(values=values[:, None], index=pd.RangeIndex(150), columns=("y",), name="degrees")


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_every_page_answers_for_a_padded_and_masked_run(app, store_url, cell):
    series = degrees()
    window = WindowSpec(length=12, horizon=2, padding=True)
    preparation = PreparationSpec(target="y", window=window, scaling=ScalingSpec(kind="none"))
    layers = (LayerSpec(cell=cell, units=4), LayerSpec(cell=cell, units=3, bidirectional=True))
    network = NetworkSpec(layers=layers, attention="dot", masking=True)
    weights = random_weights(network, prepare(series, preparation))
    run = finish_run(SqlStore(store_url), series, preparation, network=network, weights=weights, n_epochs=6)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run()
    for page in (
        "forecast",
        "ahead",
        "intervals",
        "residuals",
        "sensitivity",
        "explanation",
        "what_if",
        "memory",
        "backtest",
        "doctor",
        "time_machine",
        "gates",
    ):
        at = at.switch_page(f"pages/{page}.py").run()
        assert not at.exception, page
    told = captions(at)
    assert "2 steps are skipped by the masking" in told
    assert any("skipped" in chart.proto.spec for chart in at.get("plotly_chart"))
    assert any(
        "This step is skipped" in one.value for one in at.info
    )  # the newest step, where the slider stands
    assert not at.latex
    at.slider(key="gates_step").set_value(11).run()
    assert not at.exception
    assert at.latex
    at = at.switch_page("pages/time_machine.py").run()
    at.segmented_control(key="time_part").set_value("train").run()
    assert not at.exception
    assert len(at.get("plotly_chart")) >= 3


def test_the_forecast_page_draws_the_padded_windows_of_the_train_part(app, store_url):
    series = degrees()
    preparation = PreparationSpec(target="y", window=WindowSpec(length=12, padding=True))
    run = finish_run(SqlStore(store_url), series, preparation)
    app.session_state["_journey"] = Journey(selected_run=run.run_id)
    at = app.run().switch_page("pages/forecast.py").run()
    assert not at.exception
    drawn = json.loads(at.get("plotly_chart")[0].proto.spec)["data"]
    first = [min(decoded(trace["x"])) for trace in drawn if "LSTM" in trace.get("name", "")]
    assert min(first) == 1  # row 0 alone is enough to forecast row 1
