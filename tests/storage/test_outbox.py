"""The outbox: order within a conversation, lanes, leases, and letters kept for who cannot be reached."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from storage.dead_letters import dead_letters, send_again
from storage.engine import Database
from storage.outbox import Parcel, Settled, claim_parcels, hold_back, let_go, settle
from storage.pacing import pace_conversations
from tests.storage.scenery import (
    LEASE,
    NOW,
    conversation,
    outbox_rows,
    post,
    put_out,
    talk_with,
)

ANSWER, STAFF, NOTICE, BULK = range(4)
SOON = timedelta(seconds=30)


async def _claim(
    database: Database, *, at: datetime = NOW, limit: int = 50, owner: str = "process"
) -> list[Parcel]:
    async with database.begin() as connection:
        return await claim_parcels(
            connection, channel="telegram", owner=owner, now=at, lease=LEASE, limit=limit
        )


async def _ended(database: Database, parcels: Sequence[Parcel], state: str = "sent", **more: object) -> None:
    values = {"outcome": "", "external_id": "9" if state == "sent" else None} | more
    async with database.begin() as connection:
        settled = [Settled(parcel.id, parcel.conversation_id, state, **values) for parcel in parcels]  # type: ignore[arg-type]
        await settle(connection, settled, NOW)


async def _states(database: Database) -> dict[str, str]:
    return {row.template: row.state for row in await outbox_rows(database)}


async def _sent_in_order(database: Database, *, at: datetime = NOW) -> list[str]:
    order: list[str] = []
    while parcels := await _claim(database, at=at):
        order += [parcel.template for parcel in parcels]
        await _ended(database, parcels)
    return order


async def test_a_conversation_is_told_things_in_the_order_they_were_said(database: Database) -> None:
    talk = await talk_with(database)
    await put_out(database, *(post(talk, f"{number}") for number in range(5)))
    assert len(await _claim(database)) == 1
    assert await _claim(database) == []
    await _ended(database, await _claim(database, at=NOW + LEASE + SOON))
    assert await _sent_in_order(database) == ["1", "2", "3", "4"]


async def test_what_is_behind_one_that_is_tried_again_later_waits_with_it(database: Database) -> None:
    talk, other = await talk_with(database), await talk_with(database, "another")
    await put_out(database, post(talk, "first"), post(talk, "second"), post(other, "theirs"))
    first, theirs = sorted(await _claim(database), key=lambda parcel: parcel.id)
    await _ended(database, [first], "waiting", outcome="502", retry_at=NOW + SOON)
    await _ended(database, [theirs])
    assert await _claim(database) == []
    (again,) = await _claim(database, at=NOW + SOON)
    assert (again.template, again.attempts) == ("first", 2)


async def test_an_answer_goes_before_tickets_notices_and_bulk(database: Database) -> None:
    talks = [await talk_with(database, f"address {lane}") for lane in range(4)]
    await put_out(
        database, *(post(talks[lane], f"{lane}", lane=lane) for lane in (BULK, NOTICE, STAFF, ANSWER))
    )
    order = [(await _claim(database, limit=1))[0].lane for _ in range(4)]
    assert order == [ANSWER, STAFF, NOTICE, BULK]


async def test_in_one_conversation_an_answer_overtakes_what_waits_in_a_lower_lane(database: Database) -> None:
    talk = await talk_with(database)
    await put_out(
        database, post(talk, "bulk", lane=BULK), post(talk, "notice", lane=NOTICE), post(talk, "answer")
    )
    assert await _sent_in_order(database) == ["answer", "notice", "bulk"]


async def test_a_notice_that_waits_for_the_morning_does_not_hold_up_an_answer(database: Database) -> None:
    talk = await talk_with(database)
    morning = NOW + timedelta(hours=9)
    await put_out(database, post(talk, "notice", lane=NOTICE, not_before=morning), post(talk, "answer"))
    assert await _sent_in_order(database) == ["answer"]
    assert await _sent_in_order(database, at=morning) == ["notice"]


async def test_two_senders_never_take_the_same_letter_nor_two_of_one_conversation(database: Database) -> None:
    talks = [await talk_with(database, f"address {number}") for number in range(30)]
    await put_out(database, *(post(talk, f"{talk}/{number}") for number in range(2) for talk in talks))
    taken = await asyncio.gather(*(_claim(database, limit=9, owner=f"process {one}") for one in range(6)))
    conversations = [parcel.conversation_id for parcels in taken for parcel in parcels]
    assert len(conversations) == len(set(conversations)) == 30
    assert all(parcel.template.endswith("/0") for parcels in taken for parcel in parcels)


async def test_a_letter_whose_sender_died_is_taken_over_when_its_lease_is_over(database: Database) -> None:
    talk = await talk_with(database)
    await put_out(database, post(talk, "letter"))
    await _claim(database, owner="the one that dies")
    assert await _claim(database, at=NOW + LEASE) == []
    (again,) = await _claim(database, at=NOW + LEASE + SOON)
    assert again.attempts == 2


async def test_the_late_word_of_an_old_sender_does_not_undo_what_the_new_one_wrote(
    database: Database,
) -> None:
    talk = await talk_with(database)
    await put_out(database, post(talk, "letter"))
    old = await _claim(database)
    await _ended(database, await _claim(database, at=NOW + LEASE + SOON))
    await _ended(database, old, "dead", outcome="refused")
    assert await _states(database) == {"letter": "sent"}


async def test_the_same_notice_by_its_key_is_put_once(database: Database) -> None:
    talk = await talk_with(database)
    await put_out(
        database, post(talk, "update", key="half/2026H2/1"), post(talk, "update", key="half/2026H2/1")
    )
    await put_out(database, post(talk, "update", key="half/2026H2/1"), post(talk, "other"))
    assert [row.template for row in await outbox_rows(database)] == ["update", "other"]


async def test_letters_for_who_cannot_be_reached_are_kept_and_told_in_order_when_they_are_back(
    database: Database,
) -> None:
    talk = await talk_with(database)
    await put_out(database, post(talk, "1"), post(talk, "2"))
    await _ended(database, await _claim(database), "held", outcome="blocked", unreachable=True)
    assert not (await conversation(database, talk)).reachable
    await put_out(database, post(talk, "3", held=True))
    assert await _states(database) == {"1": "held", "2": "held", "3": "held"}
    assert await _claim(database) == []
    async with database.begin() as connection:
        await let_go(connection, talk)
    assert await _sent_in_order(database) == ["1", "2", "3"]


async def test_holding_one_conversation_back_leaves_the_others_alone(database: Database) -> None:
    talk, other = await talk_with(database), await talk_with(database, "another")
    await put_out(database, post(talk, "mine"), post(other, "theirs"))
    async with database.begin() as connection:
        await hold_back(connection, talk)
    assert await _sent_in_order(database) == ["theirs"]


async def test_a_conversation_is_not_written_to_before_its_time(database: Database) -> None:
    talk, other = await talk_with(database), await talk_with(database, "another")
    await put_out(database, post(talk, "mine"), post(other, "theirs"))
    async with database.begin() as connection:
        await pace_conversations(connection, {talk: NOW + SOON})
    assert [parcel.template for parcel in await _claim(database)] == ["theirs"]
    assert [parcel.template for parcel in await _claim(database, at=NOW + SOON)] == ["mine"]


async def test_a_dead_letter_is_seen_and_can_be_sent_again_once(database: Database) -> None:
    talk = await talk_with(database)
    await put_out(database, post(talk, "letter"))
    await _ended(database, await _claim(database), "dead", outcome="a button is too long")
    async with database.begin() as connection:
        (dead,) = await dead_letters(connection, limit=10)
        assert (dead.template, dead.outcome, dead.attempts) == ("letter", "a button is too long", 1)
        assert await send_again(connection, dead.id, NOW)
        assert not await send_again(connection, dead.id, NOW)
    assert await _sent_in_order(database) == ["letter"]


@pytest.mark.parametrize("known", [False, True])
async def test_what_waits_goes_to_the_new_address_of_a_chat_that_moved(
    database: Database, known: bool
) -> None:
    talk = await talk_with(database, "-77")
    if known:
        await talk_with(database, "-10077")
    await put_out(database, post(talk, "1"), post(talk, "2"))
    await _ended(
        database, await _claim(database), "waiting", outcome="moved", retry_at=NOW, new_address="-10077"
    )
    (first,) = await _claim(database)
    assert (first.template, first.address) == ("1", "-10077")
    await _ended(database, [first])
    (second,) = await _claim(database)
    assert (second.template, second.address) == ("2", "-10077")
