"""A database and its transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from lstm_core.runs import tables

P = ParamSpec("P")
R = TypeVar("R")
ATTEMPTS = 10


def in_turn(verb: Callable[P, R]) -> Callable[P, R]:
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


class Database:
    """Tables behind an SQLAlchemy address.

    Parameters
    ----------
    url : str
        `sqlite:////path/to/file` or `postgresql+psycopg://user@host/database`.
    check : bool
        Look for damage and create missing tables first; workers, which come later, need not.
    """

    def __init__(self, url: str, *, check: bool = True) -> None:
        self.url = url
        self._engine = tables.open_engine(url)
        if check:
            tables.check_intact(self._engine)
            tables.create_tables(self._engine)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection
