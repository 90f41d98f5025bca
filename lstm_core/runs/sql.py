"""Runs in a database: SQLite on one machine, PostgreSQL when shared. Same statements for both."""

import time
from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.exc import IntegrityError

from lstm_core.runs import contents, lineage, rows, steering
from lstm_core.runs.artifacts import series_from_bytes
from lstm_core.runs.database import Database, in_turn
from lstm_core.runs.moves import FINAL
from lstm_core.runs.names import clean_name, free_name
from lstm_core.runs.refusals import missing, name_taken, not_found
from lstm_core.runs.rows import CURVE
from lstm_core.runs.store import CHECKPOINT, NumberedEvent, OpenRun, Run, RunLabel
from lstm_core.runs.tables import events, runs, series
from lstm_core.series.record import Series
from lstm_core.training.events import EVENT, Event, RunFinished, Status, Wish
from lstm_core.training.plan import RunSpec


class SqlStore(Database):
    """A `RunStore` behind an SQLAlchemy address.

    Parameters
    ----------
    upload_quota_mb : float
        Uploads kept per owner.
    """

    def __init__(self, url: str, *, upload_quota_mb: float = 100, check: bool = True) -> None:
        super().__init__(url, check=check)
        self._quota = int(upload_quota_mb * 1e6)

    # for people

    @in_turn
    def create(
        self, owner: str, spec: RunSpec, series: Series, *, name: str, token: str, study: str | None = None
    ) -> Run:
        """See `RunStore.create`."""
        with self._writing() as connection:
            run_id = rows.made_by(connection, owner, token)
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
        columns = (runs.c.run_id, runs.c.name, runs.c.status, runs.c.wish, runs.c.queue)
        with self._reading() as connection:
            found = connection.execute(select(*columns).where(mine).order_by(runs.c.number.desc()))
            return [rows.to_label(dict(row)) for row in found.mappings()]

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

    def ask(self, owner: str, run_id: str, wish: Wish) -> None:
        """See `RunStore.ask`."""
        with self._writing() as connection:
            rows.visible(connection, owner, run_id)
            steering.ask(connection, run_id, wish)

    @in_turn
    def resume(self, owner: str, run_id: str, *, token: str, epochs: int | None = None) -> Run:
        """See `RunStore.resume`."""
        with self._writing() as connection:
            child = rows.made_by(connection, owner, token)
            if child is None:
                child = lineage.go_on(connection, owner, run_id, token=token, epochs=epochs)
        return self.find(child)

    def read_events(self, owner: str, run_id: str, *, after: int = 0) -> list[NumberedEvent]:
        """See `RunStore.read_events`."""
        with self._reading() as connection:
            rows.visible(connection, owner, run_id)
            return rows.read_events(connection, run_id, events.c.seq > after)

    @in_turn
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

    @in_turn
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

    @in_turn
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

    def beat(self, run_id: str, *events: Event) -> Wish:
        """See `RunStore.beat`."""
        with self._writing() as connection:
            if events:
                rows.append(connection, run_id, events)
            return steering.wish_of(connection, run_id)

    @in_turn
    def save_checkpoint(self, run_id: str, content: bytes, *events: Event, epoch: int) -> bool:
        """See `RunStore.save_checkpoint`."""
        with self._writing() as connection:
            if not rows.append(connection, run_id, events):
                return False
            contents.attach(connection, run_id, {CHECKPOINT: content}, epoch=epoch)
            return True

    def load_checkpoint(self, run_id: str) -> bytes | None:
        """See `RunStore.load_checkpoint`."""
        with self._reading() as connection:
            return contents.artifact(connection, run_id, CHECKPOINT)

    def release(self, run_id: str) -> bool:
        """See `RunStore.release`."""
        with self._writing() as connection:
            return steering.release(connection, run_id)

    @in_turn
    def finish(
        self, run_id: str, finished: RunFinished, artifacts: Mapping[str, bytes], *, epoch: int | None = None
    ) -> bool:
        """See `RunStore.finish`."""
        with self._writing() as connection:
            if not rows.append(connection, run_id, [finished]):
                return False
            contents.attach(connection, run_id, artifacts, epoch=epoch)
            return True

    # for the queue

    def open_runs(self) -> list[OpenRun]:
        """See `RunStore.open_runs`."""
        live = select(runs).where(runs.c.status.not_in(FINAL)).order_by(runs.c.number)
        with self._reading() as connection:
            live_rows = connection.execute(live).mappings().all()
        return [rows.to_open_run(dict(row)) for row in live_rows]

    def hand_over(self, run_id: str, queue: str, *, held_by: str | None) -> bool:
        """See `RunStore.hand_over`."""
        held = runs.c.queue.is_(None) if held_by is None else runs.c.queue == held_by
        return self._move(run_id, held, queue=queue)

    def claim(self, run_id: str, queue: str) -> bool:
        """See `RunStore.claim`."""
        return self._move(run_id, runs.c.queue == queue, status=Status.STARTING.value)

    def set_down(self, run_id: str, queue: str) -> bool:
        """See `RunStore.set_down`."""
        with self._writing() as connection:
            return steering.set_down(connection, run_id, queue)

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

    def _change(self, owner: str, run_id: str, **values: object) -> None:
        with self._writing() as connection:
            rows.visible(connection, owner, run_id)
            connection.execute(update(runs).where(runs.c.run_id == run_id).values(**values))

    def _move(self, run_id: str, held: ColumnElement[bool], **values: object) -> bool:
        waiting = and_(runs.c.run_id == run_id, runs.c.status == Status.QUEUED.value, held)
        with self._writing() as connection:
            return connection.execute(update(runs).where(waiting).values(**values)).rowcount == 1
