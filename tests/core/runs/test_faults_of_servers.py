"""Faults of RELIABILITY: servers that die, with real processes that do not need TensorFlow."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from lstm_core.runs.presence import Presence
from lstm_core.runs.queue import RunQueue
from lstm_core.settings import Settings
from lstm_core.training.events import Status, Wish
from tests.core.runs.workers import PROGRAM, ROOT, started, until

SERVER = """
import sys, time
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.settings import Settings

store = SqlStore(sys.argv[1])
program = Program(warm_up="tests.core.runs.executables.no_warm_up", execute="tests.core.runs.executables.execute")
queue = RunQueue(store, Settings(store_url=store.url, slots=2, memory_budget_mb=512), program)
for run_id in sys.argv[2:]:
    queue.submit("ann", run_id)
time.sleep(600)
"""


@pytest.fixture
def serve(store):
    """Start servers in processes of their own; none outlives the test."""
    servers = []

    def build(run_ids):
        arguments = [sys.executable, "-c", SERVER, store.url, *run_ids]
        servers.append(subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}))
        return servers[-1]

    yield build
    for server in servers:
        server.kill()
        server.wait()


class TestServersThatDie:
    def test_fault_13_after_a_kill_every_run_is_true_and_no_worker_is_left(
        self, serve, open_queue, create, store, status, monkeypatch
    ):
        monkeypatch.setenv("LSTM_EXPLORER_SLOT_NICE", "3")  # to tell workers from other children
        running = [create("ignore"), create("ignore")]
        queued = [create("train") for _ in range(5)]
        server = serve(running + queued)
        until(lambda: [status(run_id) for run_id in running] == [Status.RUNNING] * 2)
        workers = [child for child in psutil.Process(server.pid).children() if child.nice() == 3]
        assert len(workers) == 2
        server.kill()
        server.wait()
        until(lambda: not any(_lives(worker) for worker in workers))
        assert [status(run_id) for run_id in running] == [Status.RUNNING] * 2
        open_queue(slots=2)
        until(lambda: [status(run_id) for run_id in running] == [Status.INTERRUPTED] * 2)
        until(lambda: [status(run_id) for run_id in queued] == [Status.FINISHED] * 5)

    def test_fault_13_a_paused_run_stays_paused_and_goes_on_when_asked(
        self, serve, open_queue, create, store, status
    ):
        paused = create("hold")
        store.ask("ann", paused, Wish.PAUSE)
        server = serve([paused])
        until(lambda: status(paused) is Status.PAUSED)
        server.kill()
        server.wait()
        queue = open_queue()
        until(lambda: [run.queue for run in store.open_runs()] == [None])
        assert status(paused) is Status.PAUSED
        queue.ask("ann", paused, Wish.GO)
        until(lambda: status(paused) is Status.FINISHED)

    def test_fault_14_a_lost_run_goes_on_from_its_checkpoint_as_a_child(
        self, open_queue, create, store, status
    ):
        queue = open_queue()
        run_id = started(queue, create("steer"))
        until(lambda: (store.find(run_id).checkpoint or 0) >= 3)
        queue.close()
        assert status(run_id) is Status.INTERRUPTED
        child = store.resume("ann", run_id, token="go on")
        restarted = open_queue()
        restarted.submit("ann", child.run_id)
        until(lambda: (store.find(child.run_id).checkpoint or 0) > child.checkpoint + 2)
        restarted.ask("ann", child.run_id, Wish.FINISH)
        until(lambda: status(child.run_id) is Status.FINISHED)
        epochs = [ended.epoch for ended in store.get("ann", child.run_id).state.epochs]
        assert epochs == list(range(1, len(epochs) + 1))

    def test_fault_14_a_polite_restart_interrupts_the_run_and_keeps_its_curve(
        self, open_queue, create, store, status
    ):
        queue = open_queue()
        run_id, waiting = started(queue, create("obey")), started(queue, create("train"))
        until(lambda: len(store.read_events("ann", run_id)) > 4)
        seen = len(store.get("ann", run_id).state.epochs)
        queue.close()
        run = store.get("ann", run_id)
        assert run.status is Status.INTERRUPTED
        assert len(run.state.epochs) >= seen
        assert status(waiting) is Status.QUEUED
        open_queue()
        until(lambda: status(waiting) is Status.FINISHED)

    def test_two_servers_on_one_store_leave_each_others_runs_alone(
        self, serve, open_queue, create, store, status
    ):
        theirs = create("obey")
        serve([theirs])
        until(lambda: status(theirs) is Status.RUNNING)
        queue = open_queue()
        mine = started(queue, create("train"))
        until(lambda: status(mine) is Status.FINISHED)
        queue.cancel("ann", theirs)
        until(lambda: status(theirs) is Status.CANCELLED)

    def test_a_passing_command_leaves_waiting_runs_to_the_next_server(
        self, store, create, open_queue, status
    ):
        waiting = create("train")
        store.hand_over(waiting, "dead:1:queue", held_by=None)
        passing = RunQueue(store, Settings(store_url=store.url, slots=1), PROGRAM, takes_over=False)
        time.sleep(1.0)
        assert status(waiting) is Status.QUEUED
        passing.close()
        open_queue()
        until(lambda: status(waiting) is Status.FINISHED)

    def test_a_queue_is_alive_exactly_as_long_as_its_process(self, store):
        mine, other = Presence(store.url), Presence(store.url)
        assert not mine.is_dead(other.name)
        assert not mine.is_dead(mine.name)
        other.close()
        assert mine.is_dead(other.name)
        assert mine.is_dead("never:1:there")
        mine.close()


def _lives(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
