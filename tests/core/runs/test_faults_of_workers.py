"""Faults of RELIABILITY: workers that die, with real processes that do not need TensorFlow."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from lstm_core.errors import RunError
from lstm_core.runs.slots import Program
from lstm_core.training.events import Status
from tests.core.runs.workers import EXECUTABLES, PROGRAM, started, until, worker_of


class TestWorkersThatDie:
    def test_fault_1_a_worker_killed_while_importing_fails_its_run_and_nothing_else(
        self, open_queue, create, store, status, monkeypatch
    ):
        dying = Program(warm_up=f"{EXECUTABLES}.die_once", execute=PROGRAM.execute)
        flag = Path(store.url.removeprefix("sqlite:///")).with_name("die")
        flag.touch()
        monkeypatch.setenv("DIE_ONCE", str(flag))
        queue = open_queue(dying)
        run_id = started(queue, create("train"))
        until(lambda: status(run_id) is Status.FAILED)
        assert "worker stopped (signal 9)" in store.get("ann", run_id).state.message
        after = started(queue, create("train"))
        until(lambda: status(after) is Status.FINISHED)

    def test_fault_3_the_curve_up_to_the_kill_is_kept(self, open_queue, create, store, status):
        queue = open_queue()
        run_id = started(queue, create("die"))
        until(lambda: status(run_id) is Status.FAILED)
        run = store.get("ann", run_id)
        assert len(run.state.epochs) == 5
        assert "worker stopped (signal 9)" in run.state.message
        with pytest.raises(RunError):
            store.load_artifact("ann", run_id, "weights")

    def test_a_kill_from_outside_is_noticed_and_the_slot_is_free(self, open_queue, create, store, status):
        queue = open_queue(silence_limit_seconds=3600.0)  # it is not its silence that tells
        run_id = started(queue, create("obey"))
        until(lambda: status(run_id) is Status.RUNNING)
        os.kill(worker_of(queue), signal.SIGKILL)
        until(lambda: status(run_id) is Status.FAILED)
        assert "worker stopped (signal 9)" in store.get("ann", run_id).state.message
        after = started(queue, create("train"))
        until(lambda: status(after) is Status.FINISHED)

    def test_killing_one_slot_does_not_hurt_the_other(self, open_queue, create, store, status):
        queue = open_queue(slots=2)
        victim, neighbour = started(queue, create("obey")), started(queue, create("obey"))
        until(lambda: status(victim) is status(neighbour) is Status.RUNNING)
        bench = next(bench for bench in queue._benches if bench.job.run_id == victim)
        os.kill(bench.slot.pid, signal.SIGKILL)
        until(lambda: status(victim) is Status.FAILED)
        seen = len(store.read_events("ann", neighbour))
        until(lambda: len(store.read_events("ann", neighbour)) > seen + 3)
        assert status(neighbour) is Status.RUNNING

    def test_fault_6_finished_stays_finished(self, open_queue, create, store, status):
        queue = open_queue()
        run_id = started(queue, create("die_done"))
        until(lambda: status(run_id) is Status.FINISHED)
        after = started(queue, create("train"))
        until(lambda: status(after) is Status.FINISHED)
        assert status(run_id) is Status.FINISHED
        assert store.load_artifact("ann", run_id, "weights") == b"w"

    def test_fault_7_a_stopped_worker_is_silent_and_killed(self, open_queue, create, store, status):
        queue = open_queue(silence_limit_seconds=3.0)
        run_id = started(queue, create("obey"))
        until(lambda: status(run_id) is Status.RUNNING)
        worker = psutil.Process(worker_of(queue))
        worker.suspend()
        until(lambda: status(run_id) is Status.FAILED)
        assert "No progress" in store.get("ann", run_id).state.message
        until(lambda: not worker.is_running())

    def test_fault_8_a_worker_deaf_to_cancel_and_sigterm_is_killed(self, open_queue, create, status):
        queue = open_queue()
        run_id = started(queue, create("ignore"))
        until(lambda: status(run_id) is Status.RUNNING)
        worker = psutil.Process(worker_of(queue))
        queue.cancel("ann", run_id)
        until(lambda: status(run_id) is Status.CANCELLED)
        until(lambda: not worker.is_running())
        after = started(queue, create("train"))
        until(lambda: status(after) is Status.FINISHED)

    def test_a_worker_that_cannot_start_is_not_started_in_a_hot_loop(self, open_queue, create, store):
        queue = open_queue(Program(warm_up=f"{EXECUTABLES}.die_in_warm_up", execute=PROGRAM.execute))
        slot, opened = queue._benches[0].slot, time.monotonic()
        queue.warm()
        until(lambda: slot._failures >= 2)
        # It waits 2 s after the first failure, 4 s after the second: the third cannot come sooner than in 6 s.
        n_failures = slot._failures
        assert time.monotonic() - opened >= sum(2.0**number for number in range(1, n_failures))

    def test_fault_34_no_zombies(self, open_queue, create, status):
        queue = open_queue()
        for _ in range(10):
            run_id = started(queue, create("train"))
            until(lambda run_id=run_id: status(run_id) is Status.FINISHED)
        for _ in range(3):
            run_id = started(queue, create("die"))
            until(lambda run_id=run_id: status(run_id) is Status.FAILED)
        queue.close()
        until(lambda: not [child for child in _children() if child.status() == psutil.STATUS_ZOMBIE])


def _children():
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            child.status()
        except psutil.NoSuchProcess:
            continue
        found.append(child)
    return found
