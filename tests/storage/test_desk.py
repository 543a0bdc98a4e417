"""The desk's queues, the people to phone and meetings, on both databases."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, event, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import INTAKE_DESK, Action, Role
from storage.casebook import Case, file_case, next_number
from storage.contacts import (
    call_wanted,
    called,
    calls,
    contact_of,
    count_calls,
    half_year_calls,
    keep_contact,
)
from storage.desk import Queue, case_of_entry, count_queue, keep_entry, moves_of, waiting
from storage.engine import Database
from storage.meetings import (
    add_meeting,
    change_meeting,
    count_cases,
    count_raised,
    last_words,
    meeting_by_id,
    meetings_of,
    newest_meetings,
    raised_cases,
    years_of_meetings,
)
from storage.staff import NewStaff, add_staff
from storage.tables import CaseRow
from tests.storage.scenery import LIGHTS, NOW, file_one, new_case


async def clerk(database: Database) -> int:
    async with database.begin() as connection:
        new = NewStaff(login="desk", name="박창구", role=Role.DESK, password_hash="no sign-in with this")
        staff_id = await add_staff(connection, new, NOW)
    assert staff_id is not None
    return staff_id


async def filed(database: Database, **values: object) -> Case:
    async with database.begin() as connection:
        case = await file_one(connection)
        if values:
            await connection.execute(update(CaseRow).where(CaseRow.id == case.id).values(**values))
    return case


async def numbers(database: Database, queue: Queue, *, skipped: int = 0) -> list[int]:
    async with database.read() as connection:
        found = await waiting(connection, queue, limit=10, skipped=skipped)
        assert await count_queue(connection, queue, at_most=100) == len(found) + skipped
    return [one.number.running for one in found]


async def test_each_queue_holds_what_waits_for_the_desk_and_nothing_else(database: Database) -> None:
    bot = await filed(database)
    newer = await filed(database)
    await filed(database, reviewed_at=NOW)
    await filed(database, routed_by="desk")
    unrouted = await filed(database, office=INTAKE_DESK)
    disputed = await filed(database, moves=2)
    await filed(database, moves=2, reviewed_at=NOW + timedelta(hours=1), routed_by="desk")
    await filed(database, moves=2, state="done", closed_at=NOW)
    assert await numbers(database, Queue.BOT) == [newer.running, bot.running]
    assert await numbers(database, Queue.BOT, skipped=1) == [bot.running]
    assert await numbers(database, Queue.UNROUTED) == [unrouted.running]
    assert await numbers(database, Queue.DISPUTED) == [disputed.running]
    async with database.read() as connection:
        assert await moves_of(connection, [disputed.id]) == {disputed.id: []}


async def test_a_person_stands_among_those_to_phone_from_the_word_until_they_were_told(
    database: Database,
) -> None:
    staff_id, case = await clerk(database), await filed(database)
    async with database.begin() as connection:
        await call_wanted(connection, case.id, "answer", NOW)
        await keep_contact(connection, case.id, name="홍", phone="032-1", staff_id=staff_id, now=NOW)
        assert await calls(connection, None, limit=5) == []
        await call_wanted(connection, case.id, "progress", NOW)
        await call_wanted(connection, case.id, "answer", NOW + timedelta(days=1))
        (call,) = await calls(connection, {LIGHTS}, limit=5)
        assert (call.to_tell, call.waiting_since, call.phone) == ("answer", NOW, "032-1")
        assert await calls(connection, {INTAKE_DESK}, limit=5) == []
        assert await count_calls(connection, None, at_most=9) == 1
        await called(connection, case.id, NOW)
        assert await count_calls(connection, None, at_most=9) == 0
        contact = await contact_of(connection, case.id)
    assert contact is not None
    assert (contact.told_at, contact.waiting_since) == (NOW, None)


async def test_at_the_half_year_everyone_with_an_open_case_is_to_be_phoned_once(database: Database) -> None:
    staff_id = await clerk(database)
    open_one, told, ended = await filed(database), await filed(database), await filed(database, state="done")
    async with database.begin() as connection:
        for case in (open_one, told, ended):
            await keep_contact(connection, case.id, name="", phone="032-1", staff_id=staff_id, now=NOW)
        await call_wanted(connection, told.id, "ask", NOW)
        assert await half_year_calls(connection, NOW, NOW) == 2
        assert await half_year_calls(connection, NOW, NOW) == 2
        found = {call.case_id: call.to_tell for call in await calls(connection, None, limit=5)}
    assert found == {open_one.id: "half", told.id: "ask"}


async def test_a_form_belongs_to_one_case(database: Database) -> None:
    case = await filed(database)
    async with database.begin() as connection:
        await keep_entry(connection, "a-form", case.id, NOW)
        known = await case_of_entry(connection, "a-form")
        assert known == (case.number, case.text)
        assert await case_of_entry(connection, "another") is None
    with pytest.raises(IntegrityError):
        async with database.begin() as connection:
            await keep_entry(connection, "a-form", case.id, NOW)


async def test_a_meeting_is_changed_by_whoever_saw_its_newest_version(database: Database) -> None:
    async with database.begin() as connection:
        first = await add_meeting(
            connection,
            code="m1",
            title="간담회",
            kind="정책간담회",
            held_on=date(2026, 12, 31),
            district="",
            place="",
            now=NOW,
            attendees=3,
        )
        assert await change_meeting(connection, first, 0, {"attendees": 9}, by="김")
        assert not await change_meeting(connection, first, 0, {"attendees": 1}, by="이")
        kept = await meeting_by_id(connection, first)
        assert kept is not None
        assert (kept.attendees, kept.changed_by, kept.version) == (9, "김", 1)
        assert [one.id for one in await meetings_of(connection, 2026)] == [first]
        assert await meetings_of(connection, 2027) == []
        assert await years_of_meetings(connection) == (2026, 2026)
        assert [one.id for one in await newest_meetings(connection, limit=2)] == [first]


async def test_no_page_of_the_desk_reads_all_cases(database: Database) -> None:
    staff_id = await clerk(database)
    async with database.begin() as connection:
        case = await file_case(connection, new_case(), await next_number(connection, 2026))
        await keep_contact(connection, case.id, name="", phone="032-1", staff_id=staff_id, now=NOW)
    async with database.read() as connection:
        statements = await _heard(connection, case.id)
        if connection.dialect.name == "postgresql":
            # On an empty table reading all of it is cheapest; what can go by an index, goes by it now.
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in statements:
            plan = await _plan(connection, statement, parameters)
            assert not _WHOLE.search(plan), f"{statement}\n{plan}"


_WHOLE = re.compile(r"(SCAN|Seq Scan on) (cases|case_event|case_contact)\b(?! USING)")


async def _heard(connection: AsyncConnection, case_id: int) -> list[tuple[str, object]]:
    heard: list[tuple[str, object]] = []

    def listen(_to: Connection, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        heard.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", listen)
    for queue in Queue:
        await count_queue(connection, queue, at_most=1000)
        await waiting(connection, queue, limit=10)
    await moves_of(connection, [case_id])
    await calls(connection, {LIGHTS}, limit=5)
    await count_calls(connection, None, at_most=1000)
    await count_cases(connection, [1, 2])
    await count_raised(connection, 1)
    await raised_cases(connection, 1, limit=5, newest_first=True)
    await last_words(connection, 1, [Action.ANSWER])
    event.remove(connection.sync_connection, "before_cursor_execute", listen)
    return heard


async def _plan(connection: AsyncConnection, statement: str, parameters: object) -> str:
    assert isinstance(parameters, tuple)
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    rows = await connection.exec_driver_sql(explain + statement, parameters)
    return "\n".join(str(row[-1]) for row in rows)
