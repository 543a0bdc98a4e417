"""What every part of the double shares: JSON, a refusal in Telegram's shape, waiting for a change."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from pydantic import JsonValue

Json: TypeAlias = JsonValue
JsonObject: TypeAlias = dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file part of a multipart request."""

    name: str
    mime: str
    content: bytes


@dataclass(eq=False)
class RefusalError(Exception):
    """A call answered with an error: `code` is the HTTP status, `parameters` Telegram's hints.

    `fault_of_caller` is true where the request itself breaks a rule of the Bot API, so that a right
    program never sends it; it is false where only the world changed (blocked, deleted, too late).
    """

    code: int
    description: str
    parameters: JsonObject = field(default_factory=dict)
    fault_of_caller: bool = False

    def answer(self) -> JsonObject:
        """The JSON body of the answer."""
        body: JsonObject = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(what: str) -> RefusalError:
    """400 for something that may happen to a right program."""
    return RefusalError(400, f"Bad Request: {what}")


def broken_rule(what: str) -> RefusalError:
    """400 for a request that no right program sends."""
    return RefusalError(400, f"Bad Request: {what}", fault_of_caller=True)


def fresh_id() -> str:
    """An id that never comes again, in the shape of Telegram's own (a 63-bit number)."""
    return str(uuid.uuid4().int >> 65)


class Changes:
    """Wakes those who wait for something in the double to become true."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def happened(self) -> None:
        """Lets every waiter look again."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, true: Callable[[], bool], timeout: float | None) -> bool:  # noqa: ASYNC109
        """Waits until `true()` holds, at most `timeout` seconds (None: for ever); says whether it does."""
        try:
            async with asyncio.timeout(timeout):
                while not true():
                    await self._next()
        except TimeoutError:
            return true()
        return True

    async def _next(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)
