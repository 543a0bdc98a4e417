"""A double of Telegram's Bot API: a real HTTP server on loopback, for any token.

In a test:

    async with BotApiDouble() as double:          # double.url -> SOTONG_TELEGRAM_API_URL
        person = double.person(user_id=7, language="ko")
        await person.says("가로등이 안 켜져요")
        card = await person.hears_text("가로등")
        press = await person.presses("보내기")
        assert double.violations == []

As a process of its own, driven over HTTP (see `telegram/control.py` and `remote.py`):

    python -m tests.doubles.bot_api --port 8081

It plays one bot: every token is taken for the same one. What it does not play: business accounts,
channels, payments, stories, inline mode; such methods answer `true` once their parameters are right.
"""

import argparse
import asyncio
import json
import sys
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.doubles.telegram import control, parameters
from tests.doubles.telegram.basics import Changes, JsonObject
from tests.doubles.telegram.faults import Fault, Limits, Trouble
from tests.doubles.telegram.groups import Group, Member
from tests.doubles.telegram.people import Person, Press
from tests.doubles.telegram.queue import UpdateQueue
from tests.doubles.telegram.screen import Screen
from tests.doubles.telegram.server import Call, Server
from tests.doubles.telegram.world import Button, Chat, Message, Toast, User, World

__all__ = [
    "BotApiDouble",
    "Button",
    "Call",
    "Fault",
    "Group",
    "Limits",
    "Member",
    "Message",
    "Person",
    "Press",
    "Toast",
    "Trouble",
]

BOT = User(123456, "소통봇", username="sotong_test_bot", is_bot=True)


class BotApiDouble:
    """The server and everything a test does with it.

    `port` 0 takes a free one; `patience` is how many seconds `hears…` waits; `history` how many calls
    and messages a chat are kept (None: all).
    """

    def __init__(self, *, port: int = 0, patience: float = 5.0, history: int | None = None) -> None:
        self.patience = patience
        self.history = history
        self.url = ""
        self._port = port
        self._runner: web.AppRunner | None = None
        self._people: dict[int, Person] = {}
        self._groups: dict[int, Group] = {}
        self.server = self._fresh_server(UpdateQueue(Changes()).next_id)

    def _fresh_server(self, first_update: int) -> Server:
        changes = Changes()
        world = World(BOT, changes, history=self.history)
        queue = UpdateQueue(changes, next_id=first_update)
        return Server(world, queue, changes, calls=deque(maxlen=self.history))

    async def __aenter__(self) -> Self:
        parameters.known_methods()
        app = web.Application(client_max_size=parameters.MAX_REQUEST)
        app.router.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._answer),
                web.get("/file/bot{token}/{path:.+}", self._download),
                *control.routes(self),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.server.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        return await self.server.answer(request)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        return await self.server.download(request)

    async def reset(self) -> None:
        """Forgets everybody and everything but the ids of updates, which go on rising."""
        old, self.server = self.server, self._fresh_server(self.server.queue.next_id)
        self._people.clear()
        self._groups.clear()
        await old.close()

    def person(self, user_id: int = 1001, *, name: str = "주민", language: str | None = "ko") -> Person:
        """A person alone with the bot; the same id gives the same person."""
        known = self._people.get(user_id)
        if known is None:
            world = self.server.world
            user = User(user_id, name, language)
            screen = Screen(world, world.private(user), self.patience)
            known = self._people[user_id] = Person(world, self.server.queue, screen, user)
        return known

    def group(self, chat_id: int = -2001, title: str = "담당부서") -> Group:
        """A group the bot is in; an id that begins with -100 is a supergroup."""
        if chat_id >= 0:
            raise ValueError(f"a group's id is negative: {chat_id}")
        known = self._groups.get(chat_id)
        if known is None:
            kind = "supergroup" if str(chat_id).startswith("-100") else "group"
            chat = self.server.world.chats.setdefault(chat_id, Chat(chat_id, kind, title))
            known = self._groups[chat_id] = Group(self.server.world, self.server.queue, chat, self.patience)
        return known

    def enqueue(self, updates: Sequence[JsonObject]) -> list[int]:
        """Puts whole updates into the queue; those without an `update_id` get the next one."""
        return [control.take_update(self.server, update) for update in updates]

    def script(self, *faults: Fault) -> None:
        """Makes coming calls fail; the first fault that meets a call is used up first."""
        self.server.script.faults.extend(faults)

    def clear_faults(self) -> None:
        """Forgets the faults still to come."""
        self.server.script.faults.clear()

    @property
    def latency(self) -> float:
        """Seconds each call but getUpdates takes."""
        return self.server.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self.server.latency = seconds

    @property
    def limits(self) -> Limits | None:
        """Strict mode: limits past which the double itself answers 429; None (the default) sets none."""
        return self.server.watch.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.server.watch.limits = limits

    @property
    def violations(self) -> list[str]:
        """Rules of the Bot API that a call broke. A right program leaves it empty."""
        return self.server.violations

    @property
    def impatient(self) -> list[Call]:
        """Sends made while a 429 had asked to wait."""
        return self.server.impatient

    @property
    def calls(self) -> list[Call]:
        """Every call so far but getUpdates, oldest first."""
        return [call for call in self.server.calls if call.method.lower() != "getupdates"]

    def sent(self, chat_id: int) -> list[Call]:
        """Calls about one chat that went well, oldest first."""
        return [call for call in self.calls if call.chat_id == chat_id and call.status == 200]

    @property
    def unanswered(self) -> list[str]:
        """Ids of pressed buttons that still spin for want of answerCallbackQuery."""
        return [query for query, toast in self.server.world.presses.items() if toast is None]

    async def until_taken(self, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Waits until the program has acknowledged every update; raises AssertionError when it does not."""
        queue = self.server.queue
        seconds = self.patience if timeout is None else timeout
        if not await self.server.changes.until(lambda: queue.waiting == 0, seconds):
            raise AssertionError(f"{queue.waiting} updates not acknowledged within {seconds:g} s")


async def serve(port: int, history: int, latency: float) -> None:
    """Runs the double until the process is ended; the first line it prints is `{"url": …}`."""
    async with BotApiDouble(port=port, history=history) as double:
        double.latency = latency
        sys.stdout.write(json.dumps({"url": double.url}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """The double as a process of its own."""
    described = argparse.ArgumentParser(description="A double of Telegram's Bot API on loopback.")
    described.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    described.add_argument("--history", type=int, default=100_000, help="calls kept, and messages a chat")
    described.add_argument("--latency", type=float, default=0.0, help="seconds each call takes")
    given = described.parse_args()
    try:
        asyncio.run(serve(given.port, given.history, given.latency))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
