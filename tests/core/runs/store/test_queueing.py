"""A run is held by one queue and started once."""

from lstm_core.training.events import (
    RunCancelled,
    Status,
    Wish,
)
from tests.core.runs.store.story import STARTED


class TestQueueing:
    def test_open_runs_are_those_not_over(self, place, new):
        waiting, running, over = new(), new("bob"), new()
        place.append(running.run_id, STARTED)
        place.append(over.run_id, RunCancelled())
        found = place.open_runs()
        assert [(run.run_id, run.owner, run.status) for run in found] == [
            (waiting.run_id, "ann", Status.QUEUED),
            (running.run_id, "bob", Status.RUNNING),
        ]

    def test_a_run_is_held_by_one_queue_and_started_once(self, place, new):
        run_id = new().run_id
        assert place.hand_over(run_id, "q1", held_by=None)
        assert not place.hand_over(run_id, "q2", held_by=None)
        assert not place.claim(run_id, "q2")
        assert place.claim(run_id, "q1")
        assert not place.claim(run_id, "q1")
        assert not place.hand_over(run_id, "q2", held_by="q1")
        assert place.open_runs()[0].status is Status.STARTING

    def test_a_waiting_run_of_a_dead_queue_can_be_taken_over(self, place, new):
        run_id = new().run_id
        place.hand_over(run_id, "dead", held_by=None)
        assert place.hand_over(run_id, "alive", held_by="dead")
        assert place.open_runs()[0].queue == "alive"

    def test_beats_count_and_tell_when_to_stop(self, place, new):
        run_id = new().run_id
        assert place.beat(run_id) is Wish.GO
        first = place.open_runs()[0].beat
        place.append(run_id, STARTED)
        assert place.open_runs()[0].beat > first
        place.ask("ann", run_id, Wish.CANCEL)
        assert place.beat(run_id) is Wish.CANCEL
        assert place.open_runs()[0].stop

    def test_a_beat_brings_events_along_until_the_run_is_over(self, place, new):
        run_id = new().run_id
        assert place.beat(run_id, STARTED) is Wish.GO
        assert [event for _, event in place.read_events("ann", run_id)] == [STARTED]
        place.append(run_id, RunCancelled())
        assert place.beat(run_id, STARTED) is Wish.CANCEL
        assert [event for _, event in place.read_events("ann", run_id)] == [STARTED, RunCancelled()]

    def test_deleting_a_live_run_stops_it(self, place, new):
        run_id = new().run_id
        place.delete("ann", run_id)
        assert place.beat(run_id) is Wish.CANCEL
        assert place.open_runs()[0].stop
