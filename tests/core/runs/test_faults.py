"""Faults of RELIABILITY, by number, with real processes that do not need TensorFlow."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from lstm_core.errors import RunError
from lstm_core.runs.presence import Presence
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.settings import Settings
from lstm_core.training.events import EpochEnded, RunInterrupted, RunStarted, Status, Wish
from tests.core.runs.workers import EXECUTABLES, PROGRAM, until

ROOT = Path(__file__).parents[3]
STARTED = RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=1)


def started(queue, run_id):
    queue.submit("ann", run_id)
    return run_id


def worker_of(queue):
    return queue._benches[0].slot.pid


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

    def test_a_kill_from_outside_is_noticed_within_5_s_and_the_slot_is_free(self, open_queue, create, status):
        queue = open_queue()
        run_id = started(queue, create("obey"))
        until(lambda: status(run_id) is Status.RUNNING)
        os.kill(worker_of(queue), signal.SIGKILL)
        assert until(lambda: status(run_id) is Status.FAILED) < 5.0
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
        assert until(lambda: status(run_id) is Status.FAILED) < 6.0
        assert "No progress" in store.get("ann", run_id).state.message
        until(lambda: not worker.is_running())

    def test_fault_8_a_worker_deaf_to_cancel_and_sigterm_is_killed(self, open_queue, create, status):
        queue = open_queue()
        run_id = started(queue, create("ignore"))
        until(lambda: status(run_id) is Status.RUNNING)
        time.sleep(0.3)
        queue.cancel("ann", run_id)
        assert 2.0 < until(lambda: status(run_id) is Status.CANCELLED) < 7.0
        after = started(queue, create("train"))
        until(lambda: status(after) is Status.FINISHED)

    def test_a_worker_that_cannot_start_is_not_started_in_a_hot_loop(self, open_queue, create, store):
        queue = open_queue(Program(warm_up=f"{EXECUTABLES}.die_in_warm_up", execute=PROGRAM.execute))
        queue.warm()
        until(lambda: queue._benches[0].slot._failures == 1)
        time.sleep(1.0)
        assert queue._benches[0].slot._failures <= 2

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
        monkeypatch.setenv("LSTM_EXPLORER_SLOT_NICE", "19")  # to tell workers from other children
        running = [create("ignore"), create("ignore")]
        queued = [create("train") for _ in range(5)]
        server = serve(running + queued)
        until(lambda: [status(run_id) for run_id in running] == [Status.RUNNING] * 2)
        workers = [child for child in psutil.Process(server.pid).children() if child.nice() == 19]
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
        assert until(lambda: status(theirs) is Status.CANCELLED) < 3.0

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


class TestPages:
    def test_fault_20_a_second_look_sees_the_whole_curve(self, open_queue, create, store, status):
        queue = open_queue()
        run_id = started(queue, create("obey"))
        until(lambda: len(store.read_events("ann", run_id)) > 3)
        first_tab = store.read_events("ann", run_id)
        until(lambda: len(store.read_events("ann", run_id)) > len(first_tab) + 2)
        news = store.read_events("ann", run_id, after=first_tab[-1][0])
        reloaded = SqlStore(store.url).read_events("ann", run_id)[: len(first_tab) + len(news)]
        assert reloaded == first_tab + news

    def test_fault_21_two_clicks_with_one_token_train_once(self, open_queue, spec, series, store, status):
        queue = open_queue()
        clicks = [store.create("ann", spec, series, name="train", token="one").run_id for _ in range(2)]
        for run_id in clicks:
            queue.submit("ann", run_id)
        until(lambda: status(clicks[0]) is Status.FINISHED)
        time.sleep(0.5)
        assert len(store.list_runs("ann")) == 1
        epochs = [e for _, e in store.read_events("ann", clicks[0]) if isinstance(e, EpochEnded)]
        assert [ended.epoch for ended in epochs] == [1, 2, 3]


def _use_connection(store, found):
    try:
        with store._reading() as connection:
            connection.execute(text("SELECT 1"))
        found.put("used")
    except RuntimeError as error:
        found.put(str(error))


class TestFork:
    def test_fault_35_workers_are_fresh_interpreters(self, open_queue, create, store, status):
        pytest.importorskip("joblib")  # scikit-learn's copy of loky must not take the workers over
        queue = open_queue()
        run_id = started(queue, create("tell"))
        until(lambda: status(run_id) is Status.FINISHED)
        assert psutil.Process(worker_of(queue)).cmdline()[1:3] == ["-m", "loky.backend.popen_loky_posix"]

    def test_fault_35_a_connection_is_refused_in_another_process(self, store):
        with store._engine.connect() as connection:
            connection.info["pid"] = os.getpid() + 1
            with pytest.raises(RuntimeError, match="was opened by process"):
                connection.execute(text("SELECT 1"))

    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
    def test_fault_35_a_forked_store_opens_a_connection_of_its_own(self, store):
        store.list_runs("ann")
        context = multiprocessing.get_context("fork")
        found = context.SimpleQueue()
        child = context.Process(target=_use_connection, args=(store, found))
        child.start()
        child.join()
        assert found.get() == "used"


def kill_points(script, call, step, arguments):
    """Run a script again and again, killed at its 1st, 2nd, 3rd, ... system call of a kind, until it comes through.

    `arguments` makes what a new script is to work on; after each run the same thing is given back, to be looked at.
    """
    strace = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}"]
    for when in count(1, step):
        given = arguments(when)
        ended = subprocess.run(
            [*strace, "-e", f"inject={call}:signal=KILL:when={when}", sys.executable, "-c", script, *given],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
        )
        if ended.returncode == 1 and b"ptrace" in ended.stderr:
            pytest.skip("kill points need ptrace, which is not allowed here")
        yield given
        if ended.returncode == 0:
            break


FINISH = """
import sys
from lstm_core.runs.sql import SqlStore
from tests.core.runs.executables import FINISHED
store = SqlStore(sys.argv[1], check=False)
store.finish(sys.argv[2], FINISHED, {"weights": b"w" * 20000, "test_predictions": b"p" * 5000})
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="kill points need strace")
@pytest.mark.parametrize("call", ["fdatasync", "ftruncate", "pwrite64"])
def test_fault_4_and_5_finishing_is_all_or_nothing_at_every_system_call(tmp_path, spec, series, call):
    """The run is whole or as it was, and can still be finished."""

    def begin(when):
        store = SqlStore(f"sqlite:///{tmp_path}/{when}.sqlite3")
        run_id = store.create("ann", spec, series, name="x", token="x").run_id
        store.append(run_id, STARTED)
        return store.url, run_id

    seen = []
    for url, run_id in kill_points(FINISH, call, 1 if call != "pwrite64" else 8, begin):
        store = SqlStore(url)
        seen.append(store.get("ann", run_id).status)
        if seen[-1] is Status.FINISHED:
            assert store.load_artifact("ann", run_id, "weights") == b"w" * 20000
            assert store.load_artifact("ann", run_id, "test_predictions") == b"p" * 5000
        else:
            assert seen[-1] is Status.RUNNING
            for name in ("weights", "test_predictions"):
                with pytest.raises(RunError):
                    store.load_artifact("ann", run_id, name)
            assert store.append(run_id, EpochEnded(epoch=1, loss=1, val_loss=1, seconds=1))
    assert Status.RUNNING in seen
    assert seen[-1] is Status.FINISHED


