"""Training in a slot, events stored and the live chart drawn, against plain Keras `fit` in the same minutes."""

import json
import subprocess
import sys
import tempfile
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
from lstm_core.preparation.windows import PreparationSpec, WindowSpec, prepare
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.record import Series
from lstm_core.settings import Settings
from lstm_core.training.events import EpochEnded, RunFinished
from lstm_core.training.plan import RunSpec, TrainingPlan
from tests.bench.measure import Measurement

OWNER = "bench"
ROUNDS = 2
"""Each side is measured this often, taking turns; the best of each counts, since others may use the machine."""
CASES = (
    # windows, length, units, batch, epochs, how many times plain Keras
    (5_000, 30, 50, 32, 12, 2.0),
    (8_000, 96, 64, 64, 5, 1.25),
)


def measure() -> Iterator[Measurement]:
    with tempfile.TemporaryDirectory() as folder, warm_queue(Path(folder)) as (store, queue):
        yield first_point(store, queue)
        for n, length, units, batch, epochs, target in CASES:
            series, spec = experiment(n, length, units, batch, epochs)
            ours, plain = [], []
            for _ in range(ROUNDS):
                plain.append(fit_plainly(Path(folder), series, spec))
                ours.append(train_in_slot(store, queue, series, spec))
            yield Measurement(
                name=f"Training, {n} windows x {length} steps, {units} units, batch {batch}",
                value=max(ours) / max(plain),
                target=target,
                unit="times plain Keras fit",
                more_is_better=True,
                detail=f"{max(ours):,.0f} against {max(plain):,.0f} windows a second",
            )


@contextmanager
def warm_queue(folder: Path) -> Iterator[tuple[SqlStore, RunQueue]]:
    """One slot with TensorFlow imported."""
    store = SqlStore(f"sqlite:///{folder / 'runs.sqlite3'}")
    queue = RunQueue(store, Settings(slots=1))
    queue.warm()
    try:
        while not queue.n_warm:
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


def fit_plainly(folder: Path, series: Series, spec: RunSpec) -> float:
    """Windows a second of plain Keras, in a process of its own with all cores."""
    prepared = prepare(series, spec.preparation)
    path = folder / "arrays.npz"
    np.savez(
        path,
        inputs=prepared.train.inputs,
        targets=prepared.train.targets,
        validation_inputs=prepared.validation.inputs,
        validation_targets=prepared.validation.targets,
    )
    return ask_keras("fit", path, spec.plan.epochs, spec.network.layers[0].units, spec.plan.batch_size)[
        "windows_per_second"
    ]


def ask_keras(*words: object) -> dict[str, float]:
    """Answer of `tests.bench.plain_keras`."""
    done = subprocess.run(
        # At the priority of a slot, so that other work on the machine slows both alike.
        ["nice", "-n", "19", sys.executable, "-m", "tests.bench.plain_keras", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def start(store: SqlStore, queue: RunQueue, series: Series, spec: RunSpec) -> Run:
    token = f"{time.monotonic_ns()}"
    run = store.create(OWNER, spec, series, name=f"bench {token}", token=token)
    queue.submit(OWNER, run.run_id)
    return run


def train_in_slot(store: SqlStore, queue: RunQueue, series: Series, spec: RunSpec) -> float:
    """Windows a second of a run in a warm slot, while its curve is read and drawn every second."""
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
    while not store.get(OWNER, run.run_id).status.is_final:
        time.sleep(0.2)
    over.set()
    watcher.join()
    last = store.read_events(OWNER, run.run_id)[-1][1]
    if not isinstance(last, RunFinished):
        raise TypeError(f"the run did not finish: {last}")
    return last.windows_per_second


def first_point(store: SqlStore, queue: RunQueue) -> Measurement:
    """Seconds from the click to the first loss point that a page could draw."""
    series, spec = experiment(500, 24, 50, 32, 20)
    began = time.monotonic()
    run = start(store, queue, series, spec)
    while not any(isinstance(event, EpochEnded) for _, event in store.read_events(OWNER, run.run_id)):
        time.sleep(0.02)
    seconds = time.monotonic() - began
    while not store.get(OWNER, run.run_id).status.is_final:
        time.sleep(0.1)
    return Measurement(
        name="First loss point after the click, warm slot", value=seconds, target=3.0, unit="s"
    )
