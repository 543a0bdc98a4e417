"""The whole program without its loops, with staff at their desks and cases on them."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import count
from pathlib import Path

import httpx
from sqlalchemy import insert, select

from bot.app import Program, build
from bot.settings import Settings
from cases.transitions import Actor
from cases.vocabulary import Action, Kind, OfficeId, Role
from handlers.casework import Deed, Draft, file, perform
from handlers.world import World
from storage.casebook import Case, case_by_id
from storage.people import agree
from storage.staff import NewStaff, add_staff, set_staff
from storage.staff_sessions import open_session
from storage.tables import ConversationRow, OutboxRow
from web.staff.sessions import COOKIE, new_session

PARKS = OfficeId("yeonsu/parks")
ELSEWHERE = OfficeId("namdong/parks")
MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
NO_PASSWORD = "no sign-in with this"


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@dataclass
class Desk:
    """A member of staff with a browser."""

    browser: httpx.AsyncClient
    staff_id: int
    csrf: str

    async def get(self, path: str) -> httpx.Response:
        return await self.browser.get(path)

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.browser.post(path, data={"csrf": self.csrf, **fields})

    async def act(self, case: Case, action: Action, **fields: str) -> httpx.Response:
        """Send a form of the card, as it stood when the case was `case`."""
        fields = {"version": str(case.version), **fields}
        return await self.post(f"/staff/cases/{case.number}/{action.value}", **fields)


@dataclass
class Office:
    """What stands behind the console."""

    program: Program
    watch: Watch
    folder: Path
    names: Iterable[int] = field(default_factory=lambda: count(1))

    def stranger(self, address: str = "192.0.2.7") -> httpx.AsyncClient:
        """A browser nobody is signed in with."""
        transport = httpx.ASGITransport(app=self.program.web, client=(address, 40_000))
        return httpx.AsyncClient(transport=transport, base_url="http://sotong.test")

    async def staff(
        self, role: Role = Role.OFFICER, offices: Iterable[OfficeId] = (PARKS,), *, locale: str = "ko"
    ) -> Desk:
        """Somebody signed in."""
        token, session = "", None
        async with self.program.database.begin() as connection:
            name = f"{role.value}{next(iter(self.names))}"
            new = NewStaff(
                login=name,
                name=f"직원 {name}",
                role=role,
                password_hash=NO_PASSWORD,
                offices=tuple(offices),
                locale=locale,
            )
            staff_id = await add_staff(connection, new, self.watch())
            assert staff_id is not None
            await set_staff(connection, staff_id, {"must_change": False})
            token, session = new_session(staff_id, self.watch())
            await open_session(connection, session)
        browser = self.stranger()
        browser.cookies.set(COOKIE, token, path="/staff")
        return Desk(browser, staff_id, session.csrf)

    async def resident(self, *, reachable: bool = True) -> int:
        """Somebody who agreed to be served, in the web chat."""
        async with self.program.database.begin() as connection:
            result = await connection.execute(
                insert(ConversationRow)
                .values(
                    channel="web",
                    external_id=f"resident-{next(iter(self.names))}",
                    reachable=reachable,
                    created_at=self.watch(),
                    last_at=self.watch(),
                )
                .returning(ConversationRow.id)
            )
            return await agree(connection, result.scalar_one(), "1", self.watch())

    async def case(
        self,
        text: str = "해돋이공원 의자가 부러졌어요",
        *,
        office: OfficeId = PARKS,
        kind: Kind = Kind.SUGGESTION,
        resident: int | None = None,
        title: str = "",
        public: bool = True,
    ) -> Case:
        """A case that lies on an office's desk."""
        raiser = resident if resident is not None else await self.resident()
        draft = Draft(
            kind=kind,
            title=title or text[:40],
            text=text,
            office=office,
            district="yeonsu",
            place="송도2동",
            public=public,
        )
        async with self.program.database.begin() as connection:
            by = Actor(Role.RAISER, resident_id=raiser)
            return await file(connection, self.world, draft, by=by, channel="web", now=self.watch())

    async def did(self, case: Case, deed: Deed) -> Case:
        """Something done to a case elsewhere than in the console."""
        async with self.program.database.begin() as connection:
            return await perform(connection, self.world, case.id, deed, self.watch())

    async def now(self, case: Case) -> Case:
        """The case as it is now."""
        async with self.program.database.read() as connection:
            found = await case_by_id(connection, case.id)
        assert found is not None
        return found

    async def told(self, case: Case) -> list[str]:
        """What was put into the outbox about a case, oldest first."""
        async with self.program.database.read() as connection:
            rows = await connection.execute(
                select(OutboxRow.template).where(OutboxRow.case_id == case.id).order_by(OutboxRow.id)
            )
            return list(rows.scalars())

    @property
    def world(self) -> World:
        return self.program.world


@asynccontextmanager
async def open_office(database_url: str, folder: Path, world: World) -> AsyncIterator[Office]:
    """The program over a database, with a clock that stands still."""
    watch = Watch()
    settings = Settings(database_url=database_url, data_folder=folder, secret_key="k" * 32)
    async with build(settings, clock=watch, world=world) as program:
        yield Office(program, watch, folder)


def read(answer: httpx.Response) -> str:
    """The text of a page as a person reads it."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())
