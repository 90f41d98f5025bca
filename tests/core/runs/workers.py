"""Real worker processes that do not need TensorFlow, and how to wait for what they do."""

import time
from collections.abc import Callable
from pathlib import Path

from lstm_core.runs.queue import RunQueue
from lstm_core.runs.slots import Program

ROOT = Path(__file__).parents[3]
EXECUTABLES = "tests.core.runs.executables"
PROGRAM = Program(warm_up=f"{EXECUTABLES}.no_warm_up", execute=f"{EXECUTABLES}.execute")


def until(condition: Callable[[], bool], seconds: float = 300.0) -> None:
    """Wait for a condition."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it did not happen in time"
        time.sleep(0.02)


def started(queue: RunQueue, run_id: str) -> str:
    """Submit a run; returns its id."""
    queue.submit("ann", run_id)
    return run_id


def worker_of(queue: RunQueue) -> int | None:
    """Process id of the worker in the first slot."""
    return queue._benches[0].slot.pid
