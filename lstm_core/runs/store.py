"""What a run is, and what a place that remembers runs must be able to do.

A run is one row with a status, a wish, a list of numbered events, and artifacts. The moves of the status are drawn in
`training.events`: the worker makes them by what it tells, people by what they wish. A run that is over never moves
again; to continue it, `resume` makes a new run that names it as its parent.

Every verb of a `RunStore` is one transaction. Three kinds of callers use it: people (their verbs take the owner first
and see only that owner's runs), the queue, and the worker.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from lstm_core.series.record import Series
from lstm_core.training.events import Event, RunFinished, RunState, Status, Wish
from lstm_core.training.plan import RunSpec

CHECKPOINT = "checkpoint"
"""Name of the artifact a run can go on from."""
NumberedEvent = tuple[int, Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training and what became of it.

    Attributes
    ----------
    run_id : 26 letters and digits, random (130 bit)
    name : unique among the owner's runs; text from a person
    created_at : wall clock, UTC
    state : everything its events say; in lists without the epochs
    wish : what people want of it, while it is not over
    alone : whether it stands still without a worker, so that it waits in the queue when it is to go on
    checkpoint : epochs done at its checkpoint, from which it can go on; None when it has none
    parent : run_id of the run whose training it continues
    study : what groups it with other runs, such as repetitions with other seeds
    """

    run_id: str
    owner: str
    name: str
    spec: RunSpec
    series_name: str
    created_at: datetime
    status: Status
    state: RunState
    wish: Wish = Wish.GO
    alone: bool = False
    checkpoint: int | None = None
    parent: str | None = None
    study: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLabel:
    """As much of a run as a glance needs: equal labels mean that nothing worth redrawing has happened."""

    run_id: str
    name: str
    status: Status
    wish: Wish = Wish.GO
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """What the queue must know of a run that is not over.

    Attributes
    ----------
    number : order of creation
    queue : the queue that holds it, None before any does
    beat : grows with every sign of life of the worker
    stop : whether a person asked to stop it, or deleted it
    """

    run_id: str
    owner: str
    number: int
    status: Status
    queue: str | None
    beat: int
    stop: bool


@runtime_checkable
class RunStore(Protocol):
    """A place that remembers series, uploads, runs, their events and their artifacts.

    Requirements:

    - A person's verb never tells whether another owner's thing exists: unknown, deleted and foreign all raise the
      same `RunError`.
    - Events of a run are numbered 1, 2, ... in the order they were appended; a number is never used twice.
    - After a final event nothing is appended to a run any more; the late caller gets False.
    - `finish` stores artifacts, final event and status together or not at all.
    - Artifacts and uploads are immutable and stored once per content.
    """

    url: str

    # for people ---------------------------------------------------------------------------------------------

    def create(
        self, owner: str, spec: RunSpec, series: Series, *, name: str, token: str, study: str | None = None
    ) -> Run:
        """Remember a new run and its series. The same `token` again returns the first run (double click)."""
        ...

    def get(self, owner: str, run_id: str) -> Run:
        """Run with its whole curve."""
        ...

    def list_runs(self, owner: str) -> list[Run]:
        """Runs of an owner, newest first, without their curves and without the deleted ones."""
        ...

    def labels(self, owner: str) -> list[RunLabel]:
        """Same runs as `list_runs`, cheap enough to ask every second."""
        ...

    def rename(self, owner: str, run_id: str, name: str) -> None:
        """Give a run a name that no other run of the owner has."""
        ...

    def delete(self, owner: str, run_id: str) -> None:
        """Hide a run, and stop it when it is live. `restore` brings it back until `sweep` takes it."""
        ...

    def restore(self, owner: str, run_id: str) -> None:
        """Undo `delete`."""
        ...

    def ask(self, owner: str, run_id: str, wish: Wish) -> None:
        """Wish something of a run; no effect on one that is over, or that was asked for more (to finish, to stop).

        A paused run without a worker waits again with every wish but the one to pause; a wish to cancel ends it.
        """
        ...

    def resume(self, owner: str, run_id: str, *, token: str, epochs: int | None = None) -> Run:
        """Continue a run that ended before its time as a new one, from its checkpoint; its curve comes along.

        Parameters
        ----------
        token : the same one again returns the first child
        epochs : of a finished run: how many it shall have in all

        Raises
        ------
        RunError
            If it cannot go on (see `moves.spec_to_go_on`).
        """
        ...

    def read_events(self, owner: str, run_id: str, *, after: int = 0) -> list[NumberedEvent]:
        """Events with a number above `after`, in order. Stale progress and forecasts may be missing."""
        ...

    def save_artifact(self, owner: str, run_id: str, name: str, content: bytes) -> None:
        """Attach bytes to a run under a name."""
        ...

    def load_artifact(self, owner: str, run_id: str, name: str) -> bytes:
        """Bytes attached to a run: `weights`, `test_predictions`, `snapshots`, `checkpoint`."""
        ...

    def save_series(self, owner: str, series: Series) -> None:
        """Keep a series under its fingerprint."""
        ...

    def load_series(self, owner: str, fingerprint: str) -> Series:
        """Series with this fingerprint."""
        ...

    def save_upload(self, owner: str, content: bytes, name: str) -> str:
        """Keep an uploaded file, and of the older ones as many as fit the quota. Returns its sha256."""
        ...

    def load_upload(self, owner: str, sha256: str) -> bytes:
        """Bytes of an uploaded file."""
        ...

    # for the worker -------------------------------------------------------------------------------------------

    def find(self, run_id: str) -> Run:
        """Run of any owner, without its curve. Never for a page."""
        ...

    def append(self, run_id: str, *events: Event) -> bool:
        """Append events; a final one ends the run. False, and nothing stored, when the run is already over."""
        ...

    def beat(self, run_id: str, *events: Event) -> Wish:
        """Give a sign of life, and append events. Returns the wish; of a run that is over or deleted, `CANCEL`."""
        ...

    def save_checkpoint(self, run_id: str, content: bytes, *events: Event, epoch: int) -> bool:
        """Put a checkpoint of the first `epoch` epochs in place of the one before, and append events, or neither.

        False, and nothing stored, when the run is already over.
        """
        ...

    def load_checkpoint(self, run_id: str) -> bytes | None:
        """Newest checkpoint of a run, None when there is none."""
        ...

    def release(self, run_id: str) -> bool:
        """Let a paused run go without a worker. False when it is not to stand still any longer: then work on."""
        ...

    def finish(
        self, run_id: str, finished: RunFinished, artifacts: Mapping[str, bytes], *, epoch: int | None = None
    ) -> bool:
        """End a run well: artifacts, event and status in one transaction. `epoch`: of the `checkpoint` among them."""
        ...

    # for the queue --------------------------------------------------------------------------------------------

    def open_runs(self) -> list[OpenRun]:
        """Runs of all owners that are not over, oldest first."""
        ...

    def hand_over(self, run_id: str, queue: str, *, held_by: str | None) -> bool:
        """Let a queue hold a waiting run that `held_by` held so far. False when that is no longer so."""
        ...

    def claim(self, run_id: str, queue: str) -> bool:
        """QUEUED -> STARTING by the queue that holds the run. False when it is no longer waiting there."""
        ...

    def set_down(self, run_id: str, queue: str) -> bool:
        """Take a paused run off a queue whose worker is gone: it stays paused, waits again, or ends, as people wish.

        False when that queue does not hold it, or it is not paused.
        """
        ...

    def sweep(self, *, older_than_seconds: float) -> int:
        """Remove for good what was deleted that long ago. Returns how many runs."""
        ...
