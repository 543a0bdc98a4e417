"""The records of past accounts: for everyone who signs in, by district, without any person."""

from datetime import UTC, datetime

import pytest

from cases.vocabulary import Role
from storage.jobs import begin_run, hold_run, move_run
from tests.web.staff.office import Office

DUE = datetime(2027, 1, 11, tzinfo=UTC)
FIGURES = {
    "open": 41,
    "people": 37,
    "told": 30,
    "unreachable": 4,
    "stopped": 3,
    "without_word": 12,
    "without_chat": 2,
    "districts": {"yeonsu": {"open": 41, "without_word": 12, "reviewing": 41}},
}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.READER])
async def test_everyone_of_the_staff_sees_what_became_of_an_account(office: Office, role: Role) -> None:
    desk = await office.staff(role)
    assert "아직 보낸 반기 소식이 없습니다" in (await desk.get("/staff/rounds")).text
    async with office.program.database.begin() as connection:
        await begin_run(connection, "half_account", "2026H2", due_at=DUE, now=DUE)
        run = await hold_run(connection, "half_account", "2026H2")
        assert run is not None
        await move_run(connection, run, cursor="", figures=FIGURES, finished_at=DUE, outcome="done")
    page = (await desk.get("/staff/rounds")).text
    assert "2026H2 · 2027년 1월 11일(월)" in page
    assert "알린 사람: <strong>30</strong>" in page
    assert "연수구: 끝나지 않은 건의 41건, 남긴 말 없음 12건" in page
    assert "(검토중 41)" in " ".join(page.split())
    assert 'href="/staff?view=open&amp;district=yeonsu"' in page
