"""Saying that this process lives, and taking over what dead ones left behind."""

import asyncio
import contextlib
import random
from datetime import datetime, timedelta

import structlog

from bot.backoff import pause
from handlers.ports import Clock, Waker
from storage.away import DatabaseAway
from storage.engine import Database
from storage.presence import be_gone, be_present, free_what_the_dead_held, nobody_lives

_LEASE = timedelta(seconds=5)
_EVERY = 1.0

log = structlog.get_logger()


class Presence:
    """Keeps this process among the living; `wakers` look for work when something was freed."""

    def __init__(
        self, database: Database, *, owner: str, clock: Clock, wakers: tuple[Waker, ...], draw: random.Random
    ) -> None:
        self._database = database
        self._owner = owner
        self._clock = clock
        self._wakers = wakers
        self._draw = draw
        self._last: datetime | None = None
        self._patient_until: datetime | None = None

    async def arrive(self) -> None:
        """Be known before anything is leased. Raises DatabaseAway."""
        async with self._database.begin() as connection:
            if self._database.is_sqlite:
                await nobody_lives(connection)
        await self._pass()

    async def leave(self) -> None:
        """What is still leased is anybody's from now on."""
        with contextlib.suppress(DatabaseAway):
            async with self._database.begin() as connection:
                await be_gone(connection, self._owner)

    async def run(self) -> None:
        """Go on until cancelled; a database that is away is waited for."""
        if self._database.is_sqlite:
            # Nobody else is there who would look.
            return
        failures = 0
        while True:
            await asyncio.sleep(pause(failures, self._draw) if failures else _EVERY)
            try:
                await self._pass()
                failures = 0
            except DatabaseAway as error:
                failures += 1
                log.error("presence_waits_for_database", error=str(error))

    async def _pass(self) -> None:
        now = self._clock()
        freed = 0
        async with self._database.begin() as connection:
            await be_present(connection, self._owner, now=now, lease=_LEASE)
            if self._may_judge(now):
                freed = await free_what_the_dead_held(connection, now)
        self._last = now
        if freed:
            log.info("freed_what_the_dead_held", rows=freed)
            for waker in self._wakers:
                waker.wake()

    def _may_judge(self, now: datetime) -> bool:
        """After a time without the database nobody could report: then all are given time to do so first."""
        if self._last is not None and now - self._last >= _LEASE:
            self._patient_until = now + _LEASE
        return self._patient_until is None or now >= self._patient_until
