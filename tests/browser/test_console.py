"""The staff's whole path in a real browser, on a small phone and on a desktop."""

import pytest
from playwright.async_api import Browser, expect

from cases.vocabulary import Role
from storage.staff import credentials_of, set_staff
from tests.browser.chat import Scheme, Window
from tests.browser.conftest import OpenChat
from tests.browser.console import Console, open_console
from tests.support.program import RunningProgram
from web.staff.accounts import add_staff, first_staff
from web.staff.passwords import Passwords

pytestmark = pytest.mark.browser

LAMP = "송도2동 가로등이 꺼졌어요"
PASSWORD = "소나무 아래 벤치 셋"


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords()


@pytest.fixture
async def desk_clerk(program: RunningProgram, passwords: Passwords) -> str:
    """The login of somebody at the intake desk whose password is PASSWORD."""
    return await _account(program, passwords, "desk", Role.DESK)


async def _account(program: RunningProgram, passwords: Passwords, login: str, role: Role) -> str:
    database = program.program.database
    await add_staff(database, program.clock, passwords, login=login, name="김소통", role=role)
    async with database.begin() as connection:
        known = await credentials_of(connection, login)
        assert known is not None
        kept = await passwords.hash(PASSWORD)
        await set_staff(connection, known.staff_id, {"password_hash": kept, "must_change": False})
    return login


async def test_staff_ask_move_and_answer_and_the_resident_reads_each_word(
    site: str,
    chromium_window: Browser,
    opens_chat: OpenChat,
    window: Window,
    desk_clerk: str,
) -> None:
    chat = await opens_chat(window)
    await chat.agrees()
    await chat.files(LAMP)
    async with open_console(chromium_window, site, window) as console:
        await console.signs_in(desk_clerk, PASSWORD)
        await console.reads("1 새 건의")
        await console.is_sound()
        await console.goes_to("건의 목록")
        await console.reads("번호나 낱말로 찾기")
        await console.is_sound()
        await console.opens("가로등")
        await console.is_sound()
        await console.does("take", "담당하기")
        await console.reads("이 건의를 맡으셨어요.")
        await console.does("ask", "질문 보내기", words="어느 쪽 가로등인가요?")
        await chat.hears("어느 쪽 가로등인가요?")
        await console.does("note", "메모 남기기", words="작년 6월에도 고쳤음")
        await console.does("move", "보내기", target="연수구 도로과", words="길가의 등예요.")
        await _moves_to_what_is_offered(console)
        await chat.hears("길가의 등예요.")
        await console.does("answer", "미리 보기", words="가로등를 새로 놓았어요.")
        await console.reads("아직 보내지 않았어요")
        await console.is_sound()
        await console.does("answer", "답변 보내고 끝내기")
        await console.reads("답변을 보내고 건의를 끝냈어요.")
        await chat.hears("가로등를 새로 놓았어요.")
        await console.is_sound()
        await expect(chat.theirs.filter(has_text="작년 6월")).to_have_count(0)
        await console.page.get_by_role("button", name="로그아웃").click()
        await expect(console.page.get_by_role("heading", name="직원 로그인")).to_be_visible()


async def _moves_to_what_is_offered(console: Console) -> None:
    """The name was not quite right: choose another, and find the reason still there."""
    if await console.page.get_by_role("alert").count():
        form = await console.form("move")
        assert await form.locator("[name=words]").input_value() == "길가의 등예요."
        offered = await console.page.locator("#offices option").nth(1).get_attribute("value")
        await console.does("move", "보내기", target=offered or "")
    await console.reads("다른 부서로 보냈어요.")


async def test_a_day_is_worked_off_by_lists_several_at_once_and_other_offices(
    site: str,
    chromium_window: Browser,
    opens_chat: OpenChat,
    window: Window,
    desk_clerk: str,
) -> None:
    chat = await opens_chat(window)
    await chat.agrees()
    await chat.files(LAMP)
    async with open_console(chromium_window, site, window) as console:
        page = console.page
        await console.signs_in(desk_clerk, PASSWORD)
        await console.goes_to("답변 틀")
        await page.get_by_label("이름").fill("고치는 중")
        await page.locator("#words").fill("{번호} 건은 {부서}에서 고치고 있어요.")
        await page.get_by_role("button", name="답변 틀 만들기").click()
        await console.reads("답변 틀을 만들었어요.")
        await console.is_sound()
        await page.goto(f"{site}/staff?district=yeonsu&q=가로등")
        await page.get_by_label("이 조건을 이름 붙여 저장").fill("우리 동네")
        await page.get_by_role("button", name="저장하기").click()
        await console.reads("저장했어요.")
        await console.is_sound()
        await page.get_by_role("checkbox").first.check()
        await page.get_by_role("button", name="진행 상황 알리기").click()
        await page.get_by_role("button", name="글에 넣기").click()
        await console.is_sound()
        await page.get_by_role("button", name="보낼 글 미리 보기").click()
        await console.reads("아직 보내지 않았어요")
        await console.is_sound()
        await page.get_by_role("button", name="1건에 진행 상황 알리기").click()
        await console.reads("1건을 처리했어요")
        await console.is_sound()
        await chat.hears("에서 고치고 있어요.")
        await _consults_and_grades(console)


