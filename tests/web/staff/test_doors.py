"""Who is let in where: every route of the program, every role, every forged form."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from sqlalchemy import text
from starlette.routing import BaseRoute, Mount, Route

from cases.vocabulary import Action, Role
from storage.staff import set_staff
from tests.web.staff.office import Desk, Office, read
from web.staff.pages import Page
from web.staff.rights_routes import JOIN
from web.staff.routes import PAGES, SIGN_IN
from web.staff.sessions import COOKIE

# Everything that answers somebody it does not know: a new route is put here on purpose, or is guarded.
# The chat's routes belong to whoever holds the conversation's cookie, and give nothing of another's.
OPEN = {
    "/",
    "/m/{code}",
    "/chat/turns",
    "/chat/replies",
    "/chat/stream",
    "/chat/photos",
    "/chat/photos/{name}",
    "/chat/my-data",
    "/chat/language",
    "/openapi.json",
    "/healthz",
    "/metrics",
    "/static",
    SIGN_IN,
    JOIN,
}
FILLED = {
    "number": "26-00001",
    "action": "take",
    "name": "0" * 32 + ".jpg",
    "id": "1",
    "kind": "cases",
    "ending": "csv",
}
ROLES = (Role.OFFICER, Role.HEAD, Role.DESK, Role.ADMIN, Role.READER)


def walked(routes: Iterator[BaseRoute]) -> Iterator[tuple[str, frozenset[str]]]:
    """Every path of the application with its methods, those of mounted routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if isinstance(route, Route):
            yield route.path, frozenset(route.methods or ())
        elif isinstance(inner, APIRouter):
            yield from walked(iter(inner.routes))
        elif isinstance(route, Mount):
            yield route.path, frozenset({"GET"})
        else:
            pytest.fail(f"a route of a kind this test does not know: {route!r}")


def address(page: Page) -> str:
    return page.path.format(**FILLED)


async def test_every_route_asks_who_you_are_but_those_on_the_list(office: Office) -> None:
    found = list(walked(iter(office.program.web.routes)))
    unguarded = set()
    async with office.stranger() as stranger:
        for path, methods in found:
            if path in OPEN:
                continue
            for method in methods - {"HEAD", "OPTIONS"}:
                answer = await stranger.request(method, path.format(**FILLED))
                turned_away = (
                    answer.status_code == 303 and answer.headers["location"].startswith(SIGN_IN)
                ) or (answer.status_code == 403 and "직원 로그인" in answer.text)
                if not turned_away:
                    unguarded.add((method, path, answer.status_code))
    assert unguarded == set()
    assert {page.path for page in PAGES} <= {path for path, _ in found}


@pytest.mark.parametrize("role", ROLES)
async def test_a_page_opens_to_its_roles_and_to_no_other(office: Office, role: Role) -> None:
    desk = await office.staff(role)
    for page in PAGES:
        if page.path == "/staff/sign-out":
            continue
        answer = await (desk.get if page.method == "GET" else desk.post)(address(page))
        refused = answer.status_code == 403 and "볼 수 없는 화면이에요" in answer.text
        assert refused == (role not in page.roles), (role, page.method, page.path, answer.status_code)


@pytest.mark.parametrize("sent", ["", "wrong", "neighbour"])
async def test_no_form_is_accepted_without_the_secret_of_its_own_session(office: Office, sent: str) -> None:
    desk, neighbour = await office.staff(Role.ADMIN), await office.staff(Role.ADMIN)
    forged = Desk(desk.browser, desk.staff_id, neighbour.csrf if sent == "neighbour" else sent)
    for page in PAGES:
        if page.method == "POST":
            answer = await forged.post(address(page), words="쓰던 글이에요")
            assert answer.status_code == 403, page.path
            assert "화면이 오래되었어요" in answer.text
            assert "쓰던 글이에요" in answer.text


async def test_no_page_changes_anything_when_it_is_only_looked_at(office: Office) -> None:
    desk = await office.staff(Role.ADMIN)
    for page in PAGES:
        if page.method == "POST" and page.path not in {one.path for one in PAGES if one.method == "GET"}:
            assert (await desk.get(address(page))).status_code == 405, page.path


async def test_nothing_but_the_new_password_opens_while_a_one_time_password_is_in_use(office: Office) -> None:
    desk = await office.staff(Role.ADMIN)
    async with office.program.database.begin() as connection:
        await set_staff(connection, desk.staff_id, {"must_change": True})
    for page in PAGES:
        if not page.before_change:
            answer = await (desk.get if page.method == "GET" else desk.post)(address(page))
            assert (answer.status_code, answer.headers["location"]) == (303, "/staff/password"), page.path


async def test_a_database_that_cannot_be_written_is_said_on_a_page_and_no_words_are_lost(
    office: Office,
) -> None:
    desk, case = await office.staff(), await office.case()
    if not office.program.database.is_sqlite:
        pytest.skip("how a PostgreSQL goes away is in tests/bot/test_outage.py")
    async with office.program.database.begin() as connection:
        await connection.execute(text("PRAGMA query_only = 1"))
    answer = await desk.act(case, Action.ANSWER, words="의자를 고쳤습니다.")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert "잠시 저장할 수 없어요" in read(answer)
    assert "의자를 고쳤습니다." in answer.text


async def test_a_session_ends_after_two_idle_hours(office: Office) -> None:
    desk = await office.staff()
    office.watch.go_on(hours=1, minutes=59)
    assert (await desk.get("/staff")).status_code == 200
    office.watch.go_on(hours=1, minutes=59)
    assert (await desk.get("/staff")).status_code == 200
    office.watch.go_on(hours=2)
    assert (await desk.get("/staff")).headers["location"] == SIGN_IN


async def test_a_session_ends_after_twelve_hours_however_busy(office: Office) -> None:
    desk = await office.staff()
    for _ in range(11):
        office.watch.go_on(hours=1)
        assert (await desk.get("/staff")).status_code == 200
    office.watch.go_on(hours=1)
    assert (await desk.get("/staff")).status_code == 303


async def test_a_session_ends_with_its_account(office: Office) -> None:
    desk = await office.staff()
    async with office.program.database.begin() as connection:
        await set_staff(connection, desk.staff_id, {"active": False})
    assert (await desk.get("/staff")).status_code == 303


async def test_words_typed_when_the_session_had_ended_are_given_back(office: Office) -> None:
    desk, case = await office.staff(), await office.case()
    office.watch.go_on(hours=3)
    answer = await desk.post(f"/staff/cases/{case.number}/answer", words="오래 쓴 답변이에요.")
    assert answer.status_code == 403
    assert "오래 쓴 답변이에요." in answer.text
    assert f'value="/staff/cases/{case.number}"' in answer.text


async def test_pages_are_kept_by_no_browser_and_framed_by_no_site(office: Office) -> None:
    desk = await office.staff()
    for path in ("/staff", "/staff/account", SIGN_IN):
        answer = await desk.get(path)
        assert answer.headers["cache-control"] == "no-store"
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "<script" not in answer.text
        assert " style=" not in answer.text


async def test_a_made_up_cookie_opens_nothing(office: Office) -> None:
    async with office.stranger() as stranger:
        stranger.cookies.set(COOKIE, "made-up", path="/staff")
        assert (await stranger.get("/staff")).status_code == 303


async def test_what_is_not_there_is_said_in_words(office: Office) -> None:
    desk = await office.staff(Role.ADMIN)
    for path in ("/staff/cases/none", "/staff/cases/26-00000", "/staff/people/x", "/staff/people/999"):
        answer = await desk.get(path)
        assert answer.status_code == 404
        assert "찾을 수 없어요" in read(answer)
