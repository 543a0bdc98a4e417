"""The few statements that the two databases spell differently."""

from sqlalchemy import ColumnElement, String, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import Base


def written_out(value: str) -> ColumnElement[str]:
    """A constant as a part of the statement's own text, so that a partial index on it can be used.

    PostgreSQL plans a prepared statement for any value in the end, and then no partial index fits it.
    Raises ValueError for anything but a plain word: it would have to be quoted.
    """
    if value and not value.isidentifier():
        raise ValueError(f"{value!r} is no plain word")
    return literal_column(f"'{value}'", String)


def insert_or(connection: AsyncConnection, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this connection's database that can be given `on_conflict_do_…`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