async def _consults_and_grades(console: Console) -> None:
    page = console.page
    await console.goes_to("건의 목록")
    await console.opens("가로등")
    await page.locator("#consult summary").click()
    offered = await page.locator("#offices option").nth(3).get_attribute("value")
    await page.locator("#consult-target").fill(offered or "")
    await page.locator("#consult-on").fill("2026-12-01")
    await page.locator("#consult-words").fill("등을 언제 갈 수 있나요?")
    await page.get_by_role("button", name="협의 요청하기").click()
    await console.reads("답을 기다려요")
    await page.locator("#grade summary").click()
    await page.locator("#conflict-words").fill("주민과 만난다")
    await console.is_sound()
    await page.get_by_role("button", name="저장하기").click()
    await console.reads("갈등등급 1")
    await console.is_sound()
    await page.goto(f"{console.site}/staff/conflicts")
    await console.is_sound()
    await page.go_back()
    await page.get_by_role("link", name="관리카드 인쇄").click()
    await console.reads("추진 내용")
    await console.is_sound()


async def test_every_page_is_sound_from_the_first_sign_in_on(
    site: str,
    program: RunningProgram,
    chromium_window: Browser,
    window: Window,
    passwords: Passwords,
) -> None:
    made = await first_staff(program.program.database, program.clock, passwords)
    assert made is not None
    scheme: Scheme = "light" if window is Window.PHONE else "dark"
    async with open_console(chromium_window, site, window, scheme=scheme) as console:
        await console.page.goto(f"{site}/staff")
        await console.is_sound()
        await console.signs_in(made[0], "wrong")
        await console.reads("로그인하지 못했어요")
        await console.is_sound()
        await console.signs_in(*made)
        await console.reads("새 비밀번호를 정해 주세요")
        await console.is_sound()
        await console.changes_password(made[1], PASSWORD)
        await expect(console.page.get_by_role("heading", name="오늘 할 일")).to_be_visible()
        await console.goes_to("직원 관리")
        await console.page.get_by_label("아이디").fill("kim")
        await console.page.get_by_label("이름").fill("김담당")
        await console.page.get_by_role("button", name="추가하기").click()
        await console.reads("한 번 쓰는 비밀번호")
        await console.is_sound()
        await console.goes_to("직원 관리")
        await console.is_sound()
        await console.page.get_by_role("link", name="김담당").click()
        await console.reads("계정 돕기")
        await console.is_sound()
        await console.goes_to("부서 대화방")
        await console.page.get_by_label("부서", exact=True).fill("인천광역시 접수창구")
        await console.page.get_by_role("button", name="연결 코드 만들기").click()
        await console.reads("/bind ")
        await console.is_sound()
        await console.goes_to("못 보낸 알림")
        await console.is_sound()
        await console.goes_to("내 계정")
        await console.page.get_by_label("확인을 위한 비밀번호").fill(PASSWORD)
        await console.page.get_by_role("button", name="인증 앱 등록하기").click()
        await expect(console.page.get_by_alt_text("인증 앱으로 찍을 QR 코드")).to_be_visible()
        await console.is_sound()
        await console.page.goto(f"{site}/staff/cases/26-99999")
        await console.is_sound()


async def test_all_of_it_works_by_keyboard_alone(
    site: str, chromium_window: Browser, opens_chat: OpenChat, desk_clerk: str
) -> None:
    chat = await opens_chat()
    await chat.agrees()
    await chat.files(LAMP)
    async with open_console(chromium_window, site, Window.DESKTOP) as console:
        keyboard = console.page.keyboard
        await console.page.goto(f"{site}/staff")
        await expect(console.page.get_by_label("아이디")).to_be_focused()
        await keyboard.type(desk_clerk)
        await keyboard.press("Tab")
        await keyboard.type(PASSWORD)
        await keyboard.press("Enter")
        await expect(console.page.get_by_role("heading", name="오늘 할 일")).to_be_visible()
        await _tabs_to(console, "a[href='/staff?view=received']")
        await keyboard.press("Enter")
        await expect(console.page.get_by_role("heading", name="건의 목록")).to_be_visible()
        await keyboard.press("Tab")
        await expect(console.page.get_by_role("link", name="본문으로 바로가기")).to_be_focused()
        await keyboard.press("Enter")
        await _tabs_to(console, "a:has-text('가로등')")
        await keyboard.press("Enter")
        await expect(console.page.get_by_role("heading", level=2, name="처리하기")).to_be_visible()
        await _tabs_to(console, "#answer summary")
        await keyboard.press("Enter")
        await _tabs_to(console, "#answer textarea")
        await keyboard.type("고쳤어요.")
        await keyboard.press("Tab")
        await keyboard.press("Enter")
        await console.reads("답변을 보내고 건의를 끝냈어요.")


async def _tabs_to(console: Console, selector: str) -> None:
    wanted = console.page.locator(selector).first
    for _ in range(60):
        await console.page.keyboard.press("Tab")
        if await wanted.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"{selector} cannot be reached by the Tab key")


async def test_the_console_needs_no_script(
    site: str, chromium_window: Browser, opens_chat: OpenChat, desk_clerk: str
) -> None:
    chat = await opens_chat()
    await chat.agrees()
    await chat.files(LAMP)
    async with open_console(chromium_window, site, Window.PHONE, scripts=False) as console:
        await console.signs_in(desk_clerk, PASSWORD)
        await console.goes_to("건의 목록")
        await console.opens("가로등")
        await console.page.locator("#answer summary").click()
        await console.page.locator("#answer textarea").fill("고쳤어요.")
        await console.page.get_by_role("button", name="답변 보내고 끝내기").click()
        await console.reads("답변을 보내고 건의를 끝냈어요.")
