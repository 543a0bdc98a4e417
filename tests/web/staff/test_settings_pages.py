"""My account, other people's accounts, groups of offices, undelivered messages."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import insert, select, update

from cases.vocabulary import Action, Role
from storage.bindings import use_code
from storage.staff import all_staff, credentials_by_id, set_staff, staff_by_id
from storage.staff_sessions import open_session
from storage.tables import ConversationRow, OutboxRow
from tests.web.staff.office import ELSEWHERE, PARKS, Desk, Office, read
from web.staff.passwords import Passwords
from web.staff.sessions import COOKIE, new_session, token_hash

OLD, NEW = "지금까지 쓰던 비밀번호", "앞으로 쓸 새 비밀번호"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


@pytest.fixture
async def desk(office: Office, passwords: Passwords) -> Desk:
    """An administrator whose password is OLD."""
    desk = await office.staff(Role.ADMIN, ())
    kept = await passwords.hash(OLD)
    async with office.program.database.begin() as connection:
        await set_staff(connection, desk.staff_id, {"password_hash": kept})
    return desk


async def second_browser(office: Office, desk: Desk) -> Desk:
    """The same person in another browser."""
    token, session = new_session(desk.staff_id, office.watch())
    async with office.program.database.begin() as connection:
        await open_session(connection, session)
    browser = office.stranger()
    browser.cookies.set(COOKIE, token, path="/staff")
    return Desk(browser, desk.staff_id, session.csrf)


async def test_a_new_password_ends_the_sessions_in_other_browsers(office: Office, desk: Desk) -> None:
    elsewhere = await second_browser(office, desk)
    answer = await desk.post("/staff/password", password=OLD, new=NEW, again=NEW)
    assert answer.headers["location"] == "/staff/account?done=password"
    assert (await desk.get("/staff")).status_code == 200
    assert (await elsewhere.get("/staff")).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "지금 비밀번호가 맞지 않아요"),
        (OLD, NEW, NEW + "!", "서로 달라요"),
        (OLD, OLD, OLD, "지금 것과 다른"),
        (OLD, "짧다", "짧다", "너무 짧아요"),
    ],
)
async def test_a_new_password_that_does_not_fit_changes_nothing(
    office: Office, desk: Desk, old: str, new: str, again: str, said: str
) -> None:
    answer = await desk.post("/staff/password", password=old, new=new, again=again)
    assert answer.status_code == 422
    assert said in read(answer)


async def test_somebody_at_an_open_browser_cannot_guess_the_password_for_long(
    office: Office, desk: Desk
) -> None:
    for _ in range(10):
        await desk.post("/staff/password", password="guess", new=NEW, again=NEW)
    answer = await desk.post("/staff/password", password=OLD, new=NEW, again=NEW)
    assert "잠시 멈췄어요" in read(answer)


async def test_the_one_time_password_is_replaced_and_then_all_pages_open(office: Office, desk: Desk) -> None:
    async with office.program.database.begin() as connection:
        await set_staff(connection, desk.staff_id, {"must_change": True})
    assert "한 번만 쓸 수 있어요" in read(await desk.get("/staff/password"))
    refused = await desk.post("/staff/password", password=OLD, new="짧다", again="짧다")
    assert "너무 짧아요" in read(refused)
    await desk.post("/staff/password", password=OLD, new=NEW, again=NEW)
    assert (await desk.get("/staff")).status_code == 200


async def test_an_app_is_set_up_with_a_picture_and_counts_only_after_a_right_code(
    office: Office, desk: Desk
) -> None:
    assert (await desk.get("/staff/account/totp.svg")).status_code == 404
    assert (await desk.post("/staff/account/totp", password="wrong")).status_code == 422
    await desk.post("/staff/account/totp", password=OLD)
    picture = await desk.get("/staff/account/totp.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.text.lstrip().startswith("<?xml")
    secret = re.search(r'<code class="secret">(\w+)</code>', (await desk.get("/staff/account")).text)
    assert secret
    assert (await desk.post("/staff/account/totp/confirm", code="000000")).status_code == 422
    assert not await _has_app(office, desk)
    code = pyotp.TOTP(secret[1]).at(office.watch())
    await desk.post("/staff/account/totp/confirm", code=code)
    assert await _has_app(office, desk)
    assert secret[1] not in (await desk.get("/staff/account")).text
    assert (await desk.get("/staff/account/totp.svg")).status_code == 404


async def test_an_app_is_turned_off_only_with_the_password(office: Office, desk: Desk) -> None:
    async with office.program.database.begin() as connection:
        await set_staff(connection, desk.staff_id, {"totp_secret": "A" * 32, "totp_last": 1})
    await desk.post("/staff/account/totp/end", password="wrong")
    assert await _has_app(office, desk)
    await desk.post("/staff/account/totp/end", password=OLD)
    assert not await _has_app(office, desk)


async def test_a_person_sees_their_sessions_and_ends_the_others(office: Office, desk: Desk) -> None:
    elsewhere = await second_browser(office, desk)
    page = await desk.get("/staff/account")
    other = re.search(r'name="session" value="(\w+)"', page.text)
    assert other
    await desk.post("/staff/account/sessions/end", session=other[1])
    assert (await elsewhere.get("/staff")).status_code == 303
    third = await second_browser(office, desk)
    await desk.post("/staff/account/sessions/end-others")
    assert (await third.get("/staff")).status_code == 303
    assert (await desk.get("/staff")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else(office: Office, desk: Desk) -> None:
    stranger = await office.staff()
    theirs = token_hash(stranger.browser.cookies[COOKIE])
    await desk.post("/staff/account/sessions/end", session=theirs)
    assert (await stranger.get("/staff")).status_code == 200


async def test_the_language_is_the_persons_own(desk: Desk) -> None:
    await desk.post("/staff/account/language", locale="en")
    assert "Undelivered" in read(await desk.get("/staff"))
    assert (await desk.post("/staff/account/language", locale="xx")).status_code == 404


async def test_an_administrator_adds_somebody_and_hands_over_a_one_time_password(
    office: Office, desk: Desk, passwords: Passwords
) -> None:
    name = office.world.directory.name(PARKS, "ko")
    fields = {"login": "Park", "name": "새 담당자", "role": "officer", "office": name}
    page = await desk.post("/staff/people", **fields)
    assert page.status_code == 200
    password = re.search(r'<code class="secret">([\w-]+)</code>', page.text)
    assert password
    async with office.program.database.read() as connection:
        added = next(one for one in await all_staff(connection) if one.login == "park")
        known = await credentials_by_id(connection, added.id)
    assert (added.must_change, added.offices) == (True, frozenset({PARKS}))
    assert known is not None
    assert await passwords.matches(known.password_hash, password[1])
    assert (await desk.post("/staff/people", **fields)).status_code == 422


async def test_roles_and_offices_are_given_and_taken(office: Office, desk: Desk) -> None:
    person = await office.staff()
    path = f"/staff/people/{person.staff_id}"
    await desk.post(path, name="부서장", role="head")
    await desk.post(f"{path}/offices", office=ELSEWHERE)
    await desk.post(f"{path}/offices/remove", office=PARKS)
    async with office.program.database.read() as connection:
        after = await staff_by_id(connection, person.staff_id)
    assert after is not None
    assert (after.name, after.role, after.offices) == ("부서장", Role.HEAD, frozenset({ELSEWHERE}))
    assert (await desk.post(f"{path}/offices", office="없는과")).status_code == 422


async def test_an_ended_account_is_signed_out_at_once_and_can_be_revived(office: Office, desk: Desk) -> None:
    person = await office.staff()
    path = f"/staff/people/{person.staff_id}"
    await desk.post(f"{path}/active")
    assert (await person.get("/staff")).status_code == 303
    await desk.post(f"{path}/active", active="yes")
    async with office.program.database.read() as connection:
        after = await staff_by_id(connection, person.staff_id)
    assert after is not None
    assert after.active


async def test_the_last_administrator_can_neither_leave_nor_step_down(office: Office, desk: Desk) -> None:
    path = f"/staff/people/{desk.staff_id}"
    assert (await desk.post(f"{path}/active")).status_code == 409
    assert (await desk.post(path, name="나", role="officer")).status_code == 409
    assert (await desk.get("/staff/people")).status_code == 200


async def test_a_lost_password_and_a_lost_phone_are_helped_and_end_all_sessions(
    office: Office, desk: Desk
) -> None:
    person = await office.staff()
    async with office.program.database.begin() as connection:
        await set_staff(connection, person.staff_id, {"totp_secret": "A" * 32, "totp_last": 1})
    path = f"/staff/people/{person.staff_id}"
    assert "한 번 쓰는 비밀번호" in read(await desk.post(f"{path}/password"))
    assert (await person.get("/staff")).status_code == 303
    await desk.post(f"{path}/totp")
    assert not await _has_app(office, person)


async def test_a_group_code_is_shown_once_and_binds_one_group_to_the_office(
    office: Office, desk: Desk
) -> None:
    page = await desk.post("/staff/groups", office=PARKS)
    code = re.search(r"/bind ([A-Z0-9-]+)</code>", page.text)
    assert code
    assert code[1] not in (await desk.get("/staff/groups")).text
    async with office.program.database.begin() as connection:
        assert await use_code(connection, code[1].lower(), office.watch()) == PARKS
        assert await use_code(connection, code[1], office.watch()) is None


async def test_a_group_code_dies_after_half_an_hour(office: Office, desk: Desk) -> None:
    page = await desk.post("/staff/groups", office=PARKS)
    code = re.search(r"/bind ([A-Z0-9-]+)</code>", page.text)
    assert code
    async with office.program.database.begin() as connection:
        late = office.watch() + timedelta(minutes=30)
        assert await use_code(connection, code[1], late) is None


async def test_a_head_binds_and_unbinds_the_groups_of_their_own_offices_only(office: Office) -> None:
    head = await office.staff(Role.HEAD)
    assert (await head.post("/staff/groups", office=PARKS)).status_code == 200
    assert (await head.post("/staff/groups", office=ELSEWHERE)).status_code == 403
    assert (await head.post("/staff/groups", office="없는과")).status_code == 422
    mine, theirs = await _group(office, PARKS), await _group(office, ELSEWHERE)
    assert office.world.directory.name(ELSEWHERE, "ko") not in read(await head.get("/staff/groups"))
    assert (await head.post(f"/staff/groups/{theirs}/unbind")).status_code == 404
    assert (await head.post(f"/staff/groups/{mine}/unbind")).status_code == 303
    assert "아직 연결된 대화방이 없어요" in read(await head.get("/staff/groups"))


async def test_a_dead_letter_is_shown_with_its_case_and_sent_again_once(office: Office, desk: Desk) -> None:
    case = await office.case()
    await desk.act(case, Action.ANSWER, words="의자를 고쳤어요.")
    async with office.program.database.begin() as connection:
        await connection.execute(update(OutboxRow).values(state="dead", attempts=7, outcome="bad gateway"))
    page = await desk.get("/staff/dead")
    assert f'href="/staff/cases/{case.number}"' in page.text
    assert "의자를 고쳤어요" in page.text
    assert "7번 보내 봄" in read(page)
    letter = re.search(r'action="/staff/dead/(\d+)"', page.text)
    assert letter
    assert (await desk.post(f"/staff/dead/{letter[1]}")).status_code == 303
    async with office.program.database.read() as connection:
        row = (await connection.execute(select(OutboxRow.state, OutboxRow.attempts))).one()
    assert tuple(row) == ("waiting", 0)
    assert (await desk.post(f"/staff/dead/{letter[1]}")).status_code == 404
    assert "못 보낸 알림이 없어요" in read(await desk.get("/staff/dead"))


async def _has_app(office: Office, desk: Desk) -> bool:
    async with office.program.database.read() as connection:
        person = await staff_by_id(connection, desk.staff_id)
    assert person is not None
    return person.has_totp


async def _group(office: Office, bound_to: str) -> int:
    async with office.program.database.begin() as connection:
        result = await connection.execute(
            insert(ConversationRow)
            .values(
                channel="telegram",
                external_id=f"-100{bound_to}",
                is_group=True,
                office=bound_to,
                created_at=office.watch(),
                last_at=office.watch(),
            )
            .returning(ConversationRow.id)
        )
        return result.scalar_one()
