"""The few statements that the two databases spell differently."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import Base


def insert_or(connection: AsyncConnection, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of this connection's database that can be given `on_conflict_do_…`."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
