"""The real program on a loopback port, and real browser windows looking at it."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from bot.app import build_world
from cities.reading import load_city
from handlers.world import World
from tests.browser.chat import Chat, Look, Scheme, Window, open_chat
from tests.support.chromium import ARGUMENTS
from tests.support.offices import Officer
from tests.support.program import RunningProgram, open_program
from tests.web.house import serving

OpenChat = Callable[..., Awaitable[Chat]]


@pytest.fixture(scope="session")
def incheon() -> World:
    """Incheon, read once a run."""
    return build_world(load_city("incheon"))


@pytest.fixture
async def program(migrated_sqlite: Path, tmp_path: Path, incheon: World) -> AsyncIterator[RunningProgram]:
    """The whole program, running, on a fresh database."""
    file = tmp_path / "sotong.sqlite3"
    with closing(sqlite3.connect(migrated_sqlite)) as source, closing(sqlite3.connect(file)) as target:
        source.backup(target)
    async with open_program(f"sqlite:///{file}", tmp_path, incheon) as running:
        yield running


@pytest.fixture
async def site(program: RunningProgram) -> AsyncIterator[str]:
    """Where the program's pages are."""
    async with serving(program.program.web) as url:
        yield url


@pytest.fixture
async def chromium_window(chromium: Path) -> AsyncIterator[Browser]:
    """A real browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture
async def opens_chat(site: str, chromium_window: Browser) -> AsyncIterator[OpenChat]:
    """Opens the chat in a new browser profile. At the end no page may have complained of anything."""
    opened: list[Chat] = []

    async def open_one(
        window: Window = Window.PHONE,
        *,
        path: str = "/",
        locale: str = "ko-KR",
        scheme: Scheme = "light",
        permissions: Sequence[str] = (),
    ) -> Chat:
        look = Look(window, locale, scheme, permissions)
        chat = await open_chat(chromium_window, site + path, look)
        opened.append(chat)
        return chat

    yield open_one
    for chat in opened:
        await chat.context.close()
    assert [complaint for chat in opened for complaint in chat.complaints] == []


@pytest.fixture(params=list(Window))
def window(request: pytest.FixtureRequest) -> Window:
    """Runs the test on a small phone and on a desktop."""
    size: Window = request.param
    return size


@pytest.fixture
def officer(program: RunningProgram) -> Officer:
    """Somebody of whichever office has the case."""
    return Officer(program)
