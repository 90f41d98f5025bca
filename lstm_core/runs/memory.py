"""A run store in this process: for tests and for reading how a store behaves."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import RLock

from lstm_core.runs.artifacts import series_from_bytes, series_to_bytes
from lstm_core.runs.store import (
    NumberedEvent,
    OpenRun,
    Run,
    RunLabel,
    clean_name,
    free_name,
    missing,
    name_taken,
    new_run_id,
    not_found,
    status_after,
)
from lstm_core.series.record import Series
from lstm_core.training.events import EpochEnded, Event, Progress, RunFinished, RunState, Status, fold
from lstm_core.training.plan import RunSpec


@dataclass(slots=True, kw_only=True)
class _Record:
    """A run as it is now."""

    run: Run
    token: str
    events: list[NumberedEvent] = field(default_factory=list)
    artifacts: dict[str, bytes] = field(default_factory=dict)
    queue: str | None = None
    beat: int = 0
    cancel: bool = False
    deleted_at: float | None = None


class MemoryStore:
    """Everything in dictionaries behind one lock; gone with the process."""

    def __init__(self, *, upload_quota_mb: float = 100) -> None:
        self.url = "memory://"
        self._quota = int(upload_quota_mb * 1e6)
        self._lock = RLock()
        self._records: dict[str, _Record] = {}
        self._series: dict[tuple[str, str], bytes] = {}
        self._uploads: dict[tuple[str, str], bytes] = {}

    # for people

    def create(
        self, owner: str, spec: RunSpec, series: Series, *, name: str, token: str, study: str | None = None
    ) -> Run:
        """See `RunStore.create`."""
        with self._lock:
            mine = [record for record in self._records.values() if record.run.owner == owner]
            for record in mine:
                if record.token == token:
                    return record.run
            self.save_series(owner, series)
            run = Run(
                run_id=new_run_id(),
                owner=owner,
                name=free_name(name, [record.run.name for record in mine if record.deleted_at is None]),
                spec=spec,
                series_name=series.name,
                created_at=datetime.now(UTC),
                status=Status.QUEUED,
                state=RunState(),
                study=study,
            )
            self._records[run.run_id] = _Record(run=run, token=token)
            return run

    def get(self, owner: str, run_id: str) -> Run:
        """See `RunStore.get`."""
        with self._lock:
            return self._told(self._record(owner, run_id), with_curve=True)

    def list_runs(self, owner: str) -> list[Run]:
        """See `RunStore.list_runs`."""
        with self._lock:
            return [
                self._told(record)
                for record in reversed(self._records.values())
                if record.run.owner == owner and record.deleted_at is None
            ]

    def labels(self, owner: str) -> list[RunLabel]:
        """See `RunStore.labels`."""
        return [
            RunLabel(run_id=run.run_id, name=run.name, status=run.status) for run in self.list_runs(owner)
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

    def request_cancel(self, owner: str, run_id: str) -> None:
        """See `RunStore.request_cancel`."""
        with self._lock:
            self._record(owner, run_id).cancel = True

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

    def save_series(self, owner: str, series: Series) -> None:
        """See `RunStore.save_series`."""
        with self._lock:
            self._series[owner, series.fingerprint] = series_to_bytes(series)

    def load_series(self, owner: str, fingerprint: str) -> Series:
        """See `RunStore.load_series`."""
        if (owner, fingerprint) not in self._series:
            raise missing("This series", "Choose it again on the Series page.", "sample")
        return series_from_bytes(self._series[owner, fingerprint])

    def save_upload(self, owner: str, content: bytes, name: str) -> str:  # noqa: ARG002
        """See `RunStore.save_upload`; the name is not needed here."""
        sha256 = hashlib.sha256(content).hexdigest()
        with self._lock:
            self._uploads.pop((owner, sha256), None)
            self._uploads[owner, sha256] = content
            mine = [key for key in reversed(self._uploads) if key[0] == owner]
            size = 0
            for position, key in enumerate(mine):
                size += len(self._uploads[key])
                if position and size > self._quota:
                    del self._uploads[key]
        return sha256

    def load_upload(self, owner: str, sha256: str) -> bytes:
        """See `RunStore.load_upload`."""
        if (owner, sha256) not in self._uploads:
            raise missing("This upload", "Upload the file again.", "upload")
        return self._uploads[owner, sha256]

    # for the worker

    def find(self, run_id: str) -> Run:
        """See `RunStore.find`."""
        with self._lock:
            return self._told(self._records[run_id])

    def append(self, run_id: str, *events: Event) -> bool:
        """See `RunStore.append`."""
        with self._lock:
            record = self._records.get(run_id)
            if record is None or record.run.status.is_final:
                return False
            for event in events:
                record.beat += 1
                record.events.append((record.beat, event))
                status = status_after(event)
                record.run = replace(record.run, status=status or record.run.status)
            return True

    def beat(self, run_id: str) -> bool:
        """See `RunStore.beat`."""
        with self._lock:
            record = self._records.get(run_id)
            if record is None:
                return True
            record.beat += 1
            return record.cancel or record.deleted_at is not None or record.run.status.is_final

    def finish(self, run_id: str, finished: RunFinished, artifacts: Mapping[str, bytes]) -> bool:
        """See `RunStore.finish`."""
        with self._lock:
            if not self.append(run_id, finished):
                return False
            self._records[run_id].artifacts.update(artifacts)
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
                    stop=record.cancel or record.deleted_at is not None,
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

    def _record(self, owner: str, run_id: str, *, deleted: bool = False) -> _Record:
        record = self._records.get(run_id)
        if record is None or record.run.owner != owner or (record.deleted_at is not None and not deleted):
            raise not_found()
        return record

    @staticmethod
    def _told(record: _Record, *, with_curve: bool = False) -> Run:
        events = [
            event for _, event in record.events if with_curve or not isinstance(event, EpochEnded | Progress)
        ]
        return replace(record.run, state=replace(fold(events), status=record.run.status))
