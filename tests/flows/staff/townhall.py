"""A small town hall for tests: the whole program over the double, with residents' cases and staff groups."""

import io
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

from bot.app import build, build_world, running
from bot.settings import Pace, Settings
from cases.transitions import Actor
from cases.vocabulary import Action, Kind, OfficeId, Role
from cities.reading import load_city
from handlers.casework import Deed, Draft, file, perform
from handlers.world import World
from storage.attachments import add_attachment
from storage.bindings import make_code
from storage.casebook import Case, Event, case_by_id, history_of
from storage.engine import Database
from storage.files import FileStore
from storage.intake import Arrival, receive
from storage.people import agree
from storage.staff import NewStaff, add_staff
from tests.doubles.bot_api import BotApiDouble, Group, Person

TOKEN = "123456:a-token-that-no-log-may-show"
SEOUL = ZoneInfo("Asia/Seoul")
MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=SEOUL)
PARKS = OfficeId("yeonsu/parks")
ROADS = OfficeId("yeonsu/roads")


def settings(url: str, folder: Path, double: BotApiDouble) -> Settings:
    """Settings without waits: what is tested here is who is told what."""
    return Settings(
        data_folder=folder,
        database_url=url,
        secret_key="a key for tests, long enough",
        telegram_token=TOKEN,
        telegram_api_url=double.url,
        pace=Pace(0, 0, 0),
    )


@cache
def shared_world() -> World:
    """The city as handlers know it; values that no test changes."""
    return build_world(load_city("incheon"))


class Clock:
    """Time from a November morning on; it can be set ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        """Now."""
        return MORNING + self._ahead + timedelta(seconds=time.monotonic() - self._began)

    def goes(self, ahead: timedelta) -> None:
        """Let time pass at once."""
        self._ahead += ahead


@dataclass(frozen=True, slots=True)
class TownHall:
    """The running program and what a test does around it."""

    double: BotApiDouble
    database: Database
    world: World
    clock: Clock
    files: FileStore

    async def resident(self, user_id: int = 1001) -> Person:
        """A person who agreed to be served."""
        person = self.double.person(user_id)
        async with self.database.begin() as connection:
            arrival = Arrival(
                "telegram", f"first:{user_id}", str(user_id), self.clock(), {}, fault="for a test"
            )
            received = (await receive(connection, [arrival]))[0]
            assert received.conversation_id is not None
            await agree(connection, received.conversation_id, "1", self.clock())
        return person

    async def case(
        self, office: OfficeId = PARKS, text: str = "가로수가 쓰러지려고 해요", by: int = 1
    ) -> Case:
        """A case that resident number `by` raised."""
        draft = Draft(kind=Kind.SUGGESTION, title=text[:60], text=text, office=office, district="yeonsu")
        raiser = Actor(Role.RAISER, resident_id=by)
        async with self.database.begin() as connection:
            return await file(connection, self.world, draft, by=raiser, channel="telegram", now=self.clock())

    async def photo(self, case: Case) -> None:
        """A photo that belongs to the case."""
        content = io.BytesIO()
        Image.new("RGB", (64, 48), "green").save(content, "JPEG")
        kept = await self.files.keep(content.getvalue())
        async with self.database.begin() as connection:
            await add_attachment(
                connection,
                conversation_id=1,
                name=kept.name,
                media_type=kept.media_type,
                size=kept.size,
                at=self.clock(),
                case_id=case.id,
            )

    async def does(self, case: Case, action: Action, words: str = "", **more: OfficeId) -> Case:
        """Something done in the console, or by the resident, while the group looks elsewhere."""
        role = Role.RAISER if action in (Action.ADD, Action.REPLY, Action.SECOND_LOOK) else Role.DESK
        by = Actor(role, resident_id=case.resident_id)
        async with self.database.begin() as connection:
            deed = Deed(action=action, by=by, words=words, target=more.get("target"))
            return await perform(connection, self.world, case.id, deed, self.clock())

    async def code(self, office: OfficeId) -> str:
        """A code from the console that binds a group to an office."""
        async with self.database.begin() as connection:
            new = NewStaff(login=f"head-{office}", name="과장", role=Role.HEAD, password_hash="-")
            staff_id = await add_staff(connection, new, self.clock())
            return await make_code(connection, office, staff_id or 1, self.clock())

    async def group(self, office: OfficeId = PARKS, chat_id: int = -2001) -> Group:
        """A group bound to an office, with 김담당 (user 7) in it."""
        group = self.double.group(chat_id)
        await group.member(7, "김담당").says(f"/bind {await self.code(office)}")
        await group.hears_text("이제")
        return group

    async def now(self, case: Case) -> Case:
        """The case as the database has it."""
        async with self.database.read() as connection:
            found = await case_by_id(connection, case.id)
        assert found is not None
        return found

    async def last_event(self, case: Case) -> Event:
        """The newest line of the case's history."""
        async with self.database.read() as connection:
            return (await history_of(connection, case.id))[-1]


@asynccontextmanager
async def town_hall(url: str, folder: Path) -> AsyncIterator[TownHall]:
    """The whole program, polling the double, until the end of the block."""
    clock = Clock()
    async with BotApiDouble() as double:
        database, files = Database(url), FileStore(folder / "files")
        try:
            async with build(settings(url, folder, double), clock=clock) as program, running(program):
                yield TownHall(double, database, shared_world(), clock, files)
        finally:
            files.close()
            await database.close()
        assert double.violations == []
