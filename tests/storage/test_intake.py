"""The inbox takes every update once, and marks whose turn it is."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from storage.engine import Database
from storage.intake import Arrival
from storage.tables import InboxRow
from tests.storage.scenery import NOW, arrival, conversation, take_in, talk_with


async def _inbox(database: Database) -> list[tuple[str, str]]:
    async with database.read() as connection:
        rows = await connection.execute(select(InboxRow.external_id, InboxRow.state).order_by(InboxRow.id))
        return [(external_id, state) for external_id, state in rows]


async def test_the_same_update_twice_in_one_batch_is_taken_once(database: Database) -> None:
    first, again = await take_in(database, arrival(1), arrival(1))
    assert first.inbox_id is not None
    assert again.inbox_id is None
    assert first.conversation_id == again.conversation_id
    assert await _inbox(database) == [("1", "waiting")]


async def test_an_update_that_comes_again_later_changes_nothing(database: Database) -> None:
    await take_in(database, arrival(1), arrival(2))
    again, fresh = await take_in(database, arrival(1), arrival(3))
    assert again.inbox_id is None
    assert fresh.inbox_id is not None
    assert [number for number, _ in await _inbox(database)] == ["1", "2", "3"]


async def test_the_same_number_in_another_channel_is_another_update(database: Database) -> None:
    ours, theirs = await take_in(database, arrival(1), arrival(1, channel="web"))
    assert ours.conversation_id != theirs.conversation_id
    assert len(await _inbox(database)) == 2


async def test_updates_of_one_batch_keep_their_order_and_each_gets_its_own_answer(database: Database) -> None:
    numbers = [7, 3, 9, 1]
    received = await take_in(database, *(arrival(number, f"address {number}") for number in numbers))
    assert [number for number, _ in await _inbox(database)] == ["7", "3", "9", "1"]
    async with database.read() as connection:
        rows = await connection.execute(select(InboxRow.id, InboxRow.conversation_id).order_by(InboxRow.id))
        assert [(one.inbox_id, one.conversation_id) for one in received] == [tuple(row) for row in rows]


async def test_the_same_update_by_several_processes_at_once_is_taken_once(database: Database) -> None:
    batches = [[arrival(number, f"address {number % 3}") for number in range(20)] for _ in range(6)]
    results = await asyncio.gather(*(take_in(database, *batch) for batch in batches))
    fresh = [one.inbox_id for result in results for one in result if one.inbox_id is not None]
    assert len(fresh) == len(set(fresh)) == 20


async def test_a_conversation_that_something_came_for_is_marked_since_the_first_of_it(
    database: Database,
) -> None:
    talk = await talk_with(database)
    await take_in(database, arrival(2, at=NOW + timedelta(seconds=3)))
    row = await conversation(database, talk)
    assert row.ready_at == NOW
    assert row.last_at == NOW + timedelta(seconds=3)


async def test_an_update_nobody_can_read_is_kept_marked_and_never_served(database: Database) -> None:
    unreadable = Arrival("telegram", "77", None, NOW, {"strange": True}, fault="no message")
    (received,) = await take_in(database, unreadable)
    assert received.conversation_id is None
    assert await _inbox(database) == [("77", "unreadable")]
    (again,) = await take_in(database, unreadable)
    assert again.inbox_id is None


async def test_ids_as_large_as_telegrams_are_kept_whole(database: Database) -> None:
    large = str(-(10**12) - 4_294_967_296)
    talk = await talk_with(database, large)
    assert (await conversation(database, talk)).external_id == large
