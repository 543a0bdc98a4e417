"""The double posts updates to a webhook until it takes them."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, Conflict

from tests.doubles.bot_api import BotApiDouble


class Door:
    """A webhook that answers with the statuses it is told, then 200."""

    def __init__(self) -> None:
        self.url = ""
        self.answers: list[int] = []
        self.texts: list[str] = []
        self.secrets: set[str | None] = set()

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.texts.append(update["message"]["text"])
        return web.Response(status=status)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/hook", door.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield door
    await runner.cleanup()


async def test_updates_come_with_the_secret_and_again_until_taken(
    double: BotApiDouble, bot: Bot, door: Door
) -> None:
    door.answers = [500, 403]
    await double.person(7).says("먼저")
    await bot.set_webhook(door.url, secret_token="s3cret", max_connections=1)
    await double.person(7).says("나중")
    await double.until_taken()
    assert door.texts == ["먼저", "나중"]
    assert door.secrets == {"s3cret"}
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (door.url, 0)
    assert info.last_error_message == "Wrong response from the webhook: 403 Forbidden"
    assert [delivery.status for delivery in double.server.queue.deliveries] == [500, 403, 200, 200]


async def test_with_a_webhook_nobody_polls_and_without_it_nothing_is_lost(
    double: BotApiDouble, bot: Bot, door: Door
) -> None:
    door.answers = [503] * 1000
    await bot.set_webhook(door.url)
    await double.person(7).says("기다립니다")
    assert await double.server.changes.until(lambda: len(double.server.queue.deliveries) > 1, 5)
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "기다립니다"


async def test_a_webhook_needs_https_and_a_plain_secret(double: BotApiDouble, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="https url"):
        await bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match="ecret token"):
        await bot.set_webhook("https://example.org/hook", secret_token="비밀")
    assert len(double.violations) == 2
