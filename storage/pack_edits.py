"""What the console edits of the pack (도시 자료 수정): only added to; of each value the newest counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cities.editing import Edit, EditKind
from storage.statements import insert_or
from storage.tables import PackEditRow, StaffRow


@dataclass(frozen=True, slots=True)
class Written:
    """An edit as it was made. `who` is the name of the account, empty for none."""

    version: int
    edit: Edit
    at: datetime
    who: str


async def newest_version(connection: AsyncConnection) -> int:
    """The number of the newest edit, 0 before the first; it grows with each."""
    result = await connection.execute(select(func.max(PackEditRow.version)))
    return result.scalar_one() or 0


async def add_edit(
    connection: AsyncConnection, edit: Edit, *, after: int, staff_id: int | None, now: datetime
) -> bool:
    """Write an edit that was made seeing version `after`; False when somebody was quicker."""
    statement = insert_or(connection, PackEditRow).values(
        version=after + 1,
        kind=edit.kind.value,
        key=edit.key,
        value=dict(edit.value),
        at=now,
        staff_id=staff_id,
    )
    result = await connection.execute(statement.on_conflict_do_nothing().returning(PackEditRow.version))
    return result.one_or_none() is not None


async def edits_that_count(connection: AsyncConnection) -> list[Edit]:
    """The newest edit of each value, in order of version; those that give it back to the file too."""
    newest = select(func.max(PackEditRow.version)).group_by(PackEditRow.kind, PackEditRow.key)
    result = await connection.execute(
        select(PackEditRow.kind, PackEditRow.key, PackEditRow.value)
        .where(PackEditRow.version.in_(newest))
        .order_by(PackEditRow.version)
    )
    return [_edit(row.kind, row.key, row.value) for row in result]


async def history_of_edits(
    connection: AsyncConnection, kind: EditKind | None = None, key: str | None = None, *, limit: int = 50
) -> list[Written]:
    """Edits of one value, of one kind, or of all, the newest first."""
    statement = (
        select(
            PackEditRow.version,
            PackEditRow.kind,
            PackEditRow.key,
            PackEditRow.value,
            PackEditRow.at,
            StaffRow.name,
        )
        .outerjoin(StaffRow, StaffRow.id == PackEditRow.staff_id)
        .order_by(PackEditRow.version.desc())
        .limit(limit)
    )
    if kind is not None:
        statement = statement.where(PackEditRow.kind == kind.value)
    if key is not None:
        statement = statement.where(PackEditRow.key == key)
    result = await connection.execute(statement)
    return [
        Written(row.version, _edit(row.kind, row.key, row.value), row.at, row.name or "") for row in result
    ]


def _edit(kind: str, key: str, value: Mapping[str, object]) -> Edit:
    return Edit(EditKind(kind), key, value)
