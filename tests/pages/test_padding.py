"""Padding and masking in the real app: two switches, their warnings, and everything that follows from them."""

import base64
import json

import numpy as np
import pytest

from lstm_core.network.spec import NetworkSpec
from lstm_core.preparation.windows import WindowSpec
from pages._shell.state import Journey, from_address, to_address


@pytest.fixture
def windows(app_with_sample):
    """The Windows page on the sunspots: 309 rows, 216 train."""
    return app_with_sample.switch_page("pages/windows.py").run()


def journey(app) -> Journey:
    return app.session_state["_journey"]


def box(at, key: str) -> str:
    found = [one for one in at.get("flex_container") if one.proto.id.endswith(f"-{key}")]
    return " ".join(warning.value for one in found for warning in one.get("warning"))


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
    assert "reads 23 padded steps (−10), then 1700 to 1700 and is asked for 1701." in captions(windows)
    windows.slider(key="window_at").set_value(23).run()
    assert "reads 1 padded step (−10), then 1700 to 1722 and is asked for 1723." in captions(windows)
    drawn = [json.loads(chart.proto.spec) for chart in windows.get("plotly_chart")]
    read = next(trace["y"] for trace in drawn[1]["data"] if "y" in trace)
    values = np.frombuffer(base64.b64decode(read["bdata"]), read["dtype"]) if isinstance(read, dict) else read
    assert np.min(values) >= 0  # no padding among the sunspots
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
    assert rows["Total"].Parameters == "10\u2009451"
    assert "Masking" in network.get("plotly_chart")[0].proto.spec
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
