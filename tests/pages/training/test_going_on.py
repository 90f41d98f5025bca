"""Training page: a run that is over goes on."""

import pytest

from lstm_core.runs.store import Run
from lstm_core.training.events import (
    RunInterrupted,
)
from lstm_core.training.plan import TrainingPlan
from tests.pages.training.page import STARTED, buttons, epochs, on_page


class TestGoingOn:
    @pytest.fixture
    def lost(self, running, store) -> Run:
        """A run whose server went away after its third epoch."""
        store.save_checkpoint(running.run_id, b"after 2", epoch=2)
        store.append(running.run_id, RunInterrupted(message="The server stopped during this training."))
        return store.get("local", running.run_id)

    def test_fault_14_an_interrupted_run_offers_resume_and_its_curve_comes_along(self, app, lost, store):
        on_page(app, lost)
        assert any("the training goes on after epoch 2" in box.value for box in app.warning)
        app.button(key="go_on").click().run()
        assert not app.exception
        assert "goes on" in app.toast[0].value  # the progress may be out of sight: the list is far below it
        child = store.list_runs("local")[0]
        assert (child.parent, child.checkpoint) == (lost.run_id, 2)
        assert app.session_state["_journey"].selected_run == child.run_id
        assert [ended.epoch for ended in store.get("local", child.run_id).state.epochs] == [1, 2]
        assert len(app.get("plotly_chart")) >= 1
        assert any(f"continues {lost.name}" in caption.value for caption in app.caption)

    def test_fault_21_a_second_click_finds_the_same_child(self, app, lost, store):
        on_page(app, lost)
        app.button(key="go_on").click().run()
        app.button(key=f"open_{lost.run_id}").click().run()
        app.button(key="go_on").click().run()
        assert not app.exception
        assert len(store.list_runs("local")) == 2
        assert app.session_state["_journey"].selected_run == store.list_runs("local")[0].run_id

    def test_the_list_offers_resume_too(self, app, lost, store):
        on_page(app)
        app.button(key=f"resume_{lost.run_id}").click().run()
        assert not app.exception
        assert store.list_runs("local")[0].parent == lost.run_id

    def test_a_child_outlives_its_parent_in_the_list(self, app, lost, store):
        child = store.resume("local", lost.run_id, token="x")
        store.delete("local", lost.run_id)
        on_page(app, child)
        assert any("continues a run that was deleted" in caption.value for caption in app.caption)

    def test_without_a_checkpoint_nothing_is_offered(self, app, running, store):
        store.append(running.run_id, RunInterrupted(message="Gone."))
        on_page(app, running)
        assert buttons(app) == {}
        assert any("Train it again" in box.value for box in app.warning)

    def test_a_finished_run_is_trained_longer(self, app, finished_run, store, make):
        run = make(STARTED, *epochs(1.0, 0.5), plan=TrainingPlan(epochs=2))
        scores = finished_run.state.finished
        store.finish(run.run_id, scores, {"checkpoint": b"after 2"}, epoch=2)
        on_page(app, run)
        app.number_input(key=f"longer_{run.run_id}").set_value(50).run()
        app.button(key="longer").click().run()
        assert not app.exception
        child = store.list_runs("local")[0]
        assert (child.parent, child.spec.plan.epochs) == (run.run_id, 50)

    def test_a_run_of_the_first_version_is_not_trained_longer(self, app, finished_run):
        on_page(app, finished_run)
        assert buttons(app) == {}
