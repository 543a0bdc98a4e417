"""Photos and documents (첨부) of conversations and cases: who may see which file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import AttachmentRow, OutboxRow


@dataclass(frozen=True, slots=True)
class Attachment:
    """A kept file: its name in the file store, its type, its size in bytes, and when it came."""

    id: int
    name: str
    media_type: str
    size: int
    created_at: datetime


async def add_attachment(
    connection: AsyncConnection,
    *,
    conversation_id: int,
    name: str,
    media_type: str,
    size: int,
    at: datetime,
    case_id: int | None = None,
) -> None:
    """Write down that a conversation brought this file; a second time changes nothing."""
    await connection.execute(
        insert_or(connection, AttachmentRow)
        .values(
            conversation_id=conversation_id,
            case_id=case_id,
            name=name,
            media_type=media_type,
            size=size,
            created_at=at,
        )
        .on_conflict_do_nothing(index_elements=["name"])
    )


async def attach(
    connection: AsyncConnection, *, conversation_id: int, names: Sequence[str], case_id: int
) -> int:
    """Put files of this conversation to a case; files that belong to a case already stay with it.

    Returns how many were put.
    """
    if not names:
        return 0
    result = await connection.execute(
        update(AttachmentRow)
        .where(
            AttachmentRow.name.in_(names),
            AttachmentRow.conversation_id == conversation_id,
            AttachmentRow.case_id.is_(None),
        )
        .values(case_id=case_id)
        .returning(AttachmentRow.id)
    )
    return len(result.all())


async def attachments_of_case(connection: AsyncConnection, case_id: int) -> list[Attachment]:
    """The files of a case, oldest first."""
    result = await connection.execute(
        select(
            AttachmentRow.id,
            AttachmentRow.name,
            AttachmentRow.media_type,
            AttachmentRow.size,
            AttachmentRow.created_at,
        )
        .where(AttachmentRow.case_id == case_id)
        .order_by(AttachmentRow.id)
    )
    return [Attachment(**row) for row in result.mappings()]


async def case_of_attachment(connection: AsyncConnection, name: str) -> int | None:
    """The case a file belongs to, or None: whoever may see that case may see the file."""
    result = await connection.execute(select(AttachmentRow.case_id).where(AttachmentRow.name == name))
    return result.scalar_one_or_none()


async def may_see(connection: AsyncConnection, conversation_id: int, name: str) -> bool:
    """True when the conversation brought this file, or when the file was shown in it."""
    brought = exists().where(AttachmentRow.name == name, AttachmentRow.conversation_id == conversation_id)
    shown = exists().where(
        OutboxRow.conversation_id == conversation_id,
        OutboxRow.position.is_not(None),
        OutboxRow.target == name,
        OutboxRow.kind.in_(("photo", "document")),
    )
    result = await connection.execute(select(or_(brought, shown)))
    return bool(result.scalar_one())


async def drop_loose(connection: AsyncConnection, conversation_id: int) -> None:
    """Let go of what a conversation brought without filing it; the sweep removes the files."""
    await connection.execute(
        delete(AttachmentRow).where(
            AttachmentRow.conversation_id == conversation_id, AttachmentRow.case_id.is_(None)
        )
    )
