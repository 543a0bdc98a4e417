"""Taking in what the console edits of the pack: every process looks for it now and then."""

import asyncio
import random
from collections.abc import Callable, Sequence

import structlog

from bot.backoff import pause
from cities.editing import Edit
from cities.faults import PackError
from cities.reading import read_pack
from handlers.world import Outlook, World
from intents.city import City
from storage.away import DatabaseAway
from storage.demonstration import DEMONSTRATION, is_marked
from storage.engine import Database
from storage.pack_edits import edits_that_count, newest_version

EVERY_SECONDS = 20.0

log = structlog.get_logger()


class Packs:
    """Keeps one process's world at the pack's files with what was edited of them."""

    def __init__(
        self,
        database: Database,
        world: World,
        pack: str,
        outlook_of: Callable[[City], Outlook],
        *,
        draw: random.Random,
    ) -> None:
        self._database, self._world, self._pack = database, world, pack
        self._outlook_of, self._draw = outlook_of, draw
        self._version = 0
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Go on until cancelled; a database that is away is waited for."""
        failures = 0
        while True:
            await asyncio.sleep(pause(failures, self._draw) if failures else EVERY_SECONDS)
            try:
                await self.look()
                failures = 0
            except DatabaseAway as error:
                failures += 1
                log.error("packs_wait_for_database", error=str(error))

    async def look(self) -> bool:
        """Take in what was edited since the last look; True when there was something that fits the files."""
        async with self._looking:
            async with self._database.read() as connection:
                version = await newest_version(connection)
                edits = await edits_that_count(connection) if version != self._version else []
                if not self._world.demonstration:
                    self._world.demonstration = await is_marked(connection, DEMONSTRATION)
            if version == self._version:
                return False
            self._version = version
            try:
                # Reading a pack takes half a second: aside, so that no turn waits for it.
                outlook = await asyncio.to_thread(self._built, edits)
            except PackError as error:
                # The files changed since, and no longer go together with what was edited.
                log.error("pack_edits_do_not_fit", version=version, faults=[str(one) for one in error.faults])
                return False
            self._world.take(outlook)
            log.info("pack_edits_in_use", version=version)
            return True

    def _built(self, edits: Sequence[Edit]) -> Outlook:
        return self._outlook_of(read_pack(self._pack).city(edits))


async def city_now(database: Database, pack: str) -> City:
    """The city of a pack with what was edited of it, for a command. Raises PackError."""
    async with database.read() as connection:
        edits = await edits_that_count(connection)
    return read_pack(pack).city(edits)
