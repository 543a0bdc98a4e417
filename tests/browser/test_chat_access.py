"""The chat for everybody: fingers, keyboards, screen readers, small and dark screens."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.chat import Chat, Scheme, Window
from tests.browser.conftest import OpenChat

pytestmark = pytest.mark.browser

LIGHT = "송도2동 가로등이 꺼졌어요"
SMALLEST_TARGET = 44

_TOO_SMALL = """smallest => [...document.querySelectorAll('button, a, textarea')]
  .filter(one => one.offsetParent && !one.closest('.words'))
  .filter(one => one.offsetHeight < smallest || one.offsetWidth < smallest)
  .map(one => one.outerHTML)"""

_LINKS = """async text => {
  const { withCalls } = await import('/static/links.js');
  const parts = withCalls(text);
  return [[...parts.querySelectorAll('a')].map(one => one.getAttribute('href')), parts.textContent];
}"""


async def serious_faults(chat: Chat) -> list[str]:
    """What axe-core finds serious or critical."""
    found = await Axe().run(chat.page)
    return [
        f"{fault['id']}: {fault['nodes'][0]['html']}"
        for fault in found.response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


async def test_no_serious_fault_is_found_in_any_state_of_the_page(
    opens_chat: OpenChat, window: Window
) -> None:
    scheme: Scheme = "dark" if window is Window.PHONE else "light"
    chat = await opens_chat(window, scheme=scheme)
    await chat.hears("안녕하세요")
    assert await serious_faults(chat) == []
    await chat.agrees()
    await chat.files(LIGHT)
    await chat.context.set_offline(True)
    await chat.says("하나 더 있어요")
    await expect(chat.page.locator(".offline")).to_be_visible()
    assert await serious_faults(chat) == []


async def test_everything_can_be_hit_with_a_thumb_and_nothing_leaves_the_screen(
    opens_chat: OpenChat,
) -> None:
    chat = await opens_chat(Window.PHONE)
    await chat.agrees()
    await chat.files(LIGHT)
    await chat.says("가" * 300 + " https://example.org/" + "a" * 200)
    await expect(chat.mine.last).to_contain_text("보냄")
    for width in (360, 320):
        await chat.page.set_viewport_size({"width": width, "height": 640})
        assert await chat.scroll_width() == width
        assert await chat.page.evaluate(_TOO_SMALL, SMALLEST_TARGET) == []


async def test_text_may_be_twice_as_large(opens_chat: OpenChat) -> None:
    chat = await opens_chat(Window.PHONE)
    await chat.hears("안녕하세요")
    await chat.page.evaluate("document.documentElement.style.setProperty('font-size', '225%')")
    assert await chat.scroll_width() == 360
    await expect(chat.area).to_be_in_viewport()


async def test_the_whole_path_goes_by_keyboard(opens_chat: OpenChat) -> None:
    chat = await opens_chat(Window.DESKTOP)
    await chat.choice("동의해요").focus()
    await chat.page.keyboard.press("Enter")
    await chat.hears("편하게 적어 주세요")
    await chat.area.focus()
    await chat.page.keyboard.type("송도2동 가로등이")
    await chat.page.keyboard.press("Shift+Enter")
    await chat.page.keyboard.type("꺼졌어요")
    await chat.page.keyboard.press("Enter")
    await expect(chat.mine.last.locator(".words")).to_have_text("송도2동 가로등이\n꺼졌어요")
    await expect(chat.area).to_be_focused()
    await chat.hears("담당:")
    await chat.choice("이대로 보내기").focus()
    await chat.page.keyboard.press("Space")
    await chat.hears("접수번호")


async def test_enter_that_ends_a_korean_syllable_does_not_send(opens_chat: OpenChat) -> None:
    chat = await opens_chat(Window.DESKTOP)
    await chat.agrees()
    await chat.area.fill("가로등")
    await chat.area.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    await expect(chat.area).to_have_value("가로등")
    assert await chat.mine.count() == 0


async def test_a_button_that_was_pressed_keeps_the_focus(opens_chat: OpenChat) -> None:
    chat = await opens_chat(Window.DESKTOP)
    await chat.choice("동의해요").focus()
    await chat.page.keyboard.press("Enter")
    await chat.hears("편하게 적어 주세요")
    await expect(chat.choice("동의해요")).to_be_focused()


async def test_a_screen_reader_hears_new_replies(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    log = chat.page.get_by_role("log", name="대화")
    await expect(log).to_have_attribute("aria-live", "polite")
    await chat.agrees()
    await expect(log).to_contain_text("편하게 적어 주세요")
    await expect(chat.page.get_by_role("textbox", name="하실 말씀")).to_be_visible()
    await expect(chat.page.get_by_role("link", name="콜센터")).to_have_attribute("href", "tel:032-120")


PHONES = {
    "032-120으로 전화하세요": ["tel:032120"],
    "급하면 119, 112에 먼저": ["tel:119", "tel:112"],
    "☎ 032-440-0000 / 1588-0000": ["tel:0324400000", "tel:15880000"],
    "110동 앞 119번지, 112건, 120,000원, 2019-112-1": [],
    "접수번호 26-00012": [],
    "112번 버스가 늦어요": [],
}


async def test_phone_numbers_in_a_text_can_be_tapped_and_other_numbers_cannot(opens_chat: OpenChat) -> None:
    chat = await opens_chat()
    for text, links in PHONES.items():
        assert await chat.page.evaluate(_LINKS, text) == [links, text]
