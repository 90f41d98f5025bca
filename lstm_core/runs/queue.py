"""Who is next, and what becomes of runs: start, cancel, reap.

One thread looks at the store a few times a second and does all moves; other threads only write wishes into the store
and wake it. So there are no races inside a process, and between processes every move is one conditional statement.
"""

import atexit
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from lstm_core.errors import RunError
from lstm_core.runs.bench import Bench
from lstm_core.runs.moves import GOING_ON
from lstm_core.runs.presence import Presence
from lstm_core.runs.slots import Program, Slot
from lstm_core.runs.store import OpenRun, RunStore
from lstm_core.settings import Settings
from lstm_core.training.events import RunCancelled, RunFailed, RunInterrupted, Status, Wish

LOG = logging.getLogger(__name__)
TICK = 0.5
"""Seconds between two looks while something runs or waits; submit, cancel and the end of a run wake it at once."""
IDLE_TICK = 1.0
ADOPT_EVERY = 10.0
DELETED_FOR = 3600.0


def order_waiting(waiting: Iterable[OpenRun], running: Mapping[str, int]) -> list[OpenRun]:
    """Round-robin over owners, oldest first within an owner.

    An owner's k-th waiting run goes in round k, counting the runs that already run; within a round the older run
    goes first. So nobody's second run starts before everybody's first.

    Parameters
    ----------
    running : how many runs of each owner run now
    """
    rounds = Counter(running)
    ranked = []
    for run in sorted(waiting, key=lambda run: run.number):
        ranked.append((rounds[run.owner], run.number, run))
        rounds[run.owner] += 1
    return [run for *_, run in sorted(ranked, key=lambda entry: entry[:2])]


