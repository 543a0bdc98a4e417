"""Whole lives of cases: filed by a resident, moved and answered by staff in the console, all told."""

import asyncio
from datetime import UTC, datetime
from time import perf_counter

import aiohttp
from sqlalchemy import update

from benchmarks.support.residents import Resident
from benchmarks.support.stand import Stand
from cases.vocabulary import Role
from storage.engine import Database
from storage.staff import NewStaff, add_staff, set_staff
from storage.staff_sessions import open_session
from storage.tables import ResidentRow
from web.staff.sessions import COOKIE, new_session

_ELSEWHERE = "namdong/parks"
_NOTICES = 2


class Desk:
    """A member of staff who is signed in to the console."""

    def __init__(self, url: str, session: aiohttp.ClientSession, csrf: str) -> None:
        self._url = url
        self._session = session
        self._csrf = csrf

    async def do(self, number: str, action: str, *, version: int, target: str = "") -> None:
        """Send a form of the case's card."""
        form = {
            "csrf": self._csrf,
            "version": str(version),
            "words": "확인하고 처리했습니다.",
            "target": target,
        }
        address = f"{self._url}/staff/cases/{number}/{action}"
        async with self._session.post(address, data=form, allow_redirects=False) as answer:
            if answer.status != 303:
                raise RuntimeError(f"{action} of {number}: {answer.status} {(await answer.text())[:300]}")


async def open_desk(stand: Stand, session: aiohttp.ClientSession) -> Desk:
    """Sign somebody in, without a password."""
    database, now = Database(stand.database_url), datetime.now(UTC)
    async with database.begin() as connection:
        new = NewStaff(
            login="bench", name="측정", role=Role.ADMIN, password_hash="-", offices=(), locale="ko"
        )
        staff_id = await add_staff(connection, new, now)
        if staff_id is None:
            raise RuntimeError("the stand's database already has this account")
        await set_staff(connection, staff_id, {"must_change": False})
        token, kept = new_session(staff_id, now)
        await open_session(connection, kept)
        # Whatever the hour: notices that wait for the morning would be no measure.
        await connection.execute(update(ResidentRow).values(quiet=False))
    await database.close()
    session.headers["Cookie"] = f"{COOKIE}={token}"
    return Desk(stand.program.url, session, kept.csrf)


async def live(residents: list[Resident], desk: Desk, seconds: float) -> tuple[int, float]:
    """How many whole lives all these residents, filing at once, get done; and in how many seconds."""
    done, began = 0, perf_counter()

    async def live_on(resident: Resident) -> None:
        nonlocal done
        while perf_counter() - began < seconds:
            number = await resident.file()
            await desk.do(number, "move", version=0, target=_ELSEWHERE)
            await desk.do(number, "answer", version=1)
            await resident.hears_of(_NOTICES)
            done += 1

    await asyncio.gather(*(live_on(resident) for resident in residents))
    return done, perf_counter() - began
