"""The program's parts, each built from what all of them share."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter

from bot.channel import Channel
from bot.dispatcher import Dispatcher
from bot.health import Health
from bot.intake import InboxWriter
from bot.letters import Letters
from bot.measures import Measures
from bot.pacing import Pacer
from bot.packs import Packs
from bot.prepare import Preparer
from bot.presence import Presence
from bot.sender import Sender
from bot.settings import Settings
from bot.shower import WebShower
from bot.signals import Bell, NewsBoard
from bot.telegram.connection import Line, Me
from bot.telegram.menu import set_menus
from bot.telegram.polling import Polling
from bot.telegram.reading import Reader
from bot.telegram.turnstile import LeaseTurnstile
from bot.telegram.webhook import Webhook
from handlers.ports import Clock, Waker
from handlers.world import World
from locales.catalogue import shipped_catalogue
from schedules.jobs import Tools
from storage.engine import Database
from storage.files import FileStore
from web.chat.turns import numbers_of
from web.services import WebServices
from web.staff.services import StaffServices

Loop = Callable[[], Awaitable[None]]
"""Something that runs beside the others until it is cancelled."""


class BotName:
    """What the bot is called at Telegram; empty until Telegram has said so."""

    def __init__(self) -> None:
        self._name = ""

    def __call__(self) -> str:
        return self._name

    def learn(self, me: Me) -> None:
        """Telegram has said who the bot is."""
        self._name = me.username


@dataclass(frozen=True, slots=True)
class Parts:
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
    bot_name: BotName
    packs: Packs


class Both:
    """Wakes the senders of every channel after a commit."""

    def __init__(self, *bells: Bell) -> None:
        self._bells = bells

    def wake(self) -> None:
        """Look for work now, in both."""
        for bell in self._bells:
            bell.wake()


def dispatcher_of(parts: Parts, channels: Mapping[str, Channel], outgoing: Waker) -> Dispatcher:
    """What answers turns."""
    return Dispatcher(
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


def shower_of(parts: Parts, news: NewsBoard) -> WebShower:
    """What shows replies in the web chat."""
    return WebShower(
        parts.database, parts.showing, news, clock=parts.clock, measures=parts.measures, draw=parts.draw
    )


def tools_of(parts: Parts, outgoing: Waker) -> Tools:
    """What the jobs of the calendar work with."""
    return Tools(
        alive=parts.measures.alive.labels("ticks").set_to_current_time,
        public_url=parts.settings.public_url,
        database_url=parts.settings.database_url,
        database=parts.database,
        world=parts.world,
        files=parts.files,
        data_folder=parts.settings.data_folder,
        waker=outgoing,
        clock=parts.clock,
        owner=parts.owner,
    )


def sender_of(parts: Parts, channel: Channel) -> Sender:
    """What sends one channel's messages."""
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


def telegram_of(parts: Parts, line: Line | None) -> tuple[list[APIRouter], list[Loop]]:
    """Telegram's routes and loops: a webhook's or those of polling; none without a line."""
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

    async def introduce(me: Me) -> None:
        parts.bot_name.learn(me)
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


def web_services_of(parts: Parts, news: NewsBoard, channels: tuple[str, ...]) -> WebServices:
    """What the chat's pages and API are given."""
    loops = ("dispatcher", "ticks", "web", *channels)
    folder = parts.settings.data_folder
    health = Health(parts.database, parts.measures, parts.clock, loops, folder)
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


def staff_services_of(parts: Parts, outgoing: Both) -> StaffServices:
    """What the console is given."""
    return StaffServices(
        database=parts.database,
        world=parts.world,
        files=parts.files,
        waker=outgoing,
        clock=parts.clock,
        secret_key=parts.settings.secret_key,
        secure_cookies=parts.settings.public_url.startswith("https://"),
        public_url=parts.settings.public_url,
        map_tiles=parts.settings.map_tiles,
        bot_name=parts.bot_name,
        pack=parts.settings.city,
        renew=parts.packs.look,
    )
