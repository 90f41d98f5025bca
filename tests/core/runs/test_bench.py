"""One slot and its run, by a clock that is set."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from lstm_core.runs import bench
from lstm_core.runs.bench import Bench
from lstm_core.runs.slots import Slot
from lstm_core.settings import Settings
from lstm_core.training.events import RunPaused, RunResumed, RunStarted, Status, Wish
from tests.core.runs.workers import PROGRAM


class _StillSlot(Slot):
    """A slot whose worker does nothing."""

    is_warm = True

    def __init__(self):
        super().__init__(PROGRAM, Settings(memory_budget_mb=64))
        self.asked, self.killed = 0, False

    def submit(self, *_):
        return Future()

    def terminate(self):
        self.asked += 1

    def kill(self):
        self.killed = True


@pytest.fixture
def clock(monkeypatch):
    """A clock to be set."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(bench, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


def test_the_time_limit_does_not_count_the_time_it_stood_still(clock, store, spec, series, status):
    run_id = store.create("ann", spec, series, name="x", token="x").run_id
    store.hand_over(run_id, "q", held_by=None)
    place = Bench(_StillSlot(), store, Settings(wall_limit_seconds=10, silence_limit_seconds=1000), "q")
    place.start(store.open_runs()[0])

    def look(seconds):
        clock.seconds = seconds
        place.attend(store.open_runs()[0])

    store.append(run_id, RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=9))
    look(5)
    store.append(run_id, RunPaused(epoch=1))
    look(6)
    look(500)
    store.append(run_id, RunResumed())
    look(503)
    assert status(run_id) is Status.RUNNING
    look(506)
    assert status(run_id) is Status.FAILED
    assert "longer than the limit" in store.get("ann", run_id).state.message
    assert place.slot.killed


def test_a_cancelled_worker_is_asked_after_2_s_and_killed_after_5_however_long_it_worked(
    clock, store, spec, series, status
):
    run_id = store.create("ann", spec, series, name="x", token="x").run_id
    store.hand_over(run_id, "q", held_by=None)
    place = Bench(_StillSlot(), store, Settings(wall_limit_seconds=1000, silence_limit_seconds=1000), "q")
    place.start(store.open_runs()[0])
    store.append(run_id, RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=9))
    store.ask("ann", run_id, Wish.CANCEL)

    told = []
    for seconds in (100, 101.9, 102.1, 104.9, 105.1):
        clock.seconds = seconds
        place.attend(store.open_runs()[0])
        told.append((place.slot.asked, place.slot.killed))
    assert told == [(0, False), (0, False), (1, False), (1, False), (1, True)]
    assert status(run_id) is Status.CANCELLED
