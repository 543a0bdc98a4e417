"""The writer of the inbox: many arrivals share a commit, one that cannot be written keeps nobody out."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import StatementError

from bot.intake import InboxWriter
from bot.measures import Measures
from bot.signals import Bell
from storage.away import DatabaseAway
from storage.engine import Database
from storage.intake import Arrival
from storage.tables import InboxRow


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def writer(database: Database, bell: Bell) -> InboxWriter:
    return InboxWriter(database, bell, Measures())


@contextmanager
def _commits() -> Iterator[list[object]]:
    counted: list[object] = []

    def count(connection: object) -> None:
        counted.append(connection)

    event.listen(Engine, "commit", count)
    yield counted
    event.remove(Engine, "commit", count)


def _arrival(number: int, at: datetime | None = None) -> Arrival:
    moment = at or datetime.now(UTC)
    return Arrival("telegram", str(number), f"address {number % 7}", moment, {"turn": number})


async def _kept(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.execute(select(InboxRow.external_id))).scalars())


async def test_arrivals_that_come_together_share_commits(writer: InboxWriter, database: Database) -> None:
    with _commits() as commits:
        await asyncio.gather(*(writer.receive(_arrival(number)) for number in range(150)))
    assert len(commits) <= 3
    assert sorted(await _kept(database)) == sorted(str(number) for number in range(150))


async def test_an_arrival_is_acknowledged_only_when_it_is_kept(
    writer: InboxWriter, database: Database
) -> None:
    for number in range(5):
        await writer.receive(_arrival(number))
        assert str(number) in await _kept(database)


async def test_whoever_serves_is_woken_by_an_arrival(writer: InboxWriter, bell: Bell) -> None:
    await writer.receive(_arrival(1))
    async with asyncio.timeout(1):
        await bell.wait(60)


async def test_one_arrival_the_database_will_not_have_keeps_no_other_out(
    writer: InboxWriter, database: Database
) -> None:
    without_zone = _arrival(3, datetime(2026, 11, 20))  # noqa: DTZ001 - that is what it will not have
    arrivals = [_arrival(1), _arrival(2), without_zone, _arrival(4)]
    results = await asyncio.gather(*map(writer.receive, arrivals), return_exceptions=True)
    assert [isinstance(one, StatementError) for one in results] == [False, False, True, False]
    assert sorted(await _kept(database)) == ["1", "2", "4"]


async def test_a_channel_that_gave_up_waiting_does_not_stop_the_others(
    writer: InboxWriter, database: Database
) -> None:
    impatient = asyncio.create_task(writer.receive(_arrival(1)))
    patient = asyncio.create_task(writer.receive(_arrival(2)))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert sorted(await _kept(database)) == ["1", "2"]


async def test_while_the_database_is_away_everybody_is_refused_at_once(tmp_path: Path, bell: Bell) -> None:
    nowhere = Database(f"postgresql://postgres@/nothing?host={tmp_path}")
    writer = InboxWriter(nowhere, bell, Measures())
    async with asyncio.timeout(5):
        results = await asyncio.gather(
            *(writer.receive(_arrival(number)) for number in range(300)), return_exceptions=True
        )
    assert all(isinstance(one, DatabaseAway) for one in results)
    await nowhere.close()
