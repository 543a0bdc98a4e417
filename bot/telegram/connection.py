"""The line to Telegram: one bot, its two ways of asking, and who it is."""

import asyncio
import logging
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.telegram.request import AiohttpRequest, Timeouts

log = structlog.get_logger()

DEFAULT_API_URL = "https://api.telegram.org"

_TOKEN = re.compile(r"([0-9]{1,16}):[A-Za-z0-9_-]+")
_CHECK_SECONDS = 3.0
_SENDING = Timeouts(write=10.0, connect=10.0, pool=5.0, media_write=60.0)
_POLLING = Timeouts(read=10.0, write=10.0, connect=10.0, pool=5.0)


class TokenRefused(Exception):  # noqa: N818 - said to the operator as it is
    """The token cannot be used; the text says what to do and never holds the token."""


@dataclass(frozen=True, slots=True)
class Line:
    """A bot that is ready to send, and the request of its own that long polling uses.

    `bot_id` is the first part of the token, so that it is known before Telegram answers.
    """

    # The library's own description of a bot holds the token.
    bot: Bot = field(repr=False)
    polling: BaseRequest = field(repr=False)
    bot_id: int


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is at Telegram; `username` without the @."""

    bot_id: int
    username: str


WhenKnown = Callable[[Me], Awaitable[None]]
"""What is done once Telegram has said who the bot is."""


@asynccontextmanager
async def open_line(
    token: str, api_url: str = DEFAULT_API_URL, *, connections: int = 32, patience: float = 20.0
) -> AsyncIterator[Line]:
    """Connections to the Bot API at `api_url`, closed at the end; nothing is asked yet.

    An answer is waited for `patience` seconds.

    Raises TokenRefused when the token has not even the shape of one.
    """
    bot_id = bot_id_of(token)
    keep_quiet()
    sending, polling = (
        AiohttpRequest(connections, replace(_SENDING, read=patience)),
        AiohttpRequest(2, _POLLING),
    )
    root = api_url.rstrip("/")
    bot = Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=sending,
        get_updates_request=polling,
    )
    # Not bot.initialize(): that asks Telegram at once, and a start must not hang on it.
    await sending.initialize()
    await polling.initialize()
    try:
        yield Line(bot, polling, bot_id)
    finally:
        await polling.shutdown()
        await sending.shutdown()


def bot_id_of(token: str) -> int:
    """The bot's id, which every token begins with. Raises TokenRefused."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise TokenRefused(
            "SOTONG_TELEGRAM_TOKEN is not a bot token: copy it from @BotFather, digits, a colon and letters"
        )
    return int(match[1])


async def introduce(line: Line) -> Me:
    """Ask Telegram who the bot is. Raises TokenRefused, or TelegramError when Telegram cannot be had."""
    try:
        me = await line.bot.get_me()
    except InvalidToken:
        raise TokenRefused(
            "Telegram does not know the token in SOTONG_TELEGRAM_TOKEN: copy it anew from @BotFather"
        ) from None
    return Me(me.id, me.username or "")


async def check_token(line: Line, when_known: Callable[[Me], None] = lambda _me: None) -> bool:
    """Ask once at the start: True when Telegram knows the bot, False when it cannot be had now.

    `when_known` is given who the bot is. Raises TokenRefused when it answers that the token is wrong.
    """
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            when_known(await introduce(line))
    except (TelegramError, TimeoutError) as error:
        log.warning("telegram_not_reached", error=type(error).__name__)
        return False
    return True


def keep_quiet(noisy: Sequence[str] = ("httpx", "httpcore", "aiohttp.client", "telegram")) -> None:
    """Keep libraries from logging addresses, which hold the token, and bodies, which hold people's words."""
    for name in noisy:
        logging.getLogger(name).setLevel(logging.CRITICAL if name == "telegram" else logging.WARNING)
    # Waits come as timedeltas, as python-telegram-bot will have it; without this it warns at each one.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
