"""Lists that a person comes back to (저장한 보기): a name, and the filters as they stand in the address."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import SavedViewRow

MOST_VIEWS = 20
"""Saved lists of one person."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """One saved list. `query` stands behind the question mark of its address."""

    id: int
    name: str
    query: str


async def views_of(connection: AsyncConnection, staff_id: int) -> list[SavedView]:
    """What a person saved, by name."""
    result = await connection.execute(
        select(SavedViewRow.id, SavedViewRow.name, SavedViewRow.query)
        .where(SavedViewRow.staff_id == staff_id)
        .order_by(SavedViewRow.name)
    )
    return [SavedView(*row) for row in result]


async def save_view(connection: AsyncConnection, staff_id: int, name: str, query: str, now: datetime) -> bool:
    """Save a list; one of the same name is replaced. False when there are too many, and nothing is saved."""
    counted = select(func.count()).where(SavedViewRow.staff_id == staff_id, SavedViewRow.name != name)
    if (await connection.execute(counted)).scalar_one() >= MOST_VIEWS:
        return False
    statement = insert_or(connection, SavedViewRow).values(
        staff_id=staff_id, name=name, query=query, created_at=now
    )
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["staff_id", "name"], set_={"query": query, "created_at": now}
        )
    )
    return True


async def remove_view(connection: AsyncConnection, staff_id: int, view_id: int) -> None:
    """Forget one of a person's saved lists; another's stays."""
    await connection.execute(
        delete(SavedViewRow).where(SavedViewRow.id == view_id, SavedViewRow.staff_id == staff_id)
    )
