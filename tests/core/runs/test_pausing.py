"""Pausing, stepping and going on, through the queue with real processes that do not need TensorFlow."""

import pytest

from lstm_core.training.events import EpochEnded, Status, Wish
from tests.core.runs.workers import until


@pytest.fixture
def queue(open_queue):
    return open_queue()


@pytest.fixture
def submit(queue, create):
    def start(what):
        run_id = create(what)
        queue.submit("ann", run_id)
        return run_id

    return start


@pytest.fixture
def curve(store):
    return lambda run_id: [
        event.epoch for _, event in store.read_events("ann", run_id) if isinstance(event, EpochEnded)
    ]


@pytest.fixture
def alone(store, status):
    """Whether a run stands still without a worker."""

    def look(run_id):
        held = [run.queue for run in store.open_runs() if run.run_id == run_id]
        return status(run_id) is Status.PAUSED and held == [None]

    return look


class TestARunThatGivesItsSlotUp:
    def test_others_train_while_it_stands_still_and_then_it_goes_on(
        self, queue, submit, status, alone, curve
    ):
        first = submit("steer")
        until(lambda: len(curve(first)) >= 2)
        queue.ask("ann", first, Wish.PAUSE)
        until(lambda: alone(first))
        stood_at = curve(first)
        second = submit("train")
        until(lambda: status(second) is Status.FINISHED)
        assert curve(first) == stood_at
        queue.ask("ann", first, Wish.GO)
        until(lambda: len(curve(first)) > len(stood_at) + 2)
        queue.ask("ann", first, Wish.FINISH)
        until(lambda: status(first) is Status.FINISHED)
        assert curve(first) == list(range(1, len(curve(first)) + 1)), "no epoch is missing or told twice"

    def test_one_epoch_is_exactly_one_point(self, queue, submit, alone, curve):
        run_id = submit("steer")
        until(lambda: len(curve(run_id)) >= 2)
        queue.ask("ann", run_id, Wish.PAUSE)
        until(lambda: alone(run_id))
        for _ in range(2):
            before = curve(run_id)
            queue.ask("ann", run_id, Wish.STEP)
            until(lambda before=before: curve(run_id) != before and alone(run_id))
            assert curve(run_id) == [*before, len(before) + 1]

    def test_it_waits_its_turn_when_the_slot_is_taken(self, queue, submit, status, alone, curve):
        first = submit("steer")
        queue.ask("ann", first, Wish.PAUSE)
        until(lambda: alone(first))
        second = submit("obey")
        until(lambda: status(second) is Status.RUNNING)
        queue.ask("ann", first, Wish.GO)
        assert status(first) is Status.QUEUED
        until(lambda: queue.position(first) == 1)
        queue.cancel("ann", second)
        until(lambda: status(first) is Status.RUNNING)

    def test_it_is_cancelled_and_deleted_like_any_other(self, queue, submit, status, store, alone):
        runs = [submit("steer"), submit("steer")]
        for run_id in runs:
            queue.ask("ann", run_id, Wish.PAUSE)
            until(lambda run_id=run_id: alone(run_id))
        queue.cancel("ann", runs[0])
        assert status(runs[0]) is Status.CANCELLED
        store.delete("ann", runs[1])
        until(lambda: status(runs[1]) is Status.CANCELLED)


class TestARunThatHoldsItsSlot:
    def test_it_is_cancelled(self, queue, submit, status):
        run_id = submit("hold")
        queue.ask("ann", run_id, Wish.PAUSE)
        until(lambda: status(run_id) is Status.PAUSED)
        queue.cancel("ann", run_id)
        until(lambda: status(run_id).is_final)

    def test_a_paused_run_outlives_its_worker(self, queue, submit, status, alone):
        run_id = submit("die_paused")
        queue.ask("ann", run_id, Wish.PAUSE)
        until(lambda: alone(run_id))
        after = submit("train")
        until(lambda: status(after) is Status.FINISHED)
        assert alone(run_id)

    def test_fault_14_a_paused_run_outlives_a_polite_restart(
        self, queue, open_queue, submit, store, status, alone
    ):
        run_id = submit("hold")
        queue.ask("ann", run_id, Wish.PAUSE)
        until(lambda: status(run_id) is Status.PAUSED)
        queue.close()
        assert alone(run_id)
        assert store.get("ann", run_id).checkpoint == 1
        restarted = open_queue()
        restarted.ask("ann", run_id, Wish.GO)
        until(lambda: status(run_id) is Status.FINISHED)
