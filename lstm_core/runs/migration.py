"""Tables of an older version brought up to date: new columns are added, nothing that was stored is lost."""

from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.schema import CreateColumn

ALONE = 7_586_113
"""Number of the lock under which one process at a time changes the tables of a PostgreSQL database."""


def bring_up_to_date(connection: Connection, metadata: MetaData) -> None:
    """Create the tables and columns that are missing; all of it happens or nothing does.

    A column that is added must be nullable or have a `server_default`: the rows that are there get it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ALONE})
    metadata.create_all(connection)
    for table in metadata.sorted_tables:
        present = {column["name"] for column in inspect(connection).get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                definition = CreateColumn(column).compile(dialect=connection.dialect)
                connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {definition}"))
        if table.name == "runs" and "cancel" in present:
            _turn_cancel_into_a_wish(connection)


def _turn_cancel_into_a_wish(connection: Connection) -> None:
    """In the first stores a run could only be asked to stop, with a yes or no."""
    connection.execute(text("UPDATE runs SET wish = 'cancel' WHERE cancel"))
    connection.execute(text("ALTER TABLE runs DROP COLUMN cancel"))
