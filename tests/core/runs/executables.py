"""Small programs for slots: real processes, no TensorFlow. The name of a run says what it does."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

from lstm_core.runs.sql import SqlStore
from lstm_core.training.events import (
    EpochEnded,
    RunCancelled,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    Wish,
)

FINISHED = RunFinished(best_epoch=1, seconds=0.1, windows_per_second=1.0, parity=0.0, scores={})


def no_warm_up() -> None:
    """Import nothing."""


def die_in_warm_up() -> None:
    """Die like a worker the kernel killed while importing."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_once() -> None:
    """Die while importing, the first time."""
    flag = Path(os.environ["DIE_ONCE"])
    if flag.exists():
        flag.unlink()
        die_in_warm_up()


def execute(store_url: str, run_id: str) -> None:
    """Do what the run's name says."""
    store = SqlStore(store_url, check=False)
    name = store.find(run_id).name.split()[0]
    store.append(run_id, RunStarted(n_parameters=1, n_train=1, n_validation=1, n_test=1, epochs=1000))
    globals()[name](store, run_id)


def wait(store_url: str, run_id: str) -> None:
    """Live until asked to stop, whatever the run's name says."""
    obey(SqlStore(store_url, check=False), run_id)


def train(store: SqlStore, run_id: str) -> None:
    """Three quick epochs."""
    _epochs(store, run_id, 3, pause=0.0)
    store.finish(run_id, FINISHED, {"weights": b"w"})


def obey(store: SqlStore, run_id: str) -> None:
    """Train until asked to stop."""
    for number in range(1, 1000):
        _epochs(store, run_id, 1, pause=0.05, first=number)
        if store.beat(run_id) is Wish.CANCEL:
            store.append(run_id, RunCancelled())
            return


def steer(store: SqlStore, run_id: str) -> None:
    """Train as people wish, on from the last checkpoint; a paused run gives its slot up after 0.2 s."""
    done = int(store.load_checkpoint(run_id) or 0)
    while done < 1000:
        wish = store.beat(run_id)
        if wish is Wish.CANCEL:
            store.append(run_id, RunCancelled())
            return
        if wish is Wish.FINISH:
            store.finish(run_id, FINISHED, {"weights": b"w"}, epoch=done)
            return
        _epochs(store, run_id, 1, pause=0.05, first=done + 1)
        done += 1
        store.save_checkpoint(run_id, str(done).encode(), epoch=done)
        if wish in (Wish.PAUSE, Wish.STEP) and _stand_still(store, run_id, done):
            return


def die_paused(store: SqlStore, run_id: str) -> None:
    """Train one epoch, pause, and die."""
    _epochs(store, run_id, 1, pause=0.0)
    store.save_checkpoint(run_id, b"1", RunPaused(epoch=1), epoch=1)
    os.kill(os.getpid(), signal.SIGKILL)


def hold(store: SqlStore, run_id: str) -> None:
    """Train one epoch, pause, and keep the slot until the wish changes; then be done."""
    _epochs(store, run_id, 1, pause=0.0)
    store.save_checkpoint(run_id, b"1", RunPaused(epoch=1), epoch=1)
    while store.beat(run_id) is Wish.PAUSE:
        time.sleep(0.05)
    store.append(run_id, RunResumed())
    store.finish(run_id, FINISHED, {"weights": b"w"})


def ignore(store: SqlStore, run_id: str) -> None:
    """Live, but hear nothing: neither the wish to stop nor SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        store.beat(run_id)
        time.sleep(0.05)


def die(store: SqlStore, run_id: str) -> None:
    """Die by signal 9 after five epochs."""
    _epochs(store, run_id, 5, pause=0.0)
    os.kill(os.getpid(), signal.SIGKILL)


def die_done(store: SqlStore, run_id: str) -> None:
    """Finish, then die by signal 9 before the worker is back."""
    train(store, run_id)
    os.kill(os.getpid(), signal.SIGKILL)


def nothing(store: SqlStore, run_id: str) -> None:
    """Come back without a result."""


def spawn(store: SqlStore, run_id: str) -> None:
    """Start a child that never ends, then train until stopped."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    store.save_artifact("ann", run_id, "child", str(child.pid).encode())
    obey(store, run_id)


def tell(store: SqlStore, run_id: str) -> None:
    """Store what kind of process this is."""
    report = {
        "oom": int(Path("/proc/self/oom_score_adj").read_text()),
        "nice": os.nice(0),
        "threads": os.environ["TF_NUM_INTRAOP_THREADS"],
        "core": resource.getrlimit(resource.RLIMIT_CORE)[0],
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        "main": sys.modules["__main__"].__spec__.name,
        "app": [name for name in sys.modules if name in ("app", "streamlit")],
        "pid": os.getpid(),
    }
    store.finish(run_id, FINISHED, {"report": json.dumps(report).encode()})


def _epochs(store: SqlStore, run_id: str, count: int, *, pause: float, first: int = 1) -> None:
    for number in range(first, first + count):
        time.sleep(pause)
        store.append(run_id, EpochEnded(epoch=number, loss=1.0, val_loss=1.0 / number, seconds=0.1))


def _stand_still(store: SqlStore, run_id: str, done: int) -> bool:
    """Pause; returns whether the slot was given up."""
    store.append(run_id, RunPaused(epoch=done))
    until = time.monotonic() + 0.2
    while store.beat(run_id) is Wish.PAUSE:
        time.sleep(0.02)
        if time.monotonic() > until and store.release(run_id):
            return True
    store.append(run_id, RunResumed())
    return False
