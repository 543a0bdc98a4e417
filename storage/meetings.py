"""Meetings with residents (소통행사), found by the code in their link."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import MeetingRow

_PAYLOAD = re.compile(r"m-([A-Za-z0-9_-]{1,32})")


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting: its code stands in the QR link, its title greets who follows it."""

    id: int
    code: str
    title: str
    kind: str
    held_on: date
    district: str
    place: str


async def by_payload(connection: AsyncConnection, payload: str) -> Meeting | None:
    """The meeting of a start link's payload (`m-CODE`); None for a forged or old one."""
    match = _PAYLOAD.fullmatch(payload)
    return await by_code(connection, match[1]) if match else None


async def by_code(connection: AsyncConnection, code: str) -> Meeting | None:
    """The meeting of that code, or None."""
    columns = (
        MeetingRow.id,
        MeetingRow.code,
        MeetingRow.title,
        MeetingRow.kind,
        MeetingRow.held_on,
        MeetingRow.district,
        MeetingRow.place,
    )
    result = await connection.execute(select(*columns).where(MeetingRow.code == code))
    row = result.mappings().one_or_none()
    return None if row is None else Meeting(**row)


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
) -> int:
    """Write a meeting; returns its id."""
    result = await connection.execute(
        insert(MeetingRow)
        .values(
            code=code,
            title=title,
            kind=kind,
            held_on=held_on,
            district=district,
            place=place,
            created_at=now,
        )
        .returning(MeetingRow.id)
    )
    return result.scalar_one()
