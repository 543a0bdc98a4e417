"""What was done for a case outside of writing (면담, 현장방문), as the figures count it."""

from datetime import date, datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.figures import Activity
from storage.tables import ActivityRow


async def add_activity(
    connection: AsyncConnection,
    *,
    case_id: int,
    kind: Activity,
    held_on: date,
    staff_id: int | None,
    now: datetime,
) -> None:
    """Write down what was done for a case. Whoever calls adds a line to its history too."""
    await connection.execute(
        insert(ActivityRow).values(
            case_id=case_id, kind=kind.value, held_on=held_on, staff_id=staff_id, created_at=now
        )
    )
