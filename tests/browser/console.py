"""The staff console as a person uses it: signing in, reading the list, opening a card, filling its forms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Error, Locator, Page, expect

from tests.browser.chat import Scheme, Window

_TOO_SMALL = """() => [...document.querySelectorAll('button, a, input:not([type=hidden]), select, textarea')]
  .filter(one => one.offsetParent && !one.closest('p, td, dd, .skip'))
  .filter(one => one.offsetHeight < 44)
  .map(one => one.outerHTML)"""


@dataclass
class Console:
    """One member of staff's browser."""

    page: Page
    site: str
    width: int
    complaints: list[str] = field(default_factory=list)

    async def signs_in(self, login: str, password: str) -> None:
        """From wherever they are."""
        await self.page.goto(f"{self.site}/staff")
        await self.page.get_by_label("아이디").fill(login)
        await self.page.get_by_label("비밀번호").fill(password)
        await self.page.get_by_role("button", name="로그인").click()

    async def changes_password(self, old: str, new: str) -> None:
        """On the page that comes first."""
        await self.page.get_by_label("지금 비밀번호").fill(old)
        await self.page.get_by_label("새 비밀번호", exact=True).fill(new)
        await self.page.get_by_label("새 비밀번호 한 번 더").fill(new)
        await self.page.get_by_role("button", name="비밀번호 바꾸기").click()

    async def goes_to(self, name: str) -> None:
        """By the menu."""
        menu = self.page.get_by_role("navigation", name="메뉴")
        if not await menu.get_by_role("link", name=name).is_visible():
            await menu.get_by_text("더 보기").click()
        await menu.get_by_role("link", name=name).click()
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    async def opens(self, title: str) -> None:
        """A case of the list."""
        await self.page.get_by_role("link", name=title).first.click()
        await expect(self.page.get_by_role("heading", level=2, name="처리하기")).to_be_visible()

    async def form(self, action: str) -> Locator:
        """The opened form of an action, by its name in the address."""
        form = self.page.locator(f"#{action}")
        if await form.evaluate("one => one.tagName === 'DETAILS' && !one.open"):
            await form.locator("summary").click()
        return form

    async def does(self, action: str, button: str, **fields: str) -> None:
        """Fill a form of the card and send it."""
        form = await self.form(action)
        for name, value in fields.items():
            await form.locator(f"[name={name}]").fill(value)
        await form.get_by_role("button", name=button, exact=True).click()

    async def reads(self, words: str) -> None:
        """These words stand on the page."""
        await expect(self.page.get_by_role("main")).to_contain_text(words)

    async def is_sound(self) -> None:
        """Nothing leaves the screen, everything can be hit, axe-core finds no serious fault."""
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        await self.page.wait_for_load_state()
        assert await self.page.evaluate("document.documentElement.scrollWidth") <= self.width
        small = await self.page.evaluate(_TOO_SMALL)
        assert small == []
        found = await Axe().run(self.page)
        faults = [
            f"{fault['id']}: {fault['nodes'][0]['html']}"
            for fault in found.response["violations"]
            if fault["impact"] in ("serious", "critical")
        ]
        assert faults == [], self.page.url

    def listen(self) -> None:
        """Gather whatever the page complains of."""
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx on purpose, and Chromium notes that.
        if (
            message.type in ("error", "warning")
            and "the server responded with a status of 4" not in message.text
        ):
            self.complaints.append(message.text)

    def _error(self, error: Error) -> None:
        self.complaints.append(str(error))


@asynccontextmanager
async def open_console(
    browser: Browser, site: str, window: Window, *, scheme: Scheme = "light", scripts: bool = True
) -> AsyncIterator[Console]:
    """A browser profile of its own. At the end no page may have complained of anything."""
    width, height, touch = window.value
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=touch,
        is_mobile=touch,
        locale="ko-KR",
        color_scheme=scheme,
        timezone_id="Asia/Seoul",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(10_000)
    console = Console(await context.new_page(), site, width)
    console.listen()
    yield console
    await context.close()
    assert console.complaints == []
