"""What people ask of a run at work."""

import pytest

from lstm_core.training.events import (
    RunPaused,
    Status,
    Wish,
)
from tests.core.runs.store.story import FINISHED, epoch


class TestWishes:
    def test_the_newest_wish_counts(self, place, work):
        run_id = work()
        for wish in (Wish.PAUSE, Wish.STEP, Wish.GO, Wish.PAUSE, Wish.GO, Wish.FINISH, Wish.CANCEL):
            place.ask("ann", run_id, wish)
            assert place.beat(run_id) is wish

    def test_a_glance_tells_what_is_wished_and_who_stands_alone(self, place, work):
        run_id = work()
        place.ask("ann", run_id, Wish.PAUSE)
        seen = []
        for let in (
            lambda: None,
            lambda: place.append(run_id, RunPaused(epoch=2)),
            lambda: place.release(run_id),
        ):
            let()
            (label,), run = place.labels("ann"), place.get("ann", run_id)
            assert (label.status, label.wish, label.alone) == (run.status, run.wish, run.alone)
            seen.append((label.status, label.wish, label.alone))
        assert seen == [
            (Status.RUNNING, Wish.PAUSE, False),
            (Status.PAUSED, Wish.PAUSE, False),
            (Status.PAUSED, Wish.PAUSE, True),
        ]

    @pytest.mark.parametrize(
        ("first", "late"),
        [
            (Wish.CANCEL, Wish.GO),
            (Wish.CANCEL, Wish.FINISH),
            (Wish.FINISH, Wish.PAUSE),
            (Wish.FINISH, Wish.GO),
        ],
    )
    def test_a_late_click_does_not_take_back_the_end(self, place, work, first, late):
        run_id = work()
        place.ask("ann", run_id, first)
        place.ask("ann", run_id, late)
        assert place.beat(run_id) is first

    def test_a_run_that_is_over_hears_no_wish(self, place, work, status):
        run_id = work()
        place.finish(run_id, FINISHED, {})
        for wish in Wish:
            place.ask("ann", run_id, wish)
        assert status(run_id) is Status.FINISHED
        assert place.beat(run_id) is Wish.CANCEL

    def test_one_epoch_is_one_epoch(self, place, work):
        run_id = work()
        place.ask("ann", run_id, Wish.STEP)
        place.append(run_id, epoch(3), RunPaused(epoch=3))
        assert place.beat(run_id) is Wish.PAUSE

    def test_a_click_on_resume_during_the_one_epoch_is_not_lost(self, place, work):
        run_id = work()
        place.ask("ann", run_id, Wish.STEP)
        place.ask("ann", run_id, Wish.GO)
        place.append(run_id, RunPaused(epoch=3))
        assert place.beat(run_id) is Wish.GO
