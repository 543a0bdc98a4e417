"""What a message in a conversation was, found by the channel's id of it when somebody answers it."""

from dataclasses import dataclass

from sqlalchemy import desc, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import JsonObject, OutboxRow

_NEW = ("message", "photo", "document")
_SHOWN = (*_NEW, "edit")


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it was last shown: its template, what was put into it, and the case it is about."""

    template: str
    params: JsonObject
    case_id: int | None


async def shown_as(connection: AsyncConnection, conversation_id: int, external_id: str) -> Shown | None:
    """The message of that id in the conversation, as it looks after the last edit; None when unknown.

    An answer can be quicker than the note that its message was sent. A conversation has one message on
    its way at a time, so an id that nobody knows yet, and later than those that are known, is that one's.
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
    row = (await connection.execute(known.where(OutboxRow.external_id == external_id))).one_or_none()
    if row is None:
        row = (await connection.execute(known.where(*on_its_way))).one_or_none()
        if row is None or await _is_older(connection, conversation_id, external_id):
            return None
    return Shown(row.template, row.params, row.case_id)


async def _is_older(connection: AsyncConnection, conversation_id: int, external_id: str) -> bool:
    """True for a message from before the newest one that is known: numbers of a chat's messages only grow."""
    newest = await connection.scalar(
        select(OutboxRow.external_id)
        .where(
            OutboxRow.conversation_id == conversation_id,
            OutboxRow.external_id.is_not(None),
            OutboxRow.kind.in_(_NEW),
        )
        .order_by(desc(OutboxRow.id))
        .limit(1)
    )
    return newest is not None and external_id.isdecimal() and int(external_id) < int(newest)
