"""Moments are kept in UTC and come back aware; one without a zone is refused. Pacing outlives a restart."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from storage.engine import Database
from storage.leases import end_lease, hold_lease
from storage.pacing import channel_pace, set_pace
from tests.storage.scenery import NOW, arrival, conversation, take_in, talk_with

SEOUL = timezone(timedelta(hours=9))


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        await take_in(database, arrival(1, at=datetime(2026, 11, 20, 10, 0)))  # noqa: DTZ001 - that is the point


async def test_a_moment_of_any_zone_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    at = datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=SEOUL)
    (received,) = await take_in(database, arrival(1, at=at))
    assert received.conversation_id is not None
    kept = (await conversation(database, received.conversation_id)).last_at
    assert kept == at
    assert kept.tzinfo is UTC


async def test_pacing_is_still_known_after_a_restart(migrated_database_url: str) -> None:
    until = NOW + timedelta(seconds=17)
    for values in ({"next_slot_at": NOW}, {"closed_until": until}):
        running = Database(migrated_database_url)
        async with running.begin() as connection:
            await set_pace(connection, "telegram", **values)
        await running.close()
    restarted = Database(migrated_database_url)
    async with restarted.begin() as connection:
        assert await channel_pace(connection, "telegram") == (NOW, until)
        assert await channel_pace(connection, "web") == (None, None)
    await restarted.close()


async def test_only_one_holds_a_lease_until_it_is_over_or_given_back(database: Database) -> None:
    lease = timedelta(seconds=10)

    async def holds(owner: str, after: float) -> bool:
        now = NOW + timedelta(seconds=after)
        async with database.begin() as connection:
            return await hold_lease(connection, "poll", owner=owner, now=now, lease=lease)

    assert await holds("one", 0)
    assert not await holds("two", 9)
    assert await holds("one", 9)
    assert not await holds("two", 18)
    assert await holds("two", 19)
    async with database.begin() as connection:
        await end_lease(connection, "poll", owner="one")
    assert not await holds("one", 20)
    async with database.begin() as connection:
        await end_lease(connection, "poll", owner="two")
    assert await holds("one", 20)


async def test_a_conversation_is_known_by_its_channel_and_address(database: Database) -> None:
    assert await talk_with(database, "7") == (await take_in(database, arrival(2, "7")))[0].conversation_id
    assert await talk_with(database, "7", channel="web") != await talk_with(database, "8")
