"""When offices are reorganised, cases, groups and staff go on under the name of whoever took over."""

import pytest
from sqlalchemy import insert, select

from bot.app import build_world
from cases.vocabulary import Action, OfficeId
from cities.parsing import parse_city
from handlers.world import World
from storage.tables import StaffOfficeRow, StaffRow
from tests.schedules.small_city import pack, small_world
from tests.schedules.town import ROADS, Town, templates

STREETS = OfficeId("yeonsu/streets")


def _reorganise(town: Town) -> None:
    """The program starts anew; the departments of roads have become those of streets."""
    town.start_with(small_world(2))


@pytest.fixture
def world() -> World:
    """A small city."""
    return small_world()


async def _officer(town: Town) -> int:
    async with town.database.begin() as connection:
        officer = await connection.execute(
            insert(StaffRow)
            .values(login="officer", name="담당", role="officer", password_hash="", created_at=town.now)
            .returning(StaffRow.id)
        )
        staff_id = officer.scalar_one()
        await connection.execute(insert(StaffOfficeRow).values(staff_id=staff_id, office=ROADS))
    return staff_id


async def test_the_heir_of_an_office_gets_its_cases_its_group_and_its_staff_and_nobody_is_told(
    town: Town,
) -> None:
    group, person = await town.group(ROADS), await town.person()
    officer = await _officer(town)
    case = await town.does(await town.raises(person), Action.TAKE)
    _reorganise(town)
    await town.tick()
    inherited = await town.case(case)
    assert (inherited.office, inherited.state, inherited.moves) == (STREETS, case.state, 0)
    assert templates(await town.told(person.conversation)) == ["notice.take"]
    async with town.database.read() as connection:
        offices = await connection.scalars(
            select(StaffOfficeRow.office).where(StaffOfficeRow.staff_id == officer)
        )
        assert list(offices) == [STREETS]
    await town.until("2026-12-04 09:00")
    (reminder,) = await town.told(group, "clock.due_3")
    assert "길과" in reminder.text


async def test_what_was_said_before_shows_the_name_the_office_has_now(town: Town) -> None:
    person = await town.person()
    await town.does(await town.raises(person), Action.TAKE)
    _reorganise(town)
    (said,) = await town.told(person.conversation, "notice.take")
    assert "길과" in said.text
    assert "도로과" not in said.text


async def test_a_city_department_that_became_one_of_each_district_gives_each_case_to_its_place(
    town: Town,
) -> None:
    policy = OfficeId("parks_policy")
    group = await town.group(policy)
    case = await town.raises(await town.person(), office=policy)
    kept, _, _ = pack()["departments.toml"].partition('[[department]]\nid = "parks_policy"')
    files = {**pack(), "departments.toml": kept + 'formerly = ["parks_policy"]\n'}
    town.start_with(build_world(parse_city(files, pack="bada")))
    await town.tick()
    assert (await town.case(case)).office == "yeonsu/parks"
    assert town.world.directory.name(policy, "ko") == "바다시 공원과"
    # Nobody can say whose the group is now: it stays as it is until staff bind it anew.
    await town.until("2027-01-11 10:00")
    assert await town.told(group, "half_list.list") == []
