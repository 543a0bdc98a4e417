"""Signing in: throttled, sealed, with a new session each time; the app's code where one is set up."""

import asyncio
import re
from datetime import UTC, datetime

import httpx
import pyotp
import pytest

from cases.vocabulary import Role
from storage.staff import all_staff, credentials_of, set_staff
from tests.web.staff.office import Office, read
from web.staff.accounts import UnfitAccount, add_staff, first_staff
from web.staff.passwords import Passwords, one_time_password, weakness
from web.staff.routes import SIGN_IN
from web.staff.sessions import COOKIE, token_hash
from web.staff.signin import safe_next
from web.staff.totp import matching_step, new_secret
from web.staff.vault import Vault

PASSWORD = "소나무 아래 벤치 셋"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


@pytest.fixture
async def login(office: Office, passwords: Passwords) -> str:
    """The login of an officer whose password is PASSWORD."""
    await add_staff(
        office.program.database, office.watch, passwords, login="kim", name="담당자", role=Role.OFFICER
    )
    kept = await passwords.hash(PASSWORD)
    async with office.program.database.begin() as connection:
        known = await credentials_of(connection, "kim")
        assert known is not None
        await set_staff(connection, known.staff_id, {"password_hash": kept, "must_change": False})
    return "kim"


async def sign_in(
    browser: httpx.AsyncClient, login: str, password: str, code: str = "", next_page: str = "/staff"
) -> httpx.Response:
    page = await browser.get(SIGN_IN)
    seal = re.search(r'name="csrf" value="(\w+)"', page.text)
    assert seal
    fields = {"csrf": seal[1], "login": login, "password": password, "code": code, "next": next_page}
    return await browser.post(SIGN_IN, data=fields)


async def test_the_right_password_opens_the_list(office: Office, login: str) -> None:
    async with office.stranger() as browser:
        answer = await sign_in(browser, " KIM ", PASSWORD)
        assert answer.headers["location"] == "/staff/day"
        assert (await browser.get("/staff")).status_code == 200


