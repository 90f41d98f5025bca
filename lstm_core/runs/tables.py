"""The tables of the run store, and how a database is opened safely.

SQLite: `journal_mode=TRUNCATE` because WAL can corrupt a file up to 3.51.2, `synchronous=FULL` so that a committed row
survives a power cut, `BEGIN IMMEDIATE` so that two writers wait instead of failing half-way. A connection lives for one
transaction, in the process that opened it.
"""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.pool import NullPool

from lstm_core.errors import RunError
from lstm_core.runs.migration import bring_up_to_date

METADATA = MetaData()

runs = Table(
    "runs",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("run_id", String(26), nullable=False, unique=True),
    Column("owner", String(200), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("token", String(200), nullable=False),
    Column("spec", Text, nullable=False),
    Column("series_name", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("status", String(12), nullable=False, index=True),
    Column("queue", String(200)),
    Column("beat", Integer, nullable=False, default=0),
    Column("last_seq", Integer, nullable=False, default=0),
    Column("deleted_at", Float),
    Column("wish", String(8), nullable=False, server_default="go"),
    Column("checkpoint", Integer),
    Column("parent", String(26)),
    Column("study", String(80)),
    UniqueConstraint("owner", "token"),
    sqlite_autoincrement=True,
)
_NOT_DELETED = runs.c.deleted_at.is_(None)
Index(
    "one_name_per_owner",
    runs.c.owner,
    runs.c.name,
    unique=True,
    sqlite_where=_NOT_DELETED,
    postgresql_where=_NOT_DELETED,
)

events = Table(
    "events",
    METADATA,
    Column("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("body", Text, nullable=False),
)

blobs = Table(
    "blobs",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

artifacts = Table(
    "artifacts",
    METADATA,
    Column("run_id", ForeignKey("runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("sha256", ForeignKey("blobs.sha256"), nullable=False),
)

series = Table(
    "series",
    METADATA,
    Column("owner", String(200), primary_key=True),
    Column("fingerprint", String(64), primary_key=True),
    Column("sha256", ForeignKey("blobs.sha256"), nullable=False),
)

uploads = Table(
    "uploads",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("owner", String(200), nullable=False),
    Column("sha256", ForeignKey("blobs.sha256"), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("owner", "sha256"),
    sqlite_autoincrement=True,
)


def open_engine(url: str) -> Engine:
    """Engine whose connections follow the rules above; makes the folder of a SQLite file.

    Raises
    ------
    RunError
        If the folder cannot be made or written.
    """
    address = make_url(url)
    is_sqlite = address.get_backend_name() == "sqlite"
    if is_sqlite:
        _make_folder(Path(address.database or ""))
    engine = create_engine(
        address, poolclass=NullPool, connect_args={"check_same_thread": False} if is_sqlite else {}
    )
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "begin", _refuse_foreign_process)
    return engine


def create_tables(engine: Engine) -> None:
    """Create what is missing, one process at a time."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        bring_up_to_date(connection, METADATA)


def check_intact(engine: Engine) -> None:
    """Refuse a damaged SQLite file before anything is written to it."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        answer = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if answer != "ok":
        raise RunError(
            f"The run store {engine.url.database} is damaged: {answer}",
            advice="Move the file away and start again; the pages then begin with an empty list of runs.",
        )


def _make_folder(path: Path) -> None:
    folder = path.expanduser().resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise RunError(
            f"The folder {folder} of the run store cannot be written",
            advice="Make it writable, or choose another place with LSTM_EXPLORER_STORE=sqlite:////path/to/file.",
        )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin transactions by itself, and deferred ones: two writers could then deadlock.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=30000")
    cursor.execute("PRAGMA journal_mode=TRUNCATE")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _refuse_foreign_process(connection: Connection) -> None:
    """A database connection carried across a fork corrupts the file: better a loud error."""
    born = connection.info.setdefault("pid", os.getpid())
    if born != os.getpid():
        raise RuntimeError(f"this database connection was opened by process {born}, not by {os.getpid()}")
