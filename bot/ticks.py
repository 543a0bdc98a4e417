"""The ticking of the schedules (똑딱): a scheduler rings every half minute, and all that is due is done."""

import asyncio
import random
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.backoff import pause
from bot.measures import Measures
from schedules.jobs import Tools
from schedules.tick import tick
from storage.away import DatabaseAway
from storage.figures import count_all

EVERY_SECONDS = 30
COUNTED_AT_ONCE = 20_000
"""Lines of history that one tick counts for the figures, in short transactions."""

log = structlog.get_logger()


class Ticks:
    """Runs what falls due. The scheduler only rings: what is due is in the database, for any process."""

    def __init__(self, tools: Tools, *, measures: Measures, draw: random.Random) -> None:
        self._tools = tools
        self._measures = measures
        self._draw = draw
        self._rung = asyncio.Event()

    async def run(self) -> None:
        """Go on until cancelled; a database that is away is waited for."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        # A late ring is rung all the same, and many missed ones are one.
        scheduler.add_job(
            self._ring, "interval", seconds=EVERY_SECONDS, misfire_grace_time=None, coalesce=True
        )
        scheduler.start()
        self._rung.set()
        try:
            await self._heed()
        finally:
            scheduler.shutdown(wait=False)

    async def _ring(self) -> None:
        self._rung.set()

    async def _heed(self) -> None:
        failures = 0
        while True:
            await self._rung.wait()
            self._rung.clear()
            self._measures.alive.labels("ticks").set_to_current_time()
            try:
                await tick(self._tools, self._tools.clock())
                await count_all(self._tools.database, self._tools.world.zone, most=COUNTED_AT_ONCE)
                failures = 0
            except DatabaseAway as error:
                failures += 1
                log.error("ticks_wait_for_database", error=str(error))
                await asyncio.sleep(pause(failures, self._draw))
                self._rung.set()
