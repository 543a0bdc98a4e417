"""Everything kept about the person behind one conversation (열람, 개인정보 보호법 제35조)."""

import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.casebook import Case, cases_of, history_of
from storage.tables import AttachmentRow, ConversationRow, JsonObject, ResidentRow, SupportRow

_EVERYTHING = 10_000


async def collect(connection: AsyncConnection, conversation_id: int) -> JsonObject:
    """The person's settings, cases, own words, photos and support, ready to be written as JSON."""
    found = await connection.execute(
        select(
            ConversationRow.channel,
            ConversationRow.locale,
            ConversationRow.created_at,
            ConversationRow.resident_id,
            ResidentRow.consented_at,
            ResidentRow.consent_version,
            ResidentRow.notices,
            ResidentRow.quiet,
        )
        .outerjoin(ResidentRow, ResidentRow.id == ConversationRow.resident_id)
        .where(ConversationRow.id == conversation_id)
    )
    person = dict(found.mappings().one())
    resident_id = person.pop("resident_id")
    if resident_id is None:
        return {"person": person, "cases": [], "supported": [], "files": []}
    supported = await connection.execute(
        select(SupportRow.case_id).where(SupportRow.resident_id == resident_id)
    )
    files = await connection.execute(
        select(AttachmentRow.media_type, AttachmentRow.size, AttachmentRow.created_at).where(
            AttachmentRow.conversation_id == conversation_id
        )
    )
    return {
        "person": person,
        "cases": [
            await _case(connection, case)
            for case in await cases_of(connection, resident_id, limit=_EVERYTHING)
        ],
        "supported": list(supported.scalars()),
        "files": [dict(row) for row in files.mappings()],
    }


def as_file(data: JsonObject) -> bytes:
    """What was collected, as the JSON file a person gets on every channel."""
    return json.dumps(data, ensure_ascii=False, indent=2, default=str).encode()


async def _case(connection: AsyncConnection, case: Case) -> JsonObject:
    events = await history_of(connection, case.id)
    return {
        "number": str(case.number),
        "state": case.state.value,
        "kind": case.kind.value,
        "title": case.title,
        "text": case.text,
        "office": case.office,
        "district": case.district,
        "place": case.place,
        "latitude": case.latitude,
        "longitude": case.longitude,
        "received_at": case.received_at,
        "closed_at": case.closed_at,
        "rating": case.rating,
        "what_you_did": [
            {"at": event.at, "action": event.action, "words": event.words}
            for event in events
            if event.resident_id == case.resident_id
        ],
    }
