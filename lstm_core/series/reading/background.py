"""A file read in the background: a person can watch it, wait for it, or call it off."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from typing import Generic, TypeVar

from lstm_core.errors import ReadingCancelled
from lstm_core.series.table import Table

File = TypeVar("File")
MOST_KEPT = 4
"""Files that a desk keeps, unless more belong together."""
REFUSED_FOR = 60.0
"""Seconds for which a refusal is believed: a limit of time may have been met because others were busy."""


class Watch:
    """What a reader tells those who wait for it, and they tell the reader.

    Attributes
    ----------
    n_bytes : size of the file, None until it was fetched
    has_begun : whether the reader is at work; before, it waits for a place
    """

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.n_bytes: int | None = None
        self.has_begun = False

    def stop(self) -> None:
        """Ask the reader to end at once."""
        self._stop.set()

    @property
    def is_stopped(self) -> bool:
        """Whether nobody waits any more."""
        return self._stop.is_set()


class Reading:
    """A file that is being read, was read, was refused or was cancelled.

    Parameters
    ----------
    read : reads the file; looks at its watch while it waits for anything
    """

    def __init__(self, read: Callable[[Watch], Table]) -> None:
        self.watch = Watch()
        self.is_cancelled = False
        self._began, self._ended = time.monotonic(), 0.0
        self._outcome: Future[Table] = Future()
        self._settling = threading.Lock()
        # A daemon: a server that is told to end does not wait for a file, and the reader's process ends with it.
        threading.Thread(target=self._run, args=(read,), name="reading", daemon=True).start()

    @property
    def seconds(self) -> float:
        """How long it has been read, in seconds."""
        return (self._ended or time.monotonic()) - self._began

    @property
    def is_done(self) -> bool:
        """Whether there is a table, or a reason why there is none."""
        return self._outcome.done()

    @property
    def is_outdated(self) -> bool:
        """Whether the file was refused so long ago that it is worth another try."""
        failed = self.is_done and not self.is_cancelled and self._outcome.exception() is not None
        return failed and time.monotonic() - self._ended > REFUSED_FOR

    def wait(self, seconds: float) -> bool:
        """Wait so many seconds at most; whether it is done."""
        return bool(wait_for([self._outcome], timeout=max(seconds, 0.0)).done)

    def result(self) -> Table:
        """Wait for the table.

        Raises
        ------
        SeriesError
            The file was refused, or, as `ReadingCancelled`, nobody wanted to wait.
        """
        failure = self._outcome.exception()
        if failure is not None:
            raise failure.with_traceback(None)
        return self._outcome.result()

    def cancel(self) -> None:
        """End it, with its process; a reading that is done stays as it is."""
        self.watch.stop()
        cancelled = ReadingCancelled(
            "Reading the file was cancelled",
            advice="Read it again, or keep only the rows and columns you need and upload a smaller file.",
            field="upload",
        )
        self.is_cancelled = self._settle(cancelled) or self.is_cancelled

    def _run(self, read: Callable[[Watch], Table]) -> None:
        try:
            outcome: Table | BaseException = read(self.watch)
        except BaseException as failure:  # noqa: BLE001 - whoever waits for the table is told of it
            outcome = failure
        self._settle(outcome)

    def _settle(self, outcome: Table | BaseException) -> bool:
        """Keep the first outcome; whether this was it."""
        with self._settling:
            if self._outcome.done():
                return False
            self._ended = time.monotonic()
            if isinstance(outcome, BaseException):
                self._outcome.set_exception(outcome)
            else:
                self._outcome.set_result(outcome)
            return True


class ReadingDesk(Generic[File]):
    """The files of one visitor: each is read once, those used last are kept, and all reading ends with the visit.

    Parameters
    ----------
    read : reads a file
    """

    def __init__(self, read: Callable[[File, Watch], Table]) -> None:
        self._read, self._most = read, MOST_KEPT
        self._readings: dict[File, Reading] = {}

    def reading(self, file: File) -> Reading:
        """Reading of a file, begun now unless it was before."""
        found = self._readings.pop(file, None)
        if found is None or found.is_outdated:
            found = Reading(lambda watch: self._read(file, watch))
        self._readings[file] = found  # the newest stands last
        for oldest in list(self._readings)[: -self._most]:
            self._readings.pop(oldest).cancel()
        return found

    def first_open(self, files: Sequence[File]) -> File | None:
        """Begin the first of some files that are needed together and not done yet; None when all of them are.

        One at a time: a visitor with many files leaves room for others.
        """
        self._most = max(MOST_KEPT, len(files))
        return next((file for file in files if not self.reading(file).is_done), None)

    def again(self, file: File) -> None:
        """Forget how the reading of a file ended, so that it is read again."""
        self._readings.pop(file, None)

    def close(self) -> None:
        """End all reading."""
        for one in self._readings.values():
            one.cancel()
