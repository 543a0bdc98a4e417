"""Leases (임대): what only one process may do at a time, such as polling Telegram."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import LeaseRow


async def hold_lease(
    connection: AsyncConnection, name: str, *, owner: str, now: datetime, lease: timedelta
) -> bool:
    """Take a lease that is free or over, or renew our own; False while somebody else holds it."""
    statement = insert_or(connection, LeaseRow).values(name=name, owner=owner, leased_until=now + lease)
    result = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"owner": owner, "leased_until": now + lease},
            where=or_(LeaseRow.owner == owner, LeaseRow.leased_until <= now),
        ).returning(LeaseRow.name)
    )
    return result.one_or_none() is not None


async def end_lease(connection: AsyncConnection, name: str, *, owner: str) -> None:
    """Give a lease back, if it is still ours."""
    await connection.execute(delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner))
