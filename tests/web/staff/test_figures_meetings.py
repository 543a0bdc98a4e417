"""The figures of meetings, and the plan they are held against."""

from datetime import date
from html import unescape

from sqlalchemy import insert

from cases.vocabulary import Role
from storage.tables import MeetingRow
from tests.web.staff.office import Office, read


async def held(office: Office, kind: str, day: date, district: str = "", place: str = "") -> None:
    """A meeting that was held."""
    async with office.program.database.begin() as connection:
        await connection.execute(
            insert(MeetingRow).values(
                code=f"m{next(iter(office.names))}code",
                title=f"{kind} {place}",
                kind=kind,
                held_on=day,
                district=district,
                place=place,
                attendees=30,
                created_at=office.watch(),
            )
        )


async def test_meetings_are_counted_by_kind_and_district_and_against_the_plan(office: Office) -> None:
    await held(office, "현장대화의 날", date(2026, 8, 3), "yeonsu", "송도1동")
    await held(office, "현장대화의 날", date(2026, 9, 3), "namdong", "구월1동")
    await held(office, "정책간담회", date(2026, 10, 3))
    await held(office, "정책간담회", date(2025, 10, 3))
    desk = await office.staff(Role.DESK, ())
    path = "/staff/figures/meetings"
    for year, planned in ((2025, 2), (2026, 10), (2027, 20)):
        assert (await desk.post(path, year=str(year), planned=str(planned))).status_code == 303
    page = read(await desk.get(f"{path}?half=2026H2"))
    assert "현장대화의 날 2 2 60 0" in page
    assert "정책간담회 1 0 30 0" in page
    assert "연수구 1 1 30 0" in page
    assert "2025 2 10 % 1 5 %" in page
    assert "2026 10 50 % 4 20 %" in page
    assert "2027 20 100 % –" in page
    narrowed = unescape((await desk.get(f"{path}?half=2026H2&kind=정책간담회")).text)
    assert "송도1동" not in narrowed
    assert (await desk.post(path, year="2027", planned="")).status_code == 303
    assert "2026 10 100 % 4 40 %" in read(await desk.get(path))


async def test_a_plan_that_is_no_number_is_refused_and_only_the_desk_may_plan(office: Office) -> None:
    desk, officer = await office.staff(Role.DESK, ()), await office.staff()
    for year, planned in (("1999", "3"), ("2026", "많이"), ("", "3"), ("2026", "-1")):
        answer = await desk.post("/staff/figures/meetings", year=year, planned=planned)
        assert answer.status_code == 422
        assert "연도는 2000~2099" in read(answer)
    assert (await officer.post("/staff/figures/meetings", year="2026", planned="3")).status_code == 403
    assert "목표 저장" not in read(await officer.get("/staff/figures/meetings"))
