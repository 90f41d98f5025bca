"""What a store in memory holds: runs as records, and a shelf with series and uploads."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from threading import RLock

from lstm_core.runs.artifacts import series_from_bytes, series_to_bytes
from lstm_core.runs.moves import status_after
from lstm_core.runs.refusals import missing
from lstm_core.runs.store import NumberedEvent, Run
from lstm_core.series.record import Series
from lstm_core.training.events import (
    EpochEnded,
    Event,
    ExampleForecast,
    Progress,
    RunCancelled,
    RunPaused,
    Status,
    Wish,
    fold,
)


@dataclass(slots=True, kw_only=True)
class Record:
    """A run as it is now."""

    run: Run
    token: str
    events: list[NumberedEvent] = field(default_factory=list)
    artifacts: dict[str, bytes] = field(default_factory=dict)
    queue: str | None = None
    beat: int = 0
    wish: Wish = Wish.GO
    deleted_at: float | None = None

    def tell(self, events: Iterable[Event]) -> bool:
        """Append events; False, and nothing appended, when the run is over."""
        if self.run.status.is_final:
            return False
        for event in events:
            self.beat += 1
            self.events.append((self.beat, event))
            self.run = replace(self.run, status=status_after(event) or self.run.status)
            if isinstance(event, RunPaused) and self.wish is Wish.STEP:
                self.wish = Wish.PAUSE
        return True

    def told(self, *, with_curve: bool = False) -> Run:
        """Run with what its events tell; its epochs only when asked for."""
        events = [
            event
            for _, event in self.events
            if with_curve or not isinstance(event, EpochEnded | ExampleForecast | Progress)
        ]
        alone = self.run.status is Status.PAUSED and self.queue is None
        state = replace(fold(events), status=self.run.status)
        return replace(self.run, state=state, wish=self.wish, alone=alone)

    def stand_alone(self) -> None:
        """Be a paused run without a worker: stay, wait again or end, as people wish."""
        if self.wish is Wish.CANCEL:
            self.tell([RunCancelled()])
        elif self.wish is not Wish.PAUSE:
            self.run = replace(self.run, status=Status.QUEUED)


class Shelf:
    """Series and uploads of all owners."""

    def __init__(self, *, upload_quota_mb: float) -> None:
        self._quota = int(upload_quota_mb * 1e6)
        self._lock = RLock()
        self._series: dict[tuple[str, str], bytes] = {}
        self._uploads: dict[tuple[str, str], bytes] = {}

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
