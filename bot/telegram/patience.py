"""Waiting for Telegram: how long after which failure, said in the log without anybody's words."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.telegram.connection import TokenRefused

log = structlog.get_logger()

_FIRST, _LONGEST = 0.5, 30.0
_ONE_POLLER = "another program polls with this token: stop it, or use the webhook (SOTONG_PUBLIC_URL)"
_REFUSED = "Telegram does not know SOTONG_TELEGRAM_TOKEN any more: copy it anew from @BotFather"


def pause(failures: int) -> float:
    """Seconds to wait: doubled at each failure, and scattered so that processes do not come together."""
    longest = min(_LONGEST, _FIRST * 2.0 ** min(failures - 1, 10))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - nothing is guessed from it


def note_failure(event: str, error: TelegramError | TokenRefused, failures: int) -> float:
    """Log what failed, and give the seconds to wait before the next try."""
    match error:
        case Conflict():
            log.error(event, error="Conflict", advice=_ONE_POLLER)
        case InvalidToken() | TokenRefused():
            log.error(event, error="TokenRefused", advice=_REFUSED)
            return _LONGEST
        case RetryAfter():
            wait = error.retry_after
            log.warning(event, error="RetryAfter")
            return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        case _:
            log.warning(event, error=type(error).__name__)
    return pause(failures)


async def persist(attempt: Callable[[], Awaitable[None]], event: str) -> None:
    """Try until Telegram has done it; every failure is logged as `event`."""
    failures = 0
    while True:
        try:
            await attempt()
        except (TelegramError, TokenRefused) as error:
            failures += 1
            await asyncio.sleep(note_failure(event, error, failures))
        else:
            return
