"""The real program inside a test: every loop runs, over a fresh database, with a clock the test holds.

    async with open_program(url, folder, world) as program:
        resident = Resident(WebDevice(program))
        await resident.says("가로등이 꺼졌어요")
        await resident.hears("담당")

Nothing of the program is replaced but the clock and, on Telegram's side of the wire, Telegram.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import and_, or_, select, text

from bot.app import Program, build, running
from bot.settings import Pace, Settings
from handlers.world import World
from storage.tables import Base, InboxRow, OutboxRow
from tests.doubles.bot_api import BotApiDouble

SEOUL = ZoneInfo("Asia/Seoul")
FRIDAY_MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=SEOUL)
TOKEN = "123456:test-token-not-a-secret"

_ADDRESS = "http://127.0.0.1:8080"
_LOOK_AGAIN_SECONDS = 0.004
_PATIENCE_SECONDS = 15.0


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def passes(self, **span: float) -> None:
        """Time goes by: `passes(hours=10)`."""
        self._now += timedelta(**span)

    def becomes(self, moment: datetime) -> None:
        """It is now `moment`."""
        self._now = moment


@dataclass(frozen=True, slots=True)
class RunningProgram:
    """The program as it runs, and the doors a test has to it."""

    program: Program
    clock: Clock
    telegram: BotApiDouble | None

    @property
    def world(self) -> World:
        """The city, its calendar, understanding and wording."""
        return self.program.world

    def browser(self) -> httpx.AsyncClient:
        """A browser of its own: it keeps its cookie, as a person's does."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.program.web), base_url=_ADDRESS)

    async def settles(self) -> None:
        """Wait until every turn is answered and everything that is due was shown.

        Raises AssertionError for a turn that failed: while the clock stands still it is not tried again.
        """
        if self.telegram is not None:
            await self.telegram.until_taken(_PATIENCE_SECONDS)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while await self._is_busy():  # noqa: ASYNC110 - what happens, happens in the database
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _is_busy(self) -> bool:
        now = self.clock()
        turn_waits = InboxRow.state.in_(("waiting", "failed"))
        due = and_(OutboxRow.state == "waiting", OutboxRow.not_before <= now)
        async with self.program.database.read() as connection:
            turns = (await connection.execute(select(InboxRow.state, InboxRow.fault).where(turn_waits))).all()
            faults = [turn.fault for turn in turns if turn.fault or turn.state == "failed"]
            assert not faults, f"turns failed: {faults}"
            dead = select(OutboxRow.template, OutboxRow.outcome).where(
                or_(OutboxRow.state == "dead", and_(due, OutboxRow.outcome.is_not(None)))
            )
            unsent = (await connection.execute(dead)).all()
            assert not unsent, f"not sent: {unsent}"
            more = (await connection.execute(select(OutboxRow.id).where(due).limit(1))).all()
        return bool(turns or more)

    async def time_passes(self, **span: float) -> None:
        """Move the clock and let everything happen that is due by then."""
        self.clock.passes(**span)
        await self.catches_up()

    async def it_becomes(self, moment: datetime) -> None:
        """Set the clock and let everything happen that is due by then."""
        self.clock.becomes(moment)
        await self.catches_up()

    async def catches_up(self) -> None:
        """Let everything be sent that a commit beside the loops, or the clock, has made due."""
        self.program.outgoing.wake()
        await self.settles()

    async def rows(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """What a query finds."""
        asked = text(statement)
        async with self.program.database.read() as connection:
            return [tuple(row) for row in await connection.execute(asked, values)]

    async def everything_kept(self) -> str:
        """Every row of every table as one text, to look for what must not be there."""
        found: list[str] = []
        async with self.program.database.read() as connection:
            for table in Base.metadata.sorted_tables:
                rows = await connection.execute(table.select())
                found += [f"{table.name}: {tuple(row)}" for row in rows]
        return "\n".join(found)


@asynccontextmanager
async def open_program(
    database_url: str,
    folder: Path,
    world: World,
    *,
    with_telegram: bool = False,
    at: datetime = FRIDAY_MORNING,
) -> AsyncIterator[RunningProgram]:
    """Run the whole program on a migrated, empty database until the end."""
    if not with_telegram:
        async with _opened(
            Settings(database_url=database_url, data_folder=folder), world, at, None
        ) as opened:
            yield opened
        return
    async with BotApiDouble() as telegram:
        settings = Settings(
            database_url=database_url,
            data_folder=folder,
            telegram_token=TOKEN,
            telegram_api_url=telegram.url,
            # Limits of pace have tests of their own; here they would only make people wait.
            pace=Pace(0, 0, 0),
        )
        async with _opened(settings, world, at, telegram) as opened:
            yield opened
        assert telegram.violations == []
        assert telegram.unanswered == []


@asynccontextmanager
async def _opened(
    settings: Settings, world: World, at: datetime, telegram: BotApiDouble | None
) -> AsyncIterator[RunningProgram]:
    clock = Clock(at)
    async with build(settings, clock=clock, world=world) as program, running(program):
        opened = RunningProgram(program, clock, telegram)
        yield opened
        await opened.settles()
