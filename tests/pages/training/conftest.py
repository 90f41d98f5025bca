"""Runs that wait, run or stand still while a test looks at the Training page."""

import pytest

from lstm_core.preparation.defaults import default_preparation
from lstm_core.runs.presence import Presence
from lstm_core.runs.slots import Program
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import Run
from lstm_core.series.source import load_source
from lstm_core.training.plan import RunSpec, TrainingPlan
from tests.pages.training.page import STARTED, SUNSPOTS, epochs


@pytest.fixture(autouse=True)
def worker_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that a test starts reach a real worker, but one without TensorFlow that only waits."""
    room = "tests.core.runs.executables"
    program = Program(warm_up=f"{room}.no_warm_up", execute=f"{room}.wait")
    monkeypatch.setattr("lstm_core.runs.queue.Program", lambda: program)


@pytest.fixture
def make(store: SqlStore):
    """Put a run into the store without training it."""

    def create(*events, name: str = "made by hand", plan: TrainingPlan | None = None) -> Run:
        series = load_source(SUNSPOTS, lambda sha256: b"")
        spec = RunSpec(
            series_fingerprint=series.fingerprint,
            preparation=default_preparation(series),
            plan=plan or TrainingPlan(),
        )
        run = store.create("local", spec, series, name=name, token=name)
        store.append(run.run_id, *events)
        return store.get("local", run.run_id)

    return create


@pytest.fixture
def elsewhere(store: SqlStore):
    """A living queue of another process, so that its runs are left alone here."""
    presence = Presence(store.url)
    yield presence
    presence.close()


@pytest.fixture
def running(store: SqlStore, make, elsewhere: Presence) -> Run:
    """A run that another process is training: three epochs so far."""
    run = make()
    assert store.hand_over(run.run_id, elsewhere.name, held_by=None)
    assert store.claim(run.run_id, elsewhere.name)
    store.append(run.run_id, STARTED, *epochs(1.0, 0.5, 0.6))
    return store.get("local", run.run_id)
