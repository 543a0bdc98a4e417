"""Offices that are no more (조직 개편): what still stands under their ids, and giving it to their heirs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId
from storage.statements import insert_or
from storage.tables import CaseRow, ConversationRow, StaffOfficeRow


@dataclass(frozen=True, slots=True)
class Orphan:
    """A case whose office is no more."""

    id: int
    office: OfficeId
    district: str


async def orphans(connection: AsyncConnection, offices: Sequence[str], *, limit: int) -> list[Orphan]:
    """Up to `limit` cases of these offices, locked until the transaction ends."""
    result = await connection.execute(
        select(CaseRow.id, CaseRow.office, CaseRow.district)
        .where(CaseRow.office.in_(offices))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Orphan(row.id, OfficeId(row.office), row.district) for row in result]


async def bequeath(connection: AsyncConnection, cases: Sequence[int], heir: OfficeId) -> None:
    """Let cases stand under the heir's id. The history keeps the ids of its time."""
    await connection.execute(update(CaseRow).where(CaseRow.id.in_(cases)).values(office=heir))


async def still_bound(connection: AsyncConnection, offices: Sequence[str]) -> list[OfficeId]:
    """Which of these offices a group is bound to, or a member of staff works for."""
    groups = select(ConversationRow.office).where(ConversationRow.office.in_(offices))
    staff = select(StaffOfficeRow.office).where(StaffOfficeRow.office.in_(offices))
    found = [*(await connection.execute(groups)).scalars(), *(await connection.execute(staff)).scalars()]
    return sorted({OfficeId(office) for office in found if office is not None})


async def rebind(connection: AsyncConnection, office: OfficeId, heir: OfficeId) -> None:
    """Let the groups and the staff of an office be the heir's."""
    await connection.execute(
        update(ConversationRow).where(ConversationRow.office == office).values(office=heir)
    )
    result = await connection.execute(
        delete(StaffOfficeRow).where(StaffOfficeRow.office == office).returning(StaffOfficeRow.staff_id)
    )
    staff = list(result.scalars())
    if staff:
        # Who works for the heir already goes on to.
        await connection.execute(
            insert_or(connection, StaffOfficeRow)
            .values([{"staff_id": one, "office": heir} for one in staff])
            .on_conflict_do_nothing()
        )
