"""The web chat as a person uses it: a window, what stands in it, what they type and press."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, expect

# Chromium itself reports a request that failed while the network was taken away.
_EXPECTED = ("ERR_INTERNET_DISCONNECTED",)


Scheme = Literal["light", "dark"]


class Window(Enum):
    """The two windows every page must fit: width, height, and whether fingers are used."""

    PHONE = (360, 740, True)
    DESKTOP = (1280, 800, False)


@dataclass
class Chat:
    """One person's browser with the chat open."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def area(self) -> Locator:
        """Where words are typed."""
        return self.page.get_by_role("textbox")

    @property
    def theirs(self) -> Locator:
        """What the city said."""
        return self.page.locator(".message.theirs")

    @property
    def mine(self) -> Locator:
        """What the person said."""
        return self.page.locator(".message.mine")

    def choice(self, label: str) -> Locator:
        """The newest button with this label."""
        return self.page.locator("button.choice", has_text=label).last

    async def says(self, words: str) -> None:
        """Type and send."""
        await self.area.fill(words)
        await self.page.locator(".send").click()

    async def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        await self.choice(label).click()

    async def hears(self, words: str) -> None:
        """Wait until the newest words of the city hold `words`."""
        await expect(self.theirs.filter(has_text=words).last).to_be_visible()

    async def agrees(self) -> None:
        """First contact: the greeting comes by itself, the person agrees."""
        await self.presses("동의해요")
        await self.hears("편하게 적어 주세요")

    async def files(self, words: str) -> str:
        """Write about a problem and send the card; gives the case's number."""
        await self.says(words)
        await self.presses("이대로 보내기")
        await self.hears("접수번호")
        return await self.page.locator(".theirs .whole").last.inner_text()

    async def scroll_width(self) -> int:
        """How wide the page is, if one scrolled to its right end."""
        width: int = await self.page.evaluate("document.documentElement.scrollWidth")
        return width

    def listen(self) -> None:
        """Gather whatever the page complains of."""
        self.page.on("console", self._console)
        self.page.on("pageerror", self._error)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(one in message.text for one in _EXPECTED):
            self.complaints.append(message.text)

    def _error(self, error: Error) -> None:
        self.complaints.append(str(error))


@dataclass(frozen=True, slots=True)
class Look:
    """How the browser is set."""

    window: Window
    locale: str
    scheme: Scheme
    permissions: Sequence[str]


async def open_chat(browser: Browser, url: str, look: Look) -> Chat:
    """Open the page in a profile of its own."""
    width, height, touch = look.window.value
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=touch,
        is_mobile=touch,
        locale=look.locale,
        color_scheme=look.scheme,
        timezone_id="Asia/Seoul",
        permissions=look.permissions,
        geolocation={"latitude": 37.3925, "longitude": 126.6399},
    )
    context.set_default_timeout(10_000)
    chat = Chat(context, await context.new_page())
    chat.listen()
    await chat.page.goto(url)
    return chat
