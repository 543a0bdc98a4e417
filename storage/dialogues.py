"""Serving conversations: claimed by lease, one turn after the other, each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Integer, ScalarSelect, bindparam, case, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from storage.statements import written_out
from storage.tables import ConversationRow, InboxRow, JsonObject, ResidentRow
from storage.tables.types import UtcDateTime


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


Value = TypeVar("Value")


def _of_person(column: InstrumentedAttribute[Value]) -> ScalarSelect[Value]:
    person = select(column).where(ResidentRow.id == ConversationRow.resident_id)
    return person.correlate(ConversationRow).scalar_subquery()


# Statements are built once: building one costs three times what running it does (docs/performance.md).
_NOW = bindparam("now", type_=UtcDateTime)
_FREE = or_(ConversationRow.leased_until.is_(None), ConversationRow.leased_until < _NOW)
_CHOSEN = (
    select(ConversationRow.id)
    .where(ConversationRow.ready_at <= _NOW, _FREE)
    .order_by(ConversationRow.ready_at)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    # As a CTE: PostgreSQL may run a plain subquery once for each row, and then takes more than `most`.
    .cte("chosen")
)
_CLAIM = (
    update(ConversationRow)
    .where(ConversationRow.id.in_(select(_CHOSEN.c.id)), _FREE)
    .values(lease_owner=bindparam("owner"), leased_until=bindparam("until"), fence=ConversationRow.fence + 1)
    .returning(ConversationRow.id, ConversationRow.fence)
)
_WAITING = (
    select(
        InboxRow.id,
        InboxRow.conversation_id,
        InboxRow.channel,
        InboxRow.received_at,
        InboxRow.body,
        InboxRow.attempts,
    )
    .where(
        InboxRow.conversation_id.in_(bindparam("talks", expanding=True)),
        InboxRow.state == written_out("waiting"),
    )
    .order_by(InboxRow.id)
    .limit(bindparam("most", type_=Integer))
)
_OURS = (ConversationRow.id == bindparam("talk"), ConversationRow.fence == bindparam("own_fence"))
_ENTER = (
    update(ConversationRow)
    .where(*_OURS)
    .values(leased_until=bindparam("until"))
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
        # Of the person behind it; all of them None where nobody agreed to be known yet.
        _of_person(ResidentRow.consented_at).label("consented_at"),
        _of_person(ResidentRow.notices).label("notices"),
        _of_person(ResidentRow.quiet).label("quiet"),
    )
)
_HANDLED = (
    update(InboxRow)
    .where(InboxRow.id == bindparam("turn"), InboxRow.state == "waiting")
    .values(state="done", handled_at=bindparam("now"), body={})
)
_WAITS = exists().where(
    InboxRow.conversation_id == bindparam("talk"),
    InboxRow.state == written_out("waiting"),
)
_MORE = _WAITS.where(InboxRow.id > bindparam("turn"))
_LEAVE = (
    update(ConversationRow)
    .where(*_OURS)
    .values(
        flow=bindparam("next_flow"),
        step=bindparam("next_step"),
        data=bindparam("next_data"),
        token=bindparam("next_token"),
        burst_since=bindparam("since"),
        burst_count=bindparam("count"),
        ready_at=case((_MORE, _NOW), else_=None),
        leased_until=case((_MORE, ConversationRow.leased_until), else_=None),
    )
    .returning(ConversationRow.ready_at)
)
_LOCK = select(ConversationRow.id).where(*_OURS).with_for_update()
_READY = bindparam("ready", type_=UtcDateTime)
_RELEASE = (
    update(ConversationRow)
    .where(*_OURS)
    .values(
        leased_until=None,
        ready_at=case((_READY.is_not(None), _READY), (_WAITS, ConversationRow.ready_at), else_=None),
    )
)


def _ours(claim: Claim) -> dict[str, object]:
    return {"talk": claim.conversation_id, "own_fence": claim.fence}


async def claim_conversations(
    connection: AsyncConnection, *, owner: str, now: datetime, lease: timedelta, limit: int
) -> list[Claim]:
    """Take up to `limit` conversations that have something waiting and that nobody serves."""
    given = {"now": now, "until": now + lease, "owner": owner, "most": limit}
    result = await connection.execute(_CLAIM, given)
    return [Claim(conversation_id, fence) for conversation_id, fence in result]


async def waiting_turns(
    connection: AsyncConnection, conversations: Sequence[int], limit: int
) -> list[WaitingTurn]:
    """What waits in these conversations, oldest first."""
    result = await connection.execute(_WAITING, {"talks": list(conversations), "most": limit})
    return [
        WaitingTurn(inbox_id, conversation_id, channel, at, body, attempts)
        for inbox_id, conversation_id, channel, at, body, attempts in result
        if conversation_id is not None
    ]


async def enter(connection: AsyncConnection, claim: Claim, leased_until: datetime) -> Conversation | None:
    """Lock the claimed conversation for this transaction and renew its lease.

    None when another process has taken it over since: then nothing may be done with it.
    """
    result = await connection.execute(_ENTER, {**_ours(claim), "until": leased_until})
    row = result.one_or_none()
    if row is None:
        return None
    return Conversation(
        id=claim.conversation_id,
        channel=row.channel,
        external_id=row.external_id,
        is_group=row.is_group,
        office=row.office,
        locale=row.locale,
        reachable=row.reachable,
        resident_id=row.resident_id,
        consented=row.consented_at is not None,
        notices=row.resident_id is None or row.notices,
        quiet=row.resident_id is None or row.quiet,
        burst_since=row.burst_since,
        burst_count=row.burst_count,
        dialogue=Dialogue(row.flow, row.step, row.data, row.token),
    )


async def mark_handled(connection: AsyncConnection, inbox_id: int, now: datetime) -> bool:
    """Mark a turn as done and forget its words. False when it was done before."""
    result = await connection.execute(_HANDLED, {"turn": inbox_id, "now": now})
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
    result = await connection.execute(
        _LEAVE,
        {
            **_ours(claim),
            "turn": inbox_id,
            "now": now,
            "next_flow": dialogue.flow,
            "next_step": dialogue.step,
            "next_data": dialogue.data or {},
            "next_token": dialogue.token,
            "since": burst[0],
            "count": burst[1],
        },
    )
    return result.scalar_one() is not None


async def release(connection: AsyncConnection, claim: Claim, ready_at: datetime | None) -> None:
    """Give a claimed conversation back, to be served again at `ready_at` (None: nothing waits)."""
    # Locked first: on PostgreSQL only a statement that begins after the lock sees what came in meanwhile.
    await connection.execute(_LOCK, _ours(claim))
    await connection.execute(_RELEASE, {**_ours(claim), "ready": ready_at})


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
