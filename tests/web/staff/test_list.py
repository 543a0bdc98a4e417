"""The list: my offices' cases, filtered, counted and paged."""

import re

import httpx
import pytest

from cases.transitions import Actor
from cases.vocabulary import Action, Kind, OfficeId, Role
from handlers.casework import Deed
from storage.casebook import Case
from tests.web.staff.office import ELSEWHERE, PARKS, Office, read

ROADS = OfficeId("yeonsu/roads")


def listed(page: httpx.Response) -> list[str]:
    """The numbers of the cases a page lists, in its order."""
    return re.findall(r'<a href="/staff/cases/(\d\d-\d{5})">', page.text)


def numbers(*cases: Case) -> list[str]:
    return [str(case.number) for case in cases]


async def test_an_officer_sees_the_cases_of_their_offices_and_no_others(office: Office) -> None:
    mine, roads, other = [await office.case(office=one) for one in (PARKS, ROADS, ELSEWHERE)]
    assert listed(await (await office.staff()).get("/staff")) == numbers(mine)
    assert listed(await (await office.staff(offices=[PARKS, ROADS])).get("/staff")) == numbers(mine, roads)
    assert listed(await (await office.staff(Role.DESK, ())).get("/staff")) == numbers(mine, roads, other)
    assert listed(await (await office.staff(Role.READER, ())).get("/staff")) == numbers(mine, roads, other)


async def test_an_officer_without_an_office_is_told_whom_to_ask(office: Office) -> None:
    await office.case()
    page = await (await office.staff(offices=())).get("/staff")
    assert listed(page) == []
    assert "맡은 부서가 없어요" in read(page)


async def test_what_is_due_first_stands_first_and_what_is_late_says_so_in_words(office: Office) -> None:
    slow = await office.case(kind=Kind.PROPOSAL)
    quick = await office.case(kind=Kind.QUESTION)
    desk = await office.staff()
    assert listed(await desk.get("/staff")) == numbers(quick, slow)
    assert listed(await desk.get("/staff?order=newest")) == numbers(quick, slow)
    office.watch.go_on(days=20)
    desk = await office.staff()
    page = await desk.get("/staff?view=overdue")
    assert listed(page) == numbers(quick)
    assert "기한 지남 1" in read(page)
    assert '<strong class="overdue">기한 지남</strong>' in page.text


async def test_closed_cases_leave_the_open_list_and_are_found_under_their_state(office: Office) -> None:
    case, desk = await office.case(), await office.staff()
    await desk.act(case, Action.ANSWER, words="고쳤어요.")
    assert listed(await desk.get("/staff")) == []
    assert listed(await desk.get("/staff?view=done")) == numbers(case)
    assert listed(await desk.get("/staff?view=all")) == numbers(case)
    assert "완료 1" in read(await desk.get("/staff"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=question", [1]),
        ("district=yeonsu", [1, 0]),
        ("district=namdong", []),
        ("q=신호등", [1]),
        ("q=해돋이+의자", [0]),
        ("q=100%25", []),
        ("q=_", []),
        ("kind=nonsense&talk=nonsense&order=nonsense&view=nonsense", [1, 0]),
    ],
)
async def test_a_list_is_narrowed_by_kind_place_and_words(
    office: Office, query: str, found: list[int]
) -> None:
    cases = [
        await office.case("해돋이공원 의자가 부러졌어요"),
        await office.case("신호등이 왜 안 들어와요?", kind=Kind.QUESTION),
    ]
    page = await (await office.staff()).get(f"/staff?{query}")
    assert listed(page) == numbers(*(cases[index] for index in found))


async def test_the_desk_narrows_by_office_and_is_told_when_a_name_is_unknown(office: Office) -> None:
    mine, other = await office.case(), await office.case(office=ELSEWHERE)
    desk = await office.staff(Role.DESK, ())
    name = office.world.directory.name(ELSEWHERE, "ko")
    assert listed(await desk.get(f"/staff?office={name}")) == numbers(other)
    page = await desk.get("/staff?office=없는과")
    assert listed(page) == numbers(mine, other)
    assert "‘없는과’라는 부서가 없어요" in read(page)