class RunQueue:
    """Runs waiting and running on this machine.

    Parameters
    ----------
    store : RunStore
    settings : Settings
        How many slots, and the limits.
    program : Program
        What the workers run.
    takes_over : bool
        Whether runs that wait for a queue that died wait here from now on. A command that leaves after its own run
        should not.
    """

    def __init__(
        self,
        store: RunStore,
        settings: Settings | None = None,
        program: Program | None = None,
        *,
        takes_over: bool = True,
    ) -> None:
        self._store = store
        self._settings = settings or Settings()
        slots = [Slot(program or Program(), self._settings) for _ in range(self._settings.slots)]
        self._presence = Presence(store.url)
        self._benches = [Bench(slot, store, self._settings, self._presence.name) for slot in slots]
        self._waiting: tuple[str, ...] = ()
        self._takes_over = takes_over
        self._keep_warm = self._exit_watched = False
        self._next_adoption = 0.0
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="run-queue", daemon=True)
        self._thread.start()

    # for pages and the command line

    def submit(self, owner: str, *run_ids: str) -> None:
        """Let new runs wait here, all of them or none. The same run again changes nothing.

        Raises
        ------
        RunError
            If too many runs wait; these runs are then gone.
        """
        for run_id in run_ids:
            self._store.get(owner, run_id)
        try:
            self.check_room(owner, len(run_ids), besides=run_ids)
        except RunError:
            for run_id in run_ids:
                self._store.delete(owner, run_id)
                self._store.append(run_id, RunCancelled())
            raise
        for run_id in run_ids:
            self._store.hand_over(run_id, self._presence.name, held_by=None)
        self._wake.set()

    def check_room(self, owner: str, n_runs: int, *, besides: Sequence[str] = ()) -> None:
        """Refuse more runs than may wait.

        Parameters
        ----------
        besides : run ids that are not counted as waiting

        Raises
        ------
        RunError
            If the queue or the owner has no room for so many.
        """
        waiting = [
            run
            for run in self._store.open_runs()
            if run.status is Status.QUEUED and run.run_id not in besides
        ]
        limits, more = self._settings, "" if n_runs == 1 else f", and {n_runs} more do not fit"
        if len(waiting) + n_runs > limits.max_waiting:
            raise RunError(
                f"The queue is full: {len(waiting)} runs wait{more}",
                advice="Try again in a few minutes.",
                field="train",
            )
        mine = sum(run.owner == owner for run in waiting)
        if mine + n_runs > limits.max_waiting_per_owner:
            raise RunError(
                f"{mine} of your runs wait already{more}",
                expected=f"at most {limits.max_waiting_per_owner} waiting runs of one person",
                advice="Wait for one to finish, or cancel one.",
                field="train",
            )

    def position(self, run_id: str) -> int | None:
        """Place in the line, 1 is next; None for a run that does not wait here."""
        waiting = self._waiting
        return waiting.index(run_id) + 1 if run_id in waiting else None

    def ask(self, owner: str, run_id: str, wish: Wish) -> None:
        """Wish something of a run. A paused run that gave up its slot waits here when it is to go on."""
        self._store.ask(owner, run_id, wish)
        if wish in GOING_ON:
            self._store.hand_over(run_id, self._presence.name, held_by=None)
        self._wake.set()

    def cancel(self, owner: str, run_id: str) -> None:
        """Stop a run: within 2 s by itself, within 5 s by force."""
        self.ask(owner, run_id, Wish.CANCEL)

    def warm(self) -> None:
        """Start the workers now, one after the other, and keep them."""
        self._keep_warm = True
        self._wake.set()

    @property
    def n_warm(self) -> int:
        """Slots whose worker is ready."""
        return sum(bench.slot.is_warm for bench in self._benches)

    def close(self) -> None:
        """Stop all workers; their runs become INTERRUPTED, waiting runs wait for the next server."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._wake.set()
        self._thread.join(timeout=30)
        for bench in self._benches:
            bench.close()
        self._presence.close()

    # the thread

    def _work(self) -> None:
        while not self._closed.is_set():
            try:
                busy = self._look()
            except Exception:
                # A locked or missing database must not end the queue: look again.
                LOG.exception("the run queue could not look at the store")
                busy = True
            self._wake.wait(TICK if busy else IDLE_TICK)
            self._wake.clear()

    def _look(self) -> bool:
        runs = self._store.open_runs()
        if time.monotonic() >= self._next_adoption:
            self._next_adoption = time.monotonic() + ADOPT_EVERY
            self._adopt(runs)
            self._store.sweep(older_than_seconds=DELETED_FOR)
            runs = self._store.open_runs()
        if self._attend(runs):
            runs = self._store.open_runs()
        self._find_orphans(runs)
        self._start(runs)
        opening = any(bench.slot.is_opening for bench in self._benches)
        cold = [bench.slot for bench in self._benches if bench.job is None and not bench.slot.is_warm]
        if self._keep_warm and cold and not opening:
            cold[0].open()
        self._close_before_exit()
        return opening or bool(self._waiting) or any(bench.job for bench in self._benches)

    def _attend(self, runs: Sequence[OpenRun]) -> bool:
        """Look after the runs at work; returns whether one of them left its bench."""
        held = {run.run_id: run for run in runs if self._holds(run) and run.status is not Status.QUEUED}
        at_work = [bench for bench in self._benches if bench.job is not None]
        for bench in at_work:
            bench.attend(held.get(bench.job.run_id) if bench.job else None)
        return any(bench.job is None for bench in at_work)

    def _holds(self, run: OpenRun) -> bool:
        return run.queue == self._presence.name

    def _start(self, runs: Sequence[OpenRun]) -> None:
        # A run that was paused and goes on may be on its way off its old bench.
        at_work = {bench.job.run_id for bench in self._benches if bench.job}
        mine = [
            run
            for run in runs
            if self._holds(run) and run.status is Status.QUEUED and run.run_id not in at_work
        ]
        for run in runs:
            if run.stop and (run in mine or (run.status is Status.PAUSED and run.queue is None)):
                self._store.append(run.run_id, RunCancelled())
        running = Counter(bench.job.owner for bench in self._benches if bench.job)
        line = order_waiting([run for run in mine if not run.stop], running)
        free = [bench for bench in self._benches if bench.job is None and bench.slot.can_open]
        free.sort(key=lambda bench: (not bench.slot.is_warm, not bench.slot.is_opening))
        for bench in free:
            if not line:
                break
            # One at a time: a run that starts moves its owner's others back.
            run = line[0]
            if self._store.claim(run.run_id, self._presence.name):
                bench.start(run).add_done_callback(lambda _: self._wake.set())
                running[run.owner] += 1
            line = order_waiting([other for other in line if other is not run], running)
        self._waiting = tuple(run.run_id for run in line)

    def _find_orphans(self, runs: Sequence[OpenRun]) -> None:
        """No run of this queue may claim to be at work when no slot works on it."""
        at_work = {bench.job.run_id for bench in self._benches if bench.job}
        for run in runs:
            if not self._holds(run) or run.status is Status.QUEUED or run.run_id in at_work:
                continue
            if not self._store.set_down(run.run_id, self._presence.name):
                self._store.append(
                    run.run_id, RunFailed(cause="worker", message="The worker could not be started.")
                )

    def _close_before_exit(self) -> None:
        """Close when the interpreter exits, before loky does: it would wait for the end of every training."""
        if not self._exit_watched and any(bench.slot.pid for bench in self._benches):
            self._exit_watched = True
            getattr(threading, "_register_atexit", atexit.register)(self.close)

    def _adopt(self, runs: Sequence[OpenRun]) -> None:
        """Tell the truth about runs whose queue is dead, and let waiting ones wait here."""
        for run in runs:
            if run.queue is not None and not self._presence.is_dead(run.queue):
                continue
            if run.status is Status.QUEUED:
                if self._takes_over:
                    self._store.hand_over(run.run_id, self._presence.name, held_by=run.queue)
            elif run.status is not Status.PAUSED:
                message = "The server stopped during this training."
                self._store.append(run.run_id, RunInterrupted(message=message))
            elif run.queue is not None:
                self._store.set_down(run.run_id, run.queue)