async def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(office: Office, login: str) -> None:
    async with office.stranger() as browser:
        given = (await sign_in(browser, login, PASSWORD)).headers.get_list("set-cookie")
    cookie = next(one for one in given if one.startswith(f"{COOKIE}="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/staff" in cookie


@pytest.mark.parametrize(("login_typed", "password"), [("kim", "wrong"), ("nobody", PASSWORD), ("", "")])
async def test_a_wrong_sign_in_does_not_say_what_was_wrong(
    office: Office, login: str, login_typed: str, password: str
) -> None:
    async with office.stranger() as browser:
        answer = await sign_in(browser, login_typed, password)
        assert answer.status_code == 403
        assert "아이디, 비밀번호, 인증 앱 번호를 다시 확인해 주세요" in read(answer)
        assert COOKIE not in browser.cookies


async def test_an_ended_account_cannot_sign_in(office: Office, login: str) -> None:
    async with office.program.database.begin() as connection:
        known = await credentials_of(connection, login)
        assert known is not None
        await set_staff(connection, known.staff_id, {"active": False})
    async with office.stranger() as browser:
        assert (await sign_in(browser, login, PASSWORD)).status_code == 403


async def test_after_five_wrong_tries_even_the_right_password_waits_a_quarter_of_an_hour(
    office: Office, login: str
) -> None:
    async with office.stranger() as browser:
        for _ in range(5):
            assert (await sign_in(browser, login, "wrong")).status_code == 403
        waiting = await sign_in(browser, login, PASSWORD)
        assert waiting.status_code == 429
        assert "15분 뒤에" in read(waiting)
        assert waiting.headers["retry-after"] == "900"
        office.watch.go_on(minutes=15)
        assert (await sign_in(browser, login, PASSWORD)).status_code == 303


async def test_tries_made_at_the_same_moment_are_all_counted(office: Office, login: str) -> None:
    async with office.stranger() as browser:
        answers = await asyncio.gather(*(sign_in(browser, login, "wrong") for _ in range(9)))
    assert sorted(answer.status_code for answer in answers) == [403] * 5 + [429] * 4


async def test_an_address_that_tries_many_logins_is_stopped_and_others_are_not(
    office: Office, login: str
) -> None:
    async with office.stranger("198.51.100.9") as guesser:
        for number in range(20):
            await sign_in(guesser, f"guess{number}", "x")
        assert (await sign_in(guesser, login, PASSWORD)).status_code == 429
    async with office.stranger("192.0.2.50") as browser:
        assert (await sign_in(browser, login, PASSWORD)).status_code == 303


async def test_rightful_sign_ins_are_not_counted(office: Office, login: str) -> None:
    async with office.stranger() as browser:
        for _ in range(22):
            assert (await sign_in(browser, login, PASSWORD)).status_code == 303


async def test_a_form_from_another_site_cannot_sign_anybody_in(office: Office, login: str) -> None:
    async with office.stranger() as browser:
        fields = {"login": login, "password": PASSWORD, "csrf": "made up", "next": "/staff"}
        assert (await browser.post(SIGN_IN, data=fields)).status_code == 403
        assert COOKIE not in browser.cookies


async def test_a_session_planted_before_the_sign_in_is_not_the_one_after_it(
    office: Office, login: str
) -> None:
    async with office.stranger() as browser:
        browser.cookies.set(COOKIE, "planted", domain="sotong.test", path="/staff")
        await sign_in(browser, login, PASSWORD)
        assert browser.cookies[COOKIE] != "planted"
    async with office.stranger() as thief:
        thief.cookies.set(COOKIE, "planted", path="/staff")
        assert (await thief.get("/staff")).status_code == 303


async def test_signing_out_ends_the_session_on_the_server_too(office: Office) -> None:
    desk = await office.staff()
    token = desk.browser.cookies[COOKIE]
    assert (await desk.post("/staff/sign-out")).headers["location"] == SIGN_IN
    async with office.stranger() as thief:
        thief.cookies.set(COOKIE, token, path="/staff")
        assert (await thief.get("/staff")).status_code == 303


async def test_after_signing_in_one_lands_where_one_wanted_to_go(office: Office, login: str) -> None:
    async with office.stranger() as browser:
        sent = await browser.get("/staff/cases/26-00001?done=take")
        assert sent.headers["location"] == f"{SIGN_IN}?next=/staff/cases/26-00001%3Fdone%3Dtake"
        answer = await sign_in(browser, login, PASSWORD, next_page="/staff/cases/26-00001")
        assert answer.headers["location"] == "/staff/cases/26-00001"


@pytest.mark.parametrize(
    "path", ["https://evil.example", "//evil.example", "/staffing", "/staff/\\evil", "/staff/\r\nx", "", "/"]
)
def test_signing_in_never_leads_to_another_site(path: str) -> None:
    assert safe_next(path) == "/staff/day"


async def test_an_app_code_is_asked_for_and_accepted_once(office: Office, login: str) -> None:
    secret = new_secret()
    async with office.program.database.begin() as connection:
        known = await credentials_of(connection, login)
        assert known is not None
        await set_staff(connection, known.staff_id, {"totp_secret": secret, "totp_last": 0})
    code = pyotp.TOTP(secret).at(office.watch())
    async with office.stranger() as browser:
        assert (await sign_in(browser, login, PASSWORD)).status_code == 403
        assert (await sign_in(browser, login, PASSWORD, "000000")).status_code == 403
        assert (await sign_in(browser, login, PASSWORD, f"{code[:3]} {code[3:]}")).status_code == 303
        assert (await sign_in(browser, login, PASSWORD, code)).status_code == 403


async def test_a_secret_kept_before_there_was_a_lock_is_locked_at_the_next_sign_in(
    office: Office, login: str
) -> None:
    secret = new_secret()
    async with office.program.database.begin() as connection:
        known = await credentials_of(connection, login)
        assert known is not None
        await set_staff(connection, known.staff_id, {"totp_secret": secret, "totp_last": 0})
    async with office.stranger() as browser:
        first = pyotp.TOTP(secret).at(office.watch())
        assert (await sign_in(browser, login, PASSWORD, first)).status_code == 303
        async with office.program.database.read() as connection:
            locked = await credentials_of(connection, login)
        assert locked is not None
        assert locked.totp_secret is not None
        assert secret not in locked.totp_secret
        office.watch.go_on(minutes=1)
        later = pyotp.TOTP(secret).at(office.watch())
        assert (await sign_in(browser, login, PASSWORD, later)).status_code == 303


def test_a_locked_secret_opens_with_its_key_and_for_its_account_alone() -> None:
    vault, secret = Vault("a-key-for-tests-only"), new_secret()
    locked = vault.lock(secret, 7)
    assert vault.open(locked, 7) == secret
    assert len(locked) < 200
    assert locked != vault.lock(secret, 7)
    for other, account in ((vault, 8), (Vault("another-key-for-tests"), 7)):
        assert other.open(locked, account) is None
    assert vault.open("v1:what is this", 7) is None


def test_a_code_is_good_half_a_minute_around_and_no_longer() -> None:
    secret, now = new_secret(), datetime(2026, 11, 20, 1, 0, 0, tzinfo=UTC)
    code = pyotp.TOTP(secret).at(now)
    near = [matching_step(secret, code, datetime(2026, 11, 20, 1, 0, s, tzinfo=UTC)) for s in (0, 29, 59)]
    assert len(set(near)) == 1
    assert near[0] is not None
    assert matching_step(secret, code, datetime(2026, 11, 20, 1, 1, 1, tzinfo=UTC)) is None
    assert matching_step(secret, "", now) is None


async def test_a_password_hashed_with_older_parameters_is_hashed_anew(office: Office, login: str) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    async with office.program.database.begin() as connection:
        known = await credentials_of(connection, login)
        assert known is not None
        await set_staff(connection, known.staff_id, {"password_hash": weak})
    async with office.stranger() as browser:
        assert (await sign_in(browser, login, PASSWORD)).status_code == 303
    async with office.program.database.read() as connection:
        after = await credentials_of(connection, login)
    assert after is not None
    assert "m=32768,t=3" in after.password_hash


async def test_the_first_start_makes_one_administrator_who_must_change_the_password(
    office: Office, passwords: Passwords
) -> None:
    made = await first_staff(office.program.database, office.watch, passwords)
    assert made is not None
    assert await first_staff(office.program.database, office.watch, passwords) is None
    async with office.program.database.read() as connection:
        (admin,) = await all_staff(connection)
    assert (admin.login, admin.role, admin.must_change) == ("admin", Role.ADMIN, True)
    async with office.stranger() as browser:
        await sign_in(browser, *made)
        assert (await browser.get("/staff")).headers["location"] == "/staff/password"


async def test_of_two_first_starts_at_once_one_makes_the_account(
    office: Office, passwords: Passwords
) -> None:
    starts = (first_staff(office.program.database, office.watch, passwords) for _ in range(2))
    made = await asyncio.gather(*starts)
    assert sum(one is not None for one in made) == 1


@pytest.mark.parametrize(
    ("login", "name", "reason"),
    [("kim", "다른 이", "taken"), ("K", "이름", "login"), ("a b", "이름", "login"), ("lee", " ", "name")],
)
async def test_an_account_that_does_not_fit_is_refused_with_the_reason(
    office: Office, passwords: Passwords, login: str, name: str, reason: str
) -> None:
    if reason == "taken":
        await add_staff(
            office.program.database, office.watch, passwords, login="kim", name="담당자", role=Role.OFFICER
        )
    with pytest.raises(UnfitAccount, match=reason):
        await add_staff(
            office.program.database, office.watch, passwords, login=login, name=name, role=Role.HEAD
        )


def test_neither_cookie_nor_one_time_password_can_be_guessed() -> None:
    assert len({one_time_password() for _ in range(500)}) == 500
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", one_time_password())
    assert len(token_hash("x")) == 64


@pytest.mark.parametrize(
    ("password", "fault"),
    [("짧은것", "short"), ("aaaaaaaaaaaa", "plain"), ("my-kim-word", "login"), (PASSWORD, "")],
)
def test_a_new_password_that_is_too_weak_is_refused(password: str, fault: str) -> None:
    assert weakness(password, "kim") == fault


async def test_a_form_of_broken_letters_is_refused_like_any_other(office: Office) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n+2AA-\r\n--x--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x; charset=utf-7"}
    async with office.stranger() as browser:
        await browser.get(SIGN_IN)
        assert (await browser.post(SIGN_IN, content=form, headers=kind)).status_code == 403