async def test_an_officer_cannot_list_another_office_by_asking_for_it(office: Office) -> None:
    await office.case(office=ELSEWHERE)
    officer = await office.staff()
    for query in ("office=namdong/parks", "view=all", "q=의자", "view=given_away"):
        assert listed(await officer.get(f"/staff?{query}")) == []


async def test_cases_that_wait_for_the_resident_and_those_they_answered_are_told_apart(
    office: Office,
) -> None:
    waiting, answered, quiet = [await office.case() for _ in range(3)]
    officer = await office.staff()
    for case in (waiting, answered):
        await officer.act(case, Action.ASK, words="어느 쪽인가요?")
    raiser = Actor(Role.RAISER, resident_id=answered.resident_id)
    await office.did(answered, Deed(action=Action.REPLY, by=raiser, words="왼쪽이요"))
    assert listed(await officer.get("/staff?talk=waiting")) == numbers(waiting)
    page = await officer.get("/staff?talk=answered")
    assert listed(page) == numbers(answered)
    assert "주민 글이 새로 옴" in page.text.partition("<tbody")[2]
    assert str(quiet.number) in listed(await officer.get("/staff"))
    await officer.act(await office.now(answered), Action.NOTE, words="읽었음")
    assert listed(await officer.get("/staff?talk=answered")) == []


async def test_a_number_typed_in_any_way_opens_the_case(office: Office) -> None:
    case, officer = await office.case(), await office.staff()
    for typed in (str(case.number), "26-1", "２６-１번"):
        answer = await officer.get(f"/staff?q={typed}")
        assert answer.headers["location"] == f"/staff/cases/{case.number}"
    other = await office.case(office=ELSEWHERE)
    assert (await officer.get(f"/staff?q={other.number}")).status_code == 200


async def test_what_an_office_sent_elsewhere_is_listed_apart(office: Office) -> None:
    moved, handed, kept = [await office.case() for _ in range(3)]
    officer = await office.staff()
    await officer.act(moved, Action.MOVE, target=ELSEWHERE, words="남동구 일")
    await officer.act(handed, Action.HAND_OVER, target="@police", words="경찰 일")
    assert listed(await officer.get("/staff")) == numbers(kept)
    assert listed(await officer.get("/staff?view=given_away")) == numbers(handed, moved)


@pytest.mark.parametrize("query", ["", "order=newest", "view=all"])
async def test_every_case_comes_once_through_all_the_pages(office: Office, query: str) -> None:
    resident = await office.resident()
    cases = []
    for index in range(103):
        # Some share their moment: the order must still be total.
        if index % 3 == 0:
            office.watch.go_on(minutes=7)
        cases.append(await office.case(resident=resident, office=(PARKS, ROADS)[index % 2]))
    officer = await office.staff(offices=[PARKS, ROADS])
    seen: list[str] = []
    path = f"/staff?{query}"
    while path:
        page = await officer.get(path)
        seen += listed(page)
        more = re.search(r'href="([^"]+)" rel="next"', page.text)
        path = more[1].replace("&amp;", "&") if more else ""
    assert sorted(seen) == sorted(numbers(*cases))
    assert seen[0] == str(cases[0 if not query else -1].number)


@pytest.mark.parametrize("mark", ["nonsense", "2026-01-01~1", "2026-01-01T00:00:00+00:00~-3", "~", "9" * 40])
async def test_a_page_mark_that_was_tampered_with_shows_the_first_page(office: Office, mark: str) -> None:
    case, officer = await office.case(), await office.staff()
    assert listed(await officer.get(f"/staff?after={mark}")) == numbers(case)


@pytest.mark.parametrize(
    "path",
    [
        "/staff?after=0001-01-01T00:00%2B09:00~1",
        "/staff?after=9999-12-31T23:59-09:00~1",
        "/staff?q=%00&office=%00&district=%00",
    ],
)
async def test_an_address_that_was_tampered_with_shows_the_list(office: Office, path: str) -> None:
    case = await office.case()
    assert listed(await (await office.staff()).get(path)) == numbers(case)


@pytest.mark.parametrize("path", ["/staff/photos/a%00b.jpg", "/staff/cases/26%00-%0000009"])
async def test_a_path_no_database_could_look_for_is_not_found(office: Office, path: str) -> None:
    assert (await (await office.staff()).get(path)).status_code == 404
