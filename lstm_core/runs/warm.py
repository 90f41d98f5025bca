"""The first import of a worker: TensorFlow, before pandas and pyarrow (the other order hangs on some systems).

So this module imports nothing of ours.
"""

import importlib
import os
import signal
from pathlib import Path

DIE_AT = "LSTM_EXPLORER_DIE_AT"
"""Fault tests name a folder here: the worker dies by signal 9 in the phase that a file in it is called, once."""
IMPORTS = ("tensorflow", "keras", "lstm_core.runs.worker")


def warm_up() -> None:
    """Import everything a training needs: most of the time of a first training."""
    die_at("IMPORT")
    for module in IMPORTS:
        importlib.import_module(module)


def die_at(phase: str) -> None:
    """Die here when a fault test says so."""
    folder = os.environ.get(DIE_AT)
    if folder and (marker := Path(folder) / phase).exists():
        marker.unlink()
        os.kill(os.getpid(), signal.SIGKILL)
