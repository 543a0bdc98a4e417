"""The composition root: builds every part once, hands each what it needs, and runs them together."""

import asyncio
import os
import random
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog
from fastapi import APIRouter, FastAPI

from bot.channel import Channel
from bot.dispatcher import Dispatcher
from bot.health import Health
from bot.intake import InboxWriter
from bot.letters import Letters
from bot.measures import Measures
from bot.metrics import metrics_router
from bot.pacing import Pacer
from bot.prepare import Preparer
from bot.presence import Presence
from bot.sender import Sender
from bot.settings import Settings
from bot.shower import WebShower
from bot.signals import Bell, NewsBoard
from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import Line, Me, check_token, open_line
from bot.telegram.menu import set_menus
from bot.telegram.polling import Polling
from bot.telegram.reading import Reader
from bot.telegram.turnstile import LeaseTurnstile
from bot.telegram.webhook import Webhook
from bot.ticks import Ticks
from cases.calendar import WorkCalendar
from cities.directory import Directory
from cities.reading import load_city
from handlers.ports import Clock, Waker
from handlers.rendering import Renderer
from handlers.world import World
from intents.city import City
from intents.understanding import Understanding
from locales.catalogue import shipped_catalogue
from schedules.jobs import Tools
from storage.engine import Database
from storage.files import FileStore
from web.app import create_app
from web.chat.turns import numbers_of
from web.services import WebServices
from web.staff.routes import staff_router
from web.staff.services import StaffServices

log = structlog.get_logger()

Loop = Callable[[], Awaitable[None]]


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def build_world(city: City, turns_per_minute: int = 40) -> World:
    """What handlers are given beside the turn."""
    directory = Directory(city)
    return World(
        directory=directory,
        calendar=WorkCalendar(ZoneInfo(city.zone), city.days_off, city.days_on),
        understanding=Understanding(city),
        renderer=Renderer(shipped_catalogue(), directory),
        turns_per_minute=turns_per_minute,
    )


