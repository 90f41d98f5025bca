"""A run store in this process: for tests and for reading how a store behaves."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from lstm_core.runs.moves import (
    checkpoint_to_go_on,
    first_epochs,
    inherited,
    spec_to_go_on,
    wishes_overruled_by,
)
from lstm_core.runs.names import clean_name, free_name, new_run_id
from lstm_core.runs.record import Record, Shelf
from lstm_core.runs.refusals import missing, name_taken, not_found
from lstm_core.runs.store import CHECKPOINT, NumberedEvent, OpenRun, Run, RunLabel
from lstm_core.series.record import Series
from lstm_core.training.events import Event, RunFinished, RunState, Status, Wish
from lstm_core.training.plan import RunSpec


class MemoryStore(Shelf):
    """Everything in dictionaries behind one lock; gone with the process."""

    def __init__(self, *, upload_quota_mb: float = 100) -> None:
        super().__init__(upload_quota_mb=upload_quota_mb)
        self.url = "memory://"
        self._records: dict[str, Record] = {}

    # for people

    def create(
        self, owner: str, spec: RunSpec, series: Series, *, name: str, token: str, study: str | None = None
    ) -> Run:
        """See `RunStore.create`."""
        with self._lock:
            made = self._made_by(owner, token)
            if made is None:
                self.save_series(owner, series)
                made = self._add(owner, spec, name=name, token=token, series_name=series.name, study=study)
            return made

    def get(self, owner: str, run_id: str) -> Run:
        """See `RunStore.get`."""
        with self._lock:
            return self._record(owner, run_id).told(with_curve=True)

    def list_runs(self, owner: str) -> list[Run]:
        """See `RunStore.list_runs`."""
        with self._lock:
            return [
                record.told()
                for record in reversed(self._records.values())
                if record.run.owner == owner and record.deleted_at is None
            ]

    def labels(self, owner: str) -> list[RunLabel]:
        """See `RunStore.labels`."""
        return [
            RunLabel(run_id=run.run_id, name=run.name, status=run.status, wish=run.wish, alone=run.alone)
            for run in self.list_runs(owner)
        ]

    def rename(self, owner: str, run_id: str, name: str) -> None:
        """See `RunStore.rename`."""
        with self._lock:
            record, name = self._record(owner, run_id), clean_name(name)
            if any(run.name == name and run.run_id != run_id for run in self.list_runs(owner)):
                raise name_taken(name)
            record.run = replace(record.run, name=name)

    def delete(self, owner: str, run_id: str) -> None:
        """See `RunStore.delete`."""
        with self._lock:
            self._record(owner, run_id).deleted_at = time.monotonic()

    def restore(self, owner: str, run_id: str) -> None:
        """See `RunStore.restore`."""
        with self._lock:
            record = self._record(owner, run_id, deleted=True)
            name = free_name(record.run.name, [run.name for run in self.list_runs(owner)])
            record.run, record.deleted_at = replace(record.run, name=name), None

    def ask(self, owner: str, run_id: str, wish: Wish) -> None:
        """See `RunStore.ask`."""
        with self._lock:
            record = self._record(owner, run_id)
            if record.run.status.is_final or record.wish not in wishes_overruled_by(wish):
                return
            record.wish = wish
            if record.run.status is Status.PAUSED and record.queue is None:
                record.stand_alone()

    def resume(self, owner: str, run_id: str, *, token: str, epochs: int | None = None) -> Run:
        """See `RunStore.resume`."""
        with self._lock:
            if (made := self._made_by(owner, token)) is not None:
                return made
            record, parent = self._record(owner, run_id), self.get(owner, run_id)
            child = self._add(
                owner,
                spec_to_go_on(parent, epochs),
                token=token,
                **inherited(parent, epochs),
            )
            self.append(child.run_id, *first_epochs((event for _, event in record.events), parent.checkpoint))
            kept = record.artifacts[CHECKPOINT]
            content = kept if epochs is None else checkpoint_to_go_on(parent, kept)
            self._records[child.run_id].artifacts[CHECKPOINT] = content
            return child

    def read_events(self, owner: str, run_id: str, *, after: int = 0) -> list[NumberedEvent]:
        """See `RunStore.read_events`."""
        with self._lock:
            return [pair for pair in self._record(owner, run_id).events if pair[0] > after]

    def save_artifact(self, owner: str, run_id: str, name: str, content: bytes) -> None:
        """See `RunStore.save_artifact`."""
        with self._lock:
            self._record(owner, run_id).artifacts[name] = content

    def load_artifact(self, owner: str, run_id: str, name: str) -> bytes:
        """See `RunStore.load_artifact`."""
        with self._lock:
            artifacts = self._record(owner, run_id).artifacts
        if name not in artifacts:
            raise missing(f"'{name}' of this run", "Train the network again.", "run")
        return artifacts[name]

    # for the worker

    def find(self, run_id: str) -> Run:
        """See `RunStore.find`."""
        with self._lock:
            return self._records[run_id].told()

    def append(self, run_id: str, *events: Event) -> bool:
        """See `RunStore.append`."""
        with self._lock:
            record = self._records.get(run_id)
            return record is not None and record.tell(events)

    def beat(self, run_id: str, *events: Event) -> Wish:
        """See `RunStore.beat`."""
        with self._lock:
            record = self._records.get(run_id)
            if record is None:
                return Wish.CANCEL
            if events:
                self.append(run_id, *events)
            record.beat += 1
            return Wish.CANCEL if record.deleted_at is not None or record.run.status.is_final else record.wish

    def save_checkpoint(self, run_id: str, content: bytes, *events: Event, epoch: int) -> bool:
        """See `RunStore.save_checkpoint`."""
        with self._lock:
            if not self.append(run_id, *events):
                return False
            record = self._records[run_id]
            record.artifacts[CHECKPOINT] = content
            record.run = replace(record.run, checkpoint=epoch)
            return True

    def load_checkpoint(self, run_id: str) -> bytes | None:
        """See `RunStore.load_checkpoint`."""
        record = self._records.get(run_id)
        return None if record is None else record.artifacts.get(CHECKPOINT)

    def release(self, run_id: str) -> bool:
        """See `RunStore.release`."""
        with self._lock:
            record = self._records.get(run_id)
            if record is None or record.run.status is not Status.PAUSED or record.deleted_at is not None:
                return False
            if record.wish is Wish.PAUSE:
                record.queue = None
            return record.wish is Wish.PAUSE

    def finish(
        self, run_id: str, finished: RunFinished, artifacts: Mapping[str, bytes], *, epoch: int | None = None
    ) -> bool:
        """See `RunStore.finish`."""
        with self._lock:
            if not self.append(run_id, finished):
                return False
            record = self._records[run_id]
            record.artifacts.update(artifacts)
            record.run = replace(record.run, checkpoint=record.run.checkpoint if epoch is None else epoch)
            return True

    # for the queue

    def open_runs(self) -> list[OpenRun]:
        """See `RunStore.open_runs`."""
        with self._lock:
            return [
                OpenRun(
                    run_id=run_id,
                    owner=record.run.owner,
                    number=number,
                    status=record.run.status,
                    queue=record.queue,
                    beat=record.beat,
                    stop=record.wish is Wish.CANCEL or record.deleted_at is not None,
                )
                for number, (run_id, record) in enumerate(self._records.items())
                if not record.run.status.is_final
            ]

    def hand_over(self, run_id: str, queue: str, *, held_by: str | None) -> bool:
        """See `RunStore.hand_over`."""
        with self._lock:
            record = self._records.get(run_id)
            if record is None or record.run.status is not Status.QUEUED or record.queue != held_by:
                return False
            record.queue = queue
            return True

    def claim(self, run_id: str, queue: str) -> bool:
        """See `RunStore.claim`."""
        with self._lock:
            record = self._records.get(run_id)
            if record is None or record.run.status is not Status.QUEUED or record.queue != queue:
                return False
            record.run = replace(record.run, status=Status.STARTING)
            return True

    def set_down(self, run_id: str, queue: str) -> bool:
        """See `RunStore.set_down`."""
        with self._lock:
            record = self._records.get(run_id)
            if record is None or record.run.status is not Status.PAUSED or record.queue != queue:
                return False
            record.queue = None
            record.stand_alone()
            return True

    def sweep(self, *, older_than_seconds: float) -> int:
        """See `RunStore.sweep`."""
        with self._lock:
            limit = time.monotonic() - older_than_seconds
            old = [
                run_id
                for run_id, record in self._records.items()
                if record.deleted_at is not None and record.deleted_at <= limit and record.run.status.is_final
            ]
            for run_id in old:
                del self._records[run_id]
            return len(old)

    def _made_by(self, owner: str, token: str) -> Run | None:
        mine = (record for record in self._records.values() if record.run.owner == owner)
        return next((record.run for record in mine if record.token == token), None)

    def _add(self, owner: str, spec: RunSpec, *, name: str, token: str, **facts: Any) -> Run:
        run = Run(
            run_id=new_run_id(),
            owner=owner,
            name=free_name(name, [label.name for label in self.labels(owner)]),
            spec=spec,
            created_at=datetime.now(UTC),
            status=Status.QUEUED,
            state=RunState(),
            **facts,
        )
        self._records[run.run_id] = Record(run=run, token=token)
        return run

    def _record(self, owner: str, run_id: str, *, deleted: bool = False) -> Record:
        record = self._records.get(run_id)
        if record is None or record.run.owner != owner or (record.deleted_at is not None and not deleted):
            raise not_found()
        return record
