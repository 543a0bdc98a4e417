"""What digests are made of (모아 보기): an office's day, and a resident's week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OPEN_STATES, OfficeId, State
from storage.tables import CaseEventRow, CaseRow, ConversationRow, ResidentRow, SupportRow

_OPEN = sorted(state.value for state in OPEN_STATES)


@dataclass(frozen=True, slots=True)
class Group:
    """A bound staff group."""

    conversation_id: int
    office: OfficeId


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """How many open cases of an office are new, not taken, due soon and overdue."""

    new: int
    untaken: int
    soon: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Pressing:
    """A case that is due soon, or was."""

    year: int
    running: int
    title: str
    due_at: datetime


async def bound_offices(connection: AsyncConnection, *, after: str, limit: int) -> list[OfficeId]:
    """The offices that have a group, by id, those behind `after`."""
    result = await connection.execute(
        select(ConversationRow.office)
        .where(ConversationRow.is_group, ConversationRow.office > after)
        .group_by(ConversationRow.office)
        .order_by(ConversationRow.office)
        .limit(limit)
    )
    return [OfficeId(office) for office in result.scalars() if office is not None]


async def office_day(
    connection: AsyncConnection, office: OfficeId, *, since: datetime, now: datetime, soon: datetime
) -> OfficeDay:
    """The counts of an office: new since `since`, due from `now` until `soon`, overdue at `now`."""
    result = await connection.execute(
        select(
            func.sum(case((CaseRow.assigned_at > since, 1), else_=0)),
            func.sum(case((CaseRow.state == State.RECEIVED.value, 1), else_=0)),
            func.sum(case(((CaseRow.due_at >= now) & (CaseRow.due_at <= soon), 1), else_=0)),
            func.sum(case((CaseRow.due_at < now, 1), else_=0)),
        ).where(CaseRow.office == office, CaseRow.state.in_(_OPEN))
    )
    return OfficeDay(*(int(count or 0) for count in result.one()))


async def pressing_cases(
    connection: AsyncConnection, office: OfficeId, *, soon: datetime, limit: int
) -> list[Pressing]:
    """An office's open cases that are due by `soon`, the latest first of all."""
    result = await connection.execute(
        select(CaseRow.year, CaseRow.running, CaseRow.title, CaseRow.due_at)
        .where(CaseRow.office == office, CaseRow.state.in_(_OPEN), CaseRow.due_at <= soon)
        .order_by(CaseRow.due_at, CaseRow.id)
        .limit(limit)
    )
    return [Pressing(*row) for row in result]


async def weekly_people(connection: AsyncConnection, *, after: int, limit: int) -> list[int]:
    """Residents (by id, those behind `after`) who want their news once a week."""
    result = await connection.execute(
        select(ResidentRow.id)
        .where(ResidentRow.id > after, ResidentRow.weekly, ResidentRow.notices)
        .order_by(ResidentRow.id)
        .limit(limit)
    )
    return list(result.scalars())


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a case that one resident raised or supports."""

    case_id: int
    year: int
    running: int
    title: str
    state: str
    office: str
    due_at: datetime
    action: str
    at: datetime
    words: str


async def changes_for(
    connection: AsyncConnection, resident_id: int, since: datetime, until: datetime, actions: Sequence[str]
) -> list[Changed]:
    """What was done in a time to the open cases of a resident, the oldest first."""
    backed = select(SupportRow.case_id).where(SupportRow.resident_id == resident_id)
    result = await connection.execute(
        select(
            CaseRow.id,
            CaseRow.year,
            CaseRow.running,
            CaseRow.title,
            CaseRow.state,
            CaseRow.office,
            CaseRow.due_at,
            CaseEventRow.action,
            CaseEventRow.at,
            CaseEventRow.words,
        )
        .join(CaseEventRow, CaseEventRow.case_id == CaseRow.id)
        .where(
            or_(CaseRow.resident_id == resident_id, CaseRow.id.in_(backed)),
            CaseRow.state.in_(_OPEN),
            CaseEventRow.at > since,
            CaseEventRow.at <= until,
            CaseEventRow.action.in_(actions),
        )
        .order_by(CaseRow.id, CaseEventRow.id)
    )
    return [Changed(*row[:9], words=row.words) for row in result]
