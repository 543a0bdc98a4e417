"""Conflicts a case may grow into (갈등관리): its grade, the plan against it, when it is looked at again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.vocabulary import OfficeId
from storage.narrowing import OPEN_STILL
from storage.statements import insert_or
from storage.tables import CaseConflictRow, CaseRow

GRADES = (1, 2, 3)
"""1 is the gravest: it gets a mediator (갈등등급)."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The grade of a case, what is planned, and the day it is looked at again."""

    grade: int
    plan: str
    check_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A case with a conflict, as it stands in the list of them."""

    number: CaseNumber
    title: str
    office: OfficeId
    conflict: Conflict


async def conflict_of(connection: AsyncConnection, case_id: int) -> Conflict | None:
    """The conflict of a case, or None when it has no grade."""
    result = await connection.execute(
        select(CaseConflictRow.grade, CaseConflictRow.plan, CaseConflictRow.check_on).where(
            CaseConflictRow.case_id == case_id
        )
    )
    row = result.one_or_none()
    return None if row is None else Conflict(row.grade, row.plan, row.check_on)


async def set_conflict(
    connection: AsyncConnection, case_id: int, conflict: Conflict | None, now: datetime
) -> None:
    """Write the grade and its plan, or take the grade away. The case's own version guards it."""
    if conflict is None:
        await connection.execute(delete(CaseConflictRow).where(CaseConflictRow.case_id == case_id))
        return
    values = {
        "grade": conflict.grade,
        "plan": conflict.plan,
        "check_on": conflict.check_on,
        "changed_at": now,
    }
    statement = insert_or(connection, CaseConflictRow).values(case_id=case_id, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=values))


async def watched_cases(
    connection: AsyncConnection, offices: Collection[OfficeId] | None, *, limit: int
) -> list[Watched]:
    """Open cases with a conflict of these offices (None: of all), those to be checked first."""
    statement = (
        select(
            CaseRow.year,
            CaseRow.running,
            CaseRow.title,
            CaseRow.office,
            CaseConflictRow.grade,
            CaseConflictRow.plan,
            CaseConflictRow.check_on,
        )
        .join(CaseRow, CaseRow.id == CaseConflictRow.case_id)
        .where(OPEN_STILL)
        .order_by(CaseConflictRow.check_on, CaseConflictRow.grade, CaseConflictRow.case_id)
    )
    if offices is not None:
        statement = statement.where(CaseRow.office.in_(sorted(offices)))
    result = await connection.execute(statement.limit(limit))
    return [
        Watched(
            number=CaseNumber(row.year, row.running),
            title=row.title,
            office=OfficeId(row.office),
            conflict=Conflict(row.grade, row.plan, row.check_on),
        )
        for row in result
    ]
