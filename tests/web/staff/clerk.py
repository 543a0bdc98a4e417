"""A clerk at the intake desk, filling its form."""

import re
from dataclasses import dataclass

import httpx

from cases.numbers import CaseNumber
from cases.vocabulary import Role
from storage.casebook import Case, case_by_number
from tests.web.staff.office import Desk, Office

LAMP = "송도2동 해돋이공원 앞 가로등이 꺼졌어요"
_KEY = re.compile(r'name="key" value="([^"]+)"')
_DONE = re.compile(r"/staff/desk/done/(\d\d-\d{5,})")


@dataclass
class Clerk:
    """Somebody who enters cases."""

    office: Office
    desk: Desk

    async def key(self) -> str:
        """Of a form that was just opened."""
        found = _KEY.search((await self.desk.get("/staff/desk/new")).text)
        assert found is not None
        return found[1]

    async def sends(self, text: str = LAMP, *, key: str = "", **fields: str) -> httpx.Response:
        """Save the form."""
        return await self.desk.post(
            "/staff/desk/new", save="1", text=text, key=key or await self.key(), **fields
        )

    async def files(self, text: str = LAMP, **fields: str) -> Case:
        """Save the form, and find the case."""
        return await self.case_of(await self.sends(text, **fields))

    async def case_of(self, answer: httpx.Response) -> Case:
        """The case whose number the next page shows."""
        found = _DONE.match(answer.headers.get("location", ""))
        assert found is not None, answer.text
        number = CaseNumber.parse(found[1])
        assert number is not None
        async with self.office.program.database.read() as connection:
            case = await case_by_number(connection, number)
        assert case is not None
        return case


async def clerk_of(office: Office, role: Role = Role.DESK) -> Clerk:
    """A clerk who is signed in."""
    return Clerk(office, await office.staff(role, ()))
