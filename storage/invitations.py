"""Invitations (초대): a link by which somebody makes their own account, once. Only a hash of it is kept."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId, Role
from storage.tables import InvitationRow, StaffRow

LIFE = timedelta(days=7)
"""How long a link is good for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What the account will be: its name, role and offices; the login and password are the person's."""

    id: int
    name: str
    role: Role
    offices: frozenset[OfficeId]
    created_at: datetime
    expires_at: datetime


_COLUMNS = (
    InvitationRow.id,
    InvitationRow.name,
    InvitationRow.role,
    InvitationRow.offices,
    InvitationRow.created_at,
    InvitationRow.expires_at,
)


def _invitation(row: RowMapping) -> Invitation:
    return Invitation(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        offices=frozenset(OfficeId(office) for office in row["offices"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def invite(
    connection: AsyncConnection,
    *,
    name: str,
    role: Role,
    offices: Collection[OfficeId],
    by: int,
    now: datetime,
) -> str:
    """Make an invitation; returns the token of its link (256 random bits), which cannot be read again."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        insert(InvitationRow).values(
            token_hash=_hash(token),
            name=name,
            role=role.value,
            offices=sorted(offices),
            created_by=by,
            created_at=now,
            expires_at=now + LIFE,
        )
    )
    return token


async def invitation_of(connection: AsyncConnection, token: str, now: datetime) -> Invitation | None:
    """The invitation a link stands for; None when it is none, too old, used or withdrawn.

    It ends also with the rights of the administrator who made it.
    """
    result = await connection.execute(
        select(*_COLUMNS)
        .join(StaffRow, StaffRow.id == InvitationRow.created_by)
        .where(
            InvitationRow.token_hash == _hash(token),
            InvitationRow.ended_at.is_(None),
            InvitationRow.expires_at > now,
            StaffRow.active,
            StaffRow.role == Role.ADMIN.value,
        )
    )
    row = result.mappings().one_or_none()
    return None if row is None else _invitation(row)


async def open_invitations(connection: AsyncConnection, now: datetime) -> list[Invitation]:
    """Those that can still be used, the newest first."""
    result = await connection.execute(
        select(*_COLUMNS)
        .where(InvitationRow.ended_at.is_(None), InvitationRow.expires_at > now)
        .order_by(InvitationRow.id.desc())
    )
    return [_invitation(row) for row in result.mappings()]


async def end_invitation(
    connection: AsyncConnection, invitation_id: int, now: datetime, *, staff_id: int | None = None
) -> bool:
    """Use an invitation up for an account, or withdraw it (None); False when that was done before."""
    result = await connection.execute(
        update(InvitationRow)
        .where(
            InvitationRow.id == invitation_id,
            InvitationRow.ended_at.is_(None),
            InvitationRow.expires_at > now,
        )
        .values(ended_at=now, staff_id=staff_id)
        .returning(InvitationRow.id)
    )
    return result.one_or_none() is not None
