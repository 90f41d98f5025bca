"""Small programs for slots that train any run without TensorFlow."""

import time

from lstm_core.runs.sql import SqlStore
from tests.core.runs.executables import obey
from tests.core.study.conftest import curve, finished, started


def train(store_url: str, run_id: str) -> None:
    """Three epochs, and scores that the seed decides."""
    store = SqlStore(store_url, check=False)
    seed = store.find(run_id).spec.plan.seed
    store.append(run_id, started(), *curve(0.9, 0.5, 0.6))
    time.sleep(0.05)
    store.finish(run_id, finished(10.0 + seed % 10, best_epoch=2), {"weights": b"w"})


def wait(store_url: str, run_id: str) -> None:
    """Begin, then live until asked to stop."""
    store = SqlStore(store_url, check=False)
    store.append(run_id, started())
    obey(store, run_id)
