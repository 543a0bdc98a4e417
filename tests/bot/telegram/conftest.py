"""A double, and the line to it."""

from collections.abc import AsyncIterator

import pytest

from bot.telegram.connection import Line, open_line
from tests.doubles.bot_api import BotApiDouble

TOKEN = "123456:a-token-that-no-log-may-show"


@pytest.fixture
async def double() -> AsyncIterator[BotApiDouble]:
    async with BotApiDouble() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def line(double: BotApiDouble) -> AsyncIterator[Line]:
    async with open_line(TOKEN, double.url) as opened:
        yield opened
