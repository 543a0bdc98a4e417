"""What an exported list holds of each case (내보내기), read a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import CaseRow, MeetingRow


@dataclass(frozen=True, slots=True)
class Exported:
    """A case as a line of a file. No person is in it; `text` is the resident's own words."""

    id: int
    year: int
    running: int
    source_ref: str | None
    kind: str
    title: str
    text: str
    state: str
    outcome: str | None
    office: str
    district: str
    place: str
    field: str
    channel: str
    meeting: str | None
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None
    planned_on: date | None
    moves: int
    rating: int | None
    public: bool


async def exported(connection: AsyncConnection, case_ids: Sequence[int]) -> list[Exported]:
    """These cases, in this order."""
    result = await connection.execute(
        select(
            CaseRow.id,
            CaseRow.year,
            CaseRow.running,
            CaseRow.source_ref,
            CaseRow.kind,
            CaseRow.title,
            CaseRow.text,
            CaseRow.state,
            CaseRow.outcome,
            CaseRow.office,
            CaseRow.district,
            CaseRow.place,
            CaseRow.field,
            CaseRow.channel,
            MeetingRow.title.label("meeting"),
            CaseRow.received_at,
            CaseRow.due_at,
            CaseRow.closed_at,
            CaseRow.planned_on,
            CaseRow.moves,
            CaseRow.rating,
            CaseRow.public,
        )
        .outerjoin(MeetingRow, MeetingRow.id == CaseRow.meeting_id)
        .where(CaseRow.id.in_(case_ids))
    )
    found = {row["id"]: Exported(**row) for row in result.mappings()}
    return [found[case] for case in case_ids if case in found]
