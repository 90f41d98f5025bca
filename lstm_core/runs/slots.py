"""A slot: one worker process that does one thing at a time and may die without hurting anybody.

loky starts it as a fresh interpreter (no fork of a process with threads, no second run of `app.py`). The worker's
functions are handed over by dotted name, so this process never imports what they import.
"""

import ctypes
import importlib
import os
import re
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import psutil
from loky import ProcessPoolExecutor
from loky.backend.context import LokyContext

from lstm_core.settings import Settings

_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",
    "KERAS_BACKEND": "tensorflow",
    # loky replaces a worker that grew by more than this after its first call; our own limit is stricter.
    "LOKY_MAX_MEMORY_LEAK_SIZE": "4e9",
    "MALLOC_ARENA_MAX": "2",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
_PR_SET_PDEATHSIG = 1
_EXIT_CODE = re.compile(r"\((-?\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a worker runs, by dotted name.

    Attributes
    ----------
    warm_up : called once per worker before anything else, without arguments
    execute : called with `(store_url, run_id)`
    """

    warm_up: str = "lstm_core.runs.warm.warm_up"
    execute: str = "lstm_core.runs.worker.execute"


class Slot:
    """One worker process and its replacement when it dies. Not safe for several threads: the queue's thread owns it.

    Parameters
    ----------
    program : Program
    settings : Settings
        `memory_budget_mb`, which a run may take beyond what the warm worker has, `slot_nice` and the threads.
    """

    def __init__(self, program: Program, settings: Settings) -> None:
        self._program = program
        self._budget = settings.memory_budget_mb * 2**20
        self._nice = settings.slot_nice
        self._environment = environment(settings.slot_threads)
        self._executor: ProcessPoolExecutor | None = None
        self._ready: Future | None = None
        self._warm_bytes: int | None = None
        self._failures = 0
        self._not_before = 0.0

    def open(self) -> None:
        """Start the worker unless it lives; after repeated failures to start, not at once."""
        if self._ready is not None and self._ready.done() and self._ready.exception() is not None:
            self.kill()
            self._failures += 1
            self._not_before = time.monotonic() + min(2.0**self._failures, 60.0)
        if self._executor is None and time.monotonic() >= self._not_before:
            self._executor = ProcessPoolExecutor(
                max_workers=1,
                # By name, scikit-learn's own copy of loky would answer as soon as it is imported.
                context=LokyContext(),
                initializer=enter,
                initargs=(self._program.warm_up, self._budget, self._nice, os.getpid()),
                env=self._environment,
            )
            self._ready = self._executor.submit(os.getpid)

    @property
    def is_warm(self) -> bool:
        """Whether the worker has everything imported."""
        warm = self._ready is not None and self._ready.done() and self._ready.exception() is None
        if warm:
            self._failures = 0
        return warm

    @property
    def is_opening(self) -> bool:
        """Whether a worker is on its way."""
        return self._ready is not None and not self._ready.done()

    @property
    def can_open(self) -> bool:
        """Whether a run may be handed over now; not while waiting after a failed start."""
        return self._executor is not None or time.monotonic() >= self._not_before

    @property
    def pid(self) -> int | None:
        """Process id of the worker; None when there is none."""
        processes = [] if self._executor is None else list(self._executor._processes)  # noqa: SLF001
        return processes[0] if processes else None

    def submit(self, store_url: str, run_id: str) -> Future:
        """Hand a run to the worker, starting one if need be."""
        self.open()
        if self._executor is None:
            raise RuntimeError("the slot cannot start its worker")
        return self._executor.submit(call, self._program.execute, store_url, run_id)

    def is_too_large(self) -> bool:
        """Whether the worker uses more memory than it was given."""
        if self.pid is None or not self.is_warm:
            return False
        try:
            used = psutil.Process(self.pid).memory_info().rss
        except psutil.Error:
            return False
        if self._warm_bytes is None:
            self._warm_bytes = used
        return used > self._warm_bytes + self._budget

    def terminate(self) -> None:
        """Ask the worker to end (SIGTERM)."""
        if self.pid is not None:
            try:
                os.kill(self.pid, signal.SIGTERM)
            except ProcessLookupError:
                return

    def kill(self) -> None:
        """End the worker and its children now (SIGKILL); the slot is empty afterwards."""
        executor, self._executor, self._ready, self._warm_bytes = self._executor, None, None, None
        if executor is not None:
            executor.shutdown(wait=True, kill_workers=True)


def environment(threads: int) -> dict[str, str]:
    """Environment variables of a worker; they must stand before TensorFlow is imported.

    What XLA has compiled runs on several threads only when both pools of TensorFlow have them.
    """
    pools = ("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS")
    return {**_ENVIRONMENT, **dict.fromkeys(pools, str(threads))}


def exit_code(error: BaseException) -> int | None:
    """How a worker ended, from what loky says about it: -9 for signal 9."""
    found = _EXIT_CODE.search(str(error))
    return int(found.group(1)) if found else None


def call(dotted: str, *arguments: str) -> object:
    """Call a function by its dotted name; runs in the worker."""
    return resolve(dotted)(*arguments)


def resolve(dotted: str) -> Callable[..., object]:
    """Function behind a dotted name."""
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def enter(warm_up: str, memory_budget: int, nice: int, parent: int) -> None:
    """First thing in a new worker: be humble, be mortal, then import.

    Parameters
    ----------
    warm_up : dotted name
    memory_budget : bytes of address space beyond what is in use after `warm_up`
    nice : how far to step back for everything else on the machine, 0 to 19
    parent : process id of the server; the worker dies with it
    """
    os.nice(max(nice - os.nice(0), 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _die_with(parent)
    _offer_to_oom_killer()
    resolve(warm_up)()
    _limit_memory(memory_budget)


def _die_with(parent: int) -> None:
    """Linux tells the worker when its parent dies; elsewhere, and to be sure, a thread looks."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="watch-parent", daemon=True).start()


def _offer_to_oom_killer() -> None:
    """Out of memory, the kernel shall take this worker, not the server."""
    try:
        Path("/proc/self/oom_score_adj").write_text("800")
    except OSError:
        return


def _limit_memory(budget: int) -> None:
    """TensorFlow maps gigabytes it never uses, so the limit counts from the address space in use now."""
    if sys.platform == "linux":
        limit = psutil.Process().memory_info().vms + budget
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
