"""The reader's process: a request and a file in, a table or a refusal out.

Started by `apart`, which says why. It sets its own limits before it looks at the file.
"""

import contextlib
import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, cast

import psutil

from lstm_core.errors import SeriesError
from lstm_core.series.reading import wire
from lstm_core.series.reading.apart import OUT_OF_MEMORY
from lstm_core.series.reading.ingest import MEGABYTE, read_table
from lstm_core.series.reading.kinds import FileKind, misnamed
from lstm_core.series.reading.parquet import read_parquet
from lstm_core.series.reading.workbook import list_sheets, read_workbook
from lstm_core.series.table import ReadOptions, Table
from lstm_core.settings import Settings

_PR_SET_PDEATHSIG = 1
"""Of Linux' prctl: the signal that a process gets when the one that started it is gone."""
_READERS: dict[FileKind, Callable[[bytes, str, ReadOptions], Table]] = {
    "text": read_table,
    "Excel": read_workbook,
    "Parquet": read_parquet,
}


def main() -> int:
    """Answer one request; the exit code says whether memory was enough. The argument is the parent's process id."""
    end_with_parent(int(sys.argv[1]))
    # What a library prints must not mix with the answer.
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_process(Settings())
    try:
        answer(sys.stdin.buffer, sink)
        sink.close()
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def answer(source: BinaryIO, sink: BinaryIO) -> None:
    """Read a request and its file; write the table or the refusal."""
    request = json.loads(source.readline())
    content = source.read()
    try:
        if request["verb"] == "list sheets":
            wire.send_names(list_sheets(content), sink)
            return
        kind, name = cast("FileKind", request["kind"]), str(request["name"])
        table = _READERS[kind](content, name, ReadOptions.model_validate(request["options"]))
    except SeriesError as refusal:
        wire.send_refusal(refusal, sink)
    else:
        wire.send_table(replace(table, steps=(*misnamed(kind, name), *table.steps)), sink)


def limit_process(limits: Settings) -> None:
    """Bound what this process may take; where the system cannot (Windows), only the clock of `apart` does."""
    try:
        import resource
    except ImportError:
        return
    now = psutil.Process().memory_info().vms
    memory = now + limits.reader_memory_mb * MEGABYTE
    seconds = limits.reader_cpu_seconds
    for kind, most in (
        (resource.RLIMIT_AS, (memory, memory)),
        (resource.RLIMIT_CPU, (seconds, seconds + 1)),
        (resource.RLIMIT_CORE, (0, 0)),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, most)


def end_with_parent(parent: int) -> None:
    """Nobody waits for the answer when the server is gone; where the system cannot tell, the limits end the work."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was gone before it could be told
            sys.exit("The server is gone")


if __name__ == "__main__":
    sys.exit(main())
