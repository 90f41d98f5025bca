"""Stores made by an older version still open, with everything in them."""

import shutil
import sqlite3
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from lstm_core.runs.artifacts import series_to_bytes
from lstm_core.runs.sql import SqlStore
from lstm_core.runs.tables import runs
from lstm_core.training.events import Status

FIRST = (Path(__file__).parent / "first_store.sql").read_text()
"""The tables as the first version made them, word for word."""
RUN = (
    "INSERT INTO runs (run_id, owner, name, token, spec, series_name, fingerprint, created_at, status, queue, beat, "
    "last_seq, cancel) VALUES (:run_id, 'ann', :run_id, :run_id, :spec, 'sine', :fingerprint, "
    "'2026-01-02T03:04:05+00:00', :status, NULL, 3, 2, :cancel)"
)
EVENTS = (
    ("started", '{"kind":"started","n_parameters":9,"n_train":7,"n_validation":2,"n_test":2,"epochs":4}'),
    ("epoch", '{"kind":"epoch","epoch":1,"loss":0.5,"val_loss":0.25,"seconds":1.0}'),
)


@pytest.fixture
def fill(spec, series):
    """Fill such tables with a run that is over, one that waits and one that was asked to stop."""

    def write(execute):
        content = series_to_bytes(series)
        named = {"sha256": "f" * 64, "owner": "ann", "fingerprint": series.fingerprint}
        execute(
            "INSERT INTO blobs (sha256, content) VALUES (:sha256, :content)", named | {"content": content}
        )
        execute(
            "INSERT INTO series (owner, fingerprint, sha256) VALUES (:owner, :fingerprint, :sha256)", named
        )
        for run_id, status, cancel in (
            ("over", "failed", False),
            ("waits", "queued", False),
            ("stops", "queued", True),
        ):
            words = {"spec": spec.model_dump_json(), "fingerprint": series.fingerprint}
            execute(RUN, words | {"run_id": run_id, "status": status, "cancel": cancel})
            for seq, (kind, body) in enumerate(EVENTS, start=1):
                execute(
                    "INSERT INTO events (run_id, seq, kind, body) VALUES (:run_id, :seq, :kind, :body)",
                    {"run_id": run_id, "seq": seq, "kind": kind, "body": body},
                )
        execute("INSERT INTO artifacts (run_id, name, sha256) VALUES ('over', 'weights', :sha256)", named)

    return write


@pytest.fixture
def old(tmp_path, fill):
    """A SQLite file as the first version left it."""
    path = tmp_path / "old.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(FIRST)
    fill(connection.execute)
    connection.commit()
    connection.close()
    return path


def expect_everything(store, spec, series):
    run = store.get("ann", "over")
    assert (run.status, run.spec, run.created_at.year) == (Status.FAILED, spec, 2026)
    assert [ended.val_loss for ended in run.state.epochs] == [0.25]
    assert (run.parent, run.study) == (None, None)
    assert store.load_artifact("ann", "over", "weights")[8:9] == b"{"
    assert store.load_series("ann", series.fingerprint).fingerprint == series.fingerprint
    assert {run.run_id: run.stop for run in store.open_runs()} == {"waits": False, "stops": True}


def test_a_first_store_opens_with_everything_in_it(old, spec, series):
    store = SqlStore(f"sqlite:///{old}")
    expect_everything(store, spec, series)
    new = store.create("ann", spec, series, name="new", token="new", study="repeat")
    assert store.get("ann", new.run_id).study == "repeat"


def test_opening_a_store_twice_changes_nothing_more(old, spec, series):
    SqlStore(f"sqlite:///{old}")
    before = old.read_bytes()
    expect_everything(SqlStore(f"sqlite:///{old}"), spec, series)
    assert old.read_bytes() == before


def test_a_new_store_and_an_old_one_have_the_same_columns(old, tmp_path):
    names = []
    for path in (old, tmp_path / "new.sqlite3"):
        store = SqlStore(f"sqlite:///{path}")
        names.append({column["name"] for column in inspect(store._engine).get_columns("runs")})
    assert names[0] == names[1] == {column.name for column in runs.columns}


def test_a_first_database_server_opens_too(postgres, fill, spec, series):
    engine = create_engine(postgres)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        serial = FIRST.replace("INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "SERIAL PRIMARY KEY")
        connection.execute(text(serial.replace("BLOB", "BYTEA")))
        fill(lambda statement, values: connection.execute(text(statement), values))
    engine.dispose()
    expect_everything(SqlStore(postgres), spec, series)


OPEN = "import sys; from lstm_core.runs.sql import SqlStore; SqlStore(sys.argv[1])"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="kill points need strace")
@pytest.mark.parametrize("call", ["fdatasync", "pwrite64"])
def test_a_migration_that_is_killed_leaves_a_store_that_opens(old, spec, series, call):
    for when in count(1, 1 if call == "fdatasync" else 5):
        path = old.with_name(f"{call}{when}.sqlite3")
        shutil.copy(old, path)
        strace = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}"]
        ended = subprocess.run(
            [
                *strace,
                "-e",
                f"inject={call}:signal=KILL:when={when}",
                sys.executable,
                "-c",
                OPEN,
                f"sqlite:///{path}",
            ],
            capture_output=True,
            check=False,
        )
        if ended.returncode == 1 and b"ptrace" in ended.stderr:
            pytest.skip("kill points need ptrace, which is not allowed here")
        expect_everything(SqlStore(f"sqlite:///{path}"), spec, series)
        if ended.returncode == 0:
            break
    assert when > 1
