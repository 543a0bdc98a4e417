"""Figures of meetings (소통행사 집계): how many of which kind, where, and what was raised there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, extract, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import State
from storage.statements import insert_or
from storage.tables import CaseRow, MeetingPlanRow, MeetingRow

MOST_MEETINGS = 5_000
"""Meetings of one period that are looked at: those of a whole city in many years."""


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that was held."""

    id: int
    title: str
    kind: str
    held_on: date
    district: str
    place: str
    hosts: str
    attendees: int | None


@dataclass(frozen=True, slots=True)
class Raised:
    """How many cases of a state were raised at a meeting."""

    meeting_id: int
    state: State
    n: int


def _within(first: date, last: date, kind: str, district: str) -> ColumnElement[bool]:
    return and_(
        MeetingRow.held_on.between(first, last),
        *([MeetingRow.kind == kind] if kind else []),
        *([MeetingRow.district == district] if district else []),
    )


async def meetings_held(
    connection: AsyncConnection, first: date, last: date, *, kind: str = "", district: str = ""
) -> list[Held]:
    """The meetings of a period, the newest first."""
    result = await connection.execute(
        select(
            MeetingRow.id,
            MeetingRow.title,
            MeetingRow.kind,
            MeetingRow.held_on,
            MeetingRow.district,
            MeetingRow.place,
            MeetingRow.hosts,
            MeetingRow.attendees,
        )
        .where(_within(first, last, kind, district))
        .order_by(MeetingRow.held_on.desc(), MeetingRow.id.desc())
        .limit(MOST_MEETINGS)
    )
    return [Held(*row) for row in result]


async def cases_raised(
    connection: AsyncConnection, first: date, last: date, *, kind: str = "", district: str = ""
) -> list[Raised]:
    """What was raised at the meetings of a period, whenever it was written down, by its state now."""
    result = await connection.execute(
        select(CaseRow.meeting_id, CaseRow.state, func.count())
        .join(MeetingRow, MeetingRow.id == CaseRow.meeting_id)
        .where(_within(first, last, kind, district))
        .group_by(CaseRow.meeting_id, CaseRow.state)
    )
    return [Raised(meeting, State(state), many) for meeting, state, many in result if meeting is not None]


async def meetings_a_year(connection: AsyncConnection, since: date, until: date) -> dict[int, int]:
    """How many meetings were held in each year."""
    year = extract("year", MeetingRow.held_on)
    result = await connection.execute(
        select(year, func.count()).where(MeetingRow.held_on.between(since, until)).group_by(year)
    )
    return {int(one): many for one, many in result}


async def meeting_plans(connection: AsyncConnection) -> list[tuple[int, int]]:
    """How many meetings are to be held in all by the end of each year, in order of the years."""
    result = await connection.execute(
        select(MeetingPlanRow.year, MeetingPlanRow.planned).order_by(MeetingPlanRow.year)
    )
    return [(row[0], row[1]) for row in result]


async def set_meeting_plan(connection: AsyncConnection, year: int, planned: int | None) -> None:
    """Write down or change the plan of a year; None takes it away."""
    if planned is None:
        await connection.execute(delete(MeetingPlanRow).where(MeetingPlanRow.year == year))
        return
    statement = insert_or(connection, MeetingPlanRow).values(year=year, planned=planned)
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["year"], set_={"planned": planned})
    )


async def meeting_kinds(connection: AsyncConnection, *, limit: int) -> Sequence[str]:
    """The kinds that meetings of this city had, the most frequent first."""
    result = await connection.execute(
        select(MeetingRow.kind).group_by(MeetingRow.kind).order_by(func.count().desc()).limit(limit)
    )
    return list(result.scalars())
