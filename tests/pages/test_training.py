"""Training page: plan, estimate, start once, follow, cancel, and the list of runs."""

import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.presence import Presence
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.source import SeriesSource, load_source
from lstm_core.training.events import (
    EpochEnded,
    RunFailed,
    RunInterrupted,
    RunPaused,
    RunStarted,
    Status,
    Wish,
)
from lstm_core.training.plan import RunSpec, TrainingPlan
from pages._shell.state import Journey

SUNSPOTS = SeriesSource(kind="sample", sample="sunspots")
STARTED = RunStarted(n_parameters=10, n_train=200, n_validation=20, n_test=60, epochs=100)


def epochs(*losses: float) -> list[EpochEnded]:
    return [
        EpochEnded(epoch=number, loss=loss, val_loss=2 * loss, seconds=0.5 * number)
        for number, loss in enumerate(losses, start=1)
    ]


@pytest.fixture(autouse=True)
def worker_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that a test starts reach a real worker, but one without TensorFlow that only waits."""
    room = "tests.core.runs.executables"
    program = Program(warm_up=f"{room}.no_warm_up", execute=f"{room}.wait")
    monkeypatch.setattr("lstm_core.runs.queue.Program", lambda: program)


@pytest.fixture
def make(store: SqlStore):
    """Put a run into the store without training it."""

    def create(*events, name: str = "made by hand", plan: TrainingPlan | None = None) -> Run:
        series = load_source(SUNSPOTS, lambda sha256: b"")
        spec = RunSpec(
            series_fingerprint=series.fingerprint,
            preparation=default_preparation(series),
            plan=plan or TrainingPlan(),
        )
        run = store.create("local", spec, series, name=name, token=name)
        store.append(run.run_id, *events)
        return store.get("local", run.run_id)

    return create


@pytest.fixture
def elsewhere(store: SqlStore):
    """A living queue of another process, so that its runs are left alone here."""
    presence = Presence(store.url)
    yield presence
    presence.close()


@pytest.fixture
def running(store: SqlStore, make, elsewhere: Presence) -> Run:
    """A run that another process is training: three epochs so far."""
    run = make()
    assert store.hand_over(run.run_id, elsewhere.name, held_by=None)
    assert store.claim(run.run_id, elsewhere.name)
    store.append(run.run_id, STARTED, *epochs(1.0, 0.5, 0.6))
    return store.get("local", run.run_id)


def on_page(app: AppTest, run: Run | None = None, **choices) -> AppTest:
    selected = None if run is None else run.run_id
    app.session_state["_journey"] = Journey(source=SUNSPOTS, selected_run=selected, **choices)
    app.run().switch_page("pages/training.py").run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    boxes = [*app.success, *app.warning, *app.error, *app.info]
    return " ".join(part.value for part in [*boxes, *app.markdown, *app.caption])


def progress(app: AppTest) -> str:
    return app.get("progress")[0].proto.text


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


def buttons(app: AppTest) -> dict[str, bool]:
    """Steering buttons on the page, by key: whether they can be pressed."""
    wanted = ("pause", "resume", "step", "finish", "cancel", "go_on", "longer")
    return {button.key: not button.disabled for button in app.button if button.key in wanted}


class TestSteering:
    @pytest.fixture
    def paused(self, running, store) -> Run:
        """The run stands still; its worker holds on to it."""
        store.ask("local", running.run_id, Wish.PAUSE)
        store.append(running.run_id, RunPaused(epoch=3))
        return store.get("local", running.run_id)

    def test_a_run_at_work_can_be_paused_stepped_and_stopped(self, app, running):
        on_page(app, running)
        assert buttons(app) == {"pause": True, "step": True, "finish": True, "cancel": True}

    def test_before_the_first_epoch_there_is_nothing_to_keep(self, app, make, store, elsewhere):
        run = make()
        store.hand_over(run.run_id, elsewhere.name, held_by=None)
        store.claim(run.run_id, elsewhere.name)
        store.append(run.run_id, STARTED)
        on_page(app, run)
        assert buttons(app) == {"pause": True, "step": True, "finish": False, "cancel": True}

    @pytest.mark.parametrize(
        ("key", "wish", "words", "after"),
        [
            (
                "pause",
                Wish.PAUSE,
                "Pausing at the end of epoch 4",
                {"resume": True, "step": True, "finish": True, "cancel": True},
            ),
            (
                "step",
                Wish.STEP,
                "One epoch: pausing at the end of epoch 4",
                {"resume": True, "step": False, "finish": True, "cancel": True},
            ),
            (
                "finish",
                Wish.FINISH,
                "Stopping; the best epoch so far is kept",
                {"resume": False, "step": False, "finish": False, "cancel": True},
            ),
            (
                "cancel",
                Wish.CANCEL,
                "Stopping",
                {"resume": False, "step": False, "finish": False, "cancel": False},
            ),
        ],
    )
    def test_a_click_is_a_wish_and_shows_at_once(self, app, running, store, key, wish, words, after):
        on_page(app, running)
        app.button(key=key).click().run()
        assert not app.exception
        assert store.beat(running.run_id) is wish
        assert progress(app) == words
        assert buttons(app) == after

    def test_a_pause_can_be_taken_back(self, app, running, store):
        on_page(app, running)
        app.button(key="pause").click().run()
        app.button(key="resume").click().run()
        assert store.beat(running.run_id) is Wish.GO
        assert progress(app).startswith("Epoch 3 of 100")

    def test_a_paused_run_says_how_long_it_keeps_its_slot(self, app, paused):
        on_page(app, paused)
        assert progress(app) == (
            "Paused after epoch 3. It keeps its slot for at most 60 s; after that it waits in the queue when you "
            "resume."
        )
        assert buttons(app) == {"resume": True, "step": True, "finish": True, "cancel": True}

    def test_a_paused_run_that_gave_its_slot_up_waits_when_resumed(self, app, paused, store):
        assert store.release(paused.run_id)
        on_page(app, paused)
        assert (
            progress(app)
            == "Paused after epoch 3. It gave its slot up: it waits in the queue when you resume."
        )
        app.button(key="resume").click().run()
        assert not app.exception
        assert store.find(paused.run_id).status in (Status.QUEUED, Status.STARTING, Status.RUNNING)

    def test_another_tab_sees_what_was_asked(self, app, running, store):
        on_page(app, running)
        store.ask("local", running.run_id, Wish.PAUSE)
        app.run()
        assert progress(app) == "Pausing at the end of epoch 4"

    def test_every_button_teaches(self, app, running, paused):
        on_page(app, paused)
        assert "sees every train window once" in app.button(key="step").help
        assert "without the pause" in app.button(key="resume").help


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


class TestTheList:
    def test_every_run_tells_its_state_and_scores(self, app, running, finished_run):
        on_page(app)
        facts = [caption.value for caption in app.caption]
        assert any("best epoch 2 · test MAE" in line and "(sunspots)" in line for line in facts)
        assert any("24 → 1 steps · 50 units" in line for line in facts)
        assert any("running" in line.value for line in app.markdown)

    def test_open_selects_the_run(self, app, running, finished_run):
        on_page(app)
        app.button(key=f"open_{finished_run.run_id}").click().run()
        assert not app.exception
        assert app.session_state["_journey"].selected_run == finished_run.run_id
        assert app.button(key="next")

    def test_rename(self, app, finished_run, store):
        on_page(app)
        app.text_input(key=f"name_{finished_run.run_id}").set_value("my first").run()
        assert not app.exception
        assert store.get("local", finished_run.run_id).name == "my first"
        assert "my first" in text_of(app)

    def test_b136_rename_to_a_taken_name_is_refused_in_words(self, app, finished_run, make, store):
        other = make(name="taken")
        on_page(app)
        app.text_input(key=f"name_{finished_run.run_id}").set_value(other.name).run()
        assert not app.exception
        assert any("has this name" in box.value for box in app.error)
        assert store.get("local", finished_run.run_id).name == finished_run.name
        assert app.text_input(key=f"name_{finished_run.run_id}").value == finished_run.name

    def test_delete_can_be_undone(self, app, finished_run, store):
        on_page(app, finished_run)
        app.button(key=f"delete_{finished_run.run_id}").click().run()
        assert not app.exception
        assert store.list_runs("local") == []
        assert app.session_state["_journey"].selected_run is None
        app.button(key="undo_delete").click().run()
        assert not app.exception
        assert [run.run_id for run in store.list_runs("local")] == [finished_run.run_id]
        assert "undo_delete" not in [button.key for button in app.button]

    def test_names_with_markup_stay_text(self, app, make):
        make(name="[link](http://evil) <img> $x$ :material/home:")
        on_page(app)
        assert any(r"\[link\]\(http" in line.value and r"\$x\$" in line.value for line in app.markdown)

    def test_a_run_deleted_in_another_tab_leaves_the_page_standing(self, app, finished_run, store):
        on_page(app, finished_run)
        store.delete("local", finished_run.run_id)
        app.run()
        assert not app.exception
        assert any("does not exist" in box.value for box in app.warning)

    def test_only_the_newest_runs_are_shown_until_asked(self, app, make):
        made = [make(name=f"run {number}") for number in range(10)]
        on_page(app)
        assert "open_" + made[0].run_id not in [button.key for button in app.button]
        app.toggle(key="all_runs").set_value(True).run()
        assert app.button(key=f"open_{made[0].run_id}")


def test_a_new_run_is_held_by_the_queue_of_the_server(app, store):
    on_page(app)
    app.button(key="train").click().run()
    (run,) = store.list_runs("local")
    assert run.status in (Status.QUEUED, Status.STARTING)
