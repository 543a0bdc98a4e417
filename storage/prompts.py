"""What a message in a conversation was, found by the channel's id of it when somebody answers it."""

from dataclasses import dataclass

from sqlalchemy import desc, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import JsonObject, OutboxRow

_SHOWN = ("message", "edit", "photo", "document")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it was last shown: its template, what was put into it, and the case it is about."""

    template: str
    params: JsonObject
    case_id: int | None


async def shown_as(connection: AsyncConnection, conversation_id: int, external_id: str) -> Shown | None:
    """The message of that id in the conversation, as it looks after the last edit; None when unknown.

    An answer can be quicker than the note that its message was sent. A conversation has one message on
    its way at a time, so an id that nobody knows yet is that one's.
    """
    known = (
        select(OutboxRow.template, OutboxRow.params, OutboxRow.case_id)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.kind.in_(_SHOWN))
        .order_by(desc(OutboxRow.id))
        .limit(1)
    )
    on_its_way = (
        OutboxRow.state == "waiting",
        OutboxRow.leased_until.is_not(None),
        OutboxRow.kind == "message",
    )
    for condition in ((OutboxRow.external_id == external_id,), on_its_way):
        result = await connection.execute(known.where(*condition))
        row = result.one_or_none()
        if row is not None:
            return Shown(row.template, row.params, row.case_id)
    return None
