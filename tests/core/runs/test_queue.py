"""The run queue with real worker processes that do not need TensorFlow."""

import json

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.errors import RunError
from lstm_core.runs.queue import order_waiting
from lstm_core.runs.store import OpenRun
from lstm_core.training.events import Status
from tests.core.runs.workers import until


@pytest.fixture
def start(open_queue, create):
    """Submit runs to one queue with one slot."""
    queues = []

    def submit(what, owner="ann"):
        if not queues:
            queues.append(open_queue())
        run_id = create(what, owner)
        queues[0].submit(owner, run_id)
        return queues[0], run_id

    return submit


class TestTheWayOfARun:
    def test_a_run_finishes_in_a_worker(self, start, store, status):
        _, run_id = start("train")
        until(lambda: status(run_id) is Status.FINISHED)
        assert store.load_artifact("ann", run_id, "weights") == b"w"

    def test_a_worker_is_humble_and_no_copy_of_the_app(self, start, store, status, monkeypatch):
        monkeypatch.delenv("LSTM_EXPLORER_SLOT_NICE")
        _, run_id = start("tell")
        until(lambda: status(run_id) is Status.FINISHED)
        report = json.loads(store.load_artifact("ann", run_id, "report"))
        assert (report["nice"], report["oom"], report["threads"], report["core"]) == (19, 800, "2", 0)
        assert report["memory"] > 2**29
        assert report["app"] == []
        assert report["main"].startswith("loky")

    def test_waiting_runs_know_their_position(self, start, status):
        queue, first = start("obey")
        until(lambda: status(first) is Status.RUNNING)
        others = [start("train")[1] for _ in range(3)]
        until(lambda: queue.position(others[-1]) == 3)
        assert [queue.position(run_id) for run_id in [first, *others]] == [None, 1, 2, 3]
        queue.cancel("ann", first)
        until(lambda: all(status(run_id) is Status.FINISHED for run_id in others))
        assert status(first) is Status.CANCELLED

    def test_a_run_without_a_result_is_not_running_for_ever(self, start, status, store):
        _, run_id = start("nothing")
        until(lambda: status(run_id) is Status.FAILED)
        assert "without a result" in store.get("ann", run_id).state.message


class TestCancelling:
    def test_a_waiting_run_is_cancelled_at_once(self, start, status):
        queue, first = start("obey")
        second = start("train")[1]
        until(lambda: queue.position(second) == 1)
        queue.cancel("ann", second)
        until(lambda: status(second) is Status.CANCELLED)
        assert status(first) in (Status.STARTING, Status.RUNNING)

    def test_a_run_stops_by_itself_and_keeps_its_worker(self, start, status, store, monkeypatch):
        monkeypatch.setattr(
            "lstm_core.runs.bench.TERM_AFTER", 3600.0
        )  # nobody asks twice, however slow it is
        monkeypatch.setattr("lstm_core.runs.bench.KILL_AFTER", 3600.0)
        queue, run_id = start("obey")
        until(lambda: len(store.read_events("ann", run_id)) > 3)
        worker = queue._benches[0].slot.pid
        queue.cancel("ann", run_id)
        until(lambda: status(run_id) is Status.CANCELLED)
        after = start("train")[1]
        until(lambda: status(after) is Status.FINISHED)
        assert queue._benches[0].slot.pid == worker

    def test_deleting_a_running_run_stops_it(self, start, status, store):
        _, run_id = start("obey")
        until(lambda: status(run_id) is Status.RUNNING)
        store.delete("ann", run_id)
        until(lambda: status(run_id) is Status.CANCELLED)

    def test_nobody_cancels_or_submits_another_owners_run(self, start, status):
        queue, run_id = start("obey")
        with pytest.raises(RunError, match="does not exist"):
            queue.cancel("bob", run_id)
        with pytest.raises(RunError, match="does not exist"):
            queue.submit("bob", run_id)

    def test_grandchildren_end_with_the_worker(self, start, status, store):
        queue, run_id = start("spawn")
        until(lambda: len(store.read_events("ann", run_id)) > 2)
        child = psutil.Process(int(store.load_artifact("ann", run_id, "child")))
        queue.close()
        until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
        assert status(run_id) is Status.INTERRUPTED


class TestLimits:
    def test_more_waiting_runs_than_allowed_are_refused(self, open_queue, create, store):
        queue = open_queue(max_waiting_per_owner=2, max_waiting=3)
        first = create("obey")
        queue.submit("ann", first)
        until(lambda: store.find(first).status is Status.RUNNING)
        for _ in range(2):
            queue.submit("ann", create("train"))
        refused = create("train")
        with pytest.raises(RunError, match="2 of your runs wait"):
            queue.submit("ann", refused)
        assert refused not in {run.run_id for run in store.list_runs("ann")}
        queue.submit("bob", create("train", "bob"))
        with pytest.raises(RunError, match="queue is full"):
            queue.submit("cleo", create("train", "cleo"))

    def test_a_run_over_the_time_limit_fails_and_says_so(self, open_queue, create, store):
        queue = open_queue(wall_limit_seconds=1.0)
        run_id = create("ignore")
        queue.submit("ann", run_id)
        until(lambda: store.find(run_id).status is Status.FAILED)
        assert "longer than the limit" in store.get("ann", run_id).state.message


def _run(number, owner):
    return OpenRun(
        run_id=str(number), owner=owner, number=number, status=Status.QUEUED, queue="q", beat=0, stop=False
    )


@given(
    owners=st.lists(st.sampled_from("abc"), max_size=12),
    running=st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)),
)
def test_the_line_is_fair(owners, running):
    waiting = [_run(number, owner) for number, owner in enumerate(owners)]
    line = order_waiting(waiting, running)
    assert sorted(run.number for run in line) == list(range(len(owners)))
    for owner in set(owners):
        own = [run.number for run in line if run.owner == owner]
        assert own == sorted(own)
    # Round-robin: when a run goes, no other waiting owner is two turns behind its owner.
    turns = {owner: running.get(owner, 0) for owner in "abc"}
    for place, run in enumerate(line):
        for other in {later.owner for later in line[place:]}:
            assert turns[run.owner] <= turns[other]
        turns[run.owner] += 1
