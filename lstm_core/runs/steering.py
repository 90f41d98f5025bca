"""Wishes as rows: what people want of live runs, and how a paused run and its worker part.

Each verb is one conditional statement, so that a click and a worker that lets go cannot miss each other: whoever comes
second finds what the first one wrote. All inside a caller's transaction.
"""

from sqlalchemy import ColumnElement, Connection, and_, case, select, update

from lstm_core.runs import rows
from lstm_core.runs.moves import FINAL, GOING_ON, wishes_overruled_by
from lstm_core.runs.tables import runs
from lstm_core.training.events import RunCancelled, Status, Wish


def ask(connection: Connection, run_id: str, wish: Wish) -> None:
    """See `RunStore.ask`."""
    open_to_it = and_(
        runs.c.run_id == run_id, runs.c.status.not_in(FINAL), runs.c.wish.in_(wishes_overruled_by(wish))
    )
    alone = and_(runs.c.status == Status.PAUSED, runs.c.queue.is_(None))
    moved = case((alone, Status.QUEUED.value), else_=runs.c.status) if wish in GOING_ON else runs.c.status
    connection.execute(update(runs).where(open_to_it).values(wish=wish.value, status=moved))
    if wish is Wish.CANCEL:
        _end_if(connection, and_(runs.c.run_id == run_id, alone))


def wish_of(connection: Connection, run_id: str) -> Wish:
    """Count a sign of life; see `RunStore.beat`."""
    lived = update(runs).where(runs.c.run_id == run_id).values(beat=runs.c.beat + 1)
    row = connection.execute(lived.returning(runs.c.wish, runs.c.deleted_at, runs.c.status)).first()
    if row is None or row.deleted_at is not None or row.status in FINAL:
        return Wish.CANCEL
    return Wish(row.wish)


def release(connection: Connection, run_id: str) -> bool:
    """See `RunStore.release`."""
    still = and_(
        runs.c.run_id == run_id,
        runs.c.status == Status.PAUSED,
        runs.c.wish == Wish.PAUSE,
        runs.c.deleted_at.is_(None),
    )
    return connection.execute(update(runs).where(still).values(queue=None)).rowcount == 1


def set_down(connection: Connection, run_id: str, queue: str) -> bool:
    """See `RunStore.set_down`."""
    held = and_(runs.c.run_id == run_id, runs.c.status == Status.PAUSED, runs.c.queue == queue)
    status = case((runs.c.wish.in_(GOING_ON), Status.QUEUED.value), else_=Status.PAUSED.value)
    found = connection.execute(update(runs).where(held).values(queue=None, status=status)).rowcount == 1
    if found:
        _end_if(connection, and_(runs.c.run_id == run_id, runs.c.wish == Wish.CANCEL))
    return found


def _end_if(connection: Connection, condition: ColumnElement[bool]) -> None:
    for run_id in connection.scalars(select(runs.c.run_id).where(condition)).all():
        rows.append(connection, run_id, [RunCancelled()])
