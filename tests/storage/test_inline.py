"""SQLite's writer: it waits for others who write without holding anything up, and keeps what it committed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import Database


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return tmp_path / "words.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{file}")
    async with opened.begin() as connection:
        await connection.execute(text("CREATE TABLE words (word TEXT)"))
    yield opened
    await opened.close()


async def _say(database: Database, word: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


async def _words(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(text("SELECT word FROM words ORDER BY word"))).scalars())


async def test_while_another_process_writes_nothing_else_is_held_up(database: Database, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(_say(database, "ours"))
    turns = 0
    for _ in range(20):
        await asyncio.sleep(0.005)
        turns += 1
    assert not writing.done()
    assert turns == 20
    other.execute("COMMIT")
    other.close()
    await writing
    assert await _words(database) == ["ours"]


async def test_what_is_not_committed_is_seen_by_nobody_and_taken_back_on_an_error(database: Database) -> None:
    async def say_half() -> None:
        async with database.begin() as connection:
            await connection.execute(text("INSERT INTO words VALUES ('half')"))
            assert await _words(database) == []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await say_half()
    assert await _words(database) == []


@pytest.mark.parametrize("steps", range(12))
async def test_who_is_cancelled_at_any_step_leaves_all_or_nothing_and_the_next_goes_on(
    database: Database, steps: int
) -> None:
    async def say_two() -> None:
        async with database.begin() as connection:
            for word in ("one", "two"):
                await connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
                await asyncio.sleep(0)

    saying = asyncio.create_task(say_two())
    for _ in range(steps):
        await asyncio.sleep(0)
    saying.cancel()
    await asyncio.gather(saying, return_exceptions=True)
    await _say(database, "then")
    assert await _words(database) in (["then"], ["one", "then", "two"])


async def test_a_long_transaction_lets_others_run_meanwhile(database: Database) -> None:
    async def say_much() -> None:
        async with database.begin() as connection:
            for number in range(3000):
                await connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": f"{number}"})

    saying, turns = asyncio.create_task(say_much()), 0
    while not saying.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 10
    assert len(await _words(database)) == 3000


async def test_many_writers_at_once_all_get_their_turn(database: Database) -> None:
    await asyncio.gather(*(_say(database, f"{number:03}") for number in range(200)))
    assert await _words(database) == [f"{number:03}" for number in range(200)]


async def test_nobody_else_on_the_machine_may_read_what_is_kept(database: Database, file: Path) -> None:
    await _say(database, "집 앞이 어두워요")
    kept = [one for one in file.parent.iterdir() if one.name.startswith(file.name)]
    assert {oct(one.stat().st_mode & 0o777) for one in kept} == {"0o600"}
