"""Training page: plan, estimate, start once."""

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.training.events import (
    Status,
)
from lstm_core.training.plan import TrainingPlan
from tests.pages.training.page import on_page, text_of


class TestStarting:
    def test_the_cost_is_told_before_the_start(self, app):
        on_page(app)
        assert "train windows" in text_of(app)
        assert "for all 100 epochs" in text_of(app)
        assert not app.button(key="train").disabled

    def test_train_starts_a_run_with_the_choices_on_screen(self, app, store):
        on_page(app)
        app.number_input(key="epochs").set_value(7)
        app.number_input(key="patience").set_value(None)
        app.button(key="train").click().run()
        assert not app.exception
        (run,) = store.list_runs("local")
        assert (run.spec.plan.epochs, run.spec.plan.patience, run.spec.plan.seed) == (7, None, 42)
        assert app.session_state["_journey"].selected_run == run.run_id
        assert app.query_params["run"] == [run.run_id] or app.query_params["run"] == run.run_id

    def test_fault_21_a_second_click_finds_the_same_run(self, app, store):
        on_page(app)
        app.button(key="train").click().run()
        app.button(key="train").click().run()
        assert not app.exception
        assert len(store.list_runs("local")) == 1

    def test_b116_what_cannot_fit_is_refused_with_numbers(self, app):
        huge = NetworkSpec(layers=(LayerSpec(units=512),) * 3)
        on_page(app, network=huge, plan=TrainingPlan(batch_size=4096, epochs=10_000, patience=None))
        assert app.button(key="train").disabled
        assert any("at most" in box.value for box in app.error)

    def test_b117_a_batch_larger_than_the_windows_is_allowed_and_said(self, app):
        on_page(app, plan=TrainingPlan(batch_size=2048))
        assert "A batch of 2048 is larger than" in text_of(app)
        assert not app.button(key="train").disabled

    def test_a_short_training_is_told_in_grey_that_it_never_stops_early(self, app):
        on_page(app, plan=TrainingPlan(epochs=10))
        assert not app.warning
        assert any("never stops early" in caption.value for caption in app.caption)

    def test_the_button_teaches_what_training_does(self, app):
        on_page(app)
        assert "gradient" in app.button(key="train").help

    def test_momentum_is_asked_for_sgd_only(self, app):
        on_page(app)
        assert "momentum" not in [widget.key for widget in app.number_input]
        app.selectbox(key="optimizer").set_value("sgd").run()
        assert app.number_input(key="momentum").value == 0.9
        assert app.session_state["_journey"].plan.optimizer == "sgd"

    def test_a_quantile_is_asked_for_pinball_only(self, app):
        on_page(app)
        assert "quantile" not in [widget.key for widget in app.number_input]
        app.selectbox(key="loss").set_value("pinball").run()
        app.number_input(key="quantile").set_value(0.9).run()
        assert not app.exception
        assert app.session_state["_journey"].plan.quantile == 0.9

    def test_the_choices_outlive_the_page(self, app):
        on_page(app)
        app.number_input(key="batch_size").set_value(64).run()
        app.switch_page("pages/start.py").run().switch_page("pages/training.py").run()
        assert app.number_input(key="batch_size").value == 64

    def test_without_a_series_the_page_says_so(self, app):
        app.run().switch_page("pages/training.py").run()
        assert not app.exception
        assert app.button(key="empty_sample")


def test_a_new_run_is_held_by_the_queue_of_the_server(app, store):
    on_page(app)
    app.button(key="train").click().run()
    (run,) = store.list_runs("local")
    assert run.status in (Status.QUEUED, Status.STARTING)