@dataclass(frozen=True, slots=True)
class Program:
    """The running program: its web application, the loops beside it, and the doors others need.

    Whoever commits outbox rows beside the loops wakes `outgoing`. Setting `stopping` ends open streams.
    """

    web: FastAPI
    world: World
    database: Database
    outgoing: Waker
    stopping: asyncio.Event
    loops: tuple[Loop, ...]
    drains: tuple[Loop, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is built first and used by everything."""

    settings: Settings
    world: World
    database: Database
    files: FileStore
    measures: Measures
    incoming: Bell
    outgoing: Bell
    showing: Bell
    intake: InboxWriter
    letters: Letters
    stopping: asyncio.Event
    clock: Clock
    owner: str
    presence: Presence
    draw: random.Random


class _Both:
    """Wakes the senders of every channel after a commit."""

    def __init__(self, *bells: Bell) -> None:
        self._bells = bells

    def wake(self) -> None:
        for bell in self._bells:
            bell.wake()


@asynccontextmanager
async def build(
    settings: Settings, *, clock: Clock = utc_now, world: World | None = None
) -> AsyncIterator[Program]:
    """Build the program; everything it opened is closed at the end.

    `world`, where given, is used instead of reading the settings' pack.
    Raises PackError for a faulty city pack and TokenRefused for a wrong token.
    """
    async with AsyncExitStack() as stack:
        parts = await _parts(settings, clock, world, stack)
        line = None
        if settings.telegram_token:
            line = await stack.enter_async_context(
                open_line(settings.telegram_token, settings.telegram_api_url)
            )
            await check_token(line)
        yield _assemble(parts, line)


async def _parts(settings: Settings, clock: Clock, given: World | None, stack: AsyncExitStack) -> _Parts:
    world = given or build_world(load_city(settings.city), settings.turns_per_minute)
    database = Database(settings.database_url)
    stack.push_async_callback(database.close)
    files = FileStore(settings.data_folder / "files")
    stack.callback(files.close)
    measures = Measures()
    incoming, outgoing, showing = Bell(), Bell(), Bell()
    owner = f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"
    draw = random.Random()  # noqa: S311 - jitter, not a secret
    bells = (incoming, outgoing, showing)
    presence = Presence(database, owner=owner, clock=clock, wakers=bells, draw=draw)
    await presence.arrive()
    stack.push_async_callback(presence.leave)
    return _Parts(
        settings=settings,
        world=world,
        database=database,
        files=files,
        measures=measures,
        incoming=incoming,
        outgoing=outgoing,
        showing=showing,
        intake=InboxWriter(database, incoming, measures),
        letters=Letters(world.renderer, files, database),
        stopping=asyncio.Event(),
        clock=clock,
        owner=owner,
        presence=presence,
        draw=draw,
    )


def _assemble(parts: _Parts, line: Line | None) -> Program:
    channels: dict[str, Channel] = {}
    if line is not None:
        channels["telegram"] = TelegramChannel(line.bot)
    news = NewsBoard()
    outgoing = _Both(parts.outgoing, parts.showing)
    dispatcher = Dispatcher(
        parts.database,
        parts.world,
        parts.incoming,
        owner=parts.owner,
        clock=parts.clock,
        outgoing=outgoing,
        preparer=Preparer(channels, parts.files),
        measures=parts.measures,
        draw=parts.draw,
    )
    shower = WebShower(
        parts.database, parts.showing, news, clock=parts.clock, measures=parts.measures, draw=parts.draw
    )
    ticks = Ticks(_tools(parts, outgoing), measures=parts.measures, draw=parts.draw)
    senders = [_sender(parts, channel) for channel in channels.values()]
    routers, polls = _telegram(parts, line)
    web = create_app(
        _web_services(parts, news, tuple(channels)),
        [metrics_router(parts.measures), staff_router(_staff_services(parts, outgoing)), *routers],
    )
    return Program(
        web=web,
        world=parts.world,
        database=parts.database,
        outgoing=outgoing,
        stopping=parts.stopping,
        loops=(
            parts.presence.run,
            dispatcher.run,
            shower.run,
            ticks.run,
            *(sender.run for sender in senders),
            *polls,
        ),
        drains=(dispatcher.drain, *(sender.drain for sender in senders)),
    )


def _tools(parts: _Parts, outgoing: Waker) -> Tools:
    return Tools(
        database=parts.database,
        world=parts.world,
        files=parts.files,
        data_folder=parts.settings.data_folder,
        waker=outgoing,
        clock=parts.clock,
        owner=parts.owner,
    )


def _sender(parts: _Parts, channel: Channel) -> Sender:
    return Sender(
        parts.database,
        channel,
        parts.letters,
        Pacer(channel.name, parts.settings.pace),
        parts.outgoing,
        owner=parts.owner,
        clock=parts.clock,
        measures=parts.measures,
        draw=parts.draw,
    )


def _telegram(parts: _Parts, line: Line | None) -> tuple[list[APIRouter], list[Loop]]:
    if line is None:
        return [], []
    city = parts.world.directory.city
    catalogue = shipped_catalogue()
    reader = Reader(
        bot_id=line.bot_id,
        username="",
        locales=catalogue.locales,
        clock=parts.clock,
        public_numbers=tuple(numbers_of(city)),
    )

    async def introduce(_me: Me) -> None:
        names = {locale: parts.world.directory.city_name(locale) for locale in catalogue.locales}
        await set_menus(line, catalogue, names)

    settings = parts.settings
    if settings.uses_webhook:
        webhook = Webhook(
            line,
            reader,
            parts.intake,
            public_url=settings.public_url,
            secret=settings.webhook_secret,
            when_known=introduce,
        )
        return [webhook.router()], [webhook.run]
    turnstile = LeaseTurnstile(parts.database, parts.owner, parts.clock)
    polling = Polling(line, reader, parts.intake, turnstile, when_known=introduce)
    return [], [polling.run]


def _web_services(parts: _Parts, news: NewsBoard, channels: tuple[str, ...]) -> WebServices:
    health = Health(parts.database, parts.measures, parts.clock, ("dispatcher", "web", *channels))
    return WebServices(
        database=parts.database,
        intake=parts.intake,
        news=news,
        files=parts.files,
        renderer=parts.world.renderer,
        city=parts.world.directory.city,
        clock=parts.clock,
        secret_key=parts.settings.secret_key,
        health=health.faults,
        public_url=parts.settings.public_url,
        stopping=parts.stopping,
    )


def _staff_services(parts: _Parts, outgoing: _Both) -> StaffServices:
    return StaffServices(
        database=parts.database,
        world=parts.world,
        files=parts.files,
        waker=outgoing,
        clock=parts.clock,
        secret_key=parts.settings.secret_key,
        secure_cookies=parts.settings.public_url.startswith("https://"),
    )


@asynccontextmanager
async def running(program: Program) -> AsyncIterator[None]:
    """Run the loops while the body runs; an unexpected end of one is raised, never passed over."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_forever(loop)) for loop in program.loops]
            yield
            for task in tasks:
                task.cancel()
    finally:
        for drain in program.drains:
            await drain()


async def _forever(loop: Loop) -> None:
    await loop()
