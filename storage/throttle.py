"""Throttles (시도 제한): how often something was tried under a key within a span of time."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import ThrottleRow


async def count_try(connection: AsyncConnection, key: str, *, span: timedelta, now: datetime) -> int:
    """Count one more try and return how many there were since the span began, this one included.

    One statement, so that tries made at the same moment are all counted: count first, check afterwards.
    """
    statement = insert_or(connection, ThrottleRow).values(key=key, count=1, since=now)
    over = ThrottleRow.since <= now - span
    result = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, 1), else_=ThrottleRow.count + 1),
                "since": case((over, now), else_=ThrottleRow.since),
            },
        ).returning(ThrottleRow.count)
    )
    return result.scalar_one()


async def take_back_try(connection: AsyncConnection, key: str) -> None:
    """Uncount one try, which turned out to be a rightful one."""
    await connection.execute(
        update(ThrottleRow)
        .where(ThrottleRow.key == key, ThrottleRow.count > 0)
        .values(count=ThrottleRow.count - 1)
    )


async def forget_tries(connection: AsyncConnection, key: str) -> None:
    """Begin anew for this key."""
    await connection.execute(delete(ThrottleRow).where(ThrottleRow.key == key))


async def forget_old_tries(connection: AsyncConnection, before: datetime) -> None:
    """Drop what began before that moment; nobody asks for it any more."""
    await connection.execute(delete(ThrottleRow).where(ThrottleRow.since < before))
