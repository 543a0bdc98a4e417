"""The few statements that the two databases spell differently."""

from sqlalchemy import ColumnElement, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import Base


def written_out(value: str) -> ColumnElement[str]:
    """A constant as a part of the statement's own text.

    A partial index is used only where its condition stands so; with a parameter SQLite reads the whole table,
    and so may PostgreSQL.
    """
    return literal(value, literal_execute=True)


def insert_or(connection: AsyncConnection, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this connection's database that can be given `on_conflict_do_…`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
