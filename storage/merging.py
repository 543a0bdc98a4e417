"""Cases merged into others (병합): where they went, and who hears of the other from then on.

`CaseRow.merged_into` always names the case that goes on: when that is merged in turn, whatever went into it
goes along. So nobody has to follow a chain, and there can be no circle.
"""

from datetime import datetime

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from storage.casebook import Case, case_by_id, case_by_number, cases_by_ids
from storage.people import support
from storage.statements import insert_or
from storage.tables import CaseContactRow, CaseRow, SupportRow
from storage.tables.types import UtcDateTime

MOST_LISTED = 50


async def case_going_on(connection: AsyncConnection, number: CaseNumber, *, beside: int) -> Case | None:
    """The case of that number, or the one it went into; None when there is none.

    It and the case `beside` are held until the transaction ends, in the order of their ids: two that are
    merged into each other at once must not wait for each other.
    """
    named = await case_by_number(connection, number)
    if named is None:
        return None
    wanted = named.merged_into or named.id
    for case_id in sorted({wanted, beside}):
        await case_by_id(connection, case_id, lock=True)
    found = await case_by_id(connection, wanted)
    # It may have gone further while the lock was waited for.
    if found is not None and found.merged_into is not None:
        return await case_by_id(connection, found.merged_into, lock=True)
    return found


async def is_heard_by_others(connection: AsyncConnection, case: Case, than: int | None) -> bool:
    """True when anybody but the resident `than` hears of a case, by chat or by telephone."""
    if case.resident_id not in (None, than):
        return True
    backing = select(SupportRow.case_id).where(SupportRow.case_id == case.id)
    if than is not None:
        backing = backing.where(SupportRow.resident_id != than)
    went_along = select(CaseRow.id).where(CaseRow.merged_into == case.id)
    phoned = select(CaseContactRow.case_id).where(
        or_(CaseContactRow.case_id == case.id, CaseContactRow.case_id.in_(went_along))
    )
    result = await connection.execute(select(or_(backing.exists(), phoned.exists())))
    return bool(result.scalar_one())


async def join(connection: AsyncConnection, merged: Case, into: Case, now: datetime) -> None:
    """Let everybody who hears of `merged` hear of `into`, once each; what went into it goes along."""
    theirs = select(literal(into.id), SupportRow.resident_id, literal(now, UtcDateTime)).where(
        SupportRow.case_id == merged.id, SupportRow.resident_id != (into.resident_id or 0)
    )
    statement = insert_or(connection, SupportRow).from_select(
        ["case_id", "resident_id", "created_at"], theirs
    )
    await connection.execute(statement.on_conflict_do_nothing())
    if merged.resident_id is not None and merged.resident_id != into.resident_id:
        await support(connection, into.id, merged.resident_id, now)
    await connection.execute(
        update(CaseRow).where(CaseRow.merged_into == merged.id).values(merged_into=into.id)
    )


async def merged_into(connection: AsyncConnection, case_id: int) -> list[Case]:
    """The newest fifty cases that went into this one, oldest first."""
    result = await connection.execute(
        select(CaseRow.id)
        .where(CaseRow.merged_into == case_id)
        .order_by(CaseRow.id.desc())
        .limit(MOST_LISTED)
    )
    return await cases_by_ids(connection, sorted(result.scalars()))


async def count_merged(connection: AsyncConnection, case_id: int) -> int:
    """How many cases went into this one."""
    result = await connection.execute(select(func.count()).where(CaseRow.merged_into == case_id))
    return result.scalar_one()
