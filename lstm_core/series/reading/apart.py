"""Files read in a process of their own: under limits of memory and time, and without holding up a page.

A workbook or a Parquet file of a few kilobytes can ask for gigabytes or for minutes, and a large text file needs
seconds. The process can be ended at any time; nothing but the file is in it.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lstm_core
from lstm_core.errors import SeriesError
from lstm_core.series.reading import wire
from lstm_core.series.reading.background import Watch
from lstm_core.series.reading.ingest import MEGABYTE, check_size, read_table
from lstm_core.series.reading.kinds import FileKind, identify
from lstm_core.series.table import ReadOptions, Table
from lstm_core.settings import Settings

OUT_OF_MEMORY = 3
"""Exit code of a reader that met its memory limit and could still say so."""
_READER = "lstm_core.series.reading.reader"
# The rest of the environment may hold addresses and passwords, which are no business of a file.
_KEPT = (
    "PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH",
    "SYSTEMROOT", "TMPDIR", "TEMP", "TMP",
)  # fmt: skip
_LIMITS = (
    "max_upload_mb", "max_rows", "max_columns", "max_cell_kb", "reader_memory_mb", "reader_cpu_seconds",
    "reader_wall_seconds",
)  # fmt: skip
_STEADY = {
    # Arrow's own allocators and glibc's arenas reserve far more addresses than they use, which the limit counts.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}
_LOOK_EVERY = 0.1
"""Seconds between two looks at whether anybody still waits."""
_places: dict[int, threading.BoundedSemaphore] = {}
_making_places = threading.Lock()


def read_file(source: bytes, name: str, options: ReadOptions, watch: Watch | None = None) -> Table:
    """Read a file of any kind that holds a table.

    Small text is read at once, everything else in a process of its own.

    Parameters
    ----------
    source : bytes
        The file as it came.
    name : str
        What to call it.
    options : ReadOptions
        How to read it; None means detect. `Table.options` says what was found.
    watch : Watch, optional
        Told how far the reading is, and asked whether it is still wanted: a process is ended within a moment.

    Raises
    ------
    SeriesError
        The file is no table, is damaged or beyond a limit, or is not wanted any more.
    """
    limits, watch = Settings(), watch or Watch()
    watch.n_bytes = len(source)
    check_size(len(source), limits)
    kind = identify(source, name)
    if kind == "text" and len(source) <= limits.read_apart_mb * MEGABYTE:
        watch.has_begun = True
        return read_table(source, name, options)
    answer = _ask(
        {"verb": "read", "kind": kind, "name": name, "options": options.model_dump()}, source, limits, watch
    )
    assert isinstance(answer, Table)
    return answer


def list_sheets(source: bytes, name: str) -> tuple[str, ...]:
    """Names of the sheets of a workbook, empty for other kinds of files.

    Raises
    ------
    SeriesError
        As `read_file`.
    """
    limits = Settings()
    kind: FileKind = identify(source, name)
    if kind != "Excel":
        return ()
    answer = _ask({"verb": "list sheets", "kind": kind}, source, limits, Watch())
    assert isinstance(answer, tuple)
    return answer


def _ask(
    request: dict[str, object], source: bytes, limits: Settings, watch: Watch
) -> Table | tuple[str, ...]:
    """Hand a file to a reader and wait for its answer."""
    # Files rather than pipes: nothing waits for anybody, and no copy of a large table is made on the way.
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answered:
        asked.write(json.dumps(request).encode() + b"\n")
        asked.write(source)
        asked.seek(0)
        with _place(limits.readers, watch):
            reader = subprocess.Popen(
                [sys.executable, "-m", _READER, str(os.getpid())],
                stdin=asked,
                stdout=answered,
                stderr=subprocess.PIPE,
                env=_environment(limits),
                cwd=Path(lstm_core.__file__).parents[1],
            )
            with reader:
                complaint = _wait(reader, limits.reader_wall_seconds, watch)
            if reader.returncode:
                raise _explain_end(reader.returncode, complaint.decode(errors="replace"), limits)
            answered.seek(0)
            answer = wire.receive(answered)
    if answer is None:
        raise RuntimeError("The reader ended without an answer")
    return answer


def _wait(reader: subprocess.Popen[bytes], seconds: float, watch: Watch) -> bytes:
    """Wait for the end of a reader, and end it when its time is over or nobody waits; returns what it complained of."""
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                return reader.communicate(timeout=min(_LOOK_EVERY, seconds))[1]
            except subprocess.TimeoutExpired:
                if watch.is_stopped:
                    raise _not_wanted() from None
                if time.monotonic() >= deadline:
                    raise _too_slow(f"{seconds:g} s") from None
    finally:
        reader.kill()


@contextmanager
def _place(n_readers: int, watch: Watch) -> Iterator[None]:
    """One of the places for readers: each may take its whole memory limit."""
    with _making_places:
        places = _places.setdefault(n_readers, threading.BoundedSemaphore(n_readers))
    while not places.acquire(timeout=_LOOK_EVERY):
        if watch.is_stopped:
            raise _not_wanted()
    try:
        watch.has_begun = True
        yield
    finally:
        places.release()


def _environment(limits: Settings) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    told = {f"LSTM_EXPLORER_{name.upper()}": str(getattr(limits, name)) for name in _LIMITS}
    return {**kept, **_STEADY, **told}


def _explain_end(returncode: int, complaint: str, limits: Settings) -> Exception:
    """Turn the end of a reader that could not answer into words."""
    if returncode == OUT_OF_MEMORY:
        return SeriesError(
            "Reading the file needs more memory than the limit",
            expected=f"a file that can be read with {limits.reader_memory_mb:,} MB",
            advice="Keep only the columns and the rows you need, and save them as CSV.",
            field="upload",
        )
    if returncode > 0:
        return RuntimeError(f"The reader failed: {complaint[-2000:]}")
    if -returncode == getattr(signal, "SIGXCPU", None):
        return _too_slow(f"{limits.reader_cpu_seconds} s of processor time")
    return SeriesError(
        "The file cannot be read: it is damaged, or it needs more memory than the limit",
        expected=f"a file that can be read with {limits.reader_memory_mb:,} MB",
        advice="Open it in the program that made it, keep only the table, and save it as CSV.",
        field="upload",
    )


def _too_slow(limit: str) -> SeriesError:
    return SeriesError(
        "Reading the file takes too long",
        expected=f"at most {limit}",
        advice="Save the table as CSV or Parquet, which are read much faster, or keep only the rows you need.",
        field="upload",
    )


def _not_wanted() -> SeriesError:
    return SeriesError("Reading the file was given up", advice="Read it again.", field="upload")
