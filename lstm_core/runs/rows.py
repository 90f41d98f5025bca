"""Rows of `runs` and `events` as nouns, and events as rows. All inside a caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, select, update

from lstm_core.runs.moves import FINAL, status_after
from lstm_core.runs.names import free_name, new_run_id
from lstm_core.runs.refusals import not_found
from lstm_core.runs.store import NumberedEvent, OpenRun, Run, RunLabel
from lstm_core.runs.tables import events, runs
from lstm_core.training.events import EVENT, Event, ExampleForecast, Progress, RunPaused, Status, Wish, fold
from lstm_core.training.plan import RunSpec

CURVE = ("epoch", "progress", "example")


def names(connection: Connection, owner: str) -> list[str]:
    """Names an owner's runs have."""
    mine = and_(runs.c.owner == owner, runs.c.deleted_at.is_(None))
    return list(connection.scalars(select(runs.c.name).where(mine)))


def add(connection: Connection, owner: str, spec: RunSpec, *, name: str, **columns: str | int | None) -> str:
    """Add a run that waits, under a free name; returns its run_id."""
    run_id = new_run_id()
    row = {
        "run_id": run_id,
        "owner": owner,
        "name": free_name(name, names(connection, owner)),
        "spec": spec.model_dump_json(),
        "fingerprint": spec.series_fingerprint,
        "created_at": datetime.now(UTC).isoformat(),
        "status": Status.QUEUED.value,
    }
    connection.execute(insert(runs).values(row | columns))
    return run_id


def made_by(connection: Connection, owner: str, token: str) -> str | None:
    """Run that an owner's token has made, None when it has made none yet."""
    return connection.scalar(select(runs.c.run_id).where(runs.c.owner == owner, runs.c.token == token))


def visible(connection: Connection, owner: str, run_id: str) -> dict[str, Any]:
    """Row of an owner's run, or the one answer to everything else."""
    visible = and_(runs.c.run_id == run_id, runs.c.owner == owner, runs.c.deleted_at.is_(None))
    row = connection.execute(select(runs).where(visible)).mappings().first()
    if row is None:
        raise not_found()
    return dict(row)


def read_events(connection: Connection, run_id: str, *conditions: ColumnElement[bool]) -> list[NumberedEvent]:
    """Events of a run that fulfil all conditions, in order."""
    rows = connection.execute(
        select(events.c.seq, events.c.body)
        .where(events.c.run_id == run_id, *conditions)
        .order_by(events.c.seq)
    )
    return [(seq, EVENT.validate_json(body)) for seq, body in rows]


def append(connection: Connection, run_id: str, new: Sequence[Event]) -> bool:
    """Number and store events; what is stale goes: all progress but the newest, all examples but the first and it."""
    moves = [status for status in map(status_after, new) if status is not None]
    values: dict[str, Any] = {"last_seq": runs.c.last_seq + len(new), "beat": runs.c.beat + 1}
    if moves:
        values["status"] = moves[-1].value
    if any(isinstance(event, RunPaused) for event in new):
        # The one step that was wished for is done.
        values["wish"] = case((runs.c.wish == Wish.STEP, Wish.PAUSE.value), else_=runs.c.wish)
    last = connection.scalar(
        update(runs)
        .where(runs.c.run_id == run_id, runs.c.status.not_in(FINAL))
        .values(values)
        .returning(runs.c.last_seq)
    )
    if last is None:
        return False
    if any(isinstance(event, Progress) for event in new):
        connection.execute(delete(events).where(events.c.run_id == run_id, events.c.kind == "progress"))
    if any(isinstance(event, ExampleForecast) for event in new):
        examples = and_(events.c.run_id == run_id, events.c.kind == "example")
        first_told = select(func.min(events.c.seq)).where(examples).scalar_subquery()
        connection.execute(delete(events).where(examples, events.c.seq > first_told))
    first = last - len(new) + 1
    rows = [
        {"run_id": run_id, "seq": first + place, "kind": event.kind, "body": event.model_dump_json()}
        for place, event in enumerate(new)
    ]
    if rows:
        connection.execute(insert(events), rows)
    return True


def to_run(row: Mapping[str, Any], told: list[Event]) -> Run:
    """Build the run a row and the events read with it tell of."""
    status = Status(row["status"])
    return Run(
        run_id=row["run_id"],
        owner=row["owner"],
        name=row["name"],
        spec=RunSpec.model_validate_json(row["spec"]),
        series_name=row["series_name"],
        created_at=datetime.fromisoformat(row["created_at"]),
        status=status,
        state=replace(fold(told), status=status),
        wish=Wish(row["wish"]),
        alone=_is_alone(row),
        checkpoint=row["checkpoint"],
        parent=row["parent"],
        study=row["study"],
    )


def to_label(row: Mapping[str, Any]) -> RunLabel:
    """Build what a glance needs from a row."""
    return RunLabel(
        run_id=row["run_id"],
        name=row["name"],
        status=Status(row["status"]),
        wish=Wish(row["wish"]),
        alone=_is_alone(row),
    )


def to_open_run(row: Mapping[str, Any]) -> OpenRun:
    """Build what the queue must know from a row."""
    return OpenRun(
        run_id=row["run_id"],
        owner=row["owner"],
        number=row["number"],
        status=Status(row["status"]),
        queue=row["queue"],
        beat=row["beat"],
        stop=row["wish"] == Wish.CANCEL or row["deleted_at"] is not None,
    )


def _is_alone(row: Mapping[str, Any]) -> bool:
    return row["status"] == Status.PAUSED and row["queue"] is None
