"""The first import of a worker: TensorFlow, before pandas and pyarrow (the other order hangs on some systems).

So this module imports nothing of ours.
"""

import importlib
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DIE_AT = "LSTM_EXPLORER_DIE_AT"
"""Fault tests name a folder here: the worker dies by signal 9 in the phase that a file in it is called, once."""
IMPORTS = ("tensorflow", "keras", "lstm_core.runs.worker")


def warm_up() -> None:
    """Import everything a training needs: most of the time of a first training."""
    die_at("IMPORT")
    with _without_greetings():
        for module in IMPORTS:
            importlib.import_module(module)
    # A warm slot builds one network after the other; TensorFlow takes that for a mistake and warns of retracing.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)


@contextmanager
def _without_greetings() -> Iterator[None]:
    """Keep TensorFlow's native greetings off stderr: they come before its log level counts, and alarm people.

    A Python error still tells itself: it is raised.
    """
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def die_at(phase: str) -> None:
    """Die here when a fault test says so."""
    folder = os.environ.get(DIE_AT)
    if folder and (marker := Path(folder) / phase).exists():
        marker.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
