"""Taking in what channels receive: many arrivals in one commit, each at most once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import UpdateBase, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import ConversationRow, InboxRow, JsonObject


@dataclass(frozen=True, slots=True)
class Arrival:
    """One update as a channel received it.

    `external_id` is the update's own id: a second arrival with the same one changes nothing.
    `address` is the conversation's id in the channel; None, with a `fault`, when the update could not be
    read: it is kept and counted and never tried.
    """

    channel: str
    external_id: str
    address: str | None
    at: datetime
    body: JsonObject
    locale: str = "ko"
    is_group: bool = False
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an arrival: its inbox row, or None when it had been received before."""

    inbox_id: int | None
    conversation_id: int | None


def _conversations_of(insert: sqlite.Insert | postgresql.Insert) -> UpdateBase:
    return insert.on_conflict_do_update(
        index_elements=["channel", "external_id"],
        set_={
            "last_at": insert.excluded.last_at,
            "ready_at": func.coalesce(ConversationRow.ready_at, insert.excluded.ready_at),
        },
    ).returning(ConversationRow.id, ConversationRow.channel, ConversationRow.external_id)


def _inbox_of(insert: sqlite.Insert | postgresql.Insert) -> UpdateBase:
    return insert.on_conflict_do_nothing(index_elements=["channel", "external_id"]).returning(
        InboxRow.id, InboxRow.channel, InboxRow.external_id
    )


# Statements are built once: building one costs three times what running it does (docs/performance.md).
_CONVERSATIONS = MappingProxyType(
    {
        "sqlite": _conversations_of(sqlite.insert(ConversationRow)),
        "postgresql": _conversations_of(postgresql.insert(ConversationRow)),
    }
)
_INBOX = MappingProxyType(
    {"sqlite": _inbox_of(sqlite.insert(InboxRow)), "postgresql": _inbox_of(postgresql.insert(InboxRow))}
)


async def receive(connection: AsyncConnection, arrivals: Sequence[Arrival]) -> list[Received]:
    """Write arrivals into the inbox and mark their conversations as waiting to be served.

    Conversations are written first and in one order: whoever holds a conversation's row sees every
    arrival of it that was committed before, and two processes never wait for each other crosswise.
    """
    conversations = await _conversations(connection, arrivals)
    rows = [_inbox_row(arrival, conversations) for arrival in arrivals]
    unique = {(row["channel"], row["external_id"]): row for row in rows}
    result = await connection.execute(_INBOX[connection.dialect.name], list(unique.values()))
    fresh = {(channel, external_id): inbox_id for inbox_id, channel, external_id in result}
    received = []
    for arrival in arrivals:
        # A doubled update inside one batch is fresh once only.
        inbox_id = fresh.pop((arrival.channel, arrival.external_id), None)
        known = conversations.get((arrival.channel, arrival.address or ""))
        received.append(Received(inbox_id, known))
    return received


async def _conversations(
    connection: AsyncConnection, arrivals: Sequence[Arrival]
) -> dict[tuple[str, str], int]:
    latest = {(one.channel, one.address): one for one in arrivals if one.address is not None}
    if not latest:
        return {}
    values = [
        {
            "channel": one.channel,
            "external_id": one.address,
            "is_group": one.is_group,
            "locale": one.locale,
            "created_at": one.at,
            "last_at": one.at,
            "ready_at": one.at,
        }
        for _, one in sorted(latest.items())
    ]
    result = await connection.execute(_CONVERSATIONS[connection.dialect.name], values)
    return {(channel, external_id): row_id for row_id, channel, external_id in result}


def _inbox_row(arrival: Arrival, conversations: dict[tuple[str, str], int]) -> dict[str, object]:
    return {
        "channel": arrival.channel,
        "external_id": arrival.external_id,
        "conversation_id": conversations.get((arrival.channel, arrival.address or "")),
        "received_at": arrival.at,
        "body": arrival.body,
        "state": "waiting" if arrival.fault is None else "unreadable",
        "fault": arrival.fault,
    }
