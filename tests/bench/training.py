"""This product's trainings as a person's click starts them: in warm slots, events stored, the live chart drawn."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from lstm_core.figures.theme import LIGHT
from lstm_core.figures.training import plot_losses
from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.split import SplitSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.settings import Settings
from lstm_core.training.events import EpochEnded, Event, RunFinished
from lstm_core.training.plan import RunSpec, TrainingPlan
from tests.bench.rivals import Answer

OWNER = "bench"


@contextmanager
def warm_queue(folder: Path, *, slots: int, threads: int = 2) -> Iterator[tuple[SqlStore, RunQueue]]:
    """Slots with TensorFlow imported; with so many threads each."""
    store = SqlStore(f"sqlite:///{folder / 'runs.sqlite3'}")
    queue = RunQueue(store, Settings(slots=slots, slot_threads=threads))
    queue.warm()
    try:
        while queue.n_warm < slots:
            time.sleep(0.1)
        yield store, queue
    finally:
        queue.close()


def experiment(n: int, length: int, units: int, batch: int, epochs: int) -> tuple[Series, RunSpec]:
    """A series with exactly `n` train windows (80 % of the rows train), and the run on it."""
    n_rows = round((n + length) / 0.8)
    rows = np.arange(n_rows)
    values = np.sin(rows / 7) + 0.5 * np.sin(rows / 31) + 0.1 * np.random.default_rng(1).normal(size=n_rows)
    series = Series(values=values[:, None], index=pd.RangeIndex(n_rows), columns=("level",), name="bench")
    spec = RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(
            target="level",
            split=SplitSpec(validation_fraction=0.1, test_fraction=0.1),
            window=WindowSpec(length=length),
        ),
        network=NetworkSpec(layers=(LayerSpec(units=units),)),
        plan=TrainingPlan(epochs=epochs, batch_size=batch, patience=None, learning_rate=0.001, clipnorm=None),
    )
    return series, spec


def start(store: SqlStore, queue: RunQueue, series: Series, spec: RunSpec) -> Run:
    token = f"{time.monotonic_ns()}"
    run = store.create(OWNER, spec, series, name=f"bench {token}", token=token)
    queue.submit(OWNER, run.run_id)
    return run


def train_in_slot(store: SqlStore, queue: RunQueue, series: Series, spec: RunSpec) -> Answer:
    """A run in a warm slot, while its curve is read and drawn every second."""
    began = time.perf_counter()
    run = start(store, queue, series, spec)
    over = threading.Event()

    def watch() -> None:
        while not over.wait(1.0):
            state = store.get(OWNER, run.run_id).state
            plot_losses(
                state, theme=LIGHT, log=False, epochs_planned=spec.plan.epochs, loss_name="mse"
            ).to_json()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    first_loss, epochs, last = None, list[EpochEnded](), None
    for last in follow(store, run):
        if isinstance(last, EpochEnded):
            first_loss = first_loss or time.perf_counter() - began
            epochs.append(last)
    over.set()
    watcher.join()
    if first_loss is None or not isinstance(last, RunFinished):
        raise TypeError(f"the run did not finish: {last}")
    return Answer(
        windows_per_second=last.windows_per_second,
        first_loss=first_loss,
        total=first_loss + epochs[-1].seconds - epochs[0].seconds,
        loss=epochs[-1].loss,
    )


def follow(store: SqlStore, run: Run) -> Iterator[Event]:
    """Events of a run as they come, until it is over.

    The first ones are waited for closely; then a look a second, as a page has it: each takes a processor from the two
    threads of a slot, which wait for each other.
    """
    seen, over, pause = 0, False, 0.05
    while not over:
        time.sleep(pause)
        over = store.get(OWNER, run.run_id).status.is_final
        for number, event in store.read_events(OWNER, run.run_id, after=seen):
            seen, pause = number, 1.0 if isinstance(event, EpochEnded) else pause
            yield event
