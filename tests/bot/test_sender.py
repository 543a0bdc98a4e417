"""The sender: waits that are asked for, addresses that are gone or moved, letters nobody will take."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channel import Delivered, Gone, Moved, Outcome, Refused, TryLater
from bot.settings import Pace
from bot.signals import Bell
from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import open_line
from handlers.flows.settings import MY_DATA
from handlers.world import World
from storage.away import DatabaseAway
from storage.engine import Database
from storage.outbox import Parcel, let_go
from tests.bot.posthouse import TEMPLATE, Postman, sending
from tests.doubles.bot_api import BotApiDouble, Fault, Trouble
from tests.storage.scenery import arrival, outbox_rows, post, put_out, take_in, talk_with

BULK = 3
WAIT = timedelta(seconds=0.6)
GRACE = 0.06
"""Seconds for what was under way in another process when the wait was asked for."""


async def _talks(database: Database, count: int, *, first: int = 0) -> list[int]:
    arrivals = [arrival(f"u{number}", f"{1000 + number}") for number in range(first, first + count)]
    return [received.conversation_id or 0 for received in await take_in(database, *arrivals)]


async def _letters(database: Database, talks: Sequence[int], *, lane: int = 0) -> None:
    now = datetime.now(UTC)
    letters = [replace(post(talk, TEMPLATE, lane=lane), created_at=now, not_before=now) for talk in talks]
    await put_out(database, *letters)


async def _states(database: Database) -> list[str]:
    return [row.state for row in await outbox_rows(database)]


async def test_a_wait_that_was_asked_for_is_heeded_by_every_process(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    def answers(_parcel: Parcel, number: int) -> Outcome:
        return TryLater("asked to wait", WAIT) if number == 8 else Delivered("1")

    await _letters(database, await _talks(database, 40))
    postman = Postman(answers)
    pace = Pace(per_second=100, chat_seconds=0, group_seconds=0)
    async with (
        sending(database, postman, incheon, tmp_path / "a", pace=pace),
        sending(database, postman, incheon, tmp_path / "b", pace=pace),
    ):
        await postman.until(lambda: len(postman.delivered) == 40)
    asked = next(call.ended for call in postman.calls if isinstance(call.outcome, TryLater))
    during = [c for c in postman.calls if asked + GRACE < c.began < asked + WAIT.total_seconds()]
    assert during == []
    assert len(set(postman.delivered)) == 40


async def test_within_a_process_nothing_more_is_sent_once_a_wait_was_asked_for(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    def answers(_parcel: Parcel, number: int) -> Outcome:
        return TryLater("asked to wait", WAIT) if number == 30 else Delivered("1")

    await _letters(database, await _talks(database, 200))
    postman = Postman(answers, seconds=0.005)
    async with sending(database, postman, incheon, tmp_path):
        await postman.until(lambda: len(postman.delivered) == 200)
    asked = next(call.ended for call in postman.calls if isinstance(call.outcome, TryLater))
    assert [c for c in postman.calls if asked < c.began < asked + WAIT.total_seconds()] == []


async def test_no_more_go_out_in_a_second_than_the_pace_allows_whoever_sends(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    await _letters(database, await _talks(database, 30))
    postman = Postman()
    pace = Pace(per_second=20, chat_seconds=0, group_seconds=0)
    async with (
        sending(database, postman, incheon, tmp_path / "a", pace=pace),
        sending(database, postman, incheon, tmp_path / "b", pace=pace),
    ):
        await postman.until(lambda: len(postman.delivered) == 30)
    began = sorted(call.began for call in postman.calls)
    assert all(later - earlier > 0.9 for earlier, later in zip(began, began[20:], strict=False))


async def test_one_person_is_written_to_once_in_the_seconds_the_pace_says(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    talk = await talk_with(database, "1000")
    await _letters(database, [talk] * 3)
    postman = Postman()
    async with sending(database, postman, incheon, tmp_path, pace=Pace(0, 0.3, 3)):
        await postman.until(lambda: len(postman.delivered) == 3)
    began = [call.began for call in postman.calls]
    assert all(later - earlier >= 0.29 for earlier, later in pairwise(began))


async def test_who_blocked_the_bot_gets_everything_they_missed_in_order_when_they_are_back(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    blocked, other = await _talks(database, 2)
    await _letters(database, [blocked, blocked, blocked, other])
    there = False

    def answers(parcel: Parcel, _number: int) -> Outcome:
        return Delivered("1") if there or parcel.conversation_id == other else Gone("bot was blocked")

    postman = Postman(answers)
    bell = Bell()
    async with sending(database, postman, incheon, tmp_path, bell=bell):
        await postman.until(lambda: len(postman.calls) == 2)
        await asyncio.sleep(0.5)
        assert await _states(database) == ["held", "held", "held", "sent"]
        assert len(postman.calls) == 2
        there = True
        async with database.begin() as connection:
            await let_go(connection, blocked)
        bell.wake()
        await postman.until(lambda: len(postman.delivered) == 4)
    ids = [call.parcel.id for call in postman.calls if call.parcel.conversation_id == blocked][1:]
    assert ids == sorted(ids)
    assert await _states(database) == ["sent"] * 4


@pytest.mark.parametrize("known", [False, True])
async def test_a_chat_that_moved_gets_the_same_message_at_its_new_address(
    database: Database, incheon: World, tmp_path: Path, known: bool
) -> None:
    (talk,) = await _talks(database, 1)
    if known:
        await talk_with(database, "-1001000")
    await _letters(database, [talk, talk])

    def answers(parcel: Parcel, _number: int) -> Outcome:
        return Moved("-1001000") if parcel.address == "1000" else Delivered("1")

    postman = Postman(answers)
    async with sending(database, postman, incheon, tmp_path):
        await postman.until(lambda: len(postman.delivered) == 2)
    assert postman.delivered == ["-1001000"] * 2
    assert [call.parcel.address for call in postman.calls] == ["1000", "-1001000", "-1001000"]


async def test_one_outcome_the_database_will_not_have_keeps_no_other_out(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    await _letters(database, await _talks(database, 6))

    def answers(parcel: Parcel, _number: int) -> Outcome:
        # No address is that long; PostgreSQL refuses it.
        return Moved("-" + "1" * 80) if parcel.address == "1002" else Delivered("1")

    postman = Postman(answers, seconds=0.02)
    async with sending(database, postman, incheon, tmp_path):
        await postman.until(lambda: len(postman.delivered) >= 5)
    states = await _states(database)
    assert states[:2] + states[3:] == ["sent"] * 5


async def test_a_message_the_channel_will_never_take_is_put_aside_and_the_next_goes_on(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    (talk,) = await _talks(database, 1)
    await _letters(database, [talk, talk])

    def answers(_parcel: Parcel, number: int) -> Outcome:
        return Refused("a button is too long") if number == 0 else Delivered("1")

    postman = Postman(answers)
    async with sending(database, postman, incheon, tmp_path):
        await postman.until(lambda: len(postman.delivered) == 1)
    first, second = await outbox_rows(database)
    assert (first.state, first.outcome, second.state) == ("dead", "a button is too long", "sent")


async def test_a_message_that_cannot_be_worded_is_put_aside_and_the_next_goes_on(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    (talk,) = await _talks(database, 1)
    now = datetime.now(UTC)
    await put_out(database, replace(post(talk, "there.is.no.such.text"), created_at=now, not_before=now))
    await _letters(database, [talk])
    postman = Postman()
    async with sending(database, postman, incheon, tmp_path):
        await postman.until(lambda: len(postman.delivered) == 1)
    assert await _states(database) == ["dead", "sent"]


class _Shaky(Database):
    """A database that is away the first time something is read."""

    reads = 0

    def read(self) -> AbstractAsyncContextManager[AsyncConnection]:
        self.reads += 1
        if self.reads == 1:
            raise DatabaseAway("away")
        return super().read()


async def test_a_message_that_could_not_be_worded_because_the_database_was_away_is_sent_later(
    database: Database, migrated_database_url: str, incheon: World, tmp_path: Path
) -> None:
    (talk,) = await _talks(database, 1)
    now = datetime.now(UTC)
    data = replace(post(talk, "privacy.file"), kind="document", target=MY_DATA)
    await put_out(database, replace(data, created_at=now, not_before=now))
    postman = Postman()
    shaky = _Shaky(migrated_database_url)
    async with sending(shaky, postman, incheon, tmp_path):
        await postman.until(lambda: len(postman.delivered) == 1)
    await shaky.close()
    assert await _states(database) == ["sent"]


async def test_what_did_not_arrive_is_tried_again_before_anything_behind_it(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    (talk,) = await _talks(database, 1)
    await _letters(database, [talk, talk])

    def answers(_parcel: Parcel, number: int) -> Outcome:
        return TryLater("502") if number == 0 else Delivered("1")

    postman = Postman(answers)
    async with sending(database, postman, incheon, tmp_path):
        await postman.until(lambda: len(postman.delivered) == 2)
    first, second = (row.id for row in await outbox_rows(database))
    assert [call.parcel.id for call in postman.calls] == [first, first, second]


async def test_a_message_whose_answer_was_lost_is_told_at_most_twice(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    async with BotApiDouble() as double, open_line("123456:test-token-not-a-secret", double.url) as line:
        person = double.person(1000)
        await _letters(database, await _talks(database, 1))
        double.script(Fault(Trouble.DROP_AFTER, method="sendMessage"))
        async with sending(database, TelegramChannel(line.bot), incheon, tmp_path):
            await person.hears(2)
            await asyncio.sleep(0.5)
        assert len(double.sent(1000)) <= 2
    assert await _states(database) == ["sent"]


async def test_ten_thousand_messages_of_a_bulk_run_do_not_delay_an_answer(
    database: Database, incheon: World, tmp_path: Path
) -> None:
    talks = await _talks(database, 10_000)
    await _letters(database, talks, lane=BULK)
    (waiting,) = await _talks(database, 1, first=20_000)
    postman, bell = Postman(seconds=0.02), Bell()
    loop = asyncio.get_running_loop()
    async with sending(
        database, postman, incheon, tmp_path, bell=bell, pace=Pace(per_second=100, chat_seconds=0)
    ):
        await postman.until(lambda: len(postman.delivered) >= 20)
        asked = loop.time()
        await _letters(database, [waiting])
        bell.wake()
        await postman.until(lambda: "21000" in postman.delivered)
        took = loop.time() - asked
    assert took < 1
    assert len(postman.delivered) < 1000
