"""Is the program well? Each thing that stands still is named."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from time import monotonic
from types import MappingProxyType

from sqlalchemy import text

from bot.measures import Measures
from handlers.ports import Clock
from storage.away import DatabaseAway
from storage.engine import Database
from storage.leases import hold_lease

_STANDS_STILL_AFTER = 20.0
_LONGER: Mapping[str, float] = MappingProxyType({"ticks": 150.0})
"""Loops that pass by less often: ticks ring twice a minute, and pass by at each batch of a long round."""

_WRITES_EVERY = 5.0
"""Seconds: whoever asks more often makes the database write no more often."""
_LONGEST_WAIT = 5.0
_LEAST_FREE_BYTES = 32 * 1024 * 1024
"""Less room than this is no room for photos and the night's copy."""


class Health:
    """Looks at the database, at the disk with the files, and at when each loop last passed by."""

    def __init__(
        self,
        database: Database,
        measures: Measures,
        clock: Clock,
        loops: tuple[str, ...],
        folder: Path | None = None,
    ) -> None:
        self._database = database
        self._measures = measures
        self._clock = clock
        self._loops = loops
        self._folder = folder
        self._wrote_at: float | None = None

    async def faults(self) -> list[str]:
        """Names of what stands still: database, disk, dispatcher, ticks, web, telegram; none: all is well."""
        faults = [] if await self._database_answers() else ["database"]
        faults += [] if self._disk_has_room() else ["disk"]
        now = self._clock().timestamp()
        passed = self._passed()
        return faults + [
            loop
            for loop in self._loops
            if now - passed.get(loop, 0.0) > _LONGER.get(loop, _STANDS_STILL_AFTER)
        ]

    async def _database_answers(self) -> bool:
        try:
            async with self._database.read() as connection:
                await connection.execute(text("SELECT 1"))
            if self._wrote_at is None or monotonic() - self._wrote_at > _WRITES_EVERY:
                # A full disk can still be read.
                async with asyncio.timeout(_LONGEST_WAIT):
                    await self._write()
                self._wrote_at = monotonic()
        except (DatabaseAway, TimeoutError):
            return False
        return True

    async def _write(self) -> None:
        async with self._database.begin(brief=True) as connection:
            await hold_lease(connection, "health", owner="health", now=self._clock(), lease=timedelta(0))

    def _disk_has_room(self) -> bool:
        if self._folder is None:
            return True
        try:
            return shutil.disk_usage(self._folder).free >= _LEAST_FREE_BYTES
        except OSError:
            return False

    def _passed(self) -> Mapping[str, float]:
        samples = next(iter(self._measures.alive.collect())).samples
        return {sample.labels["loop"]: sample.value for sample in samples}
