"""Short transactions of SQLite share a commit, and each is still whole, alone and lasting."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text

from storage.away import DatabaseAway
from storage.engine import Database


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    return tmp_path / "words.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{file}")
    async with opened.begin() as connection:
        await connection.execute(text("CREATE TABLE words (word TEXT UNIQUE)"))
    yield opened
    await opened.close()


async def _say(database: Database, word: str) -> None:
    async with database.begin(brief=True) as connection:
        await connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})


def _on_the_disk(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as other:
        return {word for (word,) in other.execute("SELECT word FROM words")}


@contextmanager
def _commits() -> Iterator[list[None]]:
    seen: list[None] = []

    def note(_connection: Connection) -> None:
        seen.append(None)

    event.listen(Engine, "commit", note)
    yield seen
    event.remove(Engine, "commit", note)


async def test_those_that_wait_together_are_committed_together_in_their_order(database: Database) -> None:
    order: list[str] = []

    async def say(word: str) -> None:
        async with database.begin(brief=True) as connection:
            order.append(word)
            await connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
            await asyncio.sleep(0)

    with _commits() as commits:
        await asyncio.gather(*(say(f"{number:02}") for number in range(20)))
    assert order == sorted(order)
    assert len(order) == 20
    assert len(commits) < 5


async def test_none_ends_before_it_is_on_the_disk(database: Database, file: Path) -> None:
    async def say(word: str) -> None:
        await _say(database, word)
        assert word in _on_the_disk(file)

    await asyncio.gather(*(say(f"{number}") for number in range(20)))


async def test_one_that_fails_is_taken_back_alone(database: Database, file: Path) -> None:
    async def say_badly(word: str) -> None:
        async with database.begin(brief=True) as connection:
            await connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
            raise ZeroDivisionError

    outcomes = await asyncio.gather(
        say_badly("first"),
        _say(database, "a"),
        say_badly("b"),
        _say(database, "c"),
        _say(database, "a"),
        _say(database, "d"),
        return_exceptions=True,
    )
    assert _on_the_disk(file) == {"a", "c", "d"}
    names = [type(outcome).__name__ for outcome in outcomes]
    assert names == [
        "ZeroDivisionError",
        "NoneType",
        "ZeroDivisionError",
        "NoneType",
        "IntegrityError",
        "NoneType",
    ]


@pytest.mark.parametrize("steps", range(0, 24, 2))
async def test_who_is_cancelled_at_any_step_holds_nobody_up(
    database: Database, file: Path, steps: int
) -> None:
    saying = [asyncio.create_task(_say(database, f"{number}")) for number in range(4)]
    for _ in range(steps):
        await asyncio.sleep(0)
    saying[1].cancel()
    saying[3].cancel()
    async with asyncio.timeout(5):
        await asyncio.gather(*saying, return_exceptions=True)
        await _say(database, "then")
        async with database.begin() as connection:
            await connection.execute(text("INSERT INTO words VALUES ('alone')"))
    assert {"0", "2", "then", "alone"} <= _on_the_disk(file)


async def test_a_full_disk_fails_them_and_each_can_be_tried_again(database: Database, file: Path) -> None:
    async with database.begin() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
    words = ["small", "가" * 20_000, "다" * 10]
    outcomes = await asyncio.gather(*(_say(database, word) for word in words), return_exceptions=True)
    assert isinstance(outcomes[1], DatabaseAway)
    kept = {word for word, outcome in zip(words, outcomes, strict=True) if outcome is None}
    assert _on_the_disk(file) == kept
    async with database.begin() as connection:
        await connection.execute(text("PRAGMA max_page_count = 100000"))
    for word in set(words) - kept:
        await _say(database, word)
    assert _on_the_disk(file) == set(words)
