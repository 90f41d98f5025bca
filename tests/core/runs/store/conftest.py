"""One conformance suite for every place that remembers runs."""

import pytest

from lstm_core.runs.memory import MemoryStore
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.store import RunStore
from tests.core.runs.store.story import QUOTA_MB, STARTED, epoch


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def place(request, tmp_path) -> RunStore:
    """Every implementation, with a quota of 1000 bytes for uploads."""
    if request.param == "memory":
        return MemoryStore(upload_quota_mb=QUOTA_MB)
    if request.param == "sqlite":
        return SqlStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}", upload_quota_mb=QUOTA_MB)
    store = SqlStore(request.getfixturevalue("postgres"), upload_quota_mb=QUOTA_MB)
    from lstm_core.runs import tables

    tables.METADATA.drop_all(store._engine)
    tables.METADATA.create_all(store._engine)
    return store


@pytest.fixture
def new(place, spec, series):
    """Make a run; each with a token of its own unless told."""
    count = iter(range(1000))

    def create(owner="ann", name="sine", token=None):
        return place.create(owner, spec, series, name=name, token=token or f"click {next(count)}")

    return create


@pytest.fixture
def work(place, new):
    """Make a run at work: held by queue `q1`, two epochs done, a checkpoint after the second."""

    def begin(**chosen):
        run_id = new(**chosen).run_id
        place.hand_over(run_id, "q1", held_by=None)
        place.claim(run_id, "q1")
        place.append(run_id, STARTED, epoch(1))
        place.save_checkpoint(run_id, b"after 2", epoch(2), epoch=2)
        return run_id

    return begin


@pytest.fixture
def status(place):
    return lambda run_id: place.find(run_id).status
