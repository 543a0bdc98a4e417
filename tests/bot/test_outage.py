"""A database that goes away is waited for: nothing acknowledged is lost, and nobody is served in silence."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.health import Health
from bot.measures import Measures
from handlers.world import World
from storage.engine import Database
from storage.migrate import migrate
from tests.bot.posthouse import TEMPLATE, Postman, sending
from tests.bot.stage import Stage, open_stage
from tests.storage.scenery import arrival, outbox_rows, post, put_out, take_in
from tests.support.outage import start, stop
from tests.support.postgres import PostgresServer, postgres_server


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of these tests alone, for them to stop."""
    with postgres_server() as running:
        yield running


@pytest.fixture
async def url(server: PostgresServer, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    name = f"outage_{abs(hash(request.node.name)) % 10**9}"
    url = server.create(name)
    await migrate(url)
    yield url
    server.drop(name)


@pytest.fixture
async def stage(url: str, tmp_path: Path, incheon: World) -> AsyncIterator[Stage]:
    async with open_stage(url, tmp_path, incheon) as opened:
        yield opened


async def _faults(stage: Stage) -> tuple[int, list[str]]:
    answer = await stage.browser.get("/healthz")
    return answer.status_code, answer.json()["faults"]


@pytest.mark.parametrize("at_once", [False, True])
async def test_the_program_waits_for_a_database_that_stopped_and_goes_on_with_it(
    stage: Stage, server: PostgresServer, at_once: bool
) -> None:
    assert (await stage.says("one", text="/start")).status_code == 202
    await stage.until_all_done()
    assert (await _faults(stage))[0] == 200
    await asyncio.to_thread(stop, server, at_once=at_once)
    refused = await stage.says("two", text="/help")
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    assert await _faults(stage) == (503, ["database"])
    await asyncio.sleep(0.3)
    await asyncio.to_thread(start, server)
    async with asyncio.timeout(10):
        while (await stage.says("two", text="/help")).status_code != 202:  # noqa: ASYNC110 - asking is the wait
            await asyncio.sleep(0.05)
    await stage.until_all_done()
    assert await stage.states() == ["done", "done"]
    assert await _faults(stage) == (200, [])


async def test_turns_taken_in_before_the_database_stopped_are_answered_once_after_it(
    stage: Stage, server: PostgresServer
) -> None:
    await stage.says("first", text="/start")
    await stage.until_all_done()
    answers = await asyncio.gather(*(stage.says(f"turn-{number}", text="/start") for number in range(25)))
    await asyncio.to_thread(stop, server, at_once=True)
    await asyncio.sleep(0.5)
    await asyncio.to_thread(start, server)
    await stage.until_all_done()
    taken = sum(answer.status_code == 202 for answer in answers)
    assert taken > 0
    assert (await stage.states()).count("done") == len(await stage.states()) >= taken + 1
    # Every first contact is answered with exactly one greeting.
    assert len(await stage.said()) == len(await stage.states())


async def test_an_outcome_that_could_not_be_written_is_written_later_and_nobody_is_told_twice(
    url: str, server: PostgresServer, incheon: World, tmp_path: Path
) -> None:
    database, postman, now = Database(url), Postman(seconds=1.0), datetime.now(UTC)
    (received,) = await take_in(database, arrival(1, "1000"))
    await put_out(database, post(received.conversation_id or 0, TEMPLATE, not_before=now))
    async with sending(database, postman, incheon, tmp_path):
        await postman.until(lambda: postman.begun == 1)
        await asyncio.to_thread(stop, server)
        await postman.until(lambda: len(postman.calls) == 1)
        await asyncio.sleep(0.3)
        await asyncio.to_thread(start, server)
        async with asyncio.timeout(10):
            while [row.state for row in await outbox_rows(database)] != ["sent"]:  # noqa: ASYNC110 - a row has no event
                await asyncio.sleep(0.05)
    assert postman.begun == 1
    await database.close()


async def test_what_stands_still_is_named(database: Database) -> None:
    measures, now = Measures(), datetime.now(UTC)
    health = Health(database, measures, lambda: now, ("dispatcher", "ticks", "web", "telegram"))
    for loop, seconds_ago in (("dispatcher", 1.0), ("ticks", 60.0), ("web", 60.0)):
        measures.alive.labels(loop).set(now.timestamp() - seconds_ago)
    assert await health.faults() == ["web", "telegram"]
    measures.alive.labels("ticks").set(now.timestamp() - 180.0)
    assert await health.faults() == ["ticks", "web", "telegram"]


async def test_a_database_that_can_be_read_but_not_written_is_named(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/full.db"
    await migrate(url)
    database = Database(url)
    health = Health(database, Measures(), lambda: datetime.now(UTC), ())
    async with database.begin() as connection:
        await connection.execute(text("PRAGMA query_only = 1"))
    async with database.read() as connection:
        await connection.execute(text("SELECT name FROM lease"))
    assert await health.faults() == ["database"]
    await database.close()


async def test_a_folder_of_files_without_room_is_named(database: Database, tmp_path: Path) -> None:
    def clock() -> datetime:
        return datetime.now(UTC)

    assert await Health(database, Measures(), clock, (), tmp_path).faults() == []
    assert await Health(database, Measures(), clock, (), tmp_path / "gone").faults() == ["disk"]
