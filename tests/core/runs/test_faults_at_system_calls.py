"""Faults of RELIABILITY: killed at any system call, the store is whole."""

import os
import shutil
import subprocess
import sys
from itertools import count

import pytest

from lstm_core.errors import RunError
from lstm_core.runs.sql import SqlStore
from lstm_core.training.events import EpochEnded, RunInterrupted, RunStarted, Status
from tests.core.runs.workers import ROOT

STARTED = RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=1)


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
