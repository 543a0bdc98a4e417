"""Taking checked rows in (가져오기): all of them in the caller's transaction, or none.

Nobody is told anything, and nothing that fell due in the past is made up for: a case that came out of a file
has no resident, and its clock begins to run when it is taken in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_urlsafe

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.clock import Dates, next_check
from cases.figures import IMPORTED, Activity
from cases.vocabulary import Action, Role, State
from reports.checking import City, Fault
from reports.rows import CaseIn, MeetingIn
from storage.figures import count_again_from
from storage.importing import (
    Known,
    known_cases,
    known_meetings,
    meetings_named,
    put_activities,
    put_cases,
    put_events,
    put_meetings,
    reserve_numbers,
)
from storage.tables import JsonObject

_CLOSED_BY: Mapping[State, Action] = {
    State.DONE: Action.ANSWER,
    State.INFEASIBLE: Action.INFEASIBLE,
    State.HANDED_OVER: Action.HAND_OVER,
    State.WITHDRAWN: Action.WITHDRAW,
    State.MERGED: Action.MERGE,
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be written after a look at what is there, and what stands against it.

    `known` rows are there already, the same: they are left as they are. `meetings`: by row.
    """

    faults: list[Fault] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    meetings: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows were written, and how many were there already."""

    rows: int
    skipped: int


async def prepare_cases(connection: AsyncConnection, rows: Sequence[CaseIn]) -> Prepared:
    """Look which cases are there already and which meetings they name."""
    prepared = Prepared()
    there = await known_cases(connection, {row.source_ref for row in rows if row.source_ref})
    named = await meetings_named(connection, {row.meeting for row in rows if row.meeting})
    for row in rows:
        known = there.get(row.source_ref or "")
        if known is not None and isinstance(known.day, datetime):
            same = known.title == row.title and known.day == row.received_at
            _compare(prepared, row, known, same=same)
        if row.meeting:
            found = named.get(row.meeting, [])
            if len(found) == 1:
                prepared.meetings[row.row] = found[0]
            else:
                reason = "meeting_several" if found else "meeting_unknown"
                prepared.faults.append(Fault(row.row, "meeting", reason, row.meeting[:80]))
    return prepared


async def prepare_meetings(connection: AsyncConnection, rows: Sequence[MeetingIn]) -> Prepared:
    """Look which meetings are there already."""
    prepared = Prepared()
    there = await known_meetings(connection, {row.source_ref for row in rows if row.source_ref})
    for row in rows:
        known = there.get(row.source_ref or "")
        if known is not None:
            _compare(prepared, row, known, same=known.title == row.title and known.day == row.held_on)
    return prepared


def _compare(prepared: Prepared, row: CaseIn | MeetingIn, known: Known, *, same: bool) -> None:
    if same:
        prepared.known.add(row.row)
    else:
        prepared.faults.append(Fault(row.row, "source_ref", "taken", f"{row.source_ref}: {known.title}"[:80]))


async def take_cases(
    connection: AsyncConnection,
    city: City,
    rows: Sequence[CaseIn],
    prepared: Prepared,
    *,
    staff_id: int | None,
    run_id: int,
    now: datetime,
) -> Taken:
    """Write the cases that are not there yet, with their history, in the order of their days."""
    new = sorted((row for row in rows if row.row not in prepared.known), key=lambda row: row.received_at)
    years = sorted({row.received_at.year for row in new})
    next_of = {
        year: await reserve_numbers(connection, year, sum(row.received_at.year == year for row in new))
        for year in years
    }
    values: list[JsonObject] = []
    for row in new:
        year = row.received_at.year
        values.append(
            _case_values(city, row, prepared.meetings.get(row.row), now)
            | {
                "year": year,
                "running": next_of[year],
            }
        )
        next_of[year] += 1
    ids = await put_cases(connection, values)
    line = await put_events(connection, _events(ids, new, staff_id=staff_id, run_id=run_id, now=now))
    await put_activities(connection, _activities(ids, new, city, staff_id=staff_id, now=now))
    await count_again_from(connection, line)
    return Taken(len(new), len(prepared.known))


async def take_meetings(
    connection: AsyncConnection, rows: Sequence[MeetingIn], prepared: Prepared, *, now: datetime
) -> Taken:
    """Write the meetings that are not there yet."""
    new = [row for row in rows if row.row not in prepared.known]
    await put_meetings(connection, (_meeting_values(row, now) for row in new))
    return Taken(len(new), len(prepared.known))


def _case_values(city: City, row: CaseIn, meeting: int | None, now: datetime) -> JsonObject:
    answered = row.closed_at if row.answer and row.closed_at != row.received_at else None
    dates = Dates(
        state=row.state,
        office=row.office,
        received_at=row.received_at,
        assigned_at=now,
        due_at=row.due_at,
        closed_at=row.closed_at,
        last_word_at=answered,
        rated=row.rating is not None,
        has_raiser=False,
    )
    return {
        "state": row.state.value,
        "kind": row.kind.value,
        "title": row.title,
        "text": row.text,
        "office": row.office,
        "district": row.district,
        "place": row.place,
        "channel": row.channel,
        "meeting_id": meeting,
        # What an office wrote down for itself was not written to be shown to everybody.
        "public": False,
        "received_at": row.received_at,
        "due_at": row.due_at,
        "changed_at": now,
        "closed_at": row.closed_at,
        "planned_on": row.planned_on,
        "rating": row.rating,
        "routed_by": IMPORTED,
        "assigned_at": now,
        "last_word_at": answered,
        "clock_at": now,
        "next_check_at": next_check(dates, city.calendar, since=now),
        "field": row.field,
        "outcome": row.outcome.value if row.outcome else None,
        "source_ref": row.source_ref,
    }


def _events(
    ids: Sequence[int], rows: Sequence[CaseIn], *, staff_id: int | None, run_id: int, now: datetime
) -> Iterator[JsonObject]:
    for case, row in zip(ids, rows, strict=True):
        common: JsonObject = {
            "case_id": case,
            "role": Role.SYSTEM.value,
            "staff_id": staff_id,
            "author": "",
            "from_office": "",
            "to_office": row.office,
            "told": False,
            "facts": {"import": run_id},
        }
        filed: JsonObject = {
            "at": row.received_at,
            "action": Action.FILE.value,
            "from_state": "",
            "words": "",
        }
        yield common | filed | {"to_state": State.RECEIVED.value}
        if row.closed_at is None and not row.answer:
            continue
        ended = _CLOSED_BY.get(row.state, Action.NOTE)
        yield common | {
            "at": row.closed_at or now,
            "action": ended.value,
            "from_office": row.office,
            "from_state": State.RECEIVED.value,
            "to_state": row.state.value,
            "words": row.answer,
        }


def _activities(
    ids: Sequence[int], rows: Sequence[CaseIn], city: City, *, staff_id: int | None, now: datetime
) -> Iterator[JsonObject]:
    for case, row in zip(ids, rows, strict=True):
        for kind, times in ((Activity.INTERVIEW, row.interviews), (Activity.SITE_VISIT, row.site_visits)):
            for _ in range(times):
                yield {
                    "case_id": case,
                    "kind": kind.value,
                    # The file says how often, not when.
                    "held_on": row.received_at.astimezone(city.zone).date(),
                    "staff_id": staff_id,
                    "created_at": now,
                }


def _meeting_values(row: MeetingIn, now: datetime) -> JsonObject:
    return {
        "code": token_urlsafe(9),
        "title": row.title,
        "kind": row.kind,
        "held_on": row.held_on,
        "district": row.district,
        "place": row.place,
        "hosts": row.hosts,
        "attendees": row.attendees,
        "source_ref": row.source_ref,
        "created_at": now,
    }
