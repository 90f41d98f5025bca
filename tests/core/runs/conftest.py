"""Series, specs and stores for the tests of the run engine."""

import os
import shutil
import subprocess
import tempfile
from itertools import count

import numpy as np
import pandas as pd
import pytest

from lstm_core.network.spec import LayerSpec, NetworkSpec
from lstm_core.preparation.windows import PreparationSpec, WindowSpec
from lstm_core.runs.queue import RunQueue
from lstm_core.runs.sql import SqlStore
from lstm_core.series.record import Series, Step
from lstm_core.settings import Settings
from lstm_core.training.plan import RunSpec, TrainingPlan
from tests.core.runs.workers import PROGRAM


@pytest.fixture
def series():
    """120 points of a noisy sine, with dates and a history."""
    time = np.arange(120)
    values = np.sin(time / 6) + np.random.default_rng(0).normal(0, 0.1, time.size)
    return Series(
        values=values[:, None],
        index=pd.date_range("2010-01-01", periods=time.size, freq="MS"),
        columns=("y",),
        name="sine",
        unit="V",
        step="1 month",
        period=12,
        steps=(Step(name="sort", count=2, detail="Two rows were moved."),),
    )


@pytest.fixture
def spec(series):
    """A run small enough to be over within seconds."""
    return RunSpec(
        series_fingerprint=series.fingerprint,
        preparation=PreparationSpec(target="y", window=WindowSpec(length=6)),
        network=NetworkSpec(layers=(LayerSpec(units=4),)),
        plan=TrainingPlan(epochs=4, patience=None),
    )


@pytest.fixture
def store(tmp_path):
    """A SQLite store of its own."""
    return SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")


@pytest.fixture
def status(store):
    return lambda run_id: store.find(run_id).status


@pytest.fixture
def create(store, spec, series):
    """Create runs that do what their name says (see `executables`)."""
    tokens = count()
    return lambda what, owner="ann": (
        store.create(owner, spec, series, name=what, token=str(next(tokens))).run_id
    )


@pytest.fixture
def open_queue(store):
    """Open queues that close with the test."""
    opened = []

    def build(program=PROGRAM, **changes):
        settings = Settings(store_url=store.url, **{"slots": 1, "memory_budget_mb": 512, **changes})
        opened.append(RunQueue(store, settings, program))
        return opened[-1]

    yield build
    for queue in opened:
        queue.close()


@pytest.fixture(scope="session")
def postgres():
    """A throw-away PostgreSQL server on a socket, where its programs and its driver are installed."""
    pytest.importorskip("psycopg", reason="PostgreSQL: the driver psycopg is not installed")
    if not (shutil.which("initdb") and shutil.which("pg_ctl")):
        pytest.skip("PostgreSQL: initdb and pg_ctl are not installed")
    # PostgreSQL refuses to run as root; somebody else must then be able to walk down to its folder.
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as folder:
        if as_nobody:
            os.chown(folder, 65534, 65534)

        def do(*command: str) -> subprocess.CompletedProcess:
            return subprocess.run([*as_nobody, *command], cwd=folder, capture_output=True, text=True)

        made = do("initdb", "-D", f"{folder}/db", "-U", "test", "-A", "trust", "--no-sync")
        if made.returncode:
            pytest.skip(f"PostgreSQL: initdb refused: {made.stderr[-200:]}")
        options, log = f"-c listen_addresses='' -k {folder}", f"{folder}/log"
        started = do("pg_ctl", "-D", f"{folder}/db", "-w", "-l", log, "-o", options, "start")
        assert started.returncode == 0, started.stderr
        yield f"postgresql+psycopg://test@/postgres?host={folder}"
        do("pg_ctl", "-D", f"{folder}/db", "-m", "immediate", "stop")
