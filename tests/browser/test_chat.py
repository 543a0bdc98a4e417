"""A resident's whole path in a real browser, on a small phone and on a desktop."""

from pathlib import Path

import pytest
from playwright.async_api import FilePayload, expect

from cases.vocabulary import INTAKE_DESK
from tests.browser.chat import Window
from tests.browser.conftest import OpenChat
from tests.support.offices import Officer
from tests.support.program import RunningProgram
from tests.web.drawing import jpeg, taken_at_home

pytestmark = pytest.mark.browser

SIGNAL = "연수구 송도2동 해돋이공원 앞 횡단보도 신호등이 안 들어와요"


async def test_a_resident_raises_a_problem_and_is_told_of_every_change_without_a_reload(
    opens_chat: OpenChat, window: Window, officer: Officer
) -> None:
    chat = await opens_chat(window)
    await chat.agrees()
    await chat.says(SIGNAL)
    await expect(chat.mine).to_contain_text([SIGNAL])
    await chat.hears("담당:")
    await chat.presses("이대로 보내기")
    await chat.hears("접수번호")
    number = await chat.page.locator(".theirs .whole").last.inner_text()
    await officer.moves(number, to=INTAKE_DESK, because="공원 안의 시설입니다.")
    await chat.hears("공원 안의 시설입니다.")
    await officer.answers(number, "전구를 갈았습니다.")
    await chat.hears("전구를 갈았습니다.")
    assert await chat.scroll_width() == window.value[0]


