"""Whom to phone (연락처): people without the chat, what they are still to be told, and who told them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.vocabulary import OPEN_STATES, OfficeId, State
from storage.statements import written_out
from storage.tables import CaseContactRow, CaseRow

HALF_YEAR = "half"
"""Stands in `to_tell` for the half-yearly word on an open case."""

_OPEN = sorted(state.value for state in OPEN_STATES)
# As in the partial index, word for word: otherwise it would not be used.
_TO_TELL = CaseContactRow.to_tell != written_out("")


@dataclass(frozen=True, slots=True)
class Contact:
    """How a person can be told. `to_tell` is an action of the case, `half`, or empty."""

    name: str
    phone: str
    consented_at: datetime
    to_tell: str
    waiting_since: datetime | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Call:
    """A person to phone, and about which case."""

    case_id: int
    number: CaseNumber
    title: str
    state: State
    office: OfficeId
    name: str
    phone: str
    to_tell: str
    waiting_since: datetime


async def keep_contact(
    connection: AsyncConnection, case_id: int, *, name: str, phone: str, staff_id: int, now: datetime
) -> None:
    """Keep how a person can be told of their case; they agreed to it at `now`, before this clerk."""
    await connection.execute(
        insert(CaseContactRow).values(
            case_id=case_id, name=name, phone=phone, consented_at=now, staff_id=staff_id
        )
    )


async def contact_of(connection: AsyncConnection, case_id: int) -> Contact | None:
    """How the person of a case can be told, or None."""
    row = CaseContactRow
    result = await connection.execute(
        select(row.name, row.phone, row.consented_at, row.to_tell, row.waiting_since, row.told_at).where(
            row.case_id == case_id
        )
    )
    found = result.one_or_none()
    return None if found is None else Contact(*found)


async def call_wanted(connection: AsyncConnection, case_id: int, to_tell: str, now: datetime) -> None:
    """Note that whoever raised a case, or one merged into it, and can be phoned is to be told something."""
    merged = select(CaseRow.id).where(CaseRow.merged_into == case_id)
    await connection.execute(
        update(CaseContactRow)
        .where(or_(CaseContactRow.case_id == case_id, CaseContactRow.case_id.in_(merged)))
        .values(to_tell=to_tell, waiting_since=func.coalesce(CaseContactRow.waiting_since, now))
    )


async def called(connection: AsyncConnection, case_id: int, now: datetime) -> None:
    """Note that the person of a case was told."""
    await connection.execute(
        update(CaseContactRow)
        .where(CaseContactRow.case_id == case_id)
        .values(to_tell="", waiting_since=None, told_at=now)
    )


async def remove_contact(connection: AsyncConnection, case_id: int) -> bool:
    """Forget how the person of a case can be told, as they wish; False when there was nothing."""
    result = await connection.execute(delete(CaseContactRow).where(CaseContactRow.case_id == case_id))
    return result.rowcount == 1


async def half_year_calls(connection: AsyncConnection, moment: datetime, now: datetime) -> int:
    """Let everyone with an open case of before `moment` be phoned, as others get the half-yearly word.

    Who is to be phoned anyway stays as they are. Returns how many people there are to tell.
    """
    own = select(CaseRow.id).where(CaseRow.state.in_(_OPEN), CaseRow.received_at <= moment)
    open_then = union_all(own, select(CaseRow.id).where(CaseRow.merged_into.in_(own)))
    await connection.execute(
        update(CaseContactRow)
        .where(CaseContactRow.to_tell == "", CaseContactRow.case_id.in_(open_then))
        .values(to_tell=HALF_YEAR, waiting_since=now)
    )
    result = await connection.execute(
        select(func.count())
        .select_from(CaseContactRow)
        .where(_TO_TELL, CaseContactRow.case_id.in_(open_then))
    )
    return result.scalar_one()


async def calls(
    connection: AsyncConnection, offices: Collection[OfficeId] | None, *, limit: int, after: int = 0
) -> list[Call]:
    """Whom these offices (None: all) have to phone, who has waited longest first; `after` passes so many."""
    result = await connection.execute(
        select(
            CaseRow.id,
            CaseRow.year,
            CaseRow.running,
            CaseRow.title,
            CaseRow.state,
            CaseRow.office,
            CaseContactRow.name,
            CaseContactRow.phone,
            CaseContactRow.to_tell,
            CaseContactRow.waiting_since,
        )
        .join(CaseRow, CaseRow.id == CaseContactRow.case_id)
        .where(_TO_TELL, *_at(offices))
        .order_by(CaseContactRow.waiting_since, CaseContactRow.case_id)
        .offset(after)
        .limit(limit)
    )
    return [
        Call(
            case_id=row.id,
            number=CaseNumber(row.year, row.running),
            title=row.title,
            state=State(row.state),
            office=OfficeId(row.office),
            name=row.name,
            phone=row.phone,
            to_tell=row.to_tell,
            waiting_since=row.waiting_since,
        )
        for row in result
    ]


async def count_calls(
    connection: AsyncConnection, offices: Collection[OfficeId] | None, *, at_most: int
) -> int:
    """How many people these offices have to phone, none counted beyond `at_most`."""
    found = (
        select(CaseContactRow.case_id)
        .join(CaseRow, CaseRow.id == CaseContactRow.case_id)
        .where(_TO_TELL, *_at(offices))
        .limit(at_most)
        .subquery()
    )
    return (await connection.execute(select(func.count()).select_from(found))).scalar_one()


def _at(offices: Collection[OfficeId] | None) -> tuple[ColumnElement[bool], ...]:
    return () if offices is None else (CaseRow.office.in_(sorted(offices)),)
