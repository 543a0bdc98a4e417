"""Administrators edit the city's data beside the pack's files; every running process goes on with it."""

import random
from datetime import date

import pytest

from bot.app import build, build_outlook
from bot.packs import Packs
from bot.settings import Settings
from cases.vocabulary import Role
from handlers.world import World
from storage.audit import Sealer
from tests.web.staff.office import Desk, Office, read
from tests.web.staff.test_audit import noted

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
PARKS = "/staff/pack/department/parks"
WORD = "소꿉마당"


@pytest.fixture
async def boss(office: Office) -> Desk:
    return await office.staff(Role.ADMIN, ())


def best(world: World) -> str:
    guesses = world.understanding.read(f"송도2동 {WORD} 좀 봐 주세요").offices
    return guesses[0].department if guesses else ""


async def test_a_new_word_routes_at_once_and_going_back_to_the_file_undoes_it(
    office: Office, boss: Desk
) -> None:
    assert best(office.world) != "parks"
    answer = await boss.post("/staff/pack/keywords", key="parks", after="0", keywords=f"공원\n{WORD}\n공원")
    assert answer.headers["location"] == f"{PARKS}?done=saved"
    assert best(office.world) == "parks"
    page = read(await boss.get(PARKS))
    assert "지금은 여기에서 고친 것을 쓰고 있어요" in page
    assert f"공원, {WORD}" in page
    await boss.post("/staff/pack/keywords", key="parks", after="1", undo="1")
    assert best(office.world) != "parks"
    assert "지금은 파일에 적힌 대로 쓰고 있어요" in read(await boss.get(PARKS))
    assert await noted(office) == [("pack.edited", "parks")] * 2


async def test_every_other_process_takes_it_in_at_its_next_look_and_at_its_start(
    office: Office, boss: Desk, world: World, migrated_database_url: str
) -> None:
    other = world.own(turns_per_minute=40, sealer=Sealer(""))
    watch = Packs(office.program.database, other, "incheon", build_outlook, draw=random.Random(1))
    assert not await watch.look()
    await boss.post("/staff/pack/keywords", key="parks", after="0", keywords=WORD)
    assert best(other) != "parks"
    assert await watch.look()
    assert best(other) == "parks"
    assert not await watch.look()
    settings = Settings(database_url=migrated_database_url, data_folder=office.folder, secret_key="k" * 32)
    async with build(settings, world=world) as started:
        assert best(started.world) == "parks"
    assert best(world) != "parks"


async def test_a_day_off_moves_deadlines_and_the_half_year_follows(office: Office, boss: Desk) -> None:
    monday = date(2026, 11, 23)
    assert office.world.calendar.is_working(monday)
    await boss.post("/staff/pack/day", key="2026-11-23", after="0", change="off", name="임시공휴일")
    assert not office.world.calendar.is_working(monday)
    await boss.post("/staff/pack/half_year", after="1", dates="02-01, 08-01")
    assert office.world.directory.city.half_year_dates == ("02-01", "08-01")
    page = read(await boss.get("/staff/pack"))
    assert "2026-11-23 쉬는 날 · 임시공휴일 여기에서 고침" in page
    assert "파일에 적힌 것: 01-10 07-10" in page


async def test_a_new_name_is_shown_wherever_the_office_is(office: Office, boss: Desk) -> None:
    await boss.post("/staff/pack/contact", key="parks", after="0", name="정원도시과", phone="032-123-4567")
    case = await office.case()
    assert "연수구 정원도시과" in read(await boss.get(f"/staff/cases/{case.number}"))
    assert office.world.directory.phone(case.office) == "032-123-4567"


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("keywords", {"key": "parks", "keywords": " \n "}, "낱말을 하나는"),
        ("keywords", {"key": "parks", "keywords": "가" * 41}, "40자까지"),
        ("contact", {"key": "parks", "name": "공원과", "phone": "전화 없음"}, "is no phone number"),
        ("half_year", {"dates": "13-45"}, "is no day as MM-DD"),
        ("day", {"key": "2026-02-30", "change": "off"}, "날짜와 어떤 날인지"),
    ],
)
async def test_what_would_make_the_pack_faulty_is_refused_in_words(
    office: Office, boss: Desk, kind: str, fields: dict[str, str], said: str
) -> None:
    answer = await boss.post(f"/staff/pack/{kind}", after="0", **fields)
    assert (answer.status_code, said in read(answer)) == (422, True)
    assert await noted(office) == []


async def test_who_edits_what_somebody_else_just_changed_is_told_and_keeps_their_words(
    office: Office, boss: Desk
) -> None:
    await boss.post("/staff/pack/half_year", after="0", dates="02-01")
    late = await boss.post("/staff/pack/keywords", key="parks", after="0", keywords=WORD)
    assert (late.status_code, "그사이 다른 사람이" in read(late)) == (409, True)
    assert WORD in late.text
    assert best(office.world) != "parks"


async def test_there_is_no_department_or_value_but_those_of_the_pack(boss: Desk) -> None:
    assert (await boss.get("/staff/pack/department/none")).status_code == 404
    for kind, key in (("keywords", "none"), ("secret", "parks")):
        answer = await boss.post(f"/staff/pack/{kind}", key=key, after="0", keywords="x")
        assert answer.status_code == 404
