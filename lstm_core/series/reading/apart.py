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
from pathlib import Path

import lstm_core
from lstm_core.errors import SeriesError
from lstm_core.series.reading import wire
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
_places: dict[int, threading.BoundedSemaphore] = {}
_making_places = threading.Lock()


def read_file(source: bytes, name: str, options: ReadOptions) -> Table:
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

    Raises
    ------
    SeriesError
        The file is no table, is damaged or beyond a limit.
    """
    limits = Settings()
    check_size(len(source), limits)
    kind = identify(source, name)
    if kind == "text" and len(source) <= limits.read_apart_mb * MEGABYTE:
        return read_table(source, name, options)
    answer = _ask(
        {"verb": "read", "kind": kind, "name": name, "options": options.model_dump()}, source, limits
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
    answer = _ask({"verb": "list sheets", "kind": kind}, source, limits)
    assert isinstance(answer, tuple)
    return answer


def _ask(request: dict[str, object], source: bytes, limits: Settings) -> Table | tuple[str, ...]:
    """Hand a file to a reader and wait for its answer."""
    # Files rather than pipes: nothing waits for anybody, and no copy of a large table is made on the way.
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answered, _place(limits.readers):
        asked.write(json.dumps(request).encode() + b"\n")
        asked.write(source)
        asked.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-m", _READER],
                stdin=asked,
                stdout=answered,
                stderr=subprocess.PIPE,
                env=_environment(limits),
                cwd=Path(lstm_core.__file__).parents[1],
                timeout=limits.reader_wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _too_slow(f"{limits.reader_wall_seconds:g} s") from None
        if done.returncode:
            raise _explain_end(done.returncode, done.stderr.decode(errors="replace"), limits)
        answered.seek(0)
        answer = wire.receive(answered)
    if answer is None:
        raise RuntimeError("The reader ended without an answer")
    return answer


def _place(n_readers: int) -> threading.BoundedSemaphore:
    """One of the places for readers: each may take its whole memory limit."""
    with _making_places:
        return _places.setdefault(n_readers, threading.BoundedSemaphore(n_readers))


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
