"""Letting go of what need not be kept (보존 기간): old rows, loose files, and the persons in old cases."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, and_, cast, delete, exists, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OPEN_STATES
from storage.learning import forget_lessons
from storage.sketches import forget_sketches
from storage.tables import (
    AttachmentRow,
    CaseContactRow,
    CaseEventRow,
    CaseRow,
    ConversationRow,
    InboxRow,
    OutboxRow,
    SupportRow,
)
from storage.words import forget_words

REDACTED = "—"
"""Stands where a person's words were."""

_OPEN = sorted(state.value for state in OPEN_STATES)
_HANDLED = ("done", "unreadable", "failed")
_OVER = ("sent", "dropped", "dead")


async def prune_inbox(connection: AsyncConnection, before: datetime, *, limit: int) -> int:
    """Delete up to `limit` handled turns that came before a moment; returns how many."""
    old = (
        select(InboxRow.id)
        .where(InboxRow.received_at < before, InboxRow.state.in_(_HANDLED))
        .order_by(InboxRow.id)
        .limit(limit)
    )
    result = await connection.execute(delete(InboxRow).where(InboxRow.id.in_(old)))
    return result.rowcount


async def prune_outbox(
    connection: AsyncConnection, before: datetime, *, after: int, limit: int
) -> tuple[int, int]:
    """Go through `limit` messages behind id `after`; delete the old ones that nothing stands on any more.

    What was said of a case that is still open stays. Returns how many were deleted, and the last id looked
    at (0: nothing more is old).
    """
    found = await connection.execute(
        select(OutboxRow.id, OutboxRow.created_at)
        .where(OutboxRow.id > after)
        .order_by(OutboxRow.id)
        .limit(limit)
    )
    rows = [row.id for row in found if row.created_at < before]
    if not rows:
        return 0, 0
    still_open = exists().where(CaseRow.id == OutboxRow.case_id, CaseRow.state.in_(_OPEN))
    result = await connection.execute(
        delete(OutboxRow).where(
            OutboxRow.id.between(rows[0], rows[-1]),
            OutboxRow.created_at < before,
            OutboxRow.state.in_(_OVER),
            ~still_open,
        )
    )
    return result.rowcount, rows[-1]


async def loose_files(connection: AsyncConnection, before: datetime, *, limit: int) -> list[str]:
    """Let go of files that were brought before a moment and put to no case; returns their names."""
    old = (
        select(AttachmentRow.id)
        .where(AttachmentRow.case_id.is_(None), AttachmentRow.created_at < before)
        .order_by(AttachmentRow.id)
        .limit(limit)
    )
    result = await connection.execute(
        delete(AttachmentRow).where(AttachmentRow.id.in_(old)).returning(AttachmentRow.name)
    )
    return list(result.scalars())


async def known_files(connection: AsyncConnection, names: Sequence[str]) -> frozenset[str]:
    """Which of these files belong to a case or a conversation, or are still to be sent."""
    attached = select(AttachmentRow.name).where(AttachmentRow.name.in_(names))
    targets = select(OutboxRow.target).where(
        OutboxRow.kind.in_(("photo", "document")), OutboxRow.target.in_(names)
    )
    found = set((await connection.execute(attached)).scalars())
    found |= {name for name in (await connection.execute(targets)).scalars() if name is not None}
    return frozenset(found)


async def expired_cases(connection: AsyncConnection, ended_before: datetime, *, limit: int) -> list[int]:
    """Cases that ended before a moment and still hold what a person said."""
    result = await connection.execute(
        select(CaseRow.id)
        .where(CaseRow.closed_at < ended_before, CaseRow.redacted_at.is_(None))
        .order_by(CaseRow.closed_at)
        .limit(limit)
    )
    return list(result.scalars())


async def redact(connection: AsyncConnection, case_ids: Sequence[int], now: datetime) -> list[str]:
    """Remove the person and their words from cases; numbers, offices, states and dates stay for the figures.

    Returns the names of the photos, which are to be removed from the disk afterwards.
    """
    photos = await connection.execute(
        delete(AttachmentRow).where(AttachmentRow.case_id.in_(case_ids)).returning(AttachmentRow.name)
    )
    names = list(photos.scalars())
    await connection.execute(delete(OutboxRow).where(OutboxRow.case_id.in_(case_ids)))
    await connection.execute(delete(SupportRow).where(SupportRow.case_id.in_(case_ids)))
    await forget_lessons(connection, case_ids)
    await connection.execute(delete(CaseContactRow).where(CaseContactRow.case_id.in_(case_ids)))
    await connection.execute(
        update(CaseEventRow)
        .where(
            CaseEventRow.case_id.in_(case_ids),
            or_(CaseEventRow.resident_id.is_not(None), CaseEventRow.role.in_(("raiser", "supporter"))),
        )
        .values(words="", author="", resident_id=None)
    )
    await forget_words(connection, case_ids)
    await forget_sketches(connection, case_ids)
    await connection.execute(
        update(CaseRow)
        .where(CaseRow.id.in_(case_ids))
        .values(
            title=REDACTED,
            text=REDACTED,
            latitude=None,
            longitude=None,
            resident_id=None,
            next_check_at=None,
            redacted_at=now,
        )
    )
    return names


async def forget_addresses(
    connection: AsyncConnection, silent_since: datetime, *, after: int, limit: int
) -> tuple[int, int]:
    """Forget the addresses of people of whom nothing is kept any more and who have long been silent.

    Looks at `limit` conversations behind id `after`; returns how many were forgotten, and the last id (0:
    there are no more).
    """
    found = await connection.execute(
        select(ConversationRow.id).where(ConversationRow.id > after).order_by(ConversationRow.id).limit(limit)
    )
    ids = list(found.scalars())
    if not ids:
        return 0, 0
    raised = exists().where(CaseRow.resident_id == ConversationRow.resident_id)
    backed = exists().where(SupportRow.resident_id == ConversationRow.resident_id)
    forgotten = and_(
        ConversationRow.id.between(ids[0], ids[-1]),
        ConversationRow.last_at < silent_since,
        ~ConversationRow.is_group,
        ConversationRow.external_id.not_like("gone:%"),
        ~raised,
        ~backed,
    )
    result = await connection.execute(
        update(ConversationRow)
        .where(forgotten)
        .values(
            external_id=literal("gone:") + cast(ConversationRow.id, String),
            reachable=False,
            resident_id=None,
            flow="",
            step="",
            data={},
        )
        .returning(ConversationRow.id)
    )
    gone = list(result.scalars())
    # What was kept for them in case they came back says what their cases were about.
    await connection.execute(delete(OutboxRow).where(OutboxRow.conversation_id.in_(gone)))
    return len(gone), ids[-1]
