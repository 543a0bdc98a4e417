"""The intake desk and meetings in a real browser: fast by keyboard alone, sound on a phone and on a desk."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from playwright.async_api import Browser, expect

from cases.transitions import Actor
from cases.vocabulary import Action, Role
from handlers.casework import Deed, perform
from storage.casebook import case_by_id
from storage.staff import NewStaff, add_staff, set_staff
from storage.staff_sessions import open_session
from tests.browser.chat import Window
from tests.browser.conftest import OpenChat
from tests.browser.console import Console, open_console
from tests.support.program import RunningProgram
from web.staff.sessions import COOKIE, new_session

pytestmark = pytest.mark.browser

LAMP = "송도2동 해돋이공원 앞 가로등이 꺼졌어요"
SitsDown = Callable[..., Awaitable[Console]]


@pytest.fixture
async def token(program: RunningProgram) -> str:
    """What a clerk of the desk has in their browser once they have signed in."""
    async with program.program.database.begin() as connection:
        new = NewStaff(login="desk", name="박창구", role=Role.DESK, password_hash="no sign-in with this")
        staff_id = await add_staff(connection, new, program.clock())
        assert staff_id is not None
        await set_staff(connection, staff_id, {"must_change": False})
        made, session = new_session(staff_id, program.clock())
        await open_session(connection, session)
    return made


@pytest.fixture
async def sits_down(site: str, chromium_window: Browser, token: str) -> AsyncIterator[SitsDown]:
    """Opens the console for the clerk."""
    async with AsyncExitStack() as stack:

        async def sit_down(window: Window = Window.DESKTOP, *, scripts: bool = True) -> Console:
            console = await stack.enter_async_context(
                open_console(chromium_window, site, window, scripts=scripts)
            )
            await console.page.context.add_cookies([{"name": COOKIE, "value": token, "url": f"{site}/staff"}])
            return console

        yield sit_down


async def test_a_case_is_taken_in_by_keyboard_alone(sits_down: SitsDown) -> None:
    console = await sits_down()
    page, keyboard = console.page, console.page.keyboard
    await page.goto(f"{console.site}/staff/desk/new")
    await expect(page.get_by_label("건의 내용")).to_be_focused()
    await keyboard.type(LAMP)
    await expect(page.get_by_label("담당 부서")).to_have_value(re.compile("연수구 .+"))
    await expect(page.get_by_label("장소")).to_have_value("연수구 송도2동")
    for label in ("제목", "장소", "유형", "담당 부서"):
        await keyboard.press("Tab" if label == "제목" else "Enter")
        await expect(page.get_by_label(label, exact=True)).to_be_focused()
    await keyboard.press("Control+A")
    await keyboard.type("연수구 공원녹지과")
    await keyboard.press("Escape")
    await keyboard.press("Control+Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("접수했어요")
    await console.reads("연수구 공원녹지과")
    number = await page.locator(".large-number").inner_text()
    await expect(page.get_by_role("link", name="다음 건 입력")).to_be_focused()
    await keyboard.press("Enter")
    await expect(page.get_by_label("건의 내용")).to_be_focused()
    await keyboard.type(LAMP)
    await expect(page.get_by_role("link", name=number)).to_be_visible()


async def test_what_the_program_sent_is_confirmed_with_one_key_each(
    sits_down: SitsDown, opens_chat: OpenChat, program: RunningProgram
) -> None:
    chat = await opens_chat()
    await chat.agrees()
    await chat.files(LAMP)
    console = await sits_down()
    await console.page.goto(f"{console.site}/staff/desk/review?queue=bot")
    await console.reads("해돋이공원")
    await console.is_sound()
    await console.page.keyboard.press("Enter")
    await console.reads("볼 건의가 더 없어요.")
    async with program.program.database.read() as connection:
        case = await case_by_id(connection, 1)
    assert case is not None
    assert case.reviewed_at is not None


async def test_every_page_of_the_desk_and_of_meetings_is_sound(
    sits_down: SitsDown, program: RunningProgram, window: Window
) -> None:
    console = await sits_down(window)
    page, site = console.page, console.site
    await page.goto(f"{site}/staff/meetings")
    await console.is_sound()
    await page.get_by_role("link", name="새 소통행사").click()
    await console.is_sound()
    await page.get_by_label("행사 이름").fill("송도2동 연두방문")
    await page.get_by_label("종류").fill("동 연두방문")
    await page.get_by_role("button", name="소통행사 만들기").click()
    await console.reads("소통행사를 만들었어요")
    await page.get_by_role("link", name="여기서 나온 건의 입력").click()
    await page.get_by_label("건의 내용").fill(f"{LAMP} 010-1234-5678")
    await console.reads("까닭: 가로등")
    await page.get_by_label("이름").fill("홍길순")
    await page.get_by_label("전화번호").fill("032-123-4567")
    await console.is_sound()
    await page.get_by_role("button", name="저장").click()
    await console.reads("본인이 동의했으면")
    await console.is_sound()
    await page.get_by_label("동의했어요").check()
    await page.get_by_role("button", name="저장").click()
    await console.reads("가려요: 전화번호")
    await console.is_sound()
    await _answered(program)
    for path in ("desk", "desk/review?queue=unrouted", "calls", "cases/26-00001"):
        await page.goto(f"{site}/staff/{path}")
        await console.is_sound()
    await console.reads("전화로 알려 주세요.")
    for path in ("", "/live", "/account", "/poster"):
        await page.goto(f"{site}/staff/meetings/1{path}")
        await console.is_sound()


async def _answered(program: RunningProgram) -> None:
    async with program.program.database.begin() as connection:
        deed = Deed(action=Action.ANSWER, by=Actor(Role.DESK, staff_id=1), words="가로등을 고쳤어요.")
        await perform(connection, program.program.world, 1, deed, program.clock())


async def test_the_live_list_renews_itself_and_the_poster_fills_one_sheet(sits_down: SitsDown) -> None:
    console = await sits_down()
    page, site = console.page, console.site
    await page.goto(f"{site}/staff/meetings/new")
    await page.get_by_label("행사 이름").fill("송도2동 연두방문")
    await page.get_by_label("종류").fill("동 연두방문")
    await page.keyboard.press("Enter")
    await console.reads("소통행사를 만들었어요")
    await page.goto(f"{site}/staff/meetings/1/live")
    await console.reads("0건")
    clerk = await sits_down()
    await clerk.page.goto(f"{site}/staff/desk/new?meeting=1")
    await clerk.page.get_by_label("건의 내용").fill(LAMP)
    await clerk.page.keyboard.press("Control+Enter")
    await clerk.reads("접수했어요")
    await page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    await console.reads("1건")
    await page.goto(f"{site}/staff/meetings/1/poster")
    sheet = await page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1


async def test_the_intake_form_needs_no_script(sits_down: SitsDown) -> None:
    console = await sits_down(Window.PHONE, scripts=False)
    page = console.page
    await page.goto(f"{console.site}/staff/desk/new")
    await page.get_by_label("건의 내용").fill(LAMP)
    await page.get_by_role("button", name="살펴보기").click()
    await console.reads("까닭: 가로등")
    await page.get_by_role("button", name="연수구 공원녹지과").click()
    await expect(page.get_by_label("담당 부서")).to_have_value("연수구 공원녹지과")
    await page.get_by_role("button", name="저장").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("접수했어요")
