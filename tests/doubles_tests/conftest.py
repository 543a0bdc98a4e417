"""A double, and real bots of python-telegram-bot that talk to it."""

import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image
from telegram import Bot

from bot.telegram.request import AiohttpRequest, Timeouts
from tests.doubles.bot_api import BotApiDouble

TOKEN = "123456:test-token-not-a-secret"


@pytest.fixture(autouse=True)
def _durations_are_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def double() -> AsyncIterator[BotApiDouble]:
    async with BotApiDouble() as running:
        yield running


@pytest.fixture
async def bot(double: BotApiDouble) -> AsyncIterator[Bot]:
    async with bot_of(double) as ready:
        yield ready


def bot_of(double: BotApiDouble, *, connections: int = 8, timeouts: Timeouts | None = None) -> Bot:
    return Bot(
        TOKEN,
        base_url=f"{double.url}/bot",
        base_file_url=f"{double.url}/file/bot",
        request=AiohttpRequest(connections, timeouts),
        get_updates_request=AiohttpRequest(2, timeouts),
    )


@pytest.fixture
def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "orange").save(content, "JPEG")
    return content.getvalue()
