"""Residents and who is to be told about a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.learning import forget_lessons_of
from storage.statements import insert_or, written_out
from storage.tables import (
    AttachmentRow,
    CaseEventRow,
    CaseRow,
    ConversationRow,
    InboxRow,
    JsonObject,
    OutboxRow,
    ResidentRow,
    SupportRow,
)


@dataclass(frozen=True, slots=True)
class Listener:
    """A conversation that is to be told something, with what its person wishes."""

    conversation_id: int
    channel: str
    resident_id: int | None
    reachable: bool
    notices: bool
    quiet: bool
    weekly: bool = False
    """Wants one message a week instead of one at each change."""
    last_at: datetime | None = None
    """When the person last wrote there."""


# Statements of every turn are built once: building one costs three times what running it does.
_LISTENERS = (
    select(
        ConversationRow.id,
        ConversationRow.channel,
        ConversationRow.resident_id,
        ConversationRow.reachable,
        ResidentRow.notices,
        ResidentRow.quiet,
        ResidentRow.weekly,
        ConversationRow.last_at,
    )
    .join(ResidentRow, ResidentRow.id == ConversationRow.resident_id)
    .where(ConversationRow.resident_id.in_(bindparam("residents", expanding=True)))
    .order_by(ConversationRow.id)
)
_GROUPS = (
    select(ConversationRow.id, ConversationRow.channel, ConversationRow.reachable)
    .where(ConversationRow.office == bindparam("of"), ConversationRow.is_group)
    .order_by(ConversationRow.id)
)
_SUPPORTERS = select(SupportRow.resident_id).where(SupportRow.case_id == bindparam("case"))


async def agree(connection: AsyncConnection, conversation_id: int, version: str, now: datetime) -> int:
    """Make a resident of the person behind a conversation, who agreed to wording `version`."""
    result = await connection.execute(
        insert(ResidentRow)
        .values(created_at=now, consented_at=now, consent_version=version)
        .returning(ResidentRow.id)
    )
    resident_id = result.scalar_one()
    await set_conversation(connection, conversation_id, {"resident_id": resident_id})
    return resident_id


async def set_conversation(connection: AsyncConnection, conversation_id: int, values: JsonObject) -> None:
    """Write values of a conversation: its language, whether it can be reached, its office …"""
    await connection.execute(
        update(ConversationRow).where(ConversationRow.id == conversation_id).values(values)
    )


async def set_resident(connection: AsyncConnection, resident_id: int, values: JsonObject) -> None:
    """Write a resident's wishes."""
    await connection.execute(update(ResidentRow).where(ResidentRow.id == resident_id).values(values))


async def wants_weekly(connection: AsyncConnection, resident_id: int | None) -> bool:
    """True when a resident wants one message a week."""
    if resident_id is None:
        return False
    result = await connection.execute(select(ResidentRow.weekly).where(ResidentRow.id == resident_id))
    return bool(result.scalar_one_or_none())


async def erase(connection: AsyncConnection, resident_id: int, now: datetime) -> None:
    """Forget the person: their addresses let go of them, what was said to them and by them is deleted.

    Cases and their history stay, without anybody behind them, because the city must keep its records.
    """
    talks = select(ConversationRow.id).where(ConversationRow.resident_id == resident_id)
    conversations = list((await connection.execute(talks)).scalars())
    await _forget_author(connection, resident_id)
    await forget_lessons_of(connection, resident_id)
    await connection.execute(delete(SupportRow).where(SupportRow.resident_id == resident_id))
    await connection.execute(delete(OutboxRow).where(OutboxRow.conversation_id.in_(conversations)))
    # Turns that failed were kept with their words for the operator.
    await connection.execute(
        update(InboxRow)
        .where(InboxRow.conversation_id.in_(conversations), InboxRow.state == written_out("failed"))
        .values(body={})
    )
    await connection.execute(
        update(AttachmentRow)
        .where(AttachmentRow.conversation_id.in_(conversations))
        .values(conversation_id=None)
    )
    await connection.execute(
        update(ConversationRow)
        .where(ConversationRow.id.in_(conversations))
        .values(resident_id=None, flow="", step="", data={})
    )
    await connection.execute(
        update(CaseRow).where(CaseRow.resident_id == resident_id).values(resident_id=None)
    )
    await set_resident(connection, resident_id, {"erased_at": now, "consented_at": None})


async def _forget_author(connection: AsyncConnection, resident_id: int) -> None:
    theirs = select(CaseRow.id).where(CaseRow.resident_id == resident_id)
    backed = select(SupportRow.case_id).where(SupportRow.resident_id == resident_id)
    await connection.execute(
        update(CaseEventRow)
        .where(
            or_(CaseEventRow.case_id.in_(theirs), CaseEventRow.case_id.in_(backed)),
            CaseEventRow.resident_id == resident_id,
        )
        .values(resident_id=None, author="")
    )


async def listeners_of_residents(connection: AsyncConnection, resident_ids: Sequence[int]) -> list[Listener]:
    """The conversations of these residents."""
    if not resident_ids:
        return []
    result = await connection.execute(_LISTENERS, {"residents": list(resident_ids)})
    return [
        Listener(
            row.id,
            row.channel,
            row.resident_id,
            row.reachable,
            row.notices,
            row.quiet,
            row.weekly,
            row.last_at,
        )
        for row in result
    ]


async def groups_of(connection: AsyncConnection, office: str) -> list[Listener]:
    """The Telegram groups bound to an office."""
    result = await connection.execute(_GROUPS, {"of": office})
    return [Listener(row.id, row.channel, None, row.reachable, True, False) for row in result]


async def support(connection: AsyncConnection, case_id: int, resident_id: int, now: datetime) -> bool:
    """Note that a resident stands behind a case; False when they did before."""
    statement = insert_or(connection, SupportRow).values(
        case_id=case_id, resident_id=resident_id, created_at=now
    )
    result = await connection.execute(statement.on_conflict_do_nothing().returning(SupportRow.case_id))
    return result.one_or_none() is not None


async def supporters(connection: AsyncConnection, case_id: int) -> list[int]:
    """The residents who stand behind a case."""
    result = await connection.execute(_SUPPORTERS, {"case": case_id})
    return list(result.scalars())


async def supporter_count(connection: AsyncConnection, case_id: int) -> int:
    """How many residents stand behind a case, beside who raised it."""
    result = await connection.execute(select(func.count()).where(SupportRow.case_id == case_id))
    return result.scalar_one()
