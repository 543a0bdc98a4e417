"""What a transaction is about to say to residents (미리 보기), read before it is rolled back."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import ConversationRow, JsonObject, OutboxRow


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to a resident that waits to be sent."""

    template: str
    params: JsonObject
    locale: str


async def last_message(connection: AsyncConnection, case_id: int) -> int:
    """The id of the newest message about a case; 0 when there is none."""
    result = await connection.execute(
        select(func.coalesce(func.max(OutboxRow.id), 0)).where(OutboxRow.case_id == case_id)
    )
    return result.scalar_one()


async def notices_after(connection: AsyncConnection, case_id: int, message_id: int) -> list[Notice]:
    """The messages to residents about a case that are newer than `message_id`."""
    result = await connection.execute(
        select(OutboxRow.template, OutboxRow.params, ConversationRow.locale)
        .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
        .where(OutboxRow.case_id == case_id, OutboxRow.id > message_id, ~ConversationRow.is_group)
        .order_by(OutboxRow.id)
    )
    return [Notice(*row) for row in result]
