"""Conversations whose address changes (주소 변경): a Telegram group that became a supergroup."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import set_conversation
from storage.tables import ConversationRow, OutboxRow


async def readdress(connection: AsyncConnection, conversation_id: int, new_address: str) -> None:
    """Give a conversation its new address, with all that waits for it.

    When somebody wrote from the new address before, that conversation stays and takes over the office and
    what waits to be sent.
    """
    result = await connection.execute(
        select(ConversationRow.channel, ConversationRow.office).where(ConversationRow.id == conversation_id)
    )
    channel, office = result.one()
    taken = await connection.execute(
        select(ConversationRow.id, ConversationRow.office).where(
            ConversationRow.channel == channel,
            ConversationRow.external_id == new_address,
            ConversationRow.id != conversation_id,
        )
    )
    other = taken.one_or_none()
    if other is None:
        await set_conversation(connection, conversation_id, {"external_id": new_address})
        return
    await set_conversation(connection, conversation_id, {"office": None, "reachable": False})
    if other.office is None and office is not None:
        await set_conversation(connection, other.id, {"office": office})
    await connection.execute(
        update(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.state.in_(("waiting", "held")))
        .values(conversation_id=other.id)
    )
