"""The HTTP side of the double: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.doubles.telegram import parameters, rules
from tests.doubles.telegram.albums import send_album
from tests.doubles.telegram.answers import ANSWERS
from tests.doubles.telegram.basics import Changes, Json, JsonObject, RefusalError, broken_rule
from tests.doubles.telegram.faults import Fault, Script, Trouble, Watch
from tests.doubles.telegram.methods import COUNTED, HANDLERS, Asked, accept, reachable_chat
from tests.doubles.telegram.queue import UpdateQueue, Webhook
from tests.doubles.telegram.world import World

if TYPE_CHECKING:
    from aiogram.methods import TelegramMethod

HANDLERS_OF_ALL = {**HANDLERS, **ANSWERS, "sendMediaGroup": send_album}
COUNTED_SMALL = frozenset(name.lower() for name in COUNTED)
LONGEST_POLL = 50
"""Seconds; Telegram cuts a longer timeout of getUpdates down."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call the program made. `at` is seconds since 1970; `status` 0 where no answer was given."""

    number: int
    at: float
    method: str
    chat_id: int | None
    parameters: JsonObject
    status: int
    description: str = ""

    @property
    def text(self) -> str:
        """What it says to a person, "" when nothing."""
        said = self.parameters.get("text", self.parameters.get("caption", ""))
        return said if isinstance(said, str) else ""


@dataclass(eq=False)
class SilenceError(Exception):
    """The call gets no answer at all."""

    fault: Fault


