"""Showing on the web: what is due becomes visible by being written, so exactly once."""

import asyncio
import random

import structlog

from bot.backoff import pause
from bot.measures import Measures
from bot.signals import Bell, NewsBoard
from handlers.ports import Clock
from storage.away import DatabaseAway
from storage.engine import Database
from storage.showing import show_on_web

_LOOK_EVERY = 0.5
_MOST_AT_ONCE = 500

log = structlog.get_logger()


class WebShower:
    """The sender of the web chat."""

    def __init__(
        self,
        database: Database,
        bell: Bell,
        news: NewsBoard,
        *,
        clock: Clock,
        measures: Measures,
        draw: random.Random,
    ) -> None:
        self._database = database
        self._bell = bell
        self._news = news
        self._clock = clock
        self._measures = measures
        self._draw = draw

    async def run(self) -> None:
        """Go on until cancelled; a database that is away is waited for."""
        failures = 0
        while True:
            try:
                shown = await self._pass()
                failures = 0
            except DatabaseAway as error:
                failures += 1
                log.error("shower_waits_for_database", error=str(error))
                await asyncio.sleep(pause(failures, self._draw))
                continue
            if not shown:
                await self._bell.wait(_LOOK_EVERY)

    async def _pass(self) -> bool:
        self._measures.alive.labels("web").set_to_current_time()
        async with self._database.begin(brief=True) as connection:
            conversations = await show_on_web(connection, now=self._clock(), limit=_MOST_AT_ONCE)
        self._news.announce(conversations)
        return bool(conversations)
