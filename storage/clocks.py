"""Cases whose clock has to be read (시계를 볼 건의): claimed by locking them for one transaction."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.casebook import Case, case_of_row
from storage.tables import CaseRow


async def due_cases(connection: AsyncConnection, now: datetime, *, limit: int) -> list[Case]:
    """Up to `limit` cases whose clock is due, locked until the transaction ends; others' are passed over."""
    result = await connection.execute(
        select(*CaseRow.__table__.c)
        .where(CaseRow.next_check_at <= now)
        .order_by(CaseRow.next_check_at, CaseRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [case_of_row(row) for row in result.mappings()]


async def count_due(connection: AsyncConnection, now: datetime) -> int:
    """How many cases' clocks are due."""
    result = await connection.execute(select(func.count()).where(CaseRow.next_check_at <= now))
    return result.scalar_one()


async def set_clock(
    connection: AsyncConnection, case_id: int, *, clock_at: datetime | None, next_check_at: datetime | None
) -> None:
    """Write up to when a clock was read and when it is due next.

    The version stays: reading the clock changes nothing a person could have before their eyes.
    """
    values: dict[str, object] = {"next_check_at": next_check_at}
    if clock_at is not None:
        values["clock_at"] = clock_at
    await connection.execute(update(CaseRow).where(CaseRow.id == case_id).values(values))


async def next_due(connection: AsyncConnection) -> datetime | None:
    """When the next clock is due."""
    result = await connection.execute(
        select(CaseRow.next_check_at)
        .where(CaseRow.next_check_at.is_not(None))
        .order_by(CaseRow.next_check_at)
        .limit(1)
    )
    return result.scalar_one_or_none()
