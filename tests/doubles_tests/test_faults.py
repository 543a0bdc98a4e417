"""What goes wrong when a test says so, and the limits of strict mode."""

import asyncio
from datetime import timedelta

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.telegram.request import Timeouts, is_certainly_unsent
from tests.doubles.bot_api import BotApiDouble, Fault, Limits, Trouble
from tests.doubles_tests.conftest import TOKEN, bot_of


async def test_a_fault_meets_its_method_and_chat_only_and_so_often(double: BotApiDouble, bot: Bot) -> None:
    double.person(7)
    double.person(8)
    double.script(Fault(Trouble.FORBIDDEN, method="sendMessage", chat_id=7, times=2))
    await bot.send_message(8, "옆집")
    await bot.send_chat_action(7, "typing")
    for _ in range(2):
        with pytest.raises(Forbidden):
            await bot.send_message(7, "우리 집")
    await bot.send_message(7, "우리 집")
    assert [message.text for message in double.person(7).screen] == ["우리 집"]


async def test_being_asked_to_wait_names_the_wait(double: BotApiDouble, bot: Bot) -> None:
    double.person(7)
    double.script(Fault(Trouble.TOO_MANY_REQUESTS, retry_after=3))
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(7, "하나")
    assert caught.value.retry_after == timedelta(seconds=3)


async def test_sending_during_a_wait_is_written_down(double: BotApiDouble, bot: Bot) -> None:
    double.person(7)
    double.person(8)
    double.script(Fault(Trouble.TOO_MANY_REQUESTS, chat_id=7, retry_after=30))
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "하나")
    assert double.impatient == []
    await bot.send_message(8, "다른 사람은 괜찮다")
    await bot.send_message(7, "벌써 또")
    assert [call.text for call in double.impatient] == ["벌써 또"]


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (Trouble.BAD_REQUEST, BadRequest),
        (Trouble.SERVER_ERROR, NetworkError),
        (Trouble.BAD_GATEWAY, NetworkError),
        (Trouble.DROP, NetworkError),
    ],
)
async def test_a_call_that_fails_leaves_nothing_behind(
    double: BotApiDouble, bot: Bot, trouble: Trouble, error: type[Exception]
) -> None:
    double.person(7)
    double.script(Fault(trouble))
    with pytest.raises(error):
        await bot.send_message(7, "하나")
    assert double.person(7).screen == ()
    await bot.send_message(7, "하나")


async def test_a_connection_lost_after_the_deed_leaves_the_deed_done(double: BotApiDouble, bot: Bot) -> None:
    person = double.person(7)
    double.script(Fault(Trouble.DROP_AFTER))
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(7, "왔습니다")
    assert not is_certainly_unsent(caught.value)
    assert await person.hears_text("왔습니다")


@pytest.mark.parametrize(("trouble", "seen"), [(Trouble.HANG, 0), (Trouble.HANG_AFTER, 1)])
async def test_a_server_that_never_answers_ends_in_a_time_out(
    double: BotApiDouble, trouble: Trouble, seen: int
) -> None:
    person = double.person(7)
    double.script(Fault(trouble, method="sendMessage"))
    async with bot_of(double, timeouts=Timeouts(read=0.2)) as hasty:
        with pytest.raises(TimedOut) as caught:
            await hasty.send_message(7, "여보세요")
    assert not is_certainly_unsent(caught.value)
    assert len(person.screen) == seen
    assert TOKEN not in repr(caught.value)


async def test_latency_slows_every_call(double: BotApiDouble, bot: Bot) -> None:
    double.person(7)
    double.latency = 0.05
    loop = asyncio.get_running_loop()
    before = loop.time()
    await bot.send_message(7, "천천히")
    assert loop.time() - before >= 0.05


async def test_strict_mode_allows_one_message_a_second_in_a_chat(double: BotApiDouble, bot: Bot) -> None:
    double.person(7)
    double.person(8)
    double.limits = Limits()
    await bot.send_message(7, "하나")
    await bot.send_message(8, "다른 사람")
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "둘")
    assert double.impatient == []
    with pytest.raises(RetryAfter):
        await bot.send_message(7, "둘")
    assert len(double.impatient) == 1
    assert len(double.person(7).screen) == 1


async def test_strict_mode_allows_so_many_a_second_in_all_and_a_minute_in_a_group(
    double: BotApiDouble, bot: Bot
) -> None:
    double.limits = Limits(overall_per_second=3, chat_per_second=9)
    for user_id in (1, 2, 3, 4):
        double.person(user_id)
    for user_id in (1, 2, 3):
        await bot.send_message(user_id, "하나")
    with pytest.raises(RetryAfter):
        await bot.send_message(4, "하나")
    double.limits = Limits(overall_per_second=99, chat_per_second=99, group_per_minute=2)
    double.server.watch.forget()
    double.group(-55)
    await bot.send_message(-55, "하나")
    await bot.send_message(-55, "둘")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(-55, "셋")
    assert timedelta(seconds=50) < caught.value.retry_after <= timedelta(seconds=60)  # type: ignore[operator]
