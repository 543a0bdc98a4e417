"""Sessions of staff (로그인 상태): a signed-in browser, known only by the hash of its cookie."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.staff import Staff, staff_by_id
from storage.tables import StaffSessionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser. `csrf` is the secret its forms must carry."""

    token_hash: str
    staff_id: int
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


_COLUMNS = tuple(StaffSessionRow.__table__.c)
# Looked up at every page: built once.
_FIND = select(*_COLUMNS).where(
    StaffSessionRow.token_hash == bindparam("hash"),
    StaffSessionRow.expires_at > bindparam("now"),
    StaffSessionRow.seen_at > bindparam("since"),
)


async def open_session(connection: AsyncConnection, session: Session) -> None:
    """Write a new session."""
    values = {name: getattr(session, name) for name in Session.__slots__}
    await connection.execute(insert(StaffSessionRow).values(values))


async def find_session(
    connection: AsyncConnection, token_hash: str, *, now: datetime, idle_since: datetime
) -> tuple[Session, Staff] | None:
    """The session of that hash and its person; None when it ended, rested too long, or the account did."""
    given = {"hash": token_hash, "now": now, "since": idle_since}
    result = await connection.execute(_FIND, given)
    row = result.mappings().one_or_none()
    if row is None:
        return None
    session = Session(**row)
    staff = await staff_by_id(connection, session.staff_id)
    return (session, staff) if staff is not None and staff.active else None


async def touch_session(connection: AsyncConnection, token_hash: str, now: datetime) -> None:
    """Note that the person is still there; never turns the time back."""
    await connection.execute(
        update(StaffSessionRow)
        .where(StaffSessionRow.token_hash == token_hash, StaffSessionRow.seen_at < now)
        .values(seen_at=now)
    )


async def sessions_of(
    connection: AsyncConnection, staff_id: int, *, now: datetime, idle_since: datetime
) -> list[Session]:
    """The open sessions of a person, the last used first."""
    result = await connection.execute(
        select(*_COLUMNS)
        .where(
            StaffSessionRow.staff_id == staff_id,
            StaffSessionRow.expires_at > now,
            StaffSessionRow.seen_at > idle_since,
        )
        .order_by(StaffSessionRow.seen_at.desc())
    )
    return [Session(**row) for row in result.mappings()]


async def end_session(connection: AsyncConnection, staff_id: int, token_hash: str) -> None:
    """End one session of a person."""
    await connection.execute(
        delete(StaffSessionRow).where(
            StaffSessionRow.token_hash == token_hash, StaffSessionRow.staff_id == staff_id
        )
    )


async def end_sessions(connection: AsyncConnection, staff_id: int, *, but: str = "") -> None:
    """End all sessions of a person, except the one of hash `but`."""
    await connection.execute(
        delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id, StaffSessionRow.token_hash != but)
    )


async def clear_ended_sessions(connection: AsyncConnection, *, now: datetime, idle_since: datetime) -> None:
    """Forget sessions that are over anyway."""
    await connection.execute(
        delete(StaffSessionRow).where(
            or_(StaffSessionRow.expires_at <= now, StaffSessionRow.seen_at <= idle_since)
        )
    )
