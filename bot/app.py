"""The composition root: builds every part once, hands each what it needs, and runs them together."""

import asyncio
import os
import random
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from bot.channel import Channel
from bot.intake import InboxWriter
from bot.learning import Lessons
from bot.letters import Letters
from bot.measures import Measures
from bot.metrics import metrics_router
from bot.packs import Packs
from bot.parts import (
    Both,
    BotName,
    Loop,
    Parts,
    dispatcher_of,
    sender_of,
    shower_of,
    staff_services_of,
    telegram_of,
    tools_of,
    web_services_of,
)
from bot.presence import Presence
from bot.settings import Settings
from bot.signals import Bell, NewsBoard
from bot.telegram.channel import TelegramChannel
from bot.telegram.connection import Line, check_token, open_line
from bot.ticks import Ticks
from cases.calendar import WorkCalendar
from cities.directory import Directory
from cities.reading import load_city
from handlers.ports import Clock, Waker
from handlers.rendering import Renderer
from handlers.world import Outlook, World
from intents.city import City
from intents.understanding import Understanding
from locales.catalogue import shipped_catalogue
from storage.audit import Sealer
from storage.engine import Database
from storage.files import FileStore
from web.app import create_app
from web.staff.routes import staff_router


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def build_outlook(city: City) -> Outlook:
    """What is known of the city, from its pack alone."""
    directory = Directory(city)
    return Outlook(
        directory=directory,
        calendar=WorkCalendar(ZoneInfo(city.zone), city.days_off, city.days_on),
        understanding=Understanding(city),
        renderer=Renderer(shipped_catalogue(), directory),
    )


def build_world(city: City, turns_per_minute: int = 40) -> World:
    """What handlers are given beside the turn."""
    return World(build_outlook(city), turns_per_minute=turns_per_minute)


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
                open_line(
                    settings.telegram_token, settings.telegram_api_url, patience=settings.telegram_timeout
                )
            )
            await check_token(line, parts.bot_name.learn)
        yield _assemble(parts, line)


async def _parts(settings: Settings, clock: Clock, given: World | None, stack: AsyncExitStack) -> Parts:
    first = given or build_world(load_city(settings.city))
    world = first.own(turns_per_minute=settings.turns_per_minute, sealer=Sealer(settings.secret_key))
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
    packs = Packs(database, world, settings.city, build_outlook, draw=draw)
    await packs.look()
    await presence.arrive()
    stack.push_async_callback(presence.leave)
    return Parts(
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
        bot_name=BotName(),
        packs=packs,
    )


def _assemble(parts: Parts, line: Line | None) -> Program:
    channels: dict[str, Channel] = {}
    if line is not None:
        channels["telegram"] = TelegramChannel(line.bot)
    news = NewsBoard()
    outgoing = Both(parts.outgoing, parts.showing)
    dispatcher = dispatcher_of(parts, channels, outgoing)
    shower = shower_of(parts, news)
    ticks = Ticks(tools_of(parts, outgoing), measures=parts.measures, draw=parts.draw)
    senders = [sender_of(parts, channel) for channel in channels.values()]
    routers, polls = telegram_of(parts, line)
    web = create_app(
        web_services_of(parts, news, tuple(channels)),
        [metrics_router(parts.measures), staff_router(staff_services_of(parts, outgoing)), *routers],
    )
    return Program(
        web=web,
        world=parts.world,
        database=parts.database,
        outgoing=outgoing,
        stopping=parts.stopping,
        loops=(
            parts.presence.run,
            Lessons(parts.database, parts.world, draw=parts.draw).run,
            dispatcher.run,
            shower.run,
            ticks.run,
            parts.packs.run,
            *(sender.run for sender in senders),
            *polls,
        ),
        drains=(dispatcher.drain, *(sender.drain for sender in senders)),
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
