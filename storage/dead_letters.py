"""Dead letters (전달하지 못한 알림): what could not be delivered, to be looked at and sent again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from storage.statements import written_out
from storage.tables import CaseRow, ConversationRow, JsonObject, OutboxRow


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An outbox row that was given up. `outcome` is the channel's own word for why."""

    id: int
    channel: str
    is_group: bool
    reachable: bool
    template: str
    params: JsonObject
    created_at: datetime
    attempts: int
    outcome: str
    number: CaseNumber | None


async def dead_letters(
    connection: AsyncConnection, *, limit: int, before: int | None = None
) -> list[DeadLetter]:
    """The newest dead letters, or those older than the one of id `before`."""
    statement = (
        select(
            OutboxRow.id,
            OutboxRow.channel,
            ConversationRow.is_group,
            ConversationRow.reachable,
            OutboxRow.template,
            OutboxRow.params,
            OutboxRow.created_at,
            OutboxRow.attempts,
            OutboxRow.outcome,
            CaseRow.year,
            CaseRow.running,
        )
        .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
        .outerjoin(CaseRow, CaseRow.id == OutboxRow.case_id)
        .where(OutboxRow.state == written_out("dead"))
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(OutboxRow.id < before)
    return [
        DeadLetter(
            *row[:8], row.outcome or "", None if row.year is None else CaseNumber(row.year, row.running)
        )
        for row in await connection.execute(statement)
    ]


async def count_dead_letters(connection: AsyncConnection) -> int:
    """How many letters lie dead."""
    result = await connection.execute(select(func.count()).where(OutboxRow.state == written_out("dead")))
    return result.scalar_one()


async def send_again(connection: AsyncConnection, letter_id: int, now: datetime) -> bool:
    """Let a dead letter be tried from the beginning; False when it is not dead (any more)."""
    result = await connection.execute(
        update(OutboxRow)
        .where(OutboxRow.id == letter_id, OutboxRow.state == "dead")
        .values(
            state="waiting", attempts=0, not_before=now, lease_owner=None, leased_until=None, outcome=None
        )
        .returning(OutboxRow.id)
    )
    return result.one_or_none() is not None