SAVE = """
import sys
from lstm_core.runs.sql import SqlStore
from lstm_core.training.events import EpochEnded
store = SqlStore(sys.argv[1], check=False)
second = EpochEnded(epoch=2, loss=1, val_loss=1, seconds=2)
store.save_checkpoint(sys.argv[2], b"n" * 20000, second, epoch=2)
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="kill points need strace")
@pytest.mark.parametrize("call", ["fdatasync", "ftruncate", "pwrite64"])
def test_fault_4_the_checkpoint_before_is_intact_at_every_system_call(tmp_path, spec, series, call):
    """There is always one whole checkpoint, with the curve that belongs to it, to go on from."""

    def begin(when):
        store = SqlStore(f"sqlite:///{tmp_path}/{when}.sqlite3")
        run_id = store.create("ann", spec, series, name="x", token="x").run_id
        first = EpochEnded(epoch=1, loss=1, val_loss=1, seconds=1)
        store.save_checkpoint(run_id, b"o" * 20000, STARTED, first, epoch=1)
        return store.url, run_id

    seen = []
    for url, run_id in kill_points(SAVE, call, 1 if call != "pwrite64" else 8, begin):
        store = SqlStore(url)
        run = store.get("ann", run_id)
        seen.append(run.checkpoint)
        assert store.load_checkpoint(run_id) == {1: b"o", 2: b"n"}[run.checkpoint] * 20000
        assert len(run.state.epochs) == run.checkpoint
        store.append(run_id, RunInterrupted(message="gone"))
        child = store.resume("ann", run_id, token="go on")
        assert len(store.get("ann", child.run_id).state.epochs) == child.checkpoint == run.checkpoint
    assert 1 in seen
    assert seen[-1] == 2
