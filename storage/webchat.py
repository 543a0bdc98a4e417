"""What the web chat reads: its conversation by address, and what was shown in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import ConversationRow, JsonObject, OutboxRow

CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class WebConversation:
    """A web conversation: its id, its language and the position of the last thing shown in it."""

    id: int
    locale: str
    delivered: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that was shown, at its position in the conversation (1, 2, 3 …)."""

    position: int
    kind: str
    template: str
    params: JsonObject
    choices: list[object]
    target: str | None
    at: datetime


async def conversation_at(connection: AsyncConnection, address: str) -> WebConversation | None:
    """The web conversation of that address, or None when nothing was ever sent from it."""
    result = await connection.execute(
        select(ConversationRow.id, ConversationRow.locale, ConversationRow.delivered).where(
            ConversationRow.channel == CHANNEL, ConversationRow.external_id == address
        )
    )
    row = result.one_or_none()
    return None if row is None else WebConversation(row.id, row.locale, row.delivered)


async def shown_after(
    connection: AsyncConnection, conversation_id: int, after: int, limit: int
) -> list[Shown]:
    """What was shown behind position `after`, oldest first, at most `limit`."""
    result = await connection.execute(
        select(
            OutboxRow.position,
            OutboxRow.kind,
            OutboxRow.template,
            OutboxRow.params,
            OutboxRow.choices,
            OutboxRow.target,
            OutboxRow.sent_at,
        )
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.position > after)
        .order_by(OutboxRow.position)
        .limit(limit)
    )
    return [
        Shown(position, kind, template, params, choices, target, at)
        for position, kind, template, params, choices, target, at in result
        if position is not None and at is not None
    ]


async def set_locale(connection: AsyncConnection, conversation_id: int, locale: str) -> None:
    """Speak another language in this conversation from now on."""
    await connection.execute(
        update(ConversationRow).where(ConversationRow.id == conversation_id).values(locale=locale)
    )
