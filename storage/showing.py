"""Showing on the web: a row becomes visible by being given the next position of its conversation."""

from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import written_out
from storage.tables import ConversationRow, OutboxRow
from storage.tables.types import UtcDateTime

_DUE = and_(
    OutboxRow.state == written_out("waiting"),
    OutboxRow.channel == "web",
    OutboxRow.not_before <= bindparam("now", type_=UtcDateTime),
)
_LOCKED = (
    select(ConversationRow.id, ConversationRow.delivered)
    .where(
        ConversationRow.id.in_(
            select(OutboxRow.conversation_id)
            .where(_DUE)
            .order_by(OutboxRow.lane, OutboxRow.id)
            .limit(bindparam("most", type_=Integer))
        )
    )
    .order_by(ConversationRow.id)
    .with_for_update(skip_locked=True)
)
_ROWS = (
    select(OutboxRow.id, OutboxRow.conversation_id)
    .where(_DUE, OutboxRow.conversation_id.in_(bindparam("talks", expanding=True)))
    .order_by(OutboxRow.id)
)
_SHOW = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"), OutboxRow.state == "waiting")
    .values(state="sent", sent_at=bindparam("now"), position=bindparam("place"))
)
_DELIVERED = (
    update(ConversationRow).where(ConversationRow.id == bindparam("talk")).values(delivered=bindparam("last"))
)


async def show_on_web(connection: AsyncConnection, *, now: datetime, limit: int) -> list[int]:
    """Make due web rows visible, each with the next position of its conversation.

    Writing them is showing them: exactly once. Returns the conversations that have something new.
    """
    locked = await connection.execute(_LOCKED, {"now": now, "most": limit})
    positions = {row.id: row.delivered for row in locked}
    if not positions:
        return []
    rows = await connection.execute(_ROWS, {"now": now, "talks": list(positions)})
    shown = []
    for row_id, conversation_id in rows:
        positions[conversation_id] += 1
        shown.append({"row": row_id, "place": positions[conversation_id], "now": now})
    if shown:
        await connection.execute(_SHOW, shown)
        last = [{"talk": talk, "last": position} for talk, position in positions.items()]
        await connection.execute(_DELIVERED, last)
    return list(positions)
