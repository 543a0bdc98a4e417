"""Binding a Telegram group to an office (부서 대화방 연결) with a one-time code, and undoing it."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId
from storage.tables import BindCodeRow, ConversationRow

CODE_LIFE = timedelta(minutes=30)
# No letter or digit that is taken for another when read aloud or copied by hand.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_LENGTH = 10


@dataclass(frozen=True, slots=True)
class BoundGroup:
    """A group that receives the tickets of an office."""

    conversation_id: int
    office: OfficeId
    channel: str
    reachable: bool
    last_at: datetime


def code_hash(code: str) -> str:
    """What is kept of a code: capitals or not, with or without hyphens and blanks, it is the same one."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


async def make_code(connection: AsyncConnection, office: OfficeId, staff_id: int, now: datetime) -> str:
    """A new code that binds one group to `office` within CODE_LIFE. It cannot be read again."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    await connection.execute(
        insert(BindCodeRow).values(
            code_hash=code_hash(letters),
            office=office,
            created_by=staff_id,
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
    )
    return f"{letters[:5]}-{letters[5:]}"


async def use_code(connection: AsyncConnection, code: str, now: datetime) -> OfficeId | None:
    """Use a code up; the office it stands for, or None when it is wrong, too old or was used before."""
    result = await connection.execute(
        update(BindCodeRow)
        .where(
            BindCodeRow.code_hash == code_hash(code),
            BindCodeRow.used_at.is_(None),
            BindCodeRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(BindCodeRow.office)
    )
    office = result.scalar_one_or_none()
    return None if office is None else OfficeId(office)


async def bound_groups(connection: AsyncConnection, offices: Collection[OfficeId] | None) -> list[BoundGroup]:
    """The groups bound to these offices, or to any office (None)."""
    statement = select(
        ConversationRow.id,
        ConversationRow.office,
        ConversationRow.channel,
        ConversationRow.reachable,
        ConversationRow.last_at,
    ).where(ConversationRow.is_group, ConversationRow.office.is_not(None))
    if offices is not None:
        statement = statement.where(ConversationRow.office.in_(offices))
    result = await connection.execute(statement.order_by(ConversationRow.office, ConversationRow.id))
    return [
        BoundGroup(row.id, OfficeId(row.office), row.channel, row.reachable, row.last_at) for row in result
    ]


async def unbind(
    connection: AsyncConnection, conversation_id: int, offices: Collection[OfficeId] | None
) -> bool:
    """End a group's binding if it is to one of these offices (None: any); False when there was none."""
    statement = update(ConversationRow).where(
        ConversationRow.id == conversation_id,
        ConversationRow.is_group,
        ConversationRow.office.is_not(None),
    )
    if offices is not None:
        statement = statement.where(ConversationRow.office.in_(offices))
    result = await connection.execute(statement.values(office=None).returning(ConversationRow.id))
    return result.one_or_none() is not None
