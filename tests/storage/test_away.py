"""A database that cannot be had now is told apart from a statement that it will never take."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.away import DatabaseAway
from storage.engine import Database


@pytest.fixture
def database_kind() -> str:
    """What only PostgreSQL can do to us; SQLite's own ways are in test_inline.py."""
    return "postgresql"


async def test_a_connection_that_is_cut_in_the_middle_is_a_database_away(database: Database) -> None:
    async def be_cut() -> None:
        async with database.begin() as connection, database.begin() as other:
            mine = await connection.scalar(text("SELECT pg_backend_pid()"))
            await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
            await connection.execute(text("SELECT pg_sleep(5)"))

    with pytest.raises(DatabaseAway):
        await be_cut()
    async with database.begin() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1


async def test_a_connection_that_was_cut_while_it_rested_is_not_used(
    database: Database, migrated_database_url: str
) -> None:
    doubtful = Database(migrated_database_url, trusted_seconds=0)
    async with doubtful.begin() as connection:
        resting = await connection.scalar(text("SELECT pg_backend_pid()"))
    async with database.begin() as connection:
        cut = text("SELECT pg_terminate_backend(:pid, 5000)")
        assert await connection.scalar(cut, {"pid": resting})
    async with doubtful.begin() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) != resting
    await doubtful.close()


async def test_of_two_who_wait_for_each_other_crosswise_one_is_told_to_try_again(database: Database) -> None:
    async with database.begin() as connection:
        await connection.execute(text("INSERT INTO case_counter (year, last) VALUES (1, 0), (2, 0)"))
    both = asyncio.Barrier(2)

    async def count(*years: int) -> None:
        async with database.begin() as connection:
            for year in years:
                await connection.execute(
                    text("UPDATE case_counter SET last = last + 1 WHERE year = :year"), {"year": year}
                )
                if year == years[0]:
                    await both.wait()

    results = await asyncio.gather(count(1, 2), count(2, 1), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["DatabaseAway", "NoneType"]


@pytest.mark.parametrize("statement", ["SELECT * FROM nowhere", "SELECT 1 / 0"])
async def test_a_fault_of_the_statement_is_not(database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError):
        async with database.begin() as connection:
            await connection.execute(text(statement))


async def test_a_value_the_column_cannot_hold_is_not(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.begin() as connection:
            await connection.execute(text("UPDATE case_counter SET last = :last"), {"last": 2**70})
