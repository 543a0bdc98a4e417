"""The control interface over HTTP, for tests and benchmarks that run the double as a process.

| path under /control | what it does |
| --- | --- |
| GET /count | counts of calls by method, updates waiting and acknowledged, violations, impatient sends |
| GET /calls?after=N&wait=S&limit=M | calls with a number above N; waits at most S seconds for one |
| GET /violations | what broke a rule of the Bot API |
| GET /messages?chat_id=C | the bot's messages in a chat, as they look now |
| POST /updates | `{"updates": […]}` whole updates; answers their ids |
| POST /say | `{"user_id", "text", "language"}`: a person types |
| POST /press | `{"user_id", "label", "timeout"}`: a person presses a button; 409 when it does not appear |
| POST /fault | one scripted fault, fields as in `Fault` |
| DELETE /fault | no faults any more |
| POST /latency | `{"seconds": 0.05}` |
| POST /limits | limits of strict mode, fields as in `Limits` |
| DELETE /limits | the end of strict mode |
| POST /reset | forgets everything but the ids of updates |
"""

import dataclasses
import itertools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from tests.doubles.telegram.basics import Json, JsonObject
from tests.doubles.telegram.faults import Fault, Limits
from tests.doubles.telegram.server import Call, Server
from tests.doubles.telegram.world import Chat, User

if TYPE_CHECKING:
    from tests.doubles.bot_api import BotApiDouble

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Updates(_Strict):
    """Body of POST /control/updates."""

    updates: list[dict[str, JsonValue]]


class Say(_Strict):
    """Body of POST /control/say."""

    user_id: int
    text: str
    language: str = "ko"


class Press(_Strict):
    """Body of POST /control/press."""

    user_id: int
    label: str
    timeout: float = 5.0


class Latency(_Strict):
    """Body of POST /control/latency."""

    seconds: float


def take_update(server: Server, update: JsonObject) -> int:
    """Puts one whole update into the queue and gets to know the chat it speaks of; returns its id."""
    update_id = update.get("update_id")
    if not isinstance(update_id, int):
        update_id = server.queue.next_id
        update = {"update_id": update_id, **update}
    for content in update.values():
        if isinstance(content, dict):
            _get_to_know(server, content)
    server.queue.put_again(update)
    return update_id


def _get_to_know(server: Server, content: JsonObject) -> None:
    query_id, message = content.get("id"), content.get("message")
    if isinstance(message, dict):
        if isinstance(query_id, str):
            server.world.presses.setdefault(query_id, None)
        _get_to_know(server, message)
    chat = content.get("chat")
    if not isinstance(chat, dict):
        return
    chat_id, kind, name = chat.get("id"), chat.get("type"), chat.get("first_name") or chat.get("title")
    if isinstance(chat_id, int) and chat_id not in server.world.chats:
        person = User(chat_id, str(name)) if kind == "private" else None
        server.world.chats[chat_id] = Chat(chat_id, str(kind), str(name), person=person)
    number = content.get("message_id")
    if isinstance(chat_id, int) and isinstance(number, int):
        known = server.world.chats[chat_id]
        known.next_message_id = max(known.next_message_id, number + 1)


def routes(double: "BotApiDouble") -> list[web.RouteDef]:
    """Where the control interface listens."""
    desk = _Desk(double)
    return [
        web.get("/control/count", desk.count),
        web.get("/control/calls", desk.calls),
        web.get("/control/violations", desk.violations),
        web.get("/control/messages", desk.messages),
        web.post("/control/updates", desk.updates),
        web.post("/control/say", desk.say),
        web.post("/control/press", desk.press),
        web.post("/control/fault", desk.fault),
        web.delete("/control/fault", desk.no_faults),
        web.post("/control/latency", desk.latency),
        web.post("/control/limits", desk.limits),
        web.delete("/control/limits", desk.no_limits),
        web.post("/control/reset", desk.reset),
    ]


class _Desk:
    def __init__(self, double: "BotApiDouble") -> None:
        self._double = double

    async def count(self, request: web.Request) -> web.Response:
        server = self._double.server
        return _ok(
            calls=dict(server.counts),
            last_call=server.numbers,
            waiting=server.queue.waiting,
            acknowledged=len(server.queue.acknowledged),
            violations=len(server.violations),
            impatient=len(server.impatient),
            faults=len(server.script.faults),
        )

    async def calls(self, request: web.Request) -> web.Response:
        server = self._double.server
        after = int(request.query.get("after", "0"))
        limit = int(request.query.get("limit", "10000"))
        await server.changes.until(lambda: server.numbers > after, float(request.query.get("wait", "0")))
        found = (_described(call) for call in server.calls if call.number > after)
        return _ok(calls=list(itertools.islice(found, limit)))

    async def violations(self, request: web.Request) -> web.Response:
        return _ok(violations=list(self._double.violations))

    async def messages(self, request: web.Request) -> web.Response:
        world = self._double.server.world
        chat = world.chats.get(int(request.query["chat_id"]))
        shown = [one for one in chat.messages.values() if one.sender.is_bot] if chat else []
        return _ok(messages=[world.to_json(message) for message in shown])

    async def updates(self, request: web.Request) -> web.Response:
        given = await _body(request, TypeAdapter(Updates))
        return _ok(ids=list(self._double.enqueue(given.updates)))

    async def say(self, request: web.Request) -> web.Response:
        given = await _body(request, TypeAdapter(Say))
        message = await self._double.person(given.user_id, language=given.language).says(given.text)
        return _ok(message_id=message.message_id)

    async def press(self, request: web.Request) -> web.Response:
        given = await _body(request, TypeAdapter(Press))
        try:
            press = await self._double.person(given.user_id).presses(given.label, timeout=given.timeout)
        except AssertionError as absent:
            raise web.HTTPConflict(text=str(absent)) from None
        return _ok(query_id=press.query_id)

    async def fault(self, request: web.Request) -> web.Response:
        self._double.script(await _body(request, TypeAdapter(Fault)))
        return _ok()

    async def no_faults(self, request: web.Request) -> web.Response:
        self._double.clear_faults()
        return _ok()

    async def latency(self, request: web.Request) -> web.Response:
        self._double.latency = (await _body(request, TypeAdapter(Latency))).seconds
        return _ok()

    async def limits(self, request: web.Request) -> web.Response:
        self._double.limits = await _body(request, TypeAdapter(Limits))
        return _ok()

    async def no_limits(self, request: web.Request) -> web.Response:
        self._double.limits = None
        return _ok()

    async def reset(self, request: web.Request) -> web.Response:
        await self._double.reset()
        return _ok()


def _ok(**values: Json) -> web.Response:
    return web.json_response({"ok": True, **values})


def _described(call: Call) -> Json:
    return dataclasses.asdict(call)


async def _body(request: web.Request, kind: TypeAdapter[T]) -> T:
    try:
        return kind.validate_json(await request.read())
    except ValidationError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
