"""A bench: a slot, the run it works on, and the rules by which that run ends."""

import logging
import time
from concurrent.futures import Future
from dataclasses import dataclass

from lstm_core.runs.slots import Slot, exit_code
from lstm_core.runs.store import OpenRun, RunStore
from lstm_core.settings import Settings
from lstm_core.training.events import RunCancelled, RunFailed, RunInterrupted, Status

LOG = logging.getLogger(__name__)
IMPORT_LIMIT = 180.0
"""Seconds a cold worker may need to import everything on a busy machine."""
TERM_AFTER, KILL_AFTER = 2.0, 5.0
"""Seconds after a cancel: first the worker stops by itself, then it is asked, then it is killed."""
ABORTED = -6
"""Exit code of a process that gave up, which TensorFlow does when memory is refused."""


@dataclass(slots=True, kw_only=True)
class Job:
    """A run at work, with what must be measured on this machine's monotonic clock.

    Attributes
    ----------
    beat, beat_seen : last sign of life, and when it was seen to change
    imported : whether the worker has its imports behind it; before, silence is normal
    started : when it began, moved on by the time it stood still
    looked : when the last look at it was
    stop_seen : when the wish to stop was seen
    """

    run_id: str
    owner: str
    future: Future
    started: float
    looked: float
    beat_seen: float
    beat: int = -1
    imported: bool = False
    stop_seen: float | None = None
    terminated: bool = False


class Bench:
    """A slot with at most one job. Only the queue's thread touches it.

    Parameters
    ----------
    slot : Slot
    store : RunStore
    limits : Settings
    queue : str
        Name of the queue that holds the runs worked on here.
    """

    def __init__(self, slot: Slot, store: RunStore, limits: Settings, queue: str) -> None:
        self.slot = slot
        self.job: Job | None = None
        self._store, self._limits, self._queue = store, limits, queue

    def start(self, run: OpenRun) -> Future:
        """Hand a claimed run to the worker."""
        future, now = self.slot.submit(self._store.url, run.run_id), time.monotonic()
        self.job = Job(
            run_id=run.run_id, owner=run.owner, future=future, started=now, looked=now, beat_seen=now
        )
        return future

    def attend(self, run: OpenRun | None) -> None:
        """Look after the job: is it over, alive, within its limits, still wanted.

        Parameters
        ----------
        run : the job's run in the store, None when it is over there, or paused and given back
        """
        job, now = self.job, time.monotonic()
        if job is None:
            return
        if job.future.done():
            self._settle(job)
        elif run is None:
            # The worker has said its last word and is about to come back.
            if now - job.beat_seen > KILL_AFTER:
                self.slot.kill()
                self.job = None
        else:
            if run.status is Status.PAUSED:
                job.started += now - job.looked
            job.looked = now
            if run.beat != job.beat or (self.slot.is_warm and not job.imported):
                job.beat, job.beat_seen, job.imported = run.beat, now, self.slot.is_warm
            if run.stop:
                self._press(job, now)
            elif (failure := self._excess(job, now)) is not None:
                self._end(job, failure)

    def close(self) -> None:
        """Stop the worker now; its run was interrupted, unless it stood still."""
        if self.job is not None:
            self._end(self.job, RunInterrupted(message="The server was stopped during this training."))
        self.slot.kill()

    def _excess(self, job: Job, now: float) -> RunFailed | None:
        """Name the limit a job broke, None when none."""
        limits = self._limits
        silence = limits.silence_limit_seconds if job.imported else IMPORT_LIMIT
        if now - job.beat_seen > silence:
            message = f"No progress: the worker gave no sign of life for {silence:g} s and was stopped."
            return RunFailed(cause="silent", message=message)
        if now - job.started > limits.wall_limit_seconds:
            message = (
                f"The training took longer than the limit of {limits.wall_limit_seconds / 60:.3g} minutes. "
                "Use fewer epochs, fewer units or a shorter window."
            )
            return RunFailed(cause="time", message=message)
        if self.slot.is_too_large():
            return out_of_memory(limits.memory_budget_mb)
        return None

    def _press(self, job: Job, now: float) -> None:
        """Stop a job that should stop: wait, ask, force."""
        job.stop_seen = job.stop_seen if job.stop_seen is not None else now
        if now - job.stop_seen > KILL_AFTER:
            self._end(job, RunCancelled())
        elif now - job.stop_seen > TERM_AFTER and not job.terminated:
            job.terminated = True
            self.slot.terminate()

    def _settle(self, job: Job) -> None:
        """Write down what became of a job whose worker came back or died; a run that is over stays as it is."""
        error = job.future.exception()
        if error is None:
            self._write_end(job, RunFailed(cause="error", message="The worker ended without a result."))
            self.job = None
            return
        LOG.warning("run %s lost its worker: %s", job.run_id, type(error).__name__)
        code = exit_code(error)
        if job.stop_seen is not None:
            self._end(job, RunCancelled())
        elif code == ABORTED:
            self._end(job, out_of_memory(self._limits.memory_budget_mb))
        else:
            how = f" (signal {-code})" if code is not None and code < 0 else ""
            message = f"The worker stopped{how} in the middle of the training."
            self._end(job, RunFailed(cause="worker", message=message))

    def _end(self, job: Job, event: RunCancelled | RunFailed | RunInterrupted) -> None:
        """Kill the worker and say how the run ended."""
        self.slot.kill()
        self._write_end(job, event)
        self.job = None

    def _write_end(self, job: Job, event: RunCancelled | RunFailed | RunInterrupted) -> None:
        """Say how a run ended whose worker is gone; nothing, when it stood still or the worker has given it back."""
        if self._store.set_down(job.run_id, self._queue):
            return
        held = (run for run in self._store.open_runs() if run.queue == self._queue)
        if any(run.run_id == job.run_id and run.status is not Status.QUEUED for run in held):
            self._store.append(job.run_id, event)


def out_of_memory(budget_mb: int) -> RunFailed:
    """Say that a run needed more memory than it was given."""
    return RunFailed(
        cause="memory",
        message=f"The training needed more than {budget_mb / 1024:.3g} GB of memory. "
        "Try a smaller batch, fewer units or a shorter window.",
    )
