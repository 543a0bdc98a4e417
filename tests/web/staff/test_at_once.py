"""Two at the same moment, on both databases: nothing is filed twice, nobody's change is lost unseen."""

import asyncio

from sqlalchemy import func, select

from cases.vocabulary import Role
from storage.tables import CaseRow
from tests.web.staff.clerk import clerk_of
from tests.web.staff.office import Office
from tests.web.staff.test_meetings import ROUND, written


async def test_a_form_sent_twice_at_once_files_one_case_and_skips_no_number(office: Office) -> None:
    clerk = await clerk_of(office)
    key = await clerk.key()
    answers = await asyncio.gather(*(clerk.sends(key=key) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    async with office.program.database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(CaseRow)) == 1
    assert (await clerk.files("송도2동 공원 의자가 부러졌어요")).running == 2


async def test_of_two_clerks_who_save_a_meeting_at_once_one_is_shown_what_the_other_changed(
    office: Office,
) -> None:
    desks = [await office.staff(Role.DESK, ()) for _ in range(2)]
    path = await written(desks[0])
    answers = await asyncio.gather(
        *(
            desk.post(path, **{**ROUND, "version": "0", "attendees": count})
            for desk, count in zip(desks, ("41", "52"), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
