"""The figures: what is counted for whom, and that a number opens exactly its cases."""

import re
from html import unescape

from cases.transitions import Actor
from cases.vocabulary import Action, Kind, Role
from handlers.casework import Deed
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read
from tests.web.staff.test_list import listed, numbers


def tile(page: str, name: str) -> str:
    """What stands under a heading of the page."""
    found = re.search(rf"<dt>{name}</dt>\s*<dd>(.*?)</dd>", page, re.DOTALL)
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


async def behind(desk: Desk, page: str, name: str) -> list[str]:
    """The cases that the number under a heading opens."""
    found = re.search(rf'<dt>{name}</dt>\s*<dd><a href="([^"]+)"', page)
    assert found, name
    return sorted(listed(await desk.get(unescape(found[1]))))


async def test_a_life_of_cases_becomes_figures_that_open_them(office: Office) -> None:
    officer = await office.staff()
    done, open_, moved = [
        await office.case(kind=kind) for kind in (Kind.SUGGESTION, Kind.COMPLAINT, Kind.QUESTION)
    ]
    office.watch.go_on(days=3)
    await office.did(
        moved, Deed(action=Action.MOVE, by=Actor(Role.DESK), words="남동구 일", target=ELSEWHERE)
    )
    await office.did(done, Deed(action=Action.PROGRESS, by=Actor(Role.DESK), words="보고 있어요"))
    office.watch.go_on(days=4)
    done = await office.did(done, Deed(action=Action.ANSWER, by=Actor(Role.DESK), words="고쳤어요"))
    raiser = Actor(Role.RAISER, resident_id=done.resident_id)
    await office.did(done, Deed(action=Action.RATE, by=raiser, facts={"rating": 4}))
    office.watch.go_on(days=60)

    desk = await office.staff(Role.DESK, ())
    page = (await desk.get("/staff/figures?half=2026H2")).text
    assert [tile(page, name) for name in ("접수", "처리 중", "끝남", "지금 기한 지남")] == [
        "3",
        "2",
        "1",
        "2",
    ]
    assert tile(page, r"첫 안내까지 \(중앙값\)") == "3일"
    assert tile(page, r"끝날 때까지 \(중앙값\)") == "7일"
    assert tile(page, "한 건당 이관") == "0.33"
    assert tile(page, "처음부터 맞는 부서") == "50 % 2건 중"
    assert tile(page, r"만족도 \(5점\)") == "4.0 1명"
    assert await behind(desk, page, "접수") == numbers(done, open_, moved)
    assert await behind(desk, page, "처리 중") == numbers(open_, moved)
    assert await behind(desk, page, "끝남") == numbers(done)
    assert await behind(desk, page, "지금 기한 지남") == numbers(open_, moved)

    officer = await office.staff()
    page = (await officer.get("/staff/figures?half=2026H2")).text
    assert tile(page, "접수") == "2"
    assert await behind(officer, page, "접수") == numbers(done, open_)


async def test_every_number_of_the_tables_opens_as_many_cases_as_it_says(office: Office) -> None:
    for at, kind in enumerate((Kind.SUGGESTION, Kind.COMPLAINT, Kind.SUGGESTION)):
        case = await office.case(kind=kind, office=(PARKS, ELSEWHERE)[at % 2])
        if at:
            await office.did(case, Deed(action=Action.TAKE, by=Actor(Role.DESK)))
    desk = await office.staff(Role.DESK, ())
    for query in (
        "half=2026H2",
        "half=2026H2&set=district",
        "from=2026-11-01&to=2026-11-30&of=kind:complaint",
    ):
        page = (await desk.get(f"/staff/figures?{query}")).text
        linked = re.findall(r'<td class="n"><a href="([^"]+)">([\d,]+)</a>', page)
        assert len(linked) > 5
        for path, many in linked:
            assert len(listed(await desk.get(unescape(path)))) == int(many), unescape(path)


async def test_an_officer_cannot_read_the_figures_of_another_office(office: Office) -> None:
    await office.case(office=ELSEWHERE)
    officer = await office.staff()
    for query in ("office=namdong/parks", "of=office:namdong/parks", "of=kind:suggestion", ""):
        page = await officer.get(f"/staff/figures?{query}")
        assert page.status_code == 200
        assert tile(page.text, "접수") == "0"
    nobody = await office.staff(offices=())
    assert tile((await nobody.get("/staff/figures")).text, "접수") == "0"
    reader = await office.staff(Role.READER, ())
    assert tile((await reader.get("/staff/figures?office=namdong/parks")).text, "접수") == "1"


async def test_a_case_that_changes_its_office_and_state_is_counted_once(office: Office) -> None:
    case = await office.case()
    desk = await office.staff(Role.DESK, ())
    assert tile((await desk.get("/staff/figures?office=yeonsu/parks")).text, "접수") == "1"
    await office.did(case, Deed(action=Action.MOVE, by=Actor(Role.DESK), words="남동구 일", target=ELSEWHERE))
    await office.did(case, Deed(action=Action.ANSWER, by=Actor(Role.DESK), words="고쳤어요"))
    assert tile((await desk.get("/staff/figures?office=yeonsu/parks")).text, "접수") == "0"
    page = (await desk.get("/staff/figures?office=namdong/parks")).text
    assert (tile(page, "접수"), tile(page, "끝남"), tile(page, "지금 기한 지남")) == ("1", "1", "0")


async def test_an_address_that_was_tampered_with_shows_figures_all_the_same(office: Office) -> None:
    case = await office.case()
    desk = await office.staff(Role.ADMIN)
    for query in (
        "half=2026H9&set=nonsense&of=nonsense",
        "from=2026-99-99&to=nonsense",
        "from=2026-12-31&to=2026-01-01",
        "of=kind:%3Cscript%3E&office=%00",
        "half=9999H1",
    ):
        page = await desk.get(f"/staff/figures?{query}")
        assert page.status_code == 200, query
        assert "<script>" not in page.text
    assert str(case.number) in read(await desk.get("/staff?view=all"))


async def test_an_interview_and_a_visit_are_written_on_the_card_and_counted(office: Office) -> None:
    case, officer, other = await office.case(), await office.staff(), await office.staff(offices=[ELSEWHERE])
    path = f"/staff/activities/{case.number}"
    assert (
        await officer.post(path, kind="site_visit", on="2026-11-19", words="나가 봤음")
    ).status_code == 303
    assert (await officer.post(path, kind="interview", on="2026-11-20")).status_code == 303
    for kind, on in (("site_visit", "2026-11-21"), ("party", "2026-11-19"), ("interview", "")):
        assert (await officer.post(path, kind=kind, on=on)).status_code == 422
    assert (await other.post(path, kind="interview", on="2026-11-20")).status_code == 404
    assert "현장방문 2026-11-19 나가 봤음" in read(await officer.get(f"/staff/cases/{case.number}"))
    page = (await officer.get("/staff/figures?half=2026H2")).text
    assert (tile(page, "면담"), tile(page, "현장방문")) == ("1", "1")
    assert await office.told(case) == []
