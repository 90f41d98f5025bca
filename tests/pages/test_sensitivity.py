"""Page 8 as a person meets it."""

import base64
import json
from types import SimpleNamespace

import numpy as np

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from pages._shell.understanding import effect_panels

PAGE = "pages/sensitivity.py"


def charts(at):
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec) for chart in at.get("plotly_chart")
    }


def numbers(coded):
    """Numbers of a trace, which plotly sends as bytes."""
    if not isinstance(coded, dict):
        return np.array(coded)
    return np.frombuffer(base64.b64decode(coded["bdata"]), dtype=coded["dtype"])


def test_without_a_run_it_says_what_is_missing(app):
    at = app.run().switch_page(PAGE).run()
    assert not at.exception
    assert "No run is selected" in at.info[0].value


def test_strongest_step_is_named_with_its_year(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    assert set(charts(at)) == {"sensitivity_chart", "sensitivity_spread_chart", "importance_chart"}
    assert "Without the past of sunspots the MAE grows" in " ".join(one.value for one in at.markdown)
    assert "moves this forecast most" in at.info[0].value
    assert "(2007\\)" in at.info[0].value  # the year before the newest forecast


def test_size_and_window_change_the_picture(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    first = charts(at)["sensitivity_chart"]["data"]
    at.slider(key="delta").set_value(2.0).run()
    assert not at.exception
    assert "2.0 standard deviations" in " ".join(one.value for one in at.caption)
    second = charts(at)["sensitivity_chart"]["data"]
    at.slider(key="sensitivity_window").set_value(30).run()
    assert not at.exception
    third = charts(at)["sensitivity_chart"]["data"]
    assert first != second != third


def test_b127_nudge_of_nothing_is_a_flat_line_and_says_so(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    at.slider(key="delta").set_value(0.0).run()
    assert not at.exception
    assert "No nudge moves this forecast" in at.info[0].value


def test_replacements_change_the_picture_and_say_what_is_put_in(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    at.selectbox(key="sensitivity_put_in").set_value("zero").run()
    assert not at.exception
    assert "carries most of this forecast" in at.info[0].value
    words = " ".join(one.value for one in at.caption)
    assert "replaced by zero" in words
    assert "lies outside" not in words  # sunspots come down to 0
    values, _, bars, _, put_in = charts(at)["sensitivity_chart"]["data"]
    assert bars["name"] == "Replaced"
    assert put_in["name"] == "Put in its place"
    assert not any(numbers(put_in["y"]))
    assert any(numbers(values["y"]))


def test_blocks_share_one_effect_and_chance_has_whiskers(app_with_run):
    at = app_with_run.switch_page(PAGE).run()
    at.selectbox(key="sensitivity_put_in").set_value("shuffled").run()
    at.slider(key="sensitivity_block").set_value(6).run()
    assert not at.exception
    bars = charts(at)["sensitivity_chart"]["data"][2]
    heights = numbers(bars["y"]).reshape(-1, 6)
    assert (heights == heights[:, :1]).all()
    assert bars["error_y"]["visible"]
    assert numbers(bars["error_y"]["array"]).max() > 0
    assert "draws" in at.info[0].value


def test_all_of_a_thousand_windows_are_nudged_and_fewer_with_a_larger_network():
    def every(units: int, n_windows: int) -> int:
        spec = PreparationSpec(target="y", features=("a", "b"), window=WindowSpec(length=48))
        network = NetworkSpec(layers=(LayerSpec(units=units),))
        run = SimpleNamespace(
            prepared=SimpleNamespace(spec=spec, test=range(n_windows)),
            run=SimpleNamespace(spec=SimpleNamespace(network=network)),
            horizon=1,
        )
        return effect_panels.every_nth(run, 2)

    assert every(50, 1_000) == 1
    assert every(1, 1_000) == 1
    assert 10 <= every(200, 1_000) <= 14
    assert 3 <= every(50, 5_000) <= 5


def test_windows_that_were_left_out_are_counted(app_with_run, monkeypatch):
    monkeypatch.setattr(effect_panels, "MOST_WINDOWS", 30)
    at = app_with_run.switch_page(PAGE).run()
    assert not at.exception
    told = [one.value for one in at.caption if "One window in" in one.value]
    assert len(told) == 2  # below the nudges, and below the shuffled columns
    assert "all of them would take long and say little more" in told[0]