async def test_nothing_moves_under_a_finger_when_the_hint_of_more_words_goes(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await expect(chat.page.locator(".newer")).to_be_visible()
    shown: int = await chat.page.evaluate("document.querySelector('main').scrollHeight")
    await chat.choice("동의해요").scroll_into_view_if_needed()
    await expect(chat.page.locator(".newer")).to_be_hidden()
    assert await chat.page.evaluate("document.querySelector('main').scrollHeight") == shown


async def test_the_conversation_stands_as_it_was_after_a_reload(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await chat.agrees()
    number = await chat.files(SIGNAL)
    before = await chat.page.locator(".log").inner_text()
    await chat.page.reload()
    await chat.hears(number)
    await expect(chat.page.locator(".log")).to_have_text(
        await chat.page.locator(".log").inner_text(), use_inner_text=True
    )
    assert await chat.page.locator(".log").inner_text() == before
    await expect(chat.choice("이대로 보내기")).to_have_attribute("aria-pressed", "true")
    await expect(chat.choice("그만두기")).to_have_attribute("aria-disabled", "true")


async def test_the_draft_of_a_message_outlives_a_reload(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await chat.hears("안녕하세요")
    await chat.area.fill("아직 다 안 썼는데")
    await chat.page.reload()
    await expect(chat.area).to_have_value("아직 다 안 썼는데")


async def test_what_is_typed_without_a_network_is_sent_once_when_it_is_back(
    opens_chat: OpenChat, program: RunningProgram
) -> None:
    chat = await opens_chat()
    await chat.agrees()
    await chat.context.set_offline(True)
    await chat.says(SIGNAL)
    await expect(chat.page.locator(".offline")).to_be_visible()
    await expect(chat.mine.last).to_contain_text("보내는 중")
    await chat.context.set_offline(False)
    await chat.hears("담당:")
    await expect(chat.page.locator(".offline")).to_be_hidden()
    await expect(chat.mine.last).to_contain_text("보냄")
    assert len(await program.rows("select id from inbox")) == 3


async def test_what_waits_to_be_sent_outlives_a_closed_page(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await chat.agrees()
    url = chat.page.url
    await chat.context.set_offline(True)
    await chat.says(SIGNAL)
    await chat.page.close()
    await chat.context.set_offline(False)
    chat.page = await chat.context.new_page()
    chat.listen()
    await chat.page.goto(url)
    await chat.hears("담당:")
    await expect(chat.mine).to_have_count(1)


async def test_a_picture_is_sent_and_belongs_to_the_case_without_its_place(
    opens_chat: OpenChat, program: RunningProgram, tmp_path: Path
) -> None:
    chat = await opens_chat()
    await chat.agrees()
    await chat.says(SIGNAL)
    await chat.hears("담당:")
    taken = jpeg(900, 600, exif=taken_at_home())
    file = FilePayload(name="사진.jpg", mimeType="image/jpeg", buffer=taken)
    async with chat.page.expect_file_chooser() as chooser:
        await chat.page.get_by_role("button", name="사진", exact=True).click()
    await (await chooser.value).set_files(file)
    await expect(chat.mine.last.get_by_role("img")).to_be_visible()
    await expect(chat.mine.last).to_contain_text("보냄")
    await chat.hears("사진: 1장")
    await chat.presses("이대로 보내기")
    await chat.hears("접수번호")
    [(name,)] = await program.rows("select name from attachment where case_id is not null")
    assert b"SecretPhone" not in (tmp_path / "files" / str(name)).read_bytes()


async def test_a_file_that_is_no_picture_is_refused_in_words(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await chat.agrees()
    file = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=b"<script>alert(1)</script>")
    await chat.page.locator("#picture").set_input_files(file)
    await expect(chat.mine.last).to_contain_text("사진으로 열 수 없는 파일이에요")
    await expect(chat.mine.last.get_by_role("button", name="다시 보내기")).to_be_visible()
    chat.complaints.clear()  # The browser itself notes the refusal.


async def test_a_shared_location_is_understood_as_a_place(opens_chat: OpenChat) -> None:
    chat = await opens_chat(permissions=["geolocation"])
    await chat.agrees()
    await chat.page.get_by_role("button", name="위치").click()
    await expect(chat.mine).to_contain_text(["지금 있는 곳"])
    await chat.hears("연수구")


async def test_who_does_not_share_the_location_is_asked_to_write_it(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await chat.agrees()
    await chat.page.get_by_role("button", name="위치").click()
    await expect(chat.page.locator(".toast")).to_contain_text("글로 적어 주세요")
    assert await chat.mine.count() == 0


async def test_two_tabs_show_one_conversation_and_greet_once(
    opens_chat: OpenChat, program: RunningProgram
) -> None:
    chat = await opens_chat()
    other = await chat.context.new_page()
    await other.goto(chat.page.url)
    await chat.agrees()
    await expect(other.locator(".theirs").last).to_contain_text("편하게 적어 주세요")
    assert len(await program.rows("select id from inbox")) == 2


async def test_a_meetings_link_begins_once_and_a_reload_does_not_begin_again(
    opens_chat: OpenChat, program: RunningProgram
) -> None:
    chat = await opens_chat(path="/m/SONGDO")
    await chat.hears("안녕하세요")
    assert chat.page.url.endswith("/")
    await chat.page.reload()
    await chat.hears("안녕하세요")
    assert len(await program.rows("select id from inbox")) == 1


async def test_the_page_and_all_that_was_said_change_their_language(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await chat.hears("안녕하세요")
    await chat.page.get_by_role("button", name="English").first.click()
    await expect(chat.page.locator("html")).to_have_attribute("lang", "en")
    await expect(chat.area).to_have_attribute("placeholder", "Write here")
    await expect(chat.theirs.first).to_contain_text("Hello")
    await chat.page.get_by_role("button", name="한국어").first.click()
    await chat.hears("안녕하세요")


async def test_the_page_follows_when_the_language_is_changed_in_the_conversation(
    opens_chat: OpenChat,
) -> None:
    chat = await opens_chat()
    await chat.choice("English").click()
    await expect(chat.page.locator("html")).to_have_attribute("lang", "en")
    await expect(chat.theirs.last).to_contain_text("personal")


async def test_an_english_browser_is_greeted_in_english(opens_chat: OpenChat) -> None:
    chat = await opens_chat(locale="en-GB")
    await chat.hears("Hello")


async def test_words_are_shown_as_words_whatever_is_in_them(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    await chat.agrees()
    words = "<img src=x onerror=alert(1)><b>송도2동</b> 가로등이 꺼졌어요"
    await chat.says(words)
    await expect(chat.mine.last.locator(".words")).to_have_text(words)
    await chat.hears("담당:")
    assert await chat.page.locator(".log b, .log img").count() == 0


async def test_buttons_of_a_step_that_is_over_are_out_of_use(
    opens_chat: OpenChat, program: RunningProgram
) -> None:
    chat = await opens_chat()
    await chat.agrees()
    await chat.says(SIGNAL)
    await chat.hears("담당:")
    await expect(chat.choice("동의하지 않아요")).to_have_attribute("aria-disabled", "true")
    await chat.choice("동의하지 않아요").dispatch_event("click")
    await chat.presses("이대로 보내기")
    await chat.hears("접수번호")
    # The greeting, the yes, the words, the card: no other turn was sent.
    assert len(await program.rows("select id from inbox")) == 4
