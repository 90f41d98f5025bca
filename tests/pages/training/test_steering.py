"""Training page: pause, one epoch, resume, finish."""

import pytest

from lstm_core.runs.store import Run
from lstm_core.training.events import (
    RunPaused,
    Status,
    Wish,
)
from tests.pages.training.page import STARTED, buttons, on_page, progress


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
