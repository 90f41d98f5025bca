"""Training page: the curve of a run grows in place."""

import json

from lstm_core.training.events import ExampleForecast
from tests.pages.live import live_figure, live_words
from tests.pages.training.page import epochs, on_page


def standing(app) -> dict[str, str]:
    """What Streamlit draws itself, by the id that it mounts a chart under."""
    return {one.proto.id: one.proto.spec for one in app.get("plotly_chart")}


def test_another_epoch_moves_the_curve_and_mounts_no_chart_anew(app, running, store):
    on_page(app, running)
    before = standing(app)
    assert len(before) == 2
    assert live_figure(app, "loss_chart")["data"][0]["y"] == [1.0, 0.5, 0.6]

    store.append(running.run_id, *epochs(1.0, 0.5, 0.6, 0.3)[3:])
    store.append(running.run_id, ExampleForecast(epoch=4, values=(50.0,) * 31))
    app.run()
    assert not app.exception
    assert standing(app) == before
    assert live_figure(app, "loss_chart")["data"][0]["y"] == [1.0, 0.5, 0.6, 0.3]
    assert "over 4 epochs, now 0.3 and 0.6" in live_words(app, "loss_chart")
    assert live_figure(app, "example_chart")["data"][-1]["name"] == "forecast after epoch 4"


def test_another_axis_is_another_chart(app, running):
    on_page(app, running)
    before = standing(app)
    app.toggle(key="log_loss").set_value(True).run()
    assert len(standing(app).keys() - before.keys()) == 1
    assert live_figure(app, "loss_chart")["layout"]["yaxis"]["type"] == "log"


def test_a_zoom_holds_because_nothing_but_data_and_words_differs_from_the_empty_chart(app, running):
    on_page(app, running)
    empty = next(json.loads(spec)["layout"] for name, spec in standing(app).items() if "-loss_chart" in name)
    grown = live_figure(app, "loss_chart")["layout"]
    assert grown["uirevision"] == empty["uirevision"]
    assert grown["height"] == empty["height"]
    assert grown["xaxis"] == empty["xaxis"]


def test_the_curve_of_a_run_that_is_over_is_an_ordinary_chart(app, finished_run):
    on_page(app, finished_run)
    assert not app.get("bidi_component")
    assert len(json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]["y"]) > 0
