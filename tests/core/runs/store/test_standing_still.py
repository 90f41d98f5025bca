"""A run is paused, gives its slot up and is taken up again."""

from threading import Thread

import pytest

from lstm_core.training.events import (
    RunPaused,
    RunResumed,
    Status,
    Wish,
)


class TestPausing:
    @pytest.fixture
    def paused(self, place, work):
        """A run that stands still; its worker holds on to it."""
        run_id = work()
        place.ask("ann", run_id, Wish.PAUSE)
        place.append(run_id, RunPaused(epoch=2))
        return run_id

    @pytest.fixture
    def alone(self, place, paused):
        """A run that stands still without a worker."""
        assert place.release(paused)
        return paused

    def test_a_pause_and_its_end_are_told(self, place, paused, status):
        assert status(paused) is Status.PAUSED
        place.append(paused, RunResumed())
        assert status(paused) is Status.RUNNING

    def test_a_paused_run_gives_its_slot_up(self, place, alone, status):
        assert status(alone) is Status.PAUSED
        (run,) = place.open_runs()
        assert (run.queue, run.status, run.stop) == (None, Status.PAUSED, False)
        assert not place.hand_over(alone, "q2", held_by=None)

    @pytest.mark.parametrize("wish", [Wish.GO, Wish.STEP, Wish.FINISH, Wish.CANCEL])
    def test_who_comes_before_the_worker_lets_go_keeps_the_worker(self, place, paused, status, wish):
        place.ask("ann", paused, wish)
        assert not place.release(paused)
        assert (status(paused), place.open_runs()[0].queue) == (Status.PAUSED, "q1")
        assert place.beat(paused) is wish

    @pytest.mark.parametrize("wish", [Wish.GO, Wish.STEP, Wish.FINISH])
    def test_who_comes_after_it_let_go_waits_for_another(self, place, alone, status, wish):
        place.ask("ann", alone, wish)
        assert status(alone) is Status.QUEUED
        assert place.hand_over(alone, "q2", held_by=None)
        assert place.claim(alone, "q2")
        assert place.beat(alone) is wish

    def test_two_wishes_at_the_same_moment_as_the_letting_go_lose_nothing(self, place, work):
        for _ in range(5):
            run_id = work()
            place.ask("ann", run_id, Wish.PAUSE)
            place.append(run_id, RunPaused(epoch=2))
            let_go = []
            hands = [
                Thread(target=lambda run_id=run_id, let_go=let_go: let_go.append(place.release(run_id))),
                Thread(target=place.ask, args=("ann", run_id, Wish.GO)),
            ]
            for hand in hands:
                hand.start()
            for hand in hands:
                hand.join()
            (run,) = [run for run in place.open_runs() if run.run_id == run_id]
            expected = (Status.QUEUED, None) if let_go == [True] else (Status.PAUSED, "q1")
            assert (run.status, run.queue) == expected
            assert place.beat(run_id) is Wish.GO

    def test_to_pause_again_changes_nothing(self, place, alone, status):
        place.ask("ann", alone, Wish.PAUSE)
        assert status(alone) is Status.PAUSED

    def test_a_run_without_a_worker_is_cancelled_at_once(self, place, alone, status):
        place.ask("ann", alone, Wish.CANCEL)
        assert status(alone) is Status.CANCELLED

    def test_a_run_with_a_worker_is_cancelled_by_it(self, place, paused, status):
        place.ask("ann", paused, Wish.CANCEL)
        assert status(paused) is Status.PAUSED
        assert place.open_runs()[0].stop

    def test_a_run_at_work_is_not_let_go(self, place, work, status):
        run_id = work()
        assert not place.release(run_id)
        place.ask("ann", run_id, Wish.PAUSE)
        assert not place.release(run_id)
        assert status(run_id) is Status.RUNNING

    def test_a_deleted_run_is_not_let_go(self, place, paused):
        place.delete("ann", paused)
        assert not place.release(paused)

    @pytest.mark.parametrize(
        ("wish", "expected"),
        [
            (None, Status.PAUSED),
            (Wish.GO, Status.QUEUED),
            (Wish.STEP, Status.QUEUED),
            (Wish.FINISH, Status.QUEUED),
            (Wish.CANCEL, Status.CANCELLED),
        ],
    )
    def test_a_paused_run_outlives_its_worker(self, place, paused, status, wish, expected):
        if wish is not None:
            place.ask("ann", paused, wish)
        assert not place.set_down(paused, "q2")
        assert place.set_down(paused, "q1")
        assert status(paused) is expected
        assert [run.queue for run in place.open_runs()] == ([] if expected is Status.CANCELLED else [None])
        assert not place.set_down(paused, "q1")

    def test_only_a_paused_run_is_set_down(self, place, work, status):
        run_id = work()
        assert not place.set_down(run_id, "q1")
        assert status(run_id) is Status.RUNNING
