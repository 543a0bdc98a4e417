"""When may be written: to one conversation, to a whole channel; kept in rows, so that a restart heeds it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import ChannelRow, ConversationRow, JsonObject

_PACE = (
    update(ConversationRow)
    .where(ConversationRow.id == bindparam("talk"))
    .values(next_send_at=bindparam("moment"))
)
_CHANNEL = (
    select(ChannelRow.next_slot_at, ChannelRow.closed_until)
    .where(ChannelRow.channel == bindparam("name"))
    .with_for_update()
)


async def pace_conversations(connection: AsyncConnection, times: Mapping[int, datetime]) -> None:
    """Write when each conversation may be written to next."""
    if times:
        # In one order everywhere, so that two processes never wait for each other crosswise.
        given = [{"talk": talk, "moment": moment} for talk, moment in sorted(times.items())]
        await connection.execute(_PACE, given)


async def channel_pace(connection: AsyncConnection, channel: str) -> tuple[datetime | None, datetime | None]:
    """When the channel's next free slot is, and until when the channel asked us to be silent."""
    row = (await connection.execute(_CHANNEL, {"name": channel})).one_or_none()
    return (None, None) if row is None else (row.next_slot_at, row.closed_until)


async def set_pace(
    connection: AsyncConnection,
    channel: str,
    *,
    next_slot_at: datetime | None = None,
    closed_until: datetime | None = None,
) -> None:
    """Write the channel's next slot, or until when it is closed; it survives a restart."""
    values: JsonObject = {}
    if next_slot_at is not None:
        values["next_slot_at"] = next_slot_at
    if closed_until is not None:
        values["closed_until"] = closed_until
    await connection.execute(
        insert_or(connection, ChannelRow)
        .values(channel=channel, **values)
        .on_conflict_do_update(index_elements=["channel"], set_=values)
    )
