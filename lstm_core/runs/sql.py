"""Runs in a database: SQLite on one machine, PostgreSQL when shared. Same statements for both."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from sqlalchemy.exc import IntegrityError

from lstm_core.runs import contents, rows, tables
from lstm_core.runs.artifacts import series_from_bytes
from lstm_core.runs.rows import CURVE, FINAL
from lstm_core.runs.store import (
    NumberedEvent,
    OpenRun,
    Run,
    RunLabel,
    clean_name,
    free_name,
    missing,
    name_taken,
    not_found,
)
from lstm_core.runs.tables import events, runs, series
from lstm_core.series.record import Series
from lstm_core.training.events import EVENT, Event, RunFinished, Status
from lstm_core.training.plan import RunSpec

P = ParamSpec("P")
R = TypeVar("R")
ATTEMPTS = 10


def _in_turn(verb: Callable[P, R]) -> Callable[P, R]:
    """Try a verb again when another connection was first with a token, a name or a content.

    SQLite lets one writer in at a time; PostgreSQL lets the second one run into the unique constraint.
    """

    @wraps(verb)
    def patient(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(ATTEMPTS - 1):
            with suppress(IntegrityError):
                return verb(*args, **kwargs)
        return verb(*args, **kwargs)

    return patient


class SqlStore:
    """A `RunStore` behind an SQLAlchemy address.

    Parameters
    ----------
    url : str
        `sqlite:////path/to/file` or `postgresql+psycopg://user@host/database`.
    upload_quota_mb : float
        Uploads kept per owner.
    check : bool
        Look for damage and create missing tables first; workers, which come later, need not.
    """

    def __init__(self, url: str, *, upload_quota_mb: float = 100, check: bool = True) -> None:
        self.url = url
        self._quota = int(upload_quota_mb * 1e6)
        self._engine = tables.open_engine(url)
        if check:
            tables.check_intact(self._engine)
            tables.create_tables(self._engine)

    # for people

    @_in_turn
    def create(
        self, owner: str, spec: RunSpec, series: Series, *, name: str, token: str, study: str | None = None
    ) -> Run:
        """See `RunStore.create`."""
        same = and_(runs.c.owner == owner, runs.c.token == token)
        with self._writing() as connection:
            run_id = connection.scalar(select(runs.c.run_id).where(same))
            if run_id is None:
                contents.keep_series(connection, owner, series)
                facts = {"series_name": series.name, "study": study}
                run_id = rows.add(connection, owner, spec, name=name, token=token, **facts)
        return self.find(run_id)

    def get(self, owner: str, run_id: str) -> Run:
        """See `RunStore.get`."""
        with self._reading() as connection:
            row = rows.visible(connection, owner, run_id)
            return rows.to_run(dict(row), [event for _, event in rows.read_events(connection, run_id)])

    def list_runs(self, owner: str) -> list[Run]:
        """See `RunStore.list_runs`."""
        mine = and_(runs.c.owner == owner, runs.c.deleted_at.is_(None))
        told: dict[str, list[Event]] = {}
        with self._reading() as connection:
            mine_rows = (
                connection.execute(select(runs).where(mine).order_by(runs.c.number.desc())).mappings().all()
            )
            of_mine = select(events.c.run_id, events.c.body).join(runs, runs.c.run_id == events.c.run_id)
            landmarks = of_mine.where(mine, events.c.kind.not_in(CURVE)).order_by(events.c.seq)
            for run_id, body in connection.execute(landmarks):
                told.setdefault(run_id, []).append(EVENT.validate_json(body))
        return [rows.to_run(dict(row), told.get(row["run_id"], [])) for row in mine_rows]

    def labels(self, owner: str) -> list[RunLabel]:
        """See `RunStore.labels`."""
        mine = and_(runs.c.owner == owner, runs.c.deleted_at.is_(None))
        wanted = select(runs.c.run_id, runs.c.name, runs.c.status).where(mine).order_by(runs.c.number.desc())
        with self._reading() as connection:
            found = connection.execute(wanted).all()
        return [RunLabel(run_id=run_id, name=name, status=Status(status)) for run_id, name, status in found]

    def rename(self, owner: str, run_id: str, name: str) -> None:
        """See `RunStore.rename`."""
        name = clean_name(name)
        try:
            self._change(owner, run_id, name=name)
        except IntegrityError:
            raise name_taken(name) from None

    def delete(self, owner: str, run_id: str) -> None:
        """See `RunStore.delete`."""
        self._change(owner, run_id, deleted_at=time.time())

    def restore(self, owner: str, run_id: str) -> None:
        """See `RunStore.restore`."""
        gone = and_(runs.c.owner == owner, runs.c.run_id == run_id, runs.c.deleted_at.is_not(None))
        with self._writing() as connection:
            name = connection.scalar(select(runs.c.name).where(gone))
            if name is None:
                raise not_found()
            values = {"deleted_at": None, "name": free_name(name, rows.names(connection, owner))}
            connection.execute(update(runs).where(gone).values(values))

    def request_cancel(self, owner: str, run_id: str) -> None:
        """See `RunStore.request_cancel`."""
        self._change(owner, run_id, wish="cancel")

    def read_events(self, owner: str, run_id: str, *, after: int = 0) -> list[NumberedEvent]:
        """See `RunStore.read_events`."""
        with self._reading() as connection:
            rows.visible(connection, owner, run_id)
            return rows.read_events(connection, run_id, events.c.seq > after)

    @_in_turn
    def save_artifact(self, owner: str, run_id: str, name: str, content: bytes) -> None:
        """See `RunStore.save_artifact`."""
        with self._writing() as connection:
            rows.visible(connection, owner, run_id)
            contents.attach(connection, run_id, {name: content})

    def load_artifact(self, owner: str, run_id: str, name: str) -> bytes:
        """See `RunStore.load_artifact`."""
        with self._reading() as connection:
            rows.visible(connection, owner, run_id)
            content = contents.artifact(connection, run_id, name)
        if content is None:
            raise missing(f"'{name}' of this run", "Train the network again.", "run")
        return content

    @_in_turn
    def save_series(self, owner: str, series: Series) -> None:
        """See `RunStore.save_series`."""
        with self._writing() as connection:
            contents.keep_series(connection, owner, series)

    def load_series(self, owner: str, fingerprint: str) -> Series:
        """See `RunStore.load_series`."""
        with self._reading() as connection:
            content = contents.series_content(connection, owner, fingerprint)
        if content is None:
            raise missing("This series", "Choose it again on the Series page.", "sample")
        return series_from_bytes(content)

    @_in_turn
    def save_upload(self, owner: str, content: bytes, name: str) -> str:
        """See `RunStore.save_upload`."""
        with self._writing() as connection:
            return contents.keep_upload(connection, owner, content, name, self._quota)

    def load_upload(self, owner: str, sha256: str) -> bytes:
        """See `RunStore.load_upload`."""
        with self._reading() as connection:
            content = contents.upload_content(connection, owner, sha256)
        if content is None:
            raise missing("This upload", "Upload the file again.", "upload")
        return content

    # for the worker

    def find(self, run_id: str) -> Run:
        """See `RunStore.find`."""
        with self._reading() as connection:
            row = connection.execute(select(runs).where(runs.c.run_id == run_id)).mappings().first()
            if row is None:
                raise not_found()
            landmarks = rows.read_events(connection, run_id, events.c.kind.not_in(CURVE))
            return rows.to_run(dict(row), [event for _, event in landmarks])

    def append(self, run_id: str, *events: Event) -> bool:
        """See `RunStore.append`."""
        with self._writing() as connection:
            return rows.append(connection, run_id, events)

    def beat(self, run_id: str) -> bool:
        """See `RunStore.beat`."""
        lived = update(runs).where(runs.c.run_id == run_id).values(beat=runs.c.beat + 1)
        with self._writing() as connection:
            row = connection.execute(lived.returning(runs.c.wish, runs.c.deleted_at, runs.c.status)).first()
        return row is None or row.wish == "cancel" or row.deleted_at is not None or row.status in FINAL

    @_in_turn
    def finish(self, run_id: str, finished: RunFinished, artifacts: Mapping[str, bytes]) -> bool:
        """See `RunStore.finish`."""
        with self._writing() as connection:
            if not rows.append(connection, run_id, [finished]):
                return False
            contents.attach(connection, run_id, artifacts)
            return True

    # for the queue

    def open_runs(self) -> list[OpenRun]:
        """See `RunStore.open_runs`."""
        live = select(runs).where(runs.c.status.not_in(FINAL)).order_by(runs.c.number)
        with self._reading() as connection:
            live_rows = connection.execute(live).all()
        return [
            OpenRun(
                run_id=row.run_id,
                owner=row.owner,
                number=row.number,
                status=Status(row.status),
                queue=row.queue,
                beat=row.beat,
                stop=row.wish == "cancel" or row.deleted_at is not None,
            )
            for row in live_rows
        ]

    def hand_over(self, run_id: str, queue: str, *, held_by: str | None) -> bool:
        """See `RunStore.hand_over`."""
        held = runs.c.queue.is_(None) if held_by is None else runs.c.queue == held_by
        return self._move(run_id, held, queue=queue)

    def claim(self, run_id: str, queue: str) -> bool:
        """See `RunStore.claim`."""
        return self._move(run_id, runs.c.queue == queue, status=Status.STARTING.value)

    def sweep(self, *, older_than_seconds: float) -> int:
        """See `RunStore.sweep`."""
        old = and_(runs.c.deleted_at <= time.time() - older_than_seconds, runs.c.status.in_(FINAL))
        with self._writing() as connection:
            gone = connection.execute(delete(runs).where(old)).rowcount
            if gone:
                unused = series.c.fingerprint.not_in(
                    select(runs.c.fingerprint).where(runs.c.owner == series.c.owner)
                )
                connection.execute(delete(series).where(unused))
                contents.drop_unused(connection)
        return gone

    # transactions

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def _change(self, owner: str, run_id: str, **values: object) -> None:
        with self._writing() as connection:
            rows.visible(connection, owner, run_id)
            connection.execute(update(runs).where(runs.c.run_id == run_id).values(**values))

    def _move(self, run_id: str, held: ColumnElement[bool], **values: object) -> bool:
        waiting = and_(runs.c.run_id == run_id, runs.c.status == Status.QUEUED.value, held)
        with self._writing() as connection:
            return connection.execute(update(runs).where(waiting).values(**values)).rowcount == 1
