"""Messages that a newer one makes needless before they went out (대체된 알림)."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import OutboxRow


async def drop_unsent(
    connection: AsyncConnection,
    *,
    case_id: int,
    conversations: Collection[int],
    templates: Collection[str],
    now: datetime,
) -> None:
    """Drop what of a case waits for the morning in these conversations."""
    free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until <= now)
    await connection.execute(
        update(OutboxRow)
        .where(
            OutboxRow.case_id == case_id,
            OutboxRow.conversation_id.in_(conversations),
            OutboxRow.template.in_(templates),
            OutboxRow.state == "waiting",
            OutboxRow.not_before > now,
            free,
        )
        .values(state="dropped", outcome="superseded")
    )
