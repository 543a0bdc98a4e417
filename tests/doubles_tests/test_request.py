"""The program's own HTTP to Telegram: every way a request can go, through a real `telegram.Bot`."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.telegram.request import AiohttpRequest, Timeouts, is_certainly_unsent
from tests.doubles.bot_api import BotApiDouble, Fault, Trouble
from tests.doubles_tests.conftest import TOKEN, bot_of


@pytest.fixture
async def deaf_server() -> AsyncIterator[str]:
    """A server that lets connections wait and reads nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    for _ in range(10):  # the loop sees that the other end is gone, and lets go of what it still had to write
        await asyncio.sleep(0)


@asynccontextmanager
async def bot_at(url: str, timeouts: Timeouts) -> AsyncIterator[Bot]:
    """A bot that did not introduce itself first, for servers that would not answer."""
    request = AiohttpRequest(2, timeouts)
    await request.initialize()
    yield Bot(TOKEN, f"{url}/bot", request=request, get_updates_request=AiohttpRequest(1))
    await request.shutdown()


async def test_a_photo_goes_up_and_comes_down_again(double: BotApiDouble, bot: Bot, picture: bytes) -> None:
    person = double.person(7)
    sent = await bot.send_photo(7, picture, caption="<i>가로등</i>", parse_mode="HTML")
    assert [size.width for size in sent.photo] == [90, 640]
    assert (await person.hears_text("가로등")).photo[-1].content == picture
    file = await bot.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == picture
    again = await bot.send_photo(7, sent.photo[-1].file_id)
    assert again.photo[-1].file_size == len(picture)


async def test_a_file_keeps_its_korean_name(double: BotApiDouble, bot: Bot) -> None:
    double.person(7)
    sent = await bot.send_document(7, b"{}", filename="나의 건의.json", caption="내 자료")
    assert sent.document is not None
    assert sent.document.file_name == "나의 건의.json"
    assert (await bot.get_file(sent.document.file_id)).file_path is not None


async def test_a_large_file_goes_up_in_pieces(double: BotApiDouble, bot: Bot) -> None:
    double.person(7)
    content = bytes(range(256)) * 8_000
    sent = await bot.send_document(7, content, filename="large.bin")
    assert sent.document is not None
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content


async def test_a_file_that_is_not_there_is_an_error(double: BotApiDouble, bot: Bot, picture: bytes) -> None:
    double.person(7)
    sent = await bot.send_photo(7, picture)
    file = await bot.get_file(sent.photo[-1].file_id)
    double.script(Fault(Trouble.SERVER_ERROR, method="file"))
    with pytest.raises(NetworkError):
        await file.download_as_bytearray()
    await file.download_as_bytearray()


async def test_many_calls_share_few_connections(double: BotApiDouble) -> None:
    double.person(7)
    async with bot_of(double, connections=2) as bot:
        await asyncio.gather(*(bot.send_message(7, str(number)) for number in range(50)))
    assert len(double.person(7).screen) == 50


async def test_waiting_too_long_for_a_connection_means_not_sent(double: BotApiDouble) -> None:
    person = double.person(7)
    double.script(Fault(Trouble.HANG, method="sendMessage"))
    async with bot_of(double, connections=1, timeouts=Timeouts(pool=0.1, read=20)) as bot:
        first = asyncio.create_task(bot.send_message(7, "막힌 것"))
        assert await double.server.changes.until(lambda: double.server.counts["sendMessage"] == 1, 5)
        with pytest.raises(TimedOut, match=r"Pool timeout.*\*not\* sent") as caught:
            await bot.send_message(7, "못 간 것")
        assert is_certainly_unsent(caught.value)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await bot.send_message(7, "다시 된다")
    assert [message.text for message in person.screen] == ["다시 된다"]


async def test_nobody_listening_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with bot_at(f"http://127.0.0.1:{port}", Timeouts()) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.send_message(7, "아무도 없나요")
    assert is_certainly_unsent(caught.value)


async def test_a_server_that_takes_no_more_of_an_upload_is_left(deaf_server: str) -> None:
    async with bot_at(deaf_server, Timeouts(media_write=0.2, read=60)) as bot, asyncio.timeout(20):
        with pytest.raises(TimedOut) as caught:
            await bot.send_document(7, bytes(30_000_000), filename="large.bin")
    assert not is_certainly_unsent(caught.value)


async def test_time_outs_of_a_call_go_before_the_usual_ones(deaf_server: str) -> None:
    async with bot_at(deaf_server, Timeouts(read=60)) as bot, asyncio.timeout(20):
        with pytest.raises(TimedOut):
            await bot.send_message(7, "여보세요", read_timeout=0.1)


async def test_an_answer_without_end_is_cut_off(
    double: BotApiDouble, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.request.LARGEST_ANSWER", 1000)
    double.person(7)
    with pytest.raises(NetworkError, match="longer than 1000 bytes"):
        await bot.send_message(7, "가" * 2000)


@pytest.mark.parametrize("trouble", [Trouble.DROP, Trouble.SERVER_ERROR, Trouble.BAD_GATEWAY, Trouble.HANG])
async def test_neither_log_nor_error_tells_the_token_or_the_text(
    double: BotApiDouble, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("aiohttp").setLevel(logging.DEBUG)
    double.person(7)
    async with bot_of(double, timeouts=Timeouts(read=0.2)) as bot:
        double.script(Fault(trouble, method="sendDocument"))
        with pytest.raises(TelegramError) as caught:
            await bot.send_document(7, bytes(100_000), caption="비밀 이야기")
    chain: BaseException | None = caught.value
    while chain is not None:
        assert TOKEN not in f"{chain!r} {chain}"
        assert "비밀" not in f"{chain!r} {chain}"
        chain = chain.__cause__ or chain.__context__
    assert TOKEN not in caplog.text
    assert "비밀" not in caplog.text


async def test_using_it_before_it_is_ready_says_so() -> None:
    with pytest.raises(RuntimeError, match="await initialize"):
        await AiohttpRequest().do_request("http://127.0.0.1:1/", "GET")


async def test_an_album_goes_up_as_one(double: BotApiDouble, bot: Bot, picture: bytes) -> None:
    person = double.person(7)
    photos = [InputMediaPhoto(picture, caption="<b>현장</b>", parse_mode="HTML"), InputMediaPhoto(picture)]
    album = await bot.send_media_group(7, photos)
    assert len({message.media_group_id for message in album}) == 1
    assert [message.caption for message in person.screen] == ["현장", None]
    assert [message.photo[-1].content for message in person.screen] == [picture, picture]
    assert double.violations == []
