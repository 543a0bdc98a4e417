"""Serving conversations: claimed by lease, one turn after the other, each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import ConversationRow, InboxRow, JsonObject, ResidentRow


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to serve one conversation until the lease ends. `fence` proves it is still ours."""

    conversation_id: int
    fence: int


@dataclass(frozen=True, slots=True)
class WaitingTurn:
    """One row of the inbox that waits, oldest first in its conversation."""

    inbox_id: int
    conversation_id: int
    channel: str
    received_at: datetime
    body: JsonObject
    attempts: int


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where a conversation stands: flow, step, what was gathered, and the token of its open buttons."""

    flow: str = ""
    step: str = ""
    data: JsonObject | None = None
    token: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """One address of one channel, with the person behind it as far as they agreed to be known."""

    id: int
    channel: str
    external_id: str
    is_group: bool
    office: str | None
    locale: str
    reachable: bool
    resident_id: int | None
    consented: bool
    notices: bool
    quiet: bool
    burst_since: datetime | None
    burst_count: int
    dialogue: Dialogue


async def claim_conversations(
    connection: AsyncConnection, *, owner: str, now: datetime, lease: timedelta, limit: int
) -> list[Claim]:
    """Take up to `limit` conversations that have something waiting and that nobody serves."""
    free = or_(ConversationRow.leased_until.is_(None), ConversationRow.leased_until < now)
    chosen = (
        select(ConversationRow.id)
        .where(ConversationRow.ready_at <= now, free)
        .order_by(ConversationRow.ready_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # As a CTE: PostgreSQL may run a plain subquery once for each row, and then takes more than `limit`.
        .cte("chosen")
    )
    result = await connection.execute(
        update(ConversationRow)
        .where(ConversationRow.id.in_(select(chosen.c.id)), free)
        .values(lease_owner=owner, leased_until=now + lease, fence=ConversationRow.fence + 1)
        .returning(ConversationRow.id, ConversationRow.fence)
    )
    return [Claim(conversation_id, fence) for conversation_id, fence in result]


async def waiting_turns(
    connection: AsyncConnection, conversations: Sequence[int], limit: int
) -> list[WaitingTurn]:
    """What waits in these conversations, oldest first."""
    result = await connection.execute(
        select(
            InboxRow.id,
            InboxRow.conversation_id,
            InboxRow.channel,
            InboxRow.received_at,
            InboxRow.body,
            InboxRow.attempts,
        )
        .where(InboxRow.conversation_id.in_(conversations), InboxRow.state == "waiting")
        .order_by(InboxRow.id)
        .limit(limit)
    )
    return [
        WaitingTurn(inbox_id, conversation_id, channel, at, body, attempts)
        for inbox_id, conversation_id, channel, at, body, attempts in result
        if conversation_id is not None
    ]


async def enter(connection: AsyncConnection, claim: Claim, leased_until: datetime) -> Conversation | None:
    """Lock the claimed conversation for this transaction and renew its lease.

    None when another process has taken it over since: then nothing may be done with it.
    """
    result = await connection.execute(
        update(ConversationRow)
        .where(ConversationRow.id == claim.conversation_id, ConversationRow.fence == claim.fence)
        .values(leased_until=leased_until)
        .returning(
            ConversationRow.channel,
            ConversationRow.external_id,
            ConversationRow.is_group,
            ConversationRow.office,
            ConversationRow.locale,
            ConversationRow.reachable,
            ConversationRow.resident_id,
            ConversationRow.burst_since,
            ConversationRow.burst_count,
            ConversationRow.flow,
            ConversationRow.step,
            ConversationRow.data,
            ConversationRow.token,
        )
    )
    row = result.one_or_none()
    if row is None:
        return None
    consented, notices, quiet = await _resident(connection, row.resident_id)
    return Conversation(
        id=claim.conversation_id,
        channel=row.channel,
        external_id=row.external_id,
        is_group=row.is_group,
        office=row.office,
        locale=row.locale,
        reachable=row.reachable,
        resident_id=row.resident_id,
        consented=consented,
        notices=notices,
        quiet=quiet,
        burst_since=row.burst_since,
        burst_count=row.burst_count,
        dialogue=Dialogue(row.flow, row.step, row.data, row.token),
    )


async def _resident(connection: AsyncConnection, resident_id: int | None) -> tuple[bool, bool, bool]:
    if resident_id is None:
        return False, True, True
    result = await connection.execute(
        select(ResidentRow.consented_at, ResidentRow.notices, ResidentRow.quiet).where(
            ResidentRow.id == resident_id
        )
    )
    consented_at, notices, quiet = result.one()
    return consented_at is not None, notices, quiet


async def mark_handled(connection: AsyncConnection, inbox_id: int, now: datetime) -> bool:
    """Mark a turn as done and forget its words. False when it was done before."""
    result = await connection.execute(
        update(InboxRow)
        .where(InboxRow.id == inbox_id, InboxRow.state == "waiting")
        .values(state="done", handled_at=now, body={})
    )
    return result.rowcount == 1


async def leave(
    connection: AsyncConnection,
    claim: Claim,
    inbox_id: int,
    dialogue: Dialogue,
    now: datetime,
    *,
    burst: tuple[datetime | None, int],
) -> bool:
    """Write the dialogue after a turn; give the lease back when nothing more waits.

    Returns whether more waits. The conversation's row is locked by `enter`, so no arrival slips by.
    """
    more = exists().where(
        InboxRow.conversation_id == claim.conversation_id,
        InboxRow.state == "waiting",
        InboxRow.id > inbox_id,
    )
    result = await connection.execute(
        update(ConversationRow)
        .where(ConversationRow.id == claim.conversation_id, ConversationRow.fence == claim.fence)
        .values(
            flow=dialogue.flow,
            step=dialogue.step,
            data=dialogue.data or {},
            token=dialogue.token,
            burst_since=burst[0],
            burst_count=burst[1],
            ready_at=case((more, now), else_=None),
            leased_until=case((more, ConversationRow.leased_until), else_=None),
        )
        .returning(ConversationRow.ready_at)
    )
    return result.scalar_one() is not None


async def release(connection: AsyncConnection, claim: Claim, ready_at: datetime | None) -> None:
    """Give a claimed conversation back, to be served again at `ready_at` (None: nothing waits)."""
    ours = and_(ConversationRow.id == claim.conversation_id, ConversationRow.fence == claim.fence)
    # Locked first: on PostgreSQL only a statement that begins after the lock sees what came in meanwhile.
    await connection.execute(select(ConversationRow.id).where(ours).with_for_update())
    waits = exists().where(InboxRow.conversation_id == claim.conversation_id, InboxRow.state == "waiting")
    await connection.execute(
        update(ConversationRow)
        .where(ours)
        .values(
            leased_until=None,
            ready_at=ready_at
            if ready_at is not None
            else case((waits, ConversationRow.ready_at), else_=None),
        )
    )


async def count_attempt(connection: AsyncConnection, inbox_id: int, fault: str) -> None:
    """Note that handling a turn failed; `fault` names the error's type, never its words."""
    await connection.execute(
        update(InboxRow)
        .where(InboxRow.id == inbox_id)
        .values(attempts=InboxRow.attempts + 1, fault=fault[:200])
    )


async def give_up(connection: AsyncConnection, inbox_id: int, now: datetime, fault: str) -> None:
    """Mark a turn that failed every time; it is kept, with its words, for the operator."""
    await connection.execute(
        update(InboxRow)
        .where(InboxRow.id == inbox_id, InboxRow.state == "waiting")
        .values(state="failed", handled_at=now, fault=fault[:200])
    )
