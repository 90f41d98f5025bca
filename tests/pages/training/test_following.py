"""Training page: follow a run, and cancel it."""

from types import SimpleNamespace

import pytest

from lstm_core.preparation.defaults import default_preparation
from lstm_core.series.source import load_source
from lstm_core.training.events import (
    RunFailed,
    Wish,
)
from lstm_core.training.plan import RunSpec
from pages._shell.state import Journey
from tests.pages.training.page import STARTED, SUNSPOTS, epochs, on_page, progress, text_of


class TestFollowing:
    def test_a_running_run_shows_its_curve_and_how_far_it_is(self, app, running):
        on_page(app, running)
        assert progress(app).startswith(
            "Epoch 3 of 100 · 0.500 s per epoch · at most 48 s left · best epoch 2"
        )
        assert len(app.get("plotly_chart")) == 2
        assert not app.button(key="cancel").disabled
        assert "next" not in [button.key for button in app.button]

    def test_news_are_drawn_at_the_next_look(self, app, running, store):
        on_page(app, running)
        store.append(running.run_id, *epochs(1.0, 0.5, 0.6, 0.3)[3:])
        app.run()
        assert progress(app).startswith("Epoch 4 of 100")

    def test_a_look_sent_before_the_browser_knew_of_a_new_run_does_not_bring_the_old_one_back(
        self, app, running, make, monkeypatch
    ):
        before = make(name="before")
        on_page(app, running)
        context = SimpleNamespace(fragment_ids_this_run=["the live part of the page"])
        with monkeypatch.context() as look:
            look.setattr("pages._shell.state.get_script_run_ctx", lambda: context)
            app.selectbox(key="run").set_value(before.run_id).run()
        assert app.session_state["_journey"].selected_run == running.run_id
        app.selectbox(key="run").set_value(before.run_id).run()
        assert app.session_state["_journey"].selected_run == before.run_id

    def test_cancel_asks_the_run_to_stop(self, app, running, store):
        on_page(app, running)
        app.button(key="cancel").click().run()
        assert not app.exception
        assert store.beat(running.run_id) is Wish.CANCEL
        assert progress(app) == "Stopping"
        assert app.button(key="cancel").disabled

    def test_a_waiting_run_says_so(self, app, make, store, elsewhere):
        run = make()
        store.hand_over(run.run_id, elsewhere.name, held_by=None)
        on_page(app, run)
        assert progress(app).startswith("Starting")
        assert app.button(key="cancel")

    def test_a_finished_run_leads_to_the_forecast(self, app, finished_run):
        on_page(app, finished_run)
        assert any("mean absolute error" in box.value for box in [*app.success, *app.warning])
        assert app.button(key="next")
        assert "cancel" not in [button.key for button in app.button]

    def test_b120_a_diverged_run_says_what_to_try_and_keeps_its_curve(self, app, make):
        message = "The training diverged at epoch 3: lower the learning rate."
        run = make(STARTED, *epochs(1.0, 50.0), RunFailed(cause="diverged", message=message))
        on_page(app, run)
        assert any("diverged at epoch 3" in box.value for box in app.error)
        assert len(app.get("plotly_chart")) == 1

    @pytest.mark.parametrize("asked", ["z" * 26, "<b>x</b>", "a" * 10_000, "../../etc/passwd"])
    def test_b136_an_unknown_run_in_the_address_is_said(self, app, asked):
        app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=asked)
        app.run().switch_page("pages/training.py").run()
        assert not app.exception
        assert any("does not exist" in box.value for box in app.warning)

    def test_b136_a_run_of_somebody_else_is_not_shown(self, app, store):
        series = load_source(SUNSPOTS, lambda sha256: b"")
        spec = RunSpec(series_fingerprint=series.fingerprint, preparation=default_preparation(series))
        foreign = store.create("eve", spec, series, name="secret", token="x")
        on_page(app, foreign)
        assert any("does not exist" in box.value for box in app.warning)
        assert "secret" not in text_of(app)
