"""Cases: numbers without gap or double, changes under a guard, a history that only grows."""

import asyncio

import pytest
from sqlalchemy import select

from cases.numbers import CaseNumber
from storage.casebook import (
    Case,
    Event,
    case_by_id,
    case_by_number,
    cases_of,
    change,
    history_of,
    next_number,
)
from storage.engine import Database
from storage.people import agree
from storage.tables import CaseRow
from tests.storage.scenery import LATER, NOW, file_one, note, talk_with


class _SpoiltError(Exception):
    pass


async def _filed(database: Database) -> Case:
    async with database.begin() as connection:
        return await file_one(connection)


async def test_numbers_neither_repeat_nor_skip_under_fifty_filings_at_once_with_some_undone(
    database: Database,
) -> None:
    async def file(number: int) -> None:
        async with database.begin() as connection:
            await file_one(connection)
            await asyncio.sleep(0)
            if number % 5 == 0:
                raise _SpoiltError

    results = await asyncio.gather(*(file(number) for number in range(50)), return_exceptions=True)
    assert sum(isinstance(one, _SpoiltError) for one in results) == 10
    async with database.read() as connection:
        running = await connection.execute(select(CaseRow.running).order_by(CaseRow.running))
        assert list(running.scalars()) == list(range(1, 41))


async def test_every_year_begins_with_number_one(database: Database) -> None:
    async with database.begin() as connection:
        assert [await next_number(connection, year) for year in (2026, 2026, 2027, 2026)] == [
            CaseNumber(2026, 1),
            CaseNumber(2026, 2),
            CaseNumber(2027, 1),
            CaseNumber(2026, 3),
        ]


async def test_a_case_is_found_by_its_number_its_id_and_who_raised_it(database: Database) -> None:
    talk = await talk_with(database)
    async with database.begin() as connection:
        resident = await agree(connection, talk, "2026-11", NOW)
        case = await file_one(connection, resident)
        await file_one(connection)
    async with database.read() as connection:
        assert await case_by_number(connection, case.number) == case
        assert await case_by_id(connection, case.id) == case
        assert await cases_of(connection, resident, limit=10) == [case]
        assert await case_by_number(connection, CaseNumber(2026, 99)) is None


async def test_of_two_officers_who_saw_the_same_case_only_the_first_changes_it(database: Database) -> None:
    seen = await _filed(database)
    async with database.begin() as connection:
        first = await change(connection, seen, {"state": "reviewing"}, NOW + LATER)
    async with database.begin() as connection:
        assert await change(connection, seen, {"state": "infeasible"}, NOW + LATER) is None
        now = await case_by_id(connection, seen.id)
    assert now == first
    assert now is not None
    assert (now.state, now.version, now.changed_at) == ("reviewing", seen.version + 1, NOW + LATER)


async def test_changes_at_the_same_moment_are_counted_one_by_one(database: Database) -> None:
    case = await _filed(database)

    async def move_once() -> None:
        async with database.begin() as connection:
            read = await case_by_id(connection, case.id, lock=True)
            assert read is not None
            await asyncio.sleep(0)
            assert await change(connection, read, {"moves": read.moves + 1}, NOW) is not None

    await asyncio.gather(*(move_once() for _ in range(30)))
    async with database.read() as connection:
        after = await case_by_id(connection, case.id)
    assert after is not None
    assert after.moves == after.version == 30


async def test_a_history_grows_at_its_end_and_what_stands_in_it_stays(database: Database) -> None:
    case = await _filed(database)
    kept: list[Event] = []
    for number in range(4):
        async with database.begin() as connection:
            await note(connection, case, f"메모 {number}")
            history = list(await history_of(connection, case.id))
        assert history[:-1] == kept
        assert history[-1].words == f"메모 {number}"
        kept = history


def test_there_is_no_way_to_change_a_line_of_a_history() -> None:
    import storage.casebook as book

    ways = [name for name in vars(book) if "event" in name.lower() or "history" in name.lower()]
    assert sorted(ways) == [
        "CaseEventRow",
        "Event",
        "_ADD_EVENT",
        "_EVENT_COLUMNS",
        "add_event",
        "history_of",
    ]


@pytest.mark.parametrize("lock", [False, True])
async def test_a_case_that_is_not_there_is_none(database: Database, lock: bool) -> None:
    async with database.begin() as connection:
        assert await case_by_id(connection, 4711, lock=lock) is None
