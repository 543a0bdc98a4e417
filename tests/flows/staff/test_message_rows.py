"""Finding what a message was, by the id the channel gave it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database
from storage.intake import Arrival, receive
from storage.outbox import Post, Settled, claim_parcels, put, settle
from storage.prompts import shown_as

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
async def connection(migrated_database_url: str) -> AsyncIterator[AsyncConnection]:
    database = Database(migrated_database_url)
    async with database.begin() as opened:
        yield opened
    await database.close()


async def a_group(connection: AsyncConnection, address: str) -> int:
    arrival = Arrival("telegram", f"u{address}", address, NOW, {}, is_group=True, fault="ignored:test")
    received = (await receive(connection, [arrival]))[0]
    assert received.conversation_id is not None
    return received.conversation_id


async def sent(
    connection: AsyncConnection, group: int, template: str, external_id: str | None, kind: str = "message"
) -> None:
    post = Post(group, "telegram", 1, kind, template, {"case": 1}, [], NOW, NOW)
    await put(connection, [post])
    minute = timedelta(minutes=1)
    parcels = await claim_parcels(
        connection, channel="telegram", owner="one", now=NOW, lease=minute, limit=10
    )
    if external_id is not None:
        outcomes = [Settled(one.id, group, "sent", external_id=external_id) for one in parcels]
        await settle(connection, outcomes, NOW)


async def test_a_message_is_found_as_it_was_last_shown_and_only_in_its_own_group(
    connection: AsyncConnection,
) -> None:
    group, other = await a_group(connection, "-1"), await a_group(connection, "-2")
    await sent(connection, group, "staff.on_file", "55")
    await sent(connection, group, "staff.after", "55", "edit")

    shown = await shown_as(connection, group, "55")

    assert shown is not None
    assert shown.template == "staff.after"
    assert await shown_as(connection, group, "56") is None
    assert await shown_as(connection, other, "55") is None


async def test_an_answer_quicker_than_the_note_that_its_question_was_sent_still_finds_it(
    connection: AsyncConnection,
) -> None:
    group = await a_group(connection, "-1")
    await sent(connection, group, "staff.on_file", "55")
    await sent(connection, group, "staff.prompt_ask", None)

    question, card = await shown_as(connection, group, "56"), await shown_as(connection, group, "55")

    assert question is not None
    assert question.template == "staff.prompt_ask"
    assert card is not None
    assert card.template == "staff.on_file"


async def test_an_answer_to_an_old_message_is_not_taken_for_one_to_the_question_on_its_way(
    connection: AsyncConnection,
) -> None:
    group = await a_group(connection, "-1")
    await sent(connection, group, "staff.on_file", "55")
    await sent(connection, group, "staff.prompt_answer", None)

    # The first part of a long card, or a message that is no longer kept.
    assert await shown_as(connection, group, "54") is None
