"""Long polling: updates are taken into the inbox first, and acknowledged to Telegram only then.

The offset lives in memory alone. Telegram itself remembers what was acknowledged, and the inbox takes no
update twice, so a restart goes on where the last commit was. An offset kept for longer could lose
messages: after a quiet week Telegram numbers updates anew, from any number (Bot API, "Update").
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from json import dumps
from typing import Protocol
from urllib.parse import urlencode

import structlog
from telegram.error import TelegramError

from bot.telegram.connection import Line, Me, TokenRefused, WhenKnown, introduce
from bot.telegram.patience import note_failure, pause
from bot.telegram.reading import Reader
from bot.telegram.taking import take
from bot.telegram.updates import ALLOWED_UPDATES
from handlers.ports import Intake

log = structlog.get_logger()

MOST_UPDATES = 100
_NUMBERED_ANEW_AFTER = timedelta(days=1)


class Turnstile(Protocol):
    """Lets one process at a time through (by a lease in the database)."""

    async def hold(self) -> bool:
        """Take or keep the right to poll; False while another process has it."""
        ...

    async def end(self) -> None:
        """Give the right back."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things take: a poll waits `poll` for news, the right to poll is renewed every `renew`."""

    poll: timedelta = timedelta(seconds=25)
    renew: timedelta = timedelta(seconds=1.5)


class Polling:
    """Takes updates from Telegram for as long as it runs and holds the right to."""

    def __init__(
        self,
        line: Line,
        reader: Reader,
        intake: Intake,
        turnstile: Turnstile,
        *,
        pace: Pace | None = None,
        when_known: WhenKnown | None = None,
    ) -> None:
        """`when_known` is called once Telegram has said who the bot is (menus are set there)."""
        self._line = line
        self._reader = reader
        self._intake = intake
        self._turnstile = turnstile
        self._pace = pace or Pace()
        self._when_known = when_known
        self._me: Me | None = None
        self._offset: int | None = None
        self._last_update: datetime = reader.clock()

    async def run(self) -> None:
        """Poll until cancelled. Whatever goes wrong is logged and tried again."""
        try:
            while True:
                if await self._may_poll():
                    await self._while_held()
                else:
                    await asyncio.sleep(self._pace.renew.total_seconds())
        finally:
            await self._give_back()

    async def _may_poll(self) -> bool:
        try:
            return await self._turnstile.hold()
        except Exception as error:
            log.error("polling_lease_failed", error=type(error).__name__)
            return False

    async def _give_back(self) -> None:
        try:
            await self._turnstile.end()
        except Exception as error:
            log.warning("polling_lease_not_ended", error=type(error).__name__)

    async def _while_held(self) -> None:
        polling = asyncio.create_task(self._poll_on(), name="telegram-poll")
        try:
            while True:
                done, _ = await asyncio.wait({polling}, timeout=self._pace.renew.total_seconds())
                if done:
                    polling.result()
                if not await self._may_poll():
                    log.warning("polling_lease_lost")
                    return
        finally:
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)

    async def _poll_on(self) -> None:
        failures = 0
        while True:
            try:
                await self._once()
                failures = 0
            except (TelegramError, TokenRefused) as error:
                failures += 1
                await asyncio.sleep(note_failure("polling_failed", error, failures))
            except Exception as error:
                # The inbox could not take them: not acknowledged, so Telegram gives them again.
                failures += 1
                log.error("polling_intake_failed", error=type(error).__name__)
                await asyncio.sleep(pause(failures))

    async def _once(self) -> None:
        if self._me is None:
            await self._begin()
        updates = await self._updates()
        if not updates:
            if self._reader.clock() - self._last_update > _NUMBERED_ANEW_AFTER:
                self._offset = None
            return
        await asyncio.gather(*(take(self._intake, self._reader, update) for update in updates))
        self._last_update = self._reader.clock()
        self._offset = _after(updates, self._offset)

    async def _begin(self) -> None:
        me = await introduce(self._line)
        self._reader = replace(self._reader, username=me.username)
        # What came while nobody listened is kept: these are residents' words.
        await self._line.bot.delete_webhook(drop_pending_updates=False)
        self._me = me
        log.info("polling_begins")
        if self._when_known is not None:
            await self._when_known(me)

    async def _updates(self) -> Sequence[object]:
        """The raw updates, so that one which nobody understands cannot hold up the others."""
        seconds = int(self._pace.poll.total_seconds())
        asked: dict[str, str] = {
            "timeout": str(seconds),
            "limit": str(MOST_UPDATES),
            "allowed_updates": dumps(ALLOWED_UPDATES),
        }
        if self._offset is not None:
            asked["offset"] = str(self._offset)
        answer: object = await self._line.polling.post(
            f"{self._line.bot.base_url}/getUpdates?{urlencode(asked)}",
            read_timeout=seconds + (self._line.polling.read_timeout or 0.0),
        )
        return answer if isinstance(answer, list) else []


def _after(updates: Sequence[object], offset: int | None) -> int | None:
    numbers = [update.get("update_id") for update in updates if isinstance(update, dict)]
    known = [number for number in numbers if isinstance(number, int)]
    return max(known) + 1 if known else offset
