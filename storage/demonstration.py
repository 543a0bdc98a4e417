"""The demonstration (시연): whether a database may be filled with one, its mark, and its people."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import CaseRow, ConversationRow, InboxRow, LeaseRow, MarkRow, MeetingRow

DEMONSTRATION = "demonstration"


async def mark(connection: AsyncConnection, name: str, now: datetime) -> bool:
    """Mark the database for good; False when it was marked so before."""
    statement = insert_or(connection, MarkRow).values(name=name, at=now)
    result = await connection.execute(statement.on_conflict_do_nothing().returning(MarkRow.name))
    return result.one_or_none() is not None


async def is_marked(connection: AsyncConnection, name: str) -> bool:
    """True when the database bears the mark."""
    result = await connection.execute(select(MarkRow.name).where(MarkRow.name == name))
    return result.one_or_none() is not None


async def nobody_came_yet(connection: AsyncConnection) -> bool:
    """True when there is no case, no meeting, and nobody who ever wrote."""
    for column in (CaseRow.id, MeetingRow.id, ConversationRow.id, InboxRow.id):
        if (await connection.execute(select(column).limit(1))).one_or_none() is not None:
            return False
    return True


async def program_runs(connection: AsyncConnection, now: datetime) -> bool:
    """True when a process of the program serves this database now."""
    result = await connection.execute(
        select(LeaseRow.name)
        .where(LeaseRow.name.startswith("process:"), LeaseRow.leased_until > now)
        .limit(1)
    )
    return result.one_or_none() is not None


async def somebody(connection: AsyncConnection, address: str, now: datetime) -> int:
    """A conversation in the web chat that no browser holds; its id."""
    result = await connection.execute(
        insert(ConversationRow)
        .values(channel="web", external_id=address, created_at=now, last_at=now)
        .returning(ConversationRow.id)
    )
    return result.scalar_one()
