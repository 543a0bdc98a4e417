"""What residents thought of closed cases (만족도), and what became of all that was raised at a meeting."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OPEN_STATES, OfficeId, State
from storage.tables import CaseRow, MeetingRow

_OPEN = sorted(state.value for state in OPEN_STATES)
_ASKED = (State.DONE.value, State.INFEASIBLE.value)


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """An office's closed cases of a period: how many, how many were rated (1 to 5), the ratings' sum."""

    office: OfficeId
    closed: int
    rated: int
    stars: int


async def satisfaction(
    connection: AsyncConnection, since: datetime, until: datetime, *, after: str, limit: int
) -> list[Satisfaction]:
    """Offices (by id, those behind `after`) that closed cases in the period, with what residents said."""
    result = await connection.execute(
        select(
            CaseRow.office,
            func.count(),
            func.count(CaseRow.rating),
            func.coalesce(func.sum(CaseRow.rating), 0),
        )
        .where(
            CaseRow.closed_at > since,
            CaseRow.closed_at <= until,
            CaseRow.redacted_at.is_(None),
            CaseRow.state.in_(_ASKED),
            CaseRow.office > after,
        )
        .group_by(CaseRow.office)
        .order_by(CaseRow.office)
        .limit(limit)
    )
    return [Satisfaction(OfficeId(row[0]), row[1], row[2], int(row[3] or 0)) for row in result]


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting from which something is still open, or was closed since the last account."""

    id: int
    title: str
    held_on: date


@dataclass(frozen=True, slots=True)
class Raised:
    """A case raised at a meeting."""

    id: int
    year: int
    running: int
    title: str
    state: State
    public: bool
    resident_id: int | None


async def gatherings(
    connection: AsyncConnection, since: datetime, *, after: int, limit: int
) -> list[Gathering]:
    """Meetings (by id, those behind `after`) of which there is something to tell."""
    alive = exists().where(
        CaseRow.meeting_id == MeetingRow.id,
        or_(CaseRow.state.in_(_OPEN), and_(CaseRow.closed_at.is_not(None), CaseRow.closed_at > since)),
    )
    result = await connection.execute(
        select(MeetingRow.id, MeetingRow.title, MeetingRow.held_on)
        .where(MeetingRow.id > after, alive)
        .order_by(MeetingRow.id)
        .limit(limit)
    )
    return [Gathering(*row) for row in result]


async def raised_at(connection: AsyncConnection, meeting_id: int) -> list[Raised]:
    """All that was raised at a meeting, the oldest first."""
    result = await connection.execute(
        select(
            CaseRow.id,
            CaseRow.year,
            CaseRow.running,
            CaseRow.title,
            CaseRow.state,
            CaseRow.public,
            CaseRow.resident_id,
        )
        .where(CaseRow.meeting_id == meeting_id)
        .order_by(CaseRow.id)
    )
    return [Raised(*row[:4], State(row.state), row.public, row.resident_id) for row in result]
