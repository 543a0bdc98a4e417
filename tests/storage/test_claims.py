"""A conversation is served by one at a time; a lease that ran out goes to somebody else, for good."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from storage.dialogues import (
    Claim,
    Dialogue,
    claim_conversations,
    count_attempt,
    enter,
    give_up,
    leave,
    mark_handled,
    release,
    waiting_turns,
)
from storage.engine import Database
from storage.intake import receive
from storage.tables import InboxRow
from tests.storage.scenery import LEASE, NOW, arrival, conversation, take_in, talk_with

OVER = LEASE + timedelta(seconds=1)


async def _claim(
    database: Database, owner: str, *, limit: int = 10, after: timedelta = timedelta()
) -> list[Claim]:
    async with database.begin() as connection:
        return await claim_conversations(connection, owner=owner, now=NOW + after, lease=LEASE, limit=limit)


async def test_two_claimers_never_get_the_same_conversation(database: Database) -> None:
    await take_in(database, *(arrival(number, f"address {number}") for number in range(40)))
    taken = await asyncio.gather(*(_claim(database, f"process {number}", limit=7) for number in range(8)))
    ids = [claim.conversation_id for claims in taken for claim in claims]
    assert len(ids) == len(set(ids)) == 40


async def test_no_more_are_claimed_than_were_asked_for(database: Database) -> None:
    await take_in(database, *(arrival(number, f"address {number}") for number in range(10)))
    assert [len(await _claim(database, "process", limit=4)) for _ in range(4)] == [4, 4, 2, 0]


async def test_who_waits_longest_is_served_first(database: Database) -> None:
    late = arrival(1, "late", at=NOW + timedelta(seconds=2))
    early = arrival(2, "early", at=NOW + timedelta(seconds=1))
    _, first = await take_in(database, late, early)
    (claim,) = await _claim(database, "process", limit=1, after=timedelta(seconds=3))
    assert claim.conversation_id == first.conversation_id


async def test_a_lease_that_ran_out_is_taken_over_and_the_old_owner_may_do_nothing(
    database: Database,
) -> None:
    talk = await talk_with(database)
    (old,) = await _claim(database, "the one that hangs")
    assert await _claim(database, "the other") == []
    (new,) = await _claim(database, "the other", after=OVER)
    assert new.conversation_id == talk
    async with database.begin() as connection:
        assert await enter(connection, old, NOW + OVER) is None
        await release(connection, old, None)
    assert (await conversation(database, talk)).leased_until == NOW + OVER + LEASE
    async with database.begin() as connection:
        assert await enter(connection, new, NOW + OVER) is not None


async def test_entering_renews_the_lease(database: Database) -> None:
    talk = await talk_with(database)
    (claim,) = await _claim(database, "process")
    async with database.begin() as connection:
        await enter(connection, claim, NOW + timedelta(hours=1))
    assert (await conversation(database, talk)).leased_until == NOW + timedelta(hours=1)
    assert await _claim(database, "the other", after=OVER) == []


async def test_a_turn_is_marked_as_done_once_and_its_words_are_forgotten(database: Database) -> None:
    (received,) = await take_in(database, arrival(1))
    assert received.inbox_id is not None
    async with database.begin() as connection:
        assert await mark_handled(connection, received.inbox_id, NOW)
        assert not await mark_handled(connection, received.inbox_id, NOW)
        rows = await connection.execute(select(InboxRow.state, InboxRow.body, InboxRow.handled_at))
        assert rows.one() == ("done", {}, NOW)


async def test_leaving_keeps_the_dialogue_and_says_whether_more_waits(database: Database) -> None:
    first, second = await take_in(database, arrival(1), arrival(2))
    (claim,) = await _claim(database, "process")
    for received, more in ((first, True), (second, False)):
        assert received.inbox_id is not None
        async with database.begin() as connection:
            talk = await enter(connection, claim, NOW + LEASE)
            assert talk is not None
            await mark_handled(connection, received.inbox_id, NOW)
            step = Dialogue("suggest", "card", {"draft": {"text": "글"}}, talk.dialogue.token + 1)
            waits = await leave(connection, claim, received.inbox_id, step, NOW, burst=(NOW, 1))
            assert waits is more
    async with database.begin() as connection:
        assert await claim_conversations(connection, owner="x", now=NOW, lease=LEASE, limit=5) == []
    row = await conversation(database, claim.conversation_id)
    assert (row.flow, row.step, row.data, row.token) == ("suggest", "card", {"draft": {"text": "글"}}, 2)
    assert (row.ready_at, row.leased_until, row.burst_since, row.burst_count) == (None, None, NOW, 1)


async def test_a_conversation_given_back_for_later_is_taken_up_then_and_not_before(
    database: Database,
) -> None:
    await talk_with(database)
    (claim,) = await _claim(database, "process")
    async with database.begin() as connection:
        await release(connection, claim, NOW + timedelta(seconds=30))
    assert await _claim(database, "process", after=timedelta(seconds=29)) == []
    assert len(await _claim(database, "process", after=timedelta(seconds=30))) == 1


async def test_a_turn_given_up_is_kept_with_its_words_and_the_next_one_goes_on(database: Database) -> None:
    failing, fine = await take_in(database, arrival(1), arrival(2))
    assert failing.inbox_id is not None
    (claim,) = await _claim(database, "process")
    async with database.begin() as connection:
        await count_attempt(connection, failing.inbox_id, "ValueError")
        await give_up(connection, failing.inbox_id, NOW, "ValueError")
        await release(connection, claim, None)
        rows = await connection.execute(
            select(InboxRow.state, InboxRow.attempts, InboxRow.body).order_by(InboxRow.id)
        )
        assert rows.first() == ("failed", 1, {"turn": {"kind": "text", "text": "말 1"}})
    (again,) = await _claim(database, "process")
    async with database.read() as connection:
        turns = await waiting_turns(connection, [again.conversation_id], 10)
    assert [turn.inbox_id for turn in turns] == [fine.inbox_id]


async def test_an_arrival_while_a_conversation_is_given_back_is_not_forgotten(database: Database) -> None:
    """The arrival has written its rows but not committed yet when the conversation is given back."""
    talk = await talk_with(database)
    (claim,) = await _claim(database, "process")
    async with database.begin() as connection:
        for turn in await waiting_turns(connection, [talk], 10):
            await mark_handled(connection, turn.inbox_id, NOW)

    async def give_back() -> None:
        async with database.begin() as connection:
            await release(connection, claim, None)

    async with database.begin() as connection:
        await receive(connection, [arrival(2)])
        giving = asyncio.create_task(give_back())
        # Long enough for the other to run into the row that this transaction holds.
        await asyncio.wait({giving}, timeout=0.2)
    await giving
    assert (await conversation(database, talk)).ready_at is not None
    assert len(await _claim(database, "process")) == 1
