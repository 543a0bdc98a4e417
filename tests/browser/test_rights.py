"""Invitations, the sealed log and the city's data in a real browser, on a small phone and on a desktop."""

import pytest
from playwright.async_api import Browser, expect

from cases.vocabulary import Role
from storage.staff import credentials_of, set_staff
from tests.browser.chat import Scheme, Window
from tests.browser.console import open_console
from tests.support.program import RunningProgram
from web.staff.accounts import add_staff
from web.staff.passwords import Passwords

pytestmark = pytest.mark.browser

PASSWORD = "소나무 아래 벤치 셋"


@pytest.fixture
async def boss(program: RunningProgram) -> str:
    """The login of an administrator whose password is PASSWORD."""
    database, passwords = program.program.database, Passwords()
    await add_staff(database, program.clock, passwords, login="boss", name="김관리", role=Role.ADMIN)
    async with database.begin() as connection:
        known = await credentials_of(connection, "boss")
        assert known is not None
        kept = await passwords.hash(PASSWORD)
        await set_staff(connection, known.staff_id, {"password_hash": kept, "must_change": False})
    return "boss"


async def test_an_administrator_invites_edits_and_reads_the_log_and_the_invited_comes_in(
    site: str,
    program: RunningProgram,
    chromium_window: Browser,
    window: Window,
    boss: str,
) -> None:
    scheme: Scheme = "dark" if window is Window.PHONE else "light"
    program.program.world.demonstration = True
    async with open_console(chromium_window, site, window, scheme=scheme) as console:
        page = console.page
        await console.signs_in(boss, PASSWORD)
        await console.goes_to("직원 관리")
        await page.get_by_role("link", name="직원 초대").click()
        await console.is_sound()
        await page.get_by_label("이름").fill("박담당")
        await page.get_by_label("부서", exact=False).first.fill("연수구 공원녹지과")
        await page.get_by_role("button", name="초대 링크 만들기").click()
        await console.is_sound()
        link = await page.locator("code.secret").inner_text()
        async with open_console(chromium_window, site, window, scheme=scheme) as invited:
            await invited.page.goto(link)
            await invited.is_sound()
            await invited.page.get_by_label("아이디").fill("park")
            await invited.page.get_by_label("새 비밀번호", exact=True).fill(PASSWORD)
            await invited.page.get_by_label("새 비밀번호 한 번 더").fill(PASSWORD)
            await invited.page.get_by_role("button", name="계정 만들고 들어가기").click()
            await expect(invited.page.get_by_role("heading", level=1)).to_contain_text("오늘 할 일")
            await invited.page.goto(link)
            await invited.reads("이 초대 링크는 쓸 수 없어요")
            await invited.is_sound()
        await console.goes_to("도시 자료")
        await console.is_sound()
        await page.get_by_role("link", name="공원녹지과").click()
        await page.get_by_label("낱말 (한 줄에 하나씩)").fill("소꿉마당")
        await page.get_by_role("button", name="저장").first.click()
        await console.reads("지금은 여기에서 고친 것을 쓰고 있어요")
        await console.is_sound()
        await console.goes_to("감사 기록")
        await console.reads("초대로 계정 만듦")
        await console.is_sound()
        await expect(page.locator(".demonstration")).to_contain_text("시연용 자료예요")
