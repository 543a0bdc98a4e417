"""Meetings with residents (소통행사), found by the code in their link, by year, or by id."""

import re
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.vocabulary import Action, OfficeId, State
from storage.tables import CaseEventRow, CaseRow, JsonObject, MeetingRow

_PAYLOAD = re.compile(r"m-([A-Za-z0-9_-]{1,32})")
# No letter or digit that is taken for another when it is typed from a poster.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting: its code stands in the QR link, its title greets who follows it.

    `hosts` are who met whom (누가 누구를 만남); `office` holds it, where a head of an office wrote it down;
    `changed_by` is who changed it last.
    """

    id: int
    code: str
    title: str
    kind: str
    held_on: date
    district: str
    place: str
    attendees: int | None
    hosts: str
    office: OfficeId
    changed_by: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A case raised at a meeting."""

    id: int
    number: CaseNumber
    title: str
    state: State
    office: OfficeId
    district: str
    place: str
    public: bool
    channel: str
    received_at: datetime


_COLUMNS = tuple(getattr(MeetingRow, name) for name in Meeting.__slots__)


def new_code() -> str:
    """A code that cannot be guessed: whoever has it can file under the meeting."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


async def by_payload(connection: AsyncConnection, payload: str) -> Meeting | None:
    """The meeting of a start link's payload (`m-CODE`); None for a forged or old one."""
    match = _PAYLOAD.fullmatch(payload)
    return await by_code(connection, match[1]) if match else None


async def by_code(connection: AsyncConnection, code: str) -> Meeting | None:
    """The meeting of that code, or None."""
    result = await connection.execute(select(*_COLUMNS).where(MeetingRow.code == code))
    return _meeting(result.mappings().one_or_none())


async def meeting_by_id(connection: AsyncConnection, meeting_id: int) -> Meeting | None:
    """The meeting of that id, or None."""
    result = await connection.execute(select(*_COLUMNS).where(MeetingRow.id == meeting_id))
    return _meeting(result.mappings().one_or_none())


async def meetings_of(connection: AsyncConnection, year: int) -> list[Meeting]:
    """The meetings of a year, the newest first."""
    result = await connection.execute(
        select(*_COLUMNS)
        .where(MeetingRow.held_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(MeetingRow.held_on.desc(), MeetingRow.id.desc())
    )
    return [Meeting(**row) for row in result.mappings()]


async def newest_meetings(connection: AsyncConnection, *, limit: int) -> list[Meeting]:
    """The meetings that were held last or are next, the latest first."""
    result = await connection.execute(
        select(*_COLUMNS).order_by(MeetingRow.held_on.desc(), MeetingRow.id.desc()).limit(limit)
    )
    return [Meeting(**row) for row in result.mappings()]


async def years_of_meetings(connection: AsyncConnection) -> tuple[int, int] | None:
    """The first and the last year in which a meeting was or will be held; None without any."""
    result = await connection.execute(select(func.min(MeetingRow.held_on), func.max(MeetingRow.held_on)))
    first, last = result.one()
    return None if first is None else (first.year, last.year)


async def count_cases(connection: AsyncConnection, meeting_ids: Collection[int]) -> Mapping[int, int]:
    """How many cases were raised at each of these meetings."""
    result = await connection.execute(
        select(CaseRow.meeting_id, func.count())
        .where(CaseRow.meeting_id.in_(sorted(meeting_ids)))
        .group_by(CaseRow.meeting_id)
    )
    return {int(meeting_id): count for meeting_id, count in result if meeting_id is not None}


async def add_meeting(
    connection: AsyncConnection,
    *,
    code: str,
    title: str,
    kind: str,
    held_on: date,
    district: str,
    place: str,
    now: datetime,
    hosts: str = "",
    attendees: int | None = None,
    office: str = "",
    by: str = "",
) -> int:
    """Write a meeting; returns its id. `by` is the name of who does it.

    Raises IntegrityError when there is one of that code already.
    """
    result = await connection.execute(
        insert(MeetingRow)
        .values(
            code=code,
            title=title,
            kind=kind,
            held_on=held_on,
            district=district,
            place=place,
            hosts=hosts,
            attendees=attendees,
            office=office,
            changed_by=by,
            created_at=now,
        )
        .returning(MeetingRow.id)
    )
    return result.scalar_one()


async def change_meeting(
    connection: AsyncConnection, meeting_id: int, seen: int, values: JsonObject, *, by: str
) -> bool:
    """Write over exactly the version that was seen; False when somebody was quicker. `by` is their name."""
    result = await connection.execute(
        update(MeetingRow)
        .where(MeetingRow.id == meeting_id, MeetingRow.version == seen)
        .values(**values, changed_by=by, version=MeetingRow.version + 1)
    )
    return result.rowcount == 1


async def raised_cases(
    connection: AsyncConnection, meeting_id: int, *, limit: int, newest_first: bool = False
) -> list[Raised]:
    """What was raised at a meeting, the oldest first unless the newest are wanted."""
    result = await connection.execute(
        select(
            CaseRow.id,
            CaseRow.year,
            CaseRow.running,
            CaseRow.title,
            CaseRow.state,
            CaseRow.office,
            CaseRow.district,
            CaseRow.place,
            CaseRow.public,
            CaseRow.channel,
            CaseRow.received_at,
        )
        .where(CaseRow.meeting_id == meeting_id)
        .order_by(CaseRow.id.desc() if newest_first else CaseRow.id)
        .limit(limit)
    )
    return [
        Raised(
            id=row.id,
            number=CaseNumber(row.year, row.running),
            title=row.title,
            state=State(row.state),
            office=OfficeId(row.office),
            district=row.district,
            place=row.place,
            public=row.public,
            channel=row.channel,
            received_at=row.received_at,
        )
        for row in result
    ]


async def count_raised(connection: AsyncConnection, meeting_id: int) -> Mapping[State, int]:
    """How many of the cases raised at a meeting are in each state."""
    result = await connection.execute(
        select(CaseRow.state, func.count()).where(CaseRow.meeting_id == meeting_id).group_by(CaseRow.state)
    )
    return {State(state): count for state, count in result}


async def last_words(
    connection: AsyncConnection, meeting_id: int, actions: Iterable[Action]
) -> Mapping[int, str]:
    """The last words said by one of these actions on each case of a meeting, by the case's id."""
    result = await connection.execute(
        select(CaseEventRow.case_id, CaseEventRow.words)
        .join(CaseRow, CaseRow.id == CaseEventRow.case_id)
        .where(
            CaseRow.meeting_id == meeting_id,
            CaseEventRow.action.in_([action.value for action in actions]),
            CaseEventRow.words != "",
        )
        .order_by(CaseEventRow.id)
    )
    return {row.case_id: row.words for row in result}


def _meeting(row: RowMapping | None) -> Meeting | None:
    return None if row is None else Meeting(**row)
