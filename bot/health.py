"""Is the program well? Each thing that stands still is named."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import text

from bot.measures import Measures
from handlers.ports import Clock
from storage.away import DatabaseAway
from storage.engine import Database

_STANDS_STILL_AFTER = 20.0
_LONGER: Mapping[str, float] = MappingProxyType({"ticks": 150.0})
"""Loops that pass by less often: ticks ring twice a minute, and pass by at each batch of a long round."""


class Health:
    """Looks at the database and at when each loop last passed by."""

    def __init__(self, database: Database, measures: Measures, clock: Clock, loops: tuple[str, ...]) -> None:
        self._database = database
        self._measures = measures
        self._clock = clock
        self._loops = loops

    async def faults(self) -> list[str]:
        """Names of what stands still: database, dispatcher, ticks, web, telegram; none means all is well."""
        faults = [] if await self._database_answers() else ["database"]
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
        except DatabaseAway:
            return False
        return True

    def _passed(self) -> Mapping[str, float]:
        samples = next(iter(self._measures.alive.collect())).samples
        return {sample.labels["loop"]: sample.value for sample in samples}
