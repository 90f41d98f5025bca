"""What goes between a training and the store: events and checkpoints out, wishes in.

The training's own thread never waits for the disk, with one exception: that it pauses is told before it stands still.
"""

import logging
import threading
from time import monotonic
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError

from lstm_core.runs.artifacts import arrays_to_bytes
from lstm_core.runs.store import RunStore
from lstm_core.runs.warm import die_at
from lstm_core.settings import Settings
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import Event, Progress, RunPaused, RunStarted, Status, Wish

LOG = logging.getLogger(__name__)
SPACING = 0.25
"""Seconds between two batches of events, at least: the disk is asked a few times a second, not a thousand."""
BEAT = 0.5
"""Seconds between two signs of life, at most."""
CROWDED = 0.25
"""Share of the time a paused training keeps its slot when others wait for one."""
CHECKPOINT_SHARE = 0.05
"""Share of the time that may be spent on writing checkpoints, on however slow a disk."""


class Outbox:
    """The `Control` of a training whose run is in a store.

    Use it as a context: leaving it writes down what is left.
    """

    def __init__(self, store: RunStore, run_id: str, limits: Settings | None = None) -> None:
        self._store, self._run_id, self._limits = store, run_id, limits or Settings()
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._pending: list[Event] = []
        self._checkpoint: Checkpoint | None = None
        self._next_checkpoint = self._paused_at = 0.0
        self._wish = Wish.GO
        self._wake, self._over, self._changed = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="outbox", daemon=True)

    def emit(self, event: Event) -> None:
        """Put an event in; returns at once. Progress that nobody has read yet gives way to newer news.

        A `RunPaused` is stored, with its checkpoint, when this returns: a wish for one step is then used up.
        """
        with self._lock:
            if self._pending and isinstance(self._pending[-1], Progress):
                self._pending.pop()
            self._pending.append(event)
        if isinstance(event, RunPaused):
            self._paused_at = monotonic()
            while not self._exchange():
                self._over.wait(SPACING)
        self._wake.set()
        if isinstance(event, RunStarted):
            die_at("BUILD")

    def wish(self) -> Wish:
        """What people wish of the run, as of the last sign of life."""
        return self._wish

    def wait(self) -> bool:
        """Wait until there may be another wish. False when the slot is given up: the run is then nobody's."""
        try:
            if monotonic() - self._paused_at >= self._hold() and self._store.release(self._run_id):
                return False
        except SQLAlchemyError:
            LOG.exception("a paused training could not give up its slot; the next round tries again")
        self._changed.wait(BEAT)
        self._changed.clear()
        return True

    def wants_checkpoint(self) -> bool:
        """Whether the last one is old enough; the first one is wanted at once."""
        return self._checkpoint is None and monotonic() >= self._next_checkpoint

    def save(self, checkpoint: Checkpoint) -> None:
        """Put a checkpoint in; it is stored together with the events before it."""
        with self._lock:
            self._checkpoint = checkpoint
        self._next_checkpoint = monotonic() + self._limits.checkpoint_seconds
        self._wake.set()

    def __enter__(self) -> "Outbox":
        """Begin to give signs of life; the first wish is known when this returns."""
        self._exchange()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write down what is left."""
        self._over.set()
        self._wake.set()
        self._thread.join()
        self._flush()

    def _work(self) -> None:
        while not self._over.is_set():
            self._exchange()
            self._over.wait(SPACING)
            self._wake.wait(BEAT - SPACING)
            self._wake.clear()

    def _exchange(self) -> bool:
        """Talk to the store; False when it could not be reached."""
        with self._turn:
            try:
                wish = self._flush()
            except SQLAlchemyError:
                LOG.exception("events could not be stored; they stay here and the next round tries again")
                return False
            if wish is not self._wish:
                self._wish = wish
                self._changed.set()
            return True

    def _flush(self) -> Wish:
        """Events and checkpoint out, wish in: one transaction without a checkpoint, two with one."""
        with self._lock:
            batch, self._pending = self._pending, []
            checkpoint, self._checkpoint = self._checkpoint, None
        try:
            if checkpoint is not None and self._write(checkpoint, batch):
                batch, checkpoint = [], None
            return self._store.beat(self._run_id, *batch)
        except Exception:
            with self._lock:
                self._pending = batch + self._pending
            raise
        finally:
            with self._lock:
                self._checkpoint = self._checkpoint or checkpoint

    def _write(self, checkpoint: Checkpoint, batch: list[Event]) -> bool:
        """Store a checkpoint and the events before it, both or nothing; whether there was room for it.

        Signs of life are small: they may find room on a disk that is too full for a checkpoint.
        """
        began = monotonic()
        content = arrays_to_bytes(checkpoint.to_arrays())
        try:
            self._store.save_checkpoint(self._run_id, content, *batch, epoch=checkpoint.epoch)
        except SQLAlchemyError:
            if any(isinstance(event, RunPaused) for event in batch):
                self._store.beat(self._run_id)
                raise  # a run that stands still goes on from its checkpoint: it is told with it or not at all
            LOG.exception(
                "a checkpoint could not be stored; the one before it stays, and the next round tries again"
            )
            return False
        spent = monotonic() - began
        self._next_checkpoint = max(self._next_checkpoint, began + spent / CHECKPOINT_SHARE)
        return True

    def _hold(self) -> float:
        """Seconds a paused training keeps its slot."""
        hold = self._limits.pause_hold_seconds
        others_wait = any(run.status is Status.QUEUED for run in self._store.open_runs())
        return hold * CROWDED if others_wait else hold
