"""Which processes live (가동 중인 프로세스): what a dead one had leased is freed long before it runs out."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from storage.leases import end_lease, hold_lease
from storage.statements import written_out
from storage.tables import ConversationRow, LeaseRow, OutboxRow

_PREFIX = "process:"


async def be_present(connection: AsyncConnection, owner: str, *, now: datetime, lease: timedelta) -> None:
    """Say that the process `owner` lives, and will have said so again before `lease` is over."""
    await hold_lease(connection, _PREFIX + owner, owner=owner, now=now, lease=lease)


async def be_gone(connection: AsyncConnection, owner: str) -> None:
    """The process `owner` ends: whatever it still had leased is anybody's."""
    await end_lease(connection, _PREFIX + owner, owner=owner)


async def nobody_lives(connection: AsyncConnection) -> None:
    """No process but the caller's can be there (it has the database to itself)."""
    await connection.execute(delete(LeaseRow).where(LeaseRow.name.startswith(_PREFIX)))


async def free_what_the_dead_held(connection: AsyncConnection, now: datetime) -> int:
    """Give back the conversations and letters leased by processes that live no more; says how many.

    Safe when one lives after all: a conversation's fence refuses it, a letter is at worst sent twice.
    """
    await connection.execute(
        delete(LeaseRow).where(LeaseRow.name.startswith(_PREFIX), LeaseRow.leased_until <= now)
    )
    talks = await connection.execute(
        update(ConversationRow)
        .where(
            # Only a conversation with something waiting is leased; those have an index.
            ConversationRow.ready_at.is_not(None),
            ConversationRow.leased_until > now,
            _is_dead(ConversationRow.lease_owner),
        )
        .values(leased_until=None)
    )
    letters = await connection.execute(
        update(OutboxRow)
        .where(
            OutboxRow.state == written_out("waiting"),
            OutboxRow.leased_until > now,
            _is_dead(OutboxRow.lease_owner),
        )
        .values(leased_until=None)
    )
    await connection.execute(
        delete(LeaseRow).where(~LeaseRow.name.startswith(_PREFIX), _is_dead(LeaseRow.owner))
    )
    return talks.rowcount + letters.rowcount


def _is_dead(
    owner: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
) -> ColumnElement[bool]:
    living = select(LeaseRow.owner).where(LeaseRow.name.startswith(_PREFIX))
    return or_(owner.is_(None), owner.not_in(living))
