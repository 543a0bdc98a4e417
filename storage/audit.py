"""What staff did (감사 기록): each entry sealed together with the one before; no change goes unnoticed.

An entry holds who, when, what and on which case or account; never words of residents.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import AuditEntryRow, AuditHeadRow, JsonObject

_CHAIN = "staff"
_NOTHING = ""


class Sealer:
    """Seals entries with a key made of the program's secret one. Without it nobody can seal anew."""

    __slots__ = ("_key", "name")

    def __init__(self, secret_key: str) -> None:
        self._key = hmac.new(secret_key.encode(), b"sotong-audit", hashlib.sha256).digest()
        self.name = hashlib.sha256(b"name:" + self._key).hexdigest()[:16]
        """What entries say of the key they were sealed with."""

    def seal(self, *parts: object) -> str:
        """The seal over values, the same for the same ones in the same order."""
        text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Something done: `action` such as `people.added`, `subject` a case's number or a login.

    `facts` are plain values: texts, whole numbers, yes or no, and lists of them.
    """

    action: str
    subject: str = ""
    staff_id: int | None = None
    who: str = ""
    facts: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """An entry as the database has it."""

    number: int
    at: datetime
    staff_id: int | None
    who: str
    action: str
    subject: str
    facts: Mapping[str, object]
    key: str
    previous: str
    seal: str

    def sealed_by(self, sealer: Sealer) -> str:
        """The seal it must have."""
        return sealer.seal(
            self.number,
            self.at.astimezone(UTC).isoformat(),
            self.staff_id,
            self.who,
            self.action,
            self.subject,
            dict(self.facts),
            self.previous,
        )


class Broken(StrEnum):
    """What is wrong with a chain, at the first place where something is."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    END = "end"  # the row that says where the chain ends is not as it was left
    KEY = "key"  # sealed with a key that is not given


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a chain was found: how many entries, the last seal, and what is first broken, at which number."""

    entries: int
    last_seal: str
    broken: Broken | None = None
    number: int | None = None


_COLUMNS = tuple(AuditEntryRow.__table__.c)
_HEAD = (
    select(AuditHeadRow.last, AuditHeadRow.seal).where(AuditHeadRow.name == bindparam("chain"))
).with_for_update()
_ADD = insert(AuditEntryRow)
_LEAD_ON = (
    update(AuditHeadRow)
    .where(AuditHeadRow.name == bindparam("chain"), AuditHeadRow.last == bindparam("before"))
    .values(
        last=bindparam("to"), seal=bindparam("new_seal"), key=bindparam("by_key"), mark=bindparam("new_mark")
    )
)


async def note(connection: AsyncConnection, sealer: Sealer, entry: Entry, now: datetime) -> int:
    """Add an entry to the chain, in the transaction of what was done; returns its number.

    Holds the chain's end until the transaction ends: do it last.
    """
    before, previous = await _end(connection, sealer)
    sealed = Sealed(
        number=before + 1,
        at=now,
        staff_id=entry.staff_id,
        who=entry.who[:64],
        action=entry.action,
        subject=entry.subject[:96],
        facts=entry.facts,
        key=sealer.name,
        previous=previous,
        seal="",
    )
    seal = sealed.sealed_by(sealer)
    values: JsonObject = {name: getattr(sealed, name) for name in Sealed.__slots__} | {"seal": seal}
    await connection.execute(_ADD, values)
    await connection.execute(
        _LEAD_ON,
        {
            "chain": _CHAIN,
            "before": before,
            "to": sealed.number,
            "new_seal": seal,
            "by_key": sealer.name,
            "new_mark": _mark(sealer, sealed.number, seal),
        },
    )
    return sealed.number


def _mark(sealer: Sealer, last: int, seal: str) -> str:
    return sealer.seal("end", last, seal)


async def _end(connection: AsyncConnection, sealer: Sealer) -> tuple[int, str]:
    row = (await connection.execute(_HEAD, {"chain": _CHAIN})).one_or_none()
    if row is None:
        first = insert_or(connection, AuditHeadRow).values(
            name=_CHAIN, last=0, seal=_NOTHING, key=sealer.name, mark=_mark(sealer, 0, _NOTHING)
        )
        await connection.execute(first.on_conflict_do_nothing())
        row = (await connection.execute(_HEAD, {"chain": _CHAIN})).one()
    return row.last, row.seal


async def verify(
    connection: AsyncConnection, sealers: Sequence[Sealer], *, known: tuple[int, str] | None = None
) -> Verdict:
    """Read the whole chain and tell the first thing that is not as it was written.

    `sealers` hold the key of today, and older ones that entries may have been sealed with. `known` is the
    number and seal of an entry as they were noted elsewhere: it must still be there.
    """
    keys = {sealer.name: sealer for sealer in sealers}
    number, seal = 0, _NOTHING
    async for entry in _all(connection):
        if entry.number != number + 1:
            return Verdict(number, seal, Broken.REMOVED, number + 1)
        sealer = keys.get(entry.key)
        if sealer is None:
            return Verdict(number, seal, Broken.KEY, entry.number)
        other = known is not None and known[0] == entry.number and known[1] != entry.seal
        if other or entry.sealed_by(sealer) != entry.seal or entry.previous != seal:
            return Verdict(number, seal, Broken.CHANGED, entry.number)
        number, seal = entry.number, entry.seal
    if known is not None and known[0] > number:
        return Verdict(number, seal, Broken.REMOVED, number + 1)
    return await _at_the_end(connection, keys, number, seal)


async def _at_the_end(
    connection: AsyncConnection, keys: Mapping[str, Sealer], number: int, seal: str
) -> Verdict:
    head = (
        await connection.execute(
            select(AuditHeadRow.last, AuditHeadRow.seal, AuditHeadRow.key, AuditHeadRow.mark).where(
                AuditHeadRow.name == _CHAIN
            )
        )
    ).one_or_none()
    if head is None:
        return Verdict(number, seal, Broken.END if number else None, number or None)
    sealer = keys.get(head.key)
    if sealer is None:
        return Verdict(number, seal, Broken.KEY, head.last)
    if head.last > number:
        return Verdict(number, seal, Broken.REMOVED, number + 1)
    if head.last < number:
        return Verdict(number, seal, Broken.INSERTED, head.last + 1)
    sound = head.seal == seal and hmac.compare_digest(head.mark, _mark(sealer, head.last, head.seal))
    return Verdict(number, seal) if sound else Verdict(number, seal, Broken.END, number)


async def _all(connection: AsyncConnection) -> AsyncIterator[Sealed]:
    result = await connection.stream(select(*_COLUMNS).order_by(AuditEntryRow.number))
    async for row in result.mappings():
        yield Sealed(**row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are looked for; what is None or empty does not narrow."""

    staff_id: int | None = None
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Only entries with a smaller number: the page after."""


async def entries(connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Sealed]:
    """The newest entries of those wanted."""
    statement = select(*_COLUMNS).order_by(AuditEntryRow.number.desc()).limit(limit)
    if wanted.staff_id is not None:
        statement = statement.where(AuditEntryRow.staff_id == wanted.staff_id)
    if wanted.action:
        statement = statement.where(AuditEntryRow.action == wanted.action)
    if wanted.subject:
        statement = statement.where(AuditEntryRow.subject == wanted.subject)
    if wanted.since is not None:
        statement = statement.where(AuditEntryRow.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditEntryRow.at < wanted.until)
    if wanted.before is not None:
        statement = statement.where(AuditEntryRow.number < wanted.before)
    result = await connection.execute(statement)
    return [Sealed(**row) for row in result.mappings()]
