"""The whole program with only the web chat, and what a test does to its database behind its back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import Row, text

from bot.app import Program, build, running
from bot.settings import Settings
from handlers.world import World
from tests.support.program import FRIDAY_MORNING, Clock

KEY = "a-key-for-tests-only"
_PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A running program, its clock, and one browser."""

    program: Program
    clock: Clock
    browser: httpx.AsyncClient

    async def says(self, turn_id: str, **content: object) -> httpx.Response:
        """Post one turn: text=… or choice=…."""
        return await self.browser.post("/chat/turns", json={"id": turn_id, **content})

    async def rows(self, sql: str, **values: object) -> Sequence[Row[tuple[object, ...]]]:
        """What a query finds."""
        async with self.program.database.read() as connection:
            return (await connection.execute(text(sql), values)).all()

    async def change(self, sql: str) -> None:
        """Change the database as no handler would."""
        async with self.program.database.begin() as connection:
            await connection.execute(text(sql))

    async def states(self) -> list[str]:
        """The states of all turns, oldest first."""
        return [str(row.state) for row in await self.rows("SELECT state FROM inbox ORDER BY id")]

    async def said(self) -> list[str]:
        """The templates of everything said so far, in order."""
        return [str(row.template) for row in await self.rows("SELECT template FROM outbox ORDER BY id")]

    async def until(self, sql: str, *, passing: float = 0.0) -> None:
        """Wait until a query finds something; `passing` seconds of the stage's clock go by at each look."""
        async with asyncio.timeout(_PATIENCE):
            while not await self.rows(sql):
                self.clock.passes(seconds=passing)
                await asyncio.sleep(0.02)

    async def until_all_done(self) -> None:
        """Wait until no turn waits any more."""
        nothing_waits = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE state = 'waiting')"
        await self.until(nothing_waits)


@asynccontextmanager
async def open_stage(database_url: str, folder: Path, world: World) -> AsyncIterator[Stage]:
    """Run the program until the end."""
    clock = Clock(FRIDAY_MORNING)
    settings = Settings(database_url=database_url, data_folder=folder, secret_key=KEY)
    async with build(settings, clock=clock, world=world) as program, running(program):
        transport = httpx.ASGITransport(program.web, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as browser:
            yield Stage(program, clock, browser)
