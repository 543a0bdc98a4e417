"""Residents who write on and on, whatever happens to the program, and remember what they were promised."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import aiohttp
from pydantic import BaseModel

from tests.doubles.remote import RemoteDouble
from tests.doubles.telegram.basics import JsonObject
from web.chat.models import RepliesOut

_AGAIN_SECONDS = 0.03
_PATIENCE = 240.0
_WEB_TALKERS = 9
_TELEGRAM_TALKERS = 3

# What a resident presses when it is offered, the most wanted first: agree, send, no similar case, …
_WANTED = ("yes", "send", "similar:no", "place:city", "to:desk", "parts:no")
_PLACES = ("송도2동", "연수1동", "청학동", "동춘3동", "옥련1동")
_THINGS = ("가로등이 안 켜져요", "보도블록이 깨졌어요", "불법주차가 심해요", "쓰레기가 쌓였어요")


@dataclass(frozen=True, slots=True)
class Message:
    """What a resident sees: words, and the actions of its buttons."""

    words: str
    actions: tuple[str, ...]


class Talker(ABC):
    """One resident on one channel."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.texts = 0
        """Texts that were acknowledged."""
        self.presses = 0
        self.numbers: list[str] = []
        """Numbers of the receipts they were shown."""

    @abstractmethod
    async def says(self, text: str) -> None:
        """Send words until they are acknowledged."""

    @abstractmethod
    async def presses_button(self, action: str) -> None:
        """Press a button until that is acknowledged."""

    @abstractmethod
    async def hears(self) -> Message:
        """The newest message, once something new was shown since the last turn."""

    async def agrees(self) -> None:
        """First contact."""
        await self.says("/start")
        await self._press_on()

    async def files(self) -> None:
        """Writes of one problem and presses what is offered until there is a receipt."""
        await self.says(f"연수구 {self.draw.choice(_PLACES)} {self.draw.choice(_THINGS)}")
        receipt = await self._press_on()
        self.numbers.append(_number_in(receipt.words))

    async def _press_on(self) -> Message:
        message = await self.hears()
        while (action := _wanted(message.actions)) is not None:
            await self.presses_button(action)
            message = await self.hears()
        return message


def _wanted(actions: Sequence[str]) -> str | None:
    for name in _WANTED:
        for action in actions:
            if action.startswith("~") and action.partition(":")[2] == name:
                return action
    return None


def _number_in(words: str) -> str:
    for word in words.split():
        if word[:2].isdigit() and "-" in word:
            return word
    raise AssertionError(f"no number in {words!r}")


class WebTalker(Talker):
    """A browser whose page sends again what nobody acknowledged, under the same id."""

    def __init__(self, urls: Sequence[str], draw: random.Random, session: aiohttp.ClientSession) -> None:
        super().__init__(draw)
        self._urls = urls
        self._session = session
        self._after = 0

    async def agrees(self) -> None:
        # The page was opened: from then on the browser has its cookie.
        await self._ask("GET", "/chat/replies", params={"after": "0"})
        await super().agrees()

    async def says(self, text: str) -> None:
        self.texts += 1
        await self._post({"text": text})

    async def presses_button(self, action: str) -> None:
        self.presses += 1
        await self._post({"choice": action, "message": self._after})

    async def hears(self) -> Message:
        async with asyncio.timeout(_PATIENCE):
            while True:
                page = await self._ask("GET", "/chat/replies", params={"after": str(self._after)})
                replies = RepliesOut.model_validate_json(page).replies
                if replies:
                    # Each turn here is answered with exactly one thing.
                    (reply,) = replies
                    self._after += 1
                    assert reply.position == self._after
                    actions = [button.action for row in reply.choices for button in row]
                    return Message(reply.text, tuple(actions))
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _post(self, content: JsonObject) -> None:
        turn: JsonObject = {"id": f"turn-{self.texts}-{self.presses}", "locale": "ko", **content}
        async with asyncio.timeout(_PATIENCE):
            await self._ask("POST", "/chat/turns", json=turn)

    async def _ask(self, method: str, path: str, **what: object) -> bytes:
        while True:
            url = self.draw.choice(self._urls) + path
            try:
                async with self._session.request(method, url, **what) as answer:  # type: ignore[arg-type]
                    if answer.status < 300:
                        return await answer.read()
                    assert answer.status in (429, 503), (answer.status, await answer.text())
            except (aiohttp.ClientError, TimeoutError):
                pass
            await asyncio.sleep(_AGAIN_SECONDS)


class TelegramTalker(Talker):
    """A telephone: Telegram itself keeps what the program has not acknowledged."""

    def __init__(self, double: RemoteDouble, user_id: int, draw: random.Random) -> None:
        super().__init__(draw)
        self._double = double
        self.user_id = user_id
        self._screen: dict[object, Message] = {}
        self._newest: Message | None = None

    async def says(self, text: str) -> None:
        self.texts += 1
        await self._double.say(self.user_id, text)

    async def presses_button(self, action: str) -> None:
        self.presses += 1
        await self._double.press(self.user_id, action)

    async def hears(self) -> Message:
        async with asyncio.timeout(_PATIENCE):
            while True:
                messages = await self._double.messages(self.user_id)
                for number, message in ((one["message_id"], _as_seen(one)) for one in messages):
                    # One that was told twice looks like the one before it: nothing new.
                    changed = self._screen.get(number) != message
                    self._screen[number] = message
                    if changed and message != self._newest:
                        self._newest = message
                        return message
                await asyncio.sleep(_AGAIN_SECONDS)


class _Button(BaseModel):
    callback_data: str = ""


class _Keyboard(BaseModel):
    inline_keyboard: list[list[_Button]] = []


class _Seen(BaseModel):
    text: str = ""
    reply_markup: _Keyboard = _Keyboard()


def _as_seen(message: JsonObject) -> Message:
    seen = _Seen.model_validate(message)
    buttons = (button for row in seen.reply_markup.inline_keyboard for button in row)
    return Message(seen.text, tuple(button.callback_data for button in buttons if button.callback_data))


@dataclass
class Crowd:
    """Everybody who writes while the program is killed and started."""

    talkers: Sequence[Talker]
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def write_on(self) -> None:
        """Everybody files one case after the other until it is enough, and ends with a receipt."""
        async with asyncio.TaskGroup() as group:
            for talker in self.talkers:
                group.create_task(self._one(talker))

    async def _one(self, talker: Talker) -> None:
        await talker.agrees()
        while not self.enough.is_set():
            await talker.files()


async def gather(
    stack: AsyncExitStack, urls: Sequence[str], double: RemoteDouble, draw: random.Random
) -> Crowd:
    """Residents of both channels; their browsers are closed with `stack`."""
    talkers: list[Talker] = []
    for _ in range(_WEB_TALKERS):
        session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=5)
        )
        await stack.enter_async_context(session)
        talkers.append(WebTalker(urls, random.Random(draw.random()), session))
    talkers += [
        TelegramTalker(double, 7001 + number, random.Random(draw.random()))
        for number in range(_TELEGRAM_TALKERS)
    ]
    return Crowd(talkers)
