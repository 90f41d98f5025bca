"""A slot's program on a disk that fills up: the real worker, but its training is played."""

import os
import resource
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from sqlalchemy.engine import make_url

from lstm_core.runs import worker
from lstm_core.runs.outbox import Outbox
from lstm_core.runs.sql import SqlStore
from lstm_core.training.checkpoint import Checkpoint
from lstm_core.training.events import EpochEnded
from lstm_core.training.snapshots import Snapshots
from tests.core.runs.executables import FINISHED
from tests.core.runs.workers import until

ROOM = 100_000
"""Bytes that the disk takes once the first checkpoint is on it."""


def execute(store_url: str, run_id: str) -> None:
    """Train four epochs; the second checkpoint and the result are larger than the room that is left."""
    store = SqlStore(store_url, check=False)
    file = Path(str(make_url(store_url).database))

    def train(*_: object, emit: Callable, control: Outbox, **__: object) -> SimpleNamespace:
        emit(_epoch(1))
        control.save(_checkpoint(1, n_numbers=10))
        until(lambda: store.find(run_id).checkpoint == 1)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + ROOM, resource.RLIM_INFINITY))
        control.save(_checkpoint(2, n_numbers=10 * ROOM))
        for number in (2, 3, 4):
            emit(_epoch(number))
        until(lambda: len(store.get("ann", run_id).state.epochs) == 4)
        return SimpleNamespace(checkpoint=_checkpoint(4, n_numbers=10))

    worker.train = train
    worker.appraise = lambda *_: (FINISHED, {"weights": os.urandom(10 * ROOM)})
    worker.execute(store_url, run_id)


def _epoch(number: int) -> EpochEnded:
    return EpochEnded(epoch=number, loss=1.0, val_loss=1.0 / number, seconds=0.1 * number)


def _checkpoint(epoch: int, *, n_numbers: int) -> Checkpoint:
    noise = np.random.default_rng(0).random(n_numbers)
    empty = Snapshots(epochs=np.zeros(0, int), weights=())
    return Checkpoint(epoch=epoch, arrays={"noise": noise}, numbers={}, snapshots=empty)
