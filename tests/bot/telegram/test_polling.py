"""Long polling: nothing is acknowledged before it is in the inbox, and one process polls at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import pytest

from bot.telegram.connection import Line, Me, TokenRefused, check_token, open_line
from bot.telegram.polling import Pace, Polling
from bot.telegram.turnstile import LEASE_NAME, LeaseTurnstile
from storage.engine import Database
from storage.intake import Arrival, Received
from storage.leases import hold_lease
from tests.bot.telegram.conftest import TOKEN
from tests.bot.telegram.inboxes import READER, Inbox, inbox, now
from tests.doubles.bot_api import BotApiDouble, Fault, Trouble

# On SQLite there is one process.
several_processes = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
QUICK = Pace(poll=timedelta(seconds=2), renew=timedelta(seconds=0.05))


@pytest.fixture
async def box(migrated_database_url: str) -> AsyncIterator[Inbox]:
    async with inbox(migrated_database_url) as opened:
        yield opened


def turnstile(database: Database, owner: str, lease: float = 10.0) -> LeaseTurnstile:
    return LeaseTurnstile(database, owner, now, timedelta(seconds=lease))


@asynccontextmanager
async def polling(line: Line, box: Inbox, owner: str = "one", lease: float = 10.0) -> AsyncIterator[None]:
    loop = Polling(line, READER, box, turnstile(box.database, owner, lease), pace=QUICK)
    task = asyncio.create_task(loop.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_what_is_sent_is_taken_in_order_and_acknowledged(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    person = double.person(1001)
    for number in range(30):
        await person.says(f"말 {number}")

    async with polling(line, box):
        await double.until_taken()

    assert await box.taken() == [(f"123456:{1000 + number}", "waiting") for number in range(30)]


async def test_nothing_is_acknowledged_while_the_database_is_away(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    await double.person(1001).says("가로등이 안 켜져요")
    box.fails = 1

    async with polling(line, box):
        await double.until_taken()

    assert box.refused == ["123456:1000"]
    assert await box.taken() == [("123456:1000", "waiting")]


async def test_a_restart_goes_on_and_takes_nothing_twice(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    await double.person(1001).says("하나")
    async with polling(line, box):
        await double.until_taken()
    double.enqueue(
        [{"update_id": 1000, "message": {"message_id": 1, "chat": {"id": 1001, "type": "private"}}}]
    )
    await double.person(1001).says("둘")

    async with polling(line, box):
        await double.until_taken()

    assert [taken[0] for taken in await box.taken()] == ["123456:1000", "123456:1001"]


async def test_an_update_nobody_understands_is_kept_once_and_holds_nothing_up(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    double.enqueue([{"message": {"chat": "of an unknown shape"}}])
    await double.person(1001).says("가로등이 안 켜져요")

    async with polling(line, box):
        await double.until_taken()

    assert await box.taken() == [("123456:1000", "unreadable"), ("123456:1001", "waiting")]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(Trouble.BAD_GATEWAY, "getUpdates"),
        Fault(Trouble.TOO_MANY_REQUESTS, "getUpdates"),
        Fault(Trouble.DROP, "getUpdates"),
        Fault(Trouble.SERVER_ERROR, "getMe"),
    ],
)
async def test_polling_goes_on_after_telegram_was_away(
    double: BotApiDouble, line: Line, box: Inbox, fault: Fault
) -> None:
    double.script(fault)
    await double.person(1001).says("가로등이 안 켜져요")

    async with polling(line, box):
        await double.until_taken()

    assert len(await box.taken()) == 1


async def test_what_came_while_a_webhook_was_set_is_kept_and_polled(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    await line.bot.set_webhook("http://127.0.0.1:9/nobody-there")
    await double.person(1001).says("가로등이 안 켜져요")

    async with polling(line, box):
        await double.until_taken()

    assert len(await box.taken()) == 1


async def test_only_the_kinds_we_read_are_asked_for_and_blocking_is_one_of_them(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    async with polling(line, box):
        await double.person(1001).says("하나")
        await double.until_taken()
        await double.person(1001).blocks()
        await double.until_taken()

    assert double.server.queue.allowed == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert len(await box.taken()) == 2


@several_processes
async def test_a_second_process_waits_its_turn_and_takes_over_when_the_first_ends(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    person = double.person(1001)
    async with polling(line, box, "first"):
        await person.says("하나")
        await double.until_taken()
        async with box.database.begin() as connection:
            lease = timedelta(seconds=10)
            held = await hold_lease(connection, LEASE_NAME, owner="second", now=now(), lease=lease)
        assert not held

    async with polling(line, box, "second"):
        await person.says("둘")
        await double.until_taken()

    assert len(await box.taken()) == 2


@several_processes
async def test_a_process_that_died_is_replaced_when_its_lease_is_over(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    async with box.database.begin() as connection:
        lease = timedelta(seconds=0.5)
        assert await hold_lease(connection, LEASE_NAME, owner="dead", now=now(), lease=lease)
    await double.person(1001).says("가로등이 안 켜져요")

    async with polling(line, box, "alive"):
        await double.until_taken()

    assert len(await box.taken()) == 1


@several_processes
async def test_two_processes_at_one_time_never_poll_together(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    async with polling(line, box, "first"), polling(line, box, "second"):
        for number in range(5):
            await double.person(1001).says(f"말 {number}")
            await double.until_taken()

    refused = [call for call in double.server.calls if call.status == 409]
    assert refused == []
    assert len(await box.taken()) == 5


async def test_the_bot_is_known_before_menus_are_set(double: BotApiDouble, line: Line, box: Inbox) -> None:
    known: asyncio.Queue[Me] = asyncio.Queue()
    loop = Polling(line, READER, box, turnstile(box.database, "one"), pace=QUICK, when_known=known.put)

    task = asyncio.create_task(loop.run())
    me = await known.get()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert me == Me(123456, "sotong_test_bot")


async def test_a_wrong_token_is_said_in_one_line_without_the_token(double: BotApiDouble, line: Line) -> None:
    with pytest.raises(TokenRefused, match="SOTONG_TELEGRAM_TOKEN"):
        async with open_line("not a token", double.url):
            pass
    double.script(Fault(Trouble.BAD_REQUEST, "getMe", description="Unauthorized"))
    known: list[Me] = []
    assert not await check_token(line, known.append)
    assert await check_token(line, known.append)
    assert known == [Me(123456, "sotong_test_bot")]
    async with open_line(TOKEN, "http://127.0.0.1:9") as nowhere:
        assert not await check_token(nowhere)


async def test_no_log_shows_the_token_while_polling_fails(
    double: BotApiDouble,
    line: Line,
    box: Inbox,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    double.script(Fault(Trouble.BAD_GATEWAY, "getUpdates"), Fault(Trouble.DROP, "getMe"))
    await double.person(1001).says("아무도 몰라야 할 말")

    async with polling(line, box):
        await double.until_taken()

    written = capsys.readouterr()
    logged = "".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    for shown in (written.out, written.err, logged, repr(line)):
        assert TOKEN not in shown
        assert "아무도" not in shown
    assert "polling_failed" in written.out + logged


class _WantsNoPlaces:
    """An inbox over a database that will not have one kind of content, whenever it comes."""

    def __init__(self, box: Inbox) -> None:
        self._box = box

    async def receive(self, arrival: Arrival) -> Received:
        if "location" in str(arrival.body):
            raise ValueError("of no use to this database")
        return await self._box.receive(arrival)


async def test_what_the_database_will_never_take_is_kept_without_its_content_and_holds_nothing_up(
    double: BotApiDouble, line: Line, box: Inbox
) -> None:
    await double.person(1001).sends_location(37.38, 126.66)
    await double.person(1001).says("가로등이 안 켜져요")
    loop = Polling(line, READER, _WantsNoPlaces(box), turnstile(box.database, "one"), pace=QUICK)
    task = asyncio.create_task(loop.run())

    await double.until_taken()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

    assert sorted(await box.taken()) == [("123456:1000", "unreadable"), ("123456:1001", "waiting")]
