"""Bytes in the database: blobs named by their sha256, and who may read which. All inside a caller's transaction."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, ScalarSelect, and_, delete, exists, insert, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from lstm_core.runs.artifacts import series_to_bytes
from lstm_core.runs.tables import artifacts, blobs, runs, series, uploads
from lstm_core.series.record import Series


def keep_blob(connection: Connection, content: bytes) -> str:
    """Store bytes unless they are there already; returns their sha256."""
    sha256 = hashlib.sha256(content).hexdigest()
    if connection.scalar(select(blobs.c.sha256).where(blobs.c.sha256 == sha256)) is None:
        _insert_once(connection, blobs, {"sha256": sha256, "content": content})
    return sha256


def attach(
    connection: Connection, run_id: str, contents: Mapping[str, bytes], *, epoch: int | None = None
) -> None:
    """Give a run artifacts by name, in place of older ones, whose bytes go unless somebody else has them too.

    Parameters
    ----------
    epoch : epochs done at the checkpoint among them, None when there is none
    """
    for name, content in contents.items():
        sha256 = keep_blob(connection, content)
        named = and_(artifacts.c.run_id == run_id, artifacts.c.name == name)
        old = connection.scalar(delete(artifacts).where(named).returning(artifacts.c.sha256))
        connection.execute(insert(artifacts).values(run_id=run_id, name=name, sha256=sha256))
        if old not in (None, sha256):
            drop_unused(connection, old)
    if epoch is not None:
        connection.execute(update(runs).where(runs.c.run_id == run_id).values(checkpoint=epoch))


def artifact(connection: Connection, run_id: str, name: str) -> bytes | None:
    """Bytes attached to a run."""
    named = select(artifacts.c.sha256).where(artifacts.c.run_id == run_id, artifacts.c.name == name)
    return _content(connection, named.scalar_subquery())


def keep_series(connection: Connection, owner: str, record: Series) -> None:
    """Store a series under its fingerprint. The same numbers with other words (unit, season) replace the older ones."""
    key = {"owner": owner, "fingerprint": record.fingerprint}
    old = connection.scalar(select(series.c.sha256).filter_by(**key))
    new = keep_blob(connection, series_to_bytes(record))
    if old is None:
        _insert_once(connection, series, {**key, "sha256": new})
    elif old != new:
        connection.execute(update(series).filter_by(**key).values(sha256=new))
        drop_unused(connection, old)


def series_content(connection: Connection, owner: str, fingerprint: str) -> bytes | None:
    """Bytes of an owner's series."""
    named = select(series.c.sha256).where(series.c.owner == owner, series.c.fingerprint == fingerprint)
    return _content(connection, named.scalar_subquery())


def keep_upload(connection: Connection, owner: str, content: bytes, name: str, quota: int) -> str:
    """Store an upload as the owner's newest; older ones go until the rest fits `quota` bytes."""
    sha256 = keep_blob(connection, content)
    connection.execute(delete(uploads).where(uploads.c.owner == owner, uploads.c.sha256 == sha256))
    row = {"owner": owner, "sha256": sha256, "name": name[:255], "size": len(content)}
    connection.execute(insert(uploads).values(row))
    newest_first = select(uploads).where(uploads.c.owner == owner).order_by(uploads.c.number.desc())
    total = 0
    for upload in connection.execute(newest_first).all():
        total += upload.size
        if total > quota and upload.sha256 != sha256:
            connection.execute(delete(uploads).where(uploads.c.number == upload.number))
            drop_unused(connection)
    return sha256


def upload_content(connection: Connection, owner: str, sha256: str) -> bytes | None:
    """Bytes of an owner's upload."""
    named = select(uploads.c.sha256).where(uploads.c.owner == owner, uploads.c.sha256 == sha256)
    return _content(connection, named.scalar_subquery())


def drop_unused(connection: Connection, sha256: str | None = None) -> None:
    """Remove blobs nobody names any more: all of them, or this one."""
    named = or_(*(exists().where(table.c.sha256 == blobs.c.sha256) for table in (artifacts, series, uploads)))
    only = true() if sha256 is None else blobs.c.sha256 == sha256
    connection.execute(delete(blobs).where(only, ~named))


def _content(connection: Connection, sha256: ScalarSelect) -> bytes | None:
    return connection.scalar(select(blobs.c.content).where(blobs.c.sha256 == sha256))


def _insert_once(connection: Connection, table: Any, row: dict[str, Any]) -> None:
    """Insert a row; the same row from another process at the same moment is no error."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).values(row).on_conflict_do_nothing())
