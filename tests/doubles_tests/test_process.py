"""The double as a process of its own, driven over HTTP."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import RetryAfter

from bot.telegram.request import AiohttpRequest
from tests.doubles.bot_api import Fault, Limits, Trouble
from tests.doubles.remote import RemoteDouble
from tests.doubles.telegram.basics import JsonObject


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def remote() -> AsyncIterator[RemoteDouble]:
    async with RemoteDouble.started() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def remote_bot(remote: RemoteDouble) -> AsyncIterator[Bot]:
    await remote.reset()
    requests = AiohttpRequest(), AiohttpRequest()
    async with Bot("1:x", f"{remote.url}/bot", request=requests[0], get_updates_request=requests[1]) as bot:
        yield bot


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_person_is_driven_from_outside(remote: RemoteDouble, remote_bot: Bot) -> None:
    before = (await remote.counts()).last_call
    await remote.say(7, "가로등이 안 켜져요")
    (update,) = await remote_bot.get_updates(timeout=2)
    yes = InlineKeyboardMarkup([[InlineKeyboardButton("네", callback_data="y")]])
    await remote_bot.send_message(7, "보낼까요?", reply_markup=yes)
    calls = await remote.calls_after(before, wait=2)
    assert [call.method for call in calls][-2:] == ["getUpdates", "sendMessage"]
    assert calls[-1].text == "보낼까요?"
    assert [message["text"] for message in await remote.messages(7)] == ["보낼까요?"]
    await remote.press(7, "네")
    (pressed,) = await remote_bot.get_updates(offset=update.update_id + 1, timeout=2)
    assert pressed.callback_query is not None
    counts = await remote.counts()
    assert (counts.waiting, counts.acknowledged, counts.violations) == (1, 1, 0)


async def test_a_missing_button_says_what_is_to_be_seen(remote: RemoteDouble, remote_bot: Bot) -> None:
    await remote.say(7, "안녕하세요")
    await remote_bot.send_message(7, "무엇을 도와드릴까요?")
    with pytest.raises(AssertionError, match="무엇을 도와드릴까요"):
        await remote.press(7, "보내기", timeout=0.05)


async def test_whole_updates_make_their_chat_known(remote: RemoteDouble, remote_bot: Bot) -> None:
    chat: JsonObject = {"id": 9, "type": "private", "first_name": "주민"}
    person: JsonObject = {"id": 9, "is_bot": False, "first_name": "주민"}
    written: JsonObject = {"date": 1, "chat": chat, "from": person}
    ids = await remote.enqueue(
        [
            {"message": {**written, "message_id": 5, "text": "하나"}},
            {"update_id": 77_000, "message": {**written, "message_id": 6, "text": "둘"}},
        ]
    )
    assert ids[1] == 77_000
    assert [update.update_id for update in await remote_bot.get_updates()] == ids
    assert (await remote_bot.send_message(9, "네")).message_id == 7


async def test_faults_latency_and_limits_are_set_from_outside(remote: RemoteDouble, remote_bot: Bot) -> None:
    await remote.say(7, "안녕하세요")
    await remote.script(Fault(Trouble.TOO_MANY_REQUESTS, method="sendMessage", retry_after=4))
    with pytest.raises(RetryAfter):
        await remote_bot.send_message(7, "하나")
    await remote.set_latency(0.001)
    await remote.script(Fault(Trouble.FORBIDDEN, times=None))
    assert (await remote.counts()).faults == 1
    await remote.clear_faults()
    await remote.reset()
    await remote.say(7, "안녕하세요")
    await remote.set_limits(Limits())
    await remote_bot.send_message(7, "둘")
    with pytest.raises(RetryAfter):
        await remote_bot.send_message(7, "셋")
    await remote.set_limits(None)
    assert await remote.violations() == []
