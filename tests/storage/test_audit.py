"""What staff did cannot be changed, removed, put in or cut off without the check telling where."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import Broken, Entry, Sealer, Verdict, Wanted, entries, note, verify
from storage.engine import Database
from storage.tables import AuditEntryRow, AuditHeadRow
from tests.storage.scenery import NOW

KEY, THIEF = Sealer("the secret key of the program"), Sealer("a key somebody made up")
Tamper = Callable[[AsyncConnection], Awaitable[object]]


async def wrote(database: Database, many: int, sealer: Sealer = KEY) -> None:
    for number in range(many):
        async with database.begin() as connection:
            entry = Entry(
                action="case.answer", subject=f"26-{number:05d}", staff_id=1, facts={"office": "길"}
            )
            await note(connection, sealer, entry, NOW + timedelta(minutes=number))


async def found(database: Database, *sealers: Sealer, known: tuple[int, str] | None = None) -> Verdict:
    async with database.read() as connection:
        return await verify(connection, sealers or (KEY,), known=known)


async def test_a_log_nobody_touched_is_sound_also_when_it_is_empty(database: Database) -> None:
    assert await found(database) == Verdict(0, "")
    await wrote(database, 5)
    verdict = await found(database)
    assert (verdict.entries, verdict.broken) == (5, None)
    assert await found(database, known=(5, verdict.last_seal)) == verdict


async def _reword(connection: AsyncConnection) -> None:
    await connection.execute(
        update(AuditEntryRow).where(AuditEntryRow.number == 3).values(facts={"office": "other"})
    )


async def _forge(connection: AsyncConnection) -> None:
    """Change one and seal everything from there on anew, as well as one can without the key."""
    rows = (await connection.execute(select(AuditEntryRow.__table__).order_by(AuditEntryRow.number))).all()
    await connection.execute(delete(AuditEntryRow))
    await connection.execute(delete(AuditHeadRow))
    for row in rows:
        forged = Entry(action=row.action, subject=row.subject, staff_id=2 if row.number == 3 else 1)
        await note(connection, THIEF, forged, row.at)
    await connection.execute(update(AuditEntryRow).values(key=KEY.name))
    await connection.execute(update(AuditHeadRow).values(key=KEY.name))


async def _remove(connection: AsyncConnection) -> None:
    await connection.execute(delete(AuditEntryRow).where(AuditEntryRow.number == 3))


async def _cut_off(connection: AsyncConnection) -> None:
    """Remove the newest and let the chain end before it, with that entry's own true seal."""
    await connection.execute(delete(AuditEntryRow).where(AuditEntryRow.number == 5))
    seal = select(AuditEntryRow.seal).where(AuditEntryRow.number == 4).scalar_subquery()
    await connection.execute(update(AuditHeadRow).values(last=4, seal=seal))


async def _put_in(connection: AsyncConnection) -> None:
    row = (await connection.execute(select(AuditEntryRow.__table__).where(AuditEntryRow.number == 5))).one()
    await connection.execute(
        insert(AuditEntryRow).values(row._asdict() | {"number": 6, "previous": row.seal, "seal": "0" * 64})
    )


async def _swap(connection: AsyncConnection) -> None:
    for old, new in ((2, 90), (3, 2), (90, 3)):
        await connection.execute(update(AuditEntryRow).where(AuditEntryRow.number == old).values(number=new))


async def _empty(connection: AsyncConnection) -> None:
    await connection.execute(delete(AuditEntryRow))


@pytest.mark.parametrize(
    ("tamper", "broken", "number"),
    [
        (_reword, Broken.CHANGED, 3),
        (_forge, Broken.CHANGED, 1),
        (_remove, Broken.REMOVED, 3),
        (_cut_off, Broken.END, 4),
        (_put_in, Broken.CHANGED, 6),
        (_swap, Broken.CHANGED, 2),
        (_empty, Broken.REMOVED, 1),
    ],
)
async def test_whatever_is_done_to_the_log_is_told_with_its_place(
    database: Database, tamper: Tamper, broken: Broken, number: int
) -> None:
    await wrote(database, 5)
    async with database.begin() as connection:
        await tamper(connection)
    verdict = await found(database)
    assert (verdict.broken, verdict.number) == (broken, number)


async def test_a_log_written_anew_by_who_has_the_key_is_found_out_by_what_was_noted_elsewhere(
    database: Database,
) -> None:
    await wrote(database, 3)
    noted = (await found(database)).last_seal
    async with database.begin() as connection:
        await connection.execute(delete(AuditEntryRow))
        await connection.execute(delete(AuditHeadRow))
    await wrote(database, 2)
    assert (await found(database)).broken is None
    assert (await found(database, known=(3, noted))).broken is Broken.REMOVED
    assert (await found(database, known=(2, noted))).broken is Broken.CHANGED


async def test_a_new_secret_key_goes_on_where_the_old_one_ended(database: Database) -> None:
    await wrote(database, 2)
    await wrote(database, 2, THIEF)
    assert (await found(database, THIEF, KEY)).broken is None
    assert await found(database, THIEF) == Verdict(0, "", Broken.KEY, 1)


async def test_entries_written_at_the_same_moment_follow_one_another(database: Database) -> None:
    await asyncio.gather(*(wrote(database, 5) for _ in range(6)))
    verdict = await found(database)
    assert (verdict.entries, verdict.broken) == (30, None)


async def test_what_was_taken_back_leaves_no_entry(database: Database) -> None:
    await wrote(database, 1)
    with contextlib.suppress(KeyError):
        async with database.begin() as connection:
            await note(connection, KEY, Entry(action="case.answer"), NOW)
            raise KeyError
    await wrote(database, 1)
    assert (await found(database)).entries == 2


async def test_entries_are_found_by_person_action_subject_and_day(database: Database) -> None:
    await wrote(database, 4)
    async with database.begin() as connection:
        await note(connection, KEY, Entry(action="sign.in", staff_id=2, who="kim"), NOW + timedelta(days=2))
        assert await connection.scalar(select(func.count()).select_from(AuditEntryRow)) == 5
        for wanted, numbers in (
            (Wanted(), [5, 4, 3, 2, 1]),
            (Wanted(before=3), [2, 1]),
            (Wanted(staff_id=2), [5]),
            (Wanted(action="case.answer", before=3), [2, 1]),
            (Wanted(subject="26-00001"), [2]),
            (Wanted(since=NOW + timedelta(days=1)), [5]),
            (Wanted(until=NOW + timedelta(minutes=2)), [2, 1]),
        ):
            assert [one.number for one in await entries(connection, wanted, 10)] == numbers