@dataclass(slots=True)
class Server:
    """Answers calls out of a world, a queue of updates and a script of faults; writes down every call."""

    world: World
    queue: UpdateQueue
    changes: Changes
    script: Script = field(default_factory=Script)
    watch: Watch = field(default_factory=Watch)
    latency: float = 0.0
    calls: deque[Call] = field(default_factory=deque)
    counts: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    impatient: list[Call] = field(default_factory=list)
    numbers: int = 0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """Ends every poll, post and hanging call."""
        self.closing.set()
        await self.queue.close()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of a method of the Bot API."""
        name = request.match_info["method"]
        given = parameters.Parameters({}, {})
        early = False
        try:
            given = await parameters.read_request(request)
            early = _counts(name) and self.watch.is_waiting(_number(given.values.get("chat_id")))
            if self.latency and name.lower() != "getupdates":
                await asyncio.sleep(self.latency)
            response, why = _json({"ok": True, "result": await self._perform(name, given)}, 200), ""
        except RefusalError as refusal:
            if refusal.fault_of_caller:
                self.violations.append(f"{name}: {refusal.description}")
            response, why = _refused(refusal), refusal.description
        except SilenceError as silence:
            self._write_down(name, given, 0, silence.fault.trouble.value, early)
            return await self._stay_silent(request, silence.fault)
        self._write_down(name, given, response.status, why, early)
        return response

    async def _perform(self, name: str, given: parameters.Parameters) -> Json:
        if name.lower() not in parameters.known_methods():
            raise RefusalError(404, "Not Found", fault_of_caller=True)
        call = parameters.check(name, given)
        chat_id = _number(getattr(call, "chat_id", None))
        fault = self.script.next_for(call.__api_method__, chat_id)
        if fault is None:
            return await self._do(call)
        if fault.trouble is Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
            return await self._do(call)
        if fault.trouble is Trouble.TOO_MANY_REQUESTS:
            self.watch.ask_to_wait(chat_id, fault.retry_after)
        refusal = fault.refusal()
        if refusal is not None:
            raise refusal
        if fault.trouble in {Trouble.DROP_AFTER, Trouble.HANG_AFTER}:
            await self._do(call)
        raise SilenceError(fault)

    async def _stay_silent(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.trouble in {Trouble.HANG, Trouble.HANG_AFTER}:
            await _wait_for(self.closing, fault.seconds or None)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _do(self, call: "TelegramMethod[Any]") -> Json:
        method = call.__api_method__
        if method in {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}:
            return await self._updates(call)
        chat_id: int | str | None = getattr(call, "chat_id", None)
        known = self.world.chats.get(chat_id) if isinstance(chat_id, int) else None
        formatted = rules.check_rules(call, known.kind if known else None)
        if formatted is not None:
            self.violations += [f"{method}: {slip}" for slip in formatted.careless]
        if method in COUNTED and isinstance(chat_id, int):
            self.watch.count(chat_id)
        chat = reachable_chat(self.world, chat_id) if chat_id is not None else None
        handler = HANDLERS_OF_ALL.get(method, accept)
        return handler(self.world, Asked(call, chat, formatted))

    async def _updates(self, call: "TelegramMethod[Any]") -> Json:
        from aiogram.methods import DeleteWebhook, GetUpdates, SetWebhook

        if isinstance(call, GetUpdates):
            self.queue.allow(call.allowed_updates)
            wait = min(call.timeout or 0, LONGEST_POLL)
            return await self.queue.poll(call.offset, min(call.limit or 100, 100), wait)
        if isinstance(call, SetWebhook | DeleteWebhook) and call.drop_pending_updates:
            self.queue.drop()
        if isinstance(call, SetWebhook):
            return await self._set_webhook(call)
        if isinstance(call, DeleteWebhook):
            await self.queue.post_to(None)
            return True
        return self._webhook_info()

    async def _set_webhook(self, call: "TelegramMethod[Any]") -> Json:
        from aiogram.methods import SetWebhook

        if not isinstance(call, SetWebhook):
            raise TypeError(call.__api_method__)
        self.queue.allow(call.allowed_updates)
        if call.secret_token is not None and not rules.SECRET.fullmatch(call.secret_token):
            raise broken_rule("secret token contains unallowed characters")
        if not 1 <= (call.max_connections or 40) <= 100:
            raise broken_rule("max_connections must be 1 to 100")
        if call.url and not call.url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise broken_rule("bad webhook: An HTTPS URL must be provided for webhook")
        webhook = Webhook(call.url, call.secret_token, call.max_connections or 40) if call.url else None
        await self.queue.post_to(webhook)
        return True

    def _webhook_info(self) -> JsonObject:
        webhook = self.queue.webhook
        info: JsonObject = {
            "url": webhook.url if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": self.queue.waiting,
        }
        if webhook is not None:
            info["max_connections"] = webhook.max_connections
        if self.queue.allowed:
            info["allowed_updates"] = list[Json](sorted(self.queue.allowed))
        if self.queue.last_error:
            info["last_error_date"] = self.world.now()
            info["last_error_message"] = self.queue.last_error
        return info

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file that getFile named."""
        fault = self.script.next_for("file", None)
        if fault is not None:
            refusal = fault.refusal()
            return _refused(refusal) if refusal else await self._stay_silent(request, fault)
        path = request.match_info["path"]
        stored = next((file for file in self.world.files.values() if file.path == path), None)
        self.counts["file"] += 1
        if stored is None:
            return web.json_response(RefusalError(404, "Not Found").answer(), status=404)
        return web.Response(body=stored.content, content_type="application/octet-stream")

    def _write_down(
        self, method: str, given: parameters.Parameters, status: int, description: str, early: bool
    ) -> None:
        values = dict(given.values)
        values |= {name: f"<{len(upload.content)} bytes>" for name, upload in given.uploads.items()}
        self.numbers += 1
        chat_id = _number(values.get("chat_id"))
        call = Call(self.numbers, time.time(), method, chat_id, values, status, description)
        self.calls.append(call)
        self.counts[method] += 1
        if early:
            self.impatient.append(call)
        self.changes.happened()


def _counts(name: str) -> bool:
    return name.lower() in COUNTED_SMALL


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.lstrip("-").isdecimal():
        return int(value)
    return value if isinstance(value, int) else None


def _json(body: JsonObject, status: int) -> web.Response:
    return web.json_response(body, status=status)


def _refused(refusal: RefusalError) -> web.Response:
    if refusal.code == 502:
        page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
        return web.Response(text=page, status=502, content_type="text/html")
    return _json(refusal.answer(), refusal.code)


async def _wait_for(event: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
