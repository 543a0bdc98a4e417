"""The outbox: what is to be shown to people, claimed by lease, head of each conversation first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from storage.addresses import readdress
from storage.statements import insert_or
from storage.tables import ChannelRow, ConversationRow, JsonObject, OutboxRow


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


async def put(connection: AsyncConnection, posts: Sequence[Post]) -> None:
    """Put rows into the outbox; one whose key is there already is left out."""
    if not posts:
        return
    statement = insert_or(connection, OutboxRow)
    if any(post.key is not None for post in posts):
        statement = statement.on_conflict_do_nothing(index_elements=["key"])
    await connection.execute(
        statement,
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
    earlier = aliased(OutboxRow)
    held_back = exists().where(
        earlier.conversation_id == OutboxRow.conversation_id,
        earlier.state == "waiting",
        earlier.id != OutboxRow.id,
        or_(
            earlier.leased_until > now,
            and_(earlier.lane == OutboxRow.lane, earlier.id < OutboxRow.id),
            and_(earlier.lane < OutboxRow.lane, earlier.not_before <= now),
        ),
    )
    free = or_(OutboxRow.leased_until.is_(None), OutboxRow.leased_until < now)
    chosen = (
        select(OutboxRow.id)
        .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
        .where(
            OutboxRow.state == "waiting",
            OutboxRow.channel == channel,
            OutboxRow.not_before <= now,
            free,
            or_(ConversationRow.next_send_at.is_(None), ConversationRow.next_send_at <= now),
            ~held_back,
        )
        .order_by(OutboxRow.lane, OutboxRow.not_before, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
        # As a CTE: PostgreSQL may run a plain subquery once for each row, and then takes more than `limit`.
        .cte("chosen")
    )
    result = await connection.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(select(chosen.c.id)), OutboxRow.state == "waiting", free)
        .values(lease_owner=owner, leased_until=now + lease, attempts=OutboxRow.attempts + 1)
        .returning(OutboxRow.id)
    )
    return await _parcels(connection, sorted(result.scalars()))


async def _parcels(connection: AsyncConnection, ids: Sequence[int]) -> list[Parcel]:
    if not ids:
        return []
    result = await connection.execute(
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
        .where(OutboxRow.id.in_(ids))
        .order_by(OutboxRow.lane, OutboxRow.id)
    )
    return [Parcel(**row) for row in result.mappings()]


async def settle(connection: AsyncConnection, outcomes: Sequence[Settled], now: datetime) -> None:
    """Write how deliveries ended. A dead address is marked, so that staff see it."""
    for one in outcomes:
        values: JsonObject = {
            "state": one.state,
            "outcome": one.outcome[:200] or None,
            "leased_until": None,
            "lease_owner": None,
        }
        if one.state == "sent":
            values |= {"sent_at": now, "external_id": one.external_id}
        if one.retry_at is not None:
            values["not_before"] = one.retry_at
        await connection.execute(
            update(OutboxRow).where(OutboxRow.id == one.id, OutboxRow.state == "waiting").values(values)
        )
        await _settle_conversation(connection, one)


async def _settle_conversation(connection: AsyncConnection, one: Settled) -> None:
    if one.unreachable:
        await connection.execute(
            update(ConversationRow).where(ConversationRow.id == one.conversation_id).values(reachable=False)
        )
        await hold_back(connection, one.conversation_id)
    if one.new_address is not None:
        await readdress(connection, one.conversation_id, one.new_address)


async def pace_conversations(connection: AsyncConnection, times: Mapping[int, datetime]) -> None:
    """Write when each conversation may be written to next."""
    if times:
        await connection.execute(
            update(ConversationRow)
            .where(ConversationRow.id == bindparam("talk"))
            .values(next_send_at=bindparam("moment")),
            [{"talk": talk, "moment": moment} for talk, moment in times.items()],
        )


async def show_on_web(connection: AsyncConnection, *, now: datetime, limit: int) -> list[int]:
    """Make due web rows visible, each with the next position of its conversation.

    Writing them is showing them: exactly once. Returns the conversations that have something new.
    """
    due = (OutboxRow.state == "waiting", OutboxRow.channel == "web", OutboxRow.not_before <= now)
    waiting = (
        select(OutboxRow.conversation_id).where(*due).order_by(OutboxRow.lane, OutboxRow.id).limit(limit)
    )
    locked = await connection.execute(
        select(ConversationRow.id, ConversationRow.delivered)
        .where(ConversationRow.id.in_(waiting))
        .order_by(ConversationRow.id)
        .with_for_update(skip_locked=True)
    )
    positions = {row.id: row.delivered for row in locked}
    if not positions:
        return []
    rows = await connection.execute(
        select(OutboxRow.id, OutboxRow.conversation_id)
        .where(*due, OutboxRow.conversation_id.in_(positions))
        .order_by(OutboxRow.id)
    )
    shown = []
    for row_id, conversation_id in rows:
        positions[conversation_id] += 1
        shown.append({"row": row_id, "place": positions[conversation_id]})
    if shown:
        await _show(connection, shown, positions, now)
    return list(positions)


async def _show(
    connection: AsyncConnection, shown: list[dict[str, int]], positions: dict[int, int], now: datetime
) -> None:
    await connection.execute(
        update(OutboxRow)
        .where(OutboxRow.id == bindparam("row"), OutboxRow.state == "waiting")
        .values(state="sent", sent_at=now, position=bindparam("place")),
        shown,
    )
    await connection.execute(
        update(ConversationRow)
        .where(ConversationRow.id == bindparam("talk"))
        .values(delivered=bindparam("last")),
        [{"talk": talk, "last": last} for talk, last in positions.items()],
    )


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


async def channel_pace(connection: AsyncConnection, channel: str) -> tuple[datetime | None, datetime | None]:
    """When the channel's next free slot is, and until when the channel asked us to be silent."""
    result = await connection.execute(
        select(ChannelRow.next_slot_at, ChannelRow.closed_until)
        .where(ChannelRow.channel == channel)
        .with_for_update()
    )
    row = result.one_or_none()
    return (None, None) if row is None else (row.next_slot_at, row.closed_until)


async def set_pace(
    connection: AsyncConnection,
    channel: str,
    *,
    next_slot_at: datetime | None = None,
    closed_until: datetime | None = None,
) -> None:
    """Write the channel's next slot, or until when it is closed; it survives a restart."""
    values: JsonObject = {}
    if next_slot_at is not None:
        values["next_slot_at"] = next_slot_at
    if closed_until is not None:
        values["closed_until"] = closed_until
    await connection.execute(
        insert_or(connection, ChannelRow)
        .values(channel=channel, cursor=0, **values)
        .on_conflict_do_update(index_elements=["channel"], set_=values)
    )
