"""Page 2 in the real app."""

import base64
import json

import numpy as np
import pytest

from lstm_core.series.source import SeriesSource
from pages._shell.state import Journey

PAGE = "pages/patterns.py"


def opened(app, sample: str, **parameters):
    source = SeriesSource(kind="sample", sample=sample, parameters=parameters)
    app.session_state["_journey"] = Journey(source=source)
    return app.run().switch_page(PAGE).run()


def texts(app) -> str:
    boxes = [*app.success, *app.warning, *app.error, *app.info, *app.markdown]
    return "\n".join(box.value for box in boxes)


def charts(app) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def largest_x(chart: dict) -> int:
    largest = []
    for trace in chart["data"]:
        packed = trace["x"]
        largest.append(np.frombuffer(base64.b64decode(packed["bdata"]), dtype=packed["dtype"]).max())
    return int(max(largest))


def test_sunspots_have_something_to_learn(app_with_sample):
    app = app_with_sample.switch_page(PAGE).run()
    assert not app.exception
    assert "There is something to learn" in app.success[0].value
    assert "misses by 18.2 sunspots" in app.success[0].value
    assert "PACF cuts off at lag 9" in texts(app)
    assert len(charts(app)) == 3


def test_f17_the_lag_slider_moves_both_charts(app_with_sample):
    app = app_with_sample.switch_page(PAGE).run()
    assert app.slider(key="n_lags").value == 20
    app.slider(key="n_lags").set_value(40).run()
    assert not app.exception
    for chart in charts(app)[1:]:
        assert largest_x(chart) == 40
    # The choice survives leaving the page.
    app.switch_page("pages/windows.py").run().switch_page(PAGE).run()
    assert app.slider(key="n_lags").value == 40


def test_w13_the_lag_slider_ends_below_half_of_the_rows(app):
    app = opened(app, "nile")
    assert app.slider(key="n_lags").max == 49


def test_f21_the_suggestion_becomes_the_window_with_one_click(app_with_sample):
    app = app_with_sample.switch_page(PAGE).run()
    app.button(key="use_suggestion").click().run()
    assert not app.exception
    length = app.session_state["_journey"].preparation.window.length
    assert f"Suggested window: {length} rows" in texts(app)
    assert not [button for button in app.button if button.key == "use_suggestion"]
    app.switch_page("pages/windows.py").run()
    assert app.slider(key="window_length").value == length


def test_f22_a_random_walk_is_called_one(app):
    app = opened(app, "random_walk")
    assert not app.exception
    assert "Little to learn beyond repeating the last value" in app.warning[0].value
    assert "wanders or trends" in texts(app)


@pytest.mark.parametrize("sample", ["co2", "nile", "macrodata", "elnino", "sine", "trend_season", "echo"])
def test_every_sample_is_answered(app, sample):
    app = opened(app, sample)
    assert not app.exception
    assert not app.error
    assert "Suggested window" in texts(app)


def test_without_a_series_the_page_leads_to_one(app):
    app = app.run().switch_page(PAGE).run()
    assert not app.exception
    assert "There is no series yet" in app.info[0].value


def test_the_code_behind_the_page_is_shown_on_demand(app_with_sample):
    app = app_with_sample.switch_page(PAGE).run()
    assert [expander.label for expander in app.expander].count("Show the code") == 1


def test_b65_a_constant_series_is_called_one(app):
    app = opened(app, "trend_season", trend=0, amplitude=0, noise=0)
    assert not app.exception
    assert "The series never changes: nothing to learn." in app.warning[0].value
    assert "ACF and PACF are not defined" in app.warning[1].value
    assert "ADF and KPSS are not defined" in texts(app)
    assert list(app.dataframe[-1].value["p-value"]) == ["not defined", "not defined"]


def test_b59_filled_values_are_drawn(app):
    app = opened(app, "co2")
    assert not app.exception
    assert "filled (59)" in [trace["name"] for trace in charts(app)[0]["data"]]
