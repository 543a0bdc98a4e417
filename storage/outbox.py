"""The outbox: what is to be shown to people, claimed by lease, head of each conversation first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Integer, and_, bindparam, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from storage.addresses import readdress
from storage.statements import written_out
from storage.tables import ConversationRow, JsonObject, OutboxRow
from storage.tables.types import UtcDateTime


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to be shown in one conversation. `key`, where given, lets it be put only once."""

    conversation_id: int
    channel: str
    lane: int
    kind: str
    template: str
    params: JsonObject
    choices: list[object]
    created_at: datetime
    not_before: datetime
    target: str | None = None
    case_id: int | None = None
    key: str | None = None
    held: bool = False
    """Kept until the person can be reached again."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row, with what its channel needs to deliver it."""

    id: int
    conversation_id: int
    address: str
    is_group: bool
    locale: str
    lane: int
    kind: str
    template: str
    params: JsonObject
    choices: list[object]
    target: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Settled:
    """How one delivery ended. `state`: sent, dead or dropped; or waiting, to be tried at `retry_at`."""

    id: int
    conversation_id: int
    state: str
    outcome: str = ""
    external_id: str | None = None
    retry_at: datetime | None = None
    unreachable: bool = False
    new_address: str | None = None


# Statements are built once: building one costs three times what running it does (docs/performance.md).
_WAITING = written_out("waiting")
_NOW = bindparam("now", type_=UtcDateTime)
_EARLIER = aliased(OutboxRow)
_HELD_BACK = exists().where(
    _EARLIER.conversation_id == OutboxRow.conversation_id,
    _EARLIER.state == _WAITING,
    _EARLIER.id != OutboxRow.id,
    or_(
        _EARLIER.leased_until > _NOW,
        and_(_EARLIER.lane == OutboxRow.lane, _EARLIER.id < OutboxRow.id),
        and_(_EARLIER.lane < OutboxRow.lane, _EARLIER.not_before <= _NOW),
    ),
)
_FREE = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < _NOW)
_CHOSEN = (
    select(OutboxRow.id)
    .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
    .where(
        OutboxRow.state == _WAITING,
        OutboxRow.channel == bindparam("name"),
        OutboxRow.not_before <= _NOW,
        _FREE,
        or_(ConversationRow.next_send_at.is_(None), ConversationRow.next_send_at <= _NOW),
        ~_HELD_BACK,
    )
    .order_by(OutboxRow.lane, OutboxRow.not_before, OutboxRow.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=OutboxRow)
    # As a CTE: PostgreSQL may run a plain subquery once for each row, and then takes more than `most`.
    .cte("chosen")
)
_CLAIM = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(select(_CHOSEN.c.id)), OutboxRow.state == _WAITING, _FREE)
    .values(lease_owner=bindparam("owner"), leased_until=bindparam("until"), attempts=OutboxRow.attempts + 1)
    .returning(OutboxRow.id)
)
_PARCELS = (
    select(
        OutboxRow.id,
        OutboxRow.conversation_id,
        ConversationRow.external_id.label("address"),
        ConversationRow.is_group,
        ConversationRow.locale,
        OutboxRow.lane,
        OutboxRow.kind,
        OutboxRow.template,
        OutboxRow.params,
        OutboxRow.choices,
        OutboxRow.target,
        OutboxRow.attempts,
    )
    .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
    .where(OutboxRow.id.in_(bindparam("ids", expanding=True)))
    .order_by(OutboxRow.lane, OutboxRow.id)
)
_PUT = insert(OutboxRow)
_PUT_ONCE = MappingProxyType(
    {
        "sqlite": sqlite.insert(OutboxRow).on_conflict_do_nothing(index_elements=["key"]),
        "postgresql": postgresql.insert(OutboxRow).on_conflict_do_nothing(index_elements=["key"]),
    }
)
_SETTLE = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"), OutboxRow.state == "waiting")
    .values(
        state=bindparam("ended"),
        outcome=bindparam("reason"),
        leased_until=None,
        lease_owner=None,
        sent_at=bindparam("sent"),
        external_id=bindparam("as_id"),
        not_before=func.coalesce(bindparam("again", type_=UtcDateTime), OutboxRow.not_before),
    )
)


async def put(connection: AsyncConnection, posts: Sequence[Post]) -> None:
    """Put rows into the outbox; one whose key is there already is left out."""
    if not posts:
        return
    once = any(post.key is not None for post in posts)
    await connection.execute(
        _PUT_ONCE[connection.dialect.name] if once else _PUT,
        [
            {
                "conversation_id": post.conversation_id,
                "channel": post.channel,
                "lane": post.lane,
                "kind": post.kind,
                "template": post.template,
                "params": post.params,
                "choices": post.choices,
                "target": post.target,
                "case_id": post.case_id,
                "key": post.key,
                "created_at": post.created_at,
                "not_before": post.not_before,
                "state": "held" if post.held else "waiting",
            }
            for post in posts
        ],
    )


async def claim_parcels(
    connection: AsyncConnection, *, channel: str, owner: str, now: datetime, lease: timedelta, limit: int
) -> list[Parcel]:
    """Take up to `limit` due rows, at most one a conversation: the first of its lowest lane.

    A row being sent, or waiting to be tried again, holds back what stands behind it in its lane.
    """
    given = {"name": channel, "owner": owner, "now": now, "until": now + lease, "most": limit}
    claimed = list((await connection.execute(_CLAIM, given)).scalars())
    if not claimed:
        return []
    result = await connection.execute(_PARCELS, {"ids": claimed})
    return [Parcel(**row) for row in result.mappings()]


async def settle(connection: AsyncConnection, outcomes: Sequence[Settled], now: datetime) -> None:
    """Write how deliveries ended. A dead address is marked, so that staff see it."""
    if not outcomes:
        return
    await connection.execute(
        _SETTLE,
        [
            {
                "row": one.id,
                "ended": one.state,
                "reason": one.outcome[:200] or None,
                "sent": now if one.state == "sent" else None,
                "as_id": one.external_id if one.state == "sent" else None,
                "again": one.retry_at,
            }
            for one in outcomes
        ],
    )
    for one in outcomes:
        await _settle_conversation(connection, one)


async def _settle_conversation(connection: AsyncConnection, one: Settled) -> None:
    if one.unreachable:
        await connection.execute(
            update(ConversationRow).where(ConversationRow.id == one.conversation_id).values(reachable=False)
        )
        await hold_back(connection, one.conversation_id)
    if one.new_address is not None:
        await readdress(connection, one.conversation_id, one.new_address)


async def hold_back(connection: AsyncConnection, conversation_id: int) -> None:
    """Keep what waits for somebody who cannot be reached, until they are back."""
    await _turn(connection, conversation_id, "waiting", "held")


async def let_go(connection: AsyncConnection, conversation_id: int) -> None:
    """Send what was kept for somebody who can be reached again."""
    await _turn(connection, conversation_id, "held", "waiting")


async def _turn(connection: AsyncConnection, conversation_id: int, old: str, new: str) -> None:
    await connection.execute(
        update(OutboxRow)
        .where(OutboxRow.conversation_id == conversation_id, OutboxRow.state == old)
        .values(state=new, leased_until=None)
    )
