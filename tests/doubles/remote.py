"""The Bot API double as a process of its own, and how tests and benchmarks drive it from outside.

async with RemoteDouble.started() as double:      # double.url -> SOTONG_TELEGRAM_API_URL
    await double.say(user_id=7, text="가로등이 안 켜져요")
    calls = await double.calls_after(0, wait=5.0)
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import aiohttp
from pydantic import TypeAdapter

from tests.doubles.telegram.basics import JsonObject
from tests.doubles.telegram.faults import Fault, Limits
from tests.doubles.telegram.server import Call

ROOT = Path(__file__).parents[2]
CALLS = TypeAdapter(list[Call])


@dataclass(frozen=True, slots=True)
class Counts:
    """Where the double stands: `calls` by method, updates not yet and already acknowledged, and so on."""

    calls: dict[str, int]
    last_call: int
    waiting: int
    acknowledged: int
    violations: int
    impatient: int
    faults: int


class RemoteDouble:
    """Speaks the control interface (see `telegram/control.py`) of a double at `url`."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    @classmethod
    @asynccontextmanager
    async def started(cls, port: int = 0, latency: float = 0.0) -> AsyncIterator[Self]:
        """Starts the process, hands out its driver when it listens, and ends it."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.doubles.bot_api", "--port", str(port), "--latency", str(latency)),
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        try:
            if process.stdout is None:
                raise RuntimeError("the double's process has no output to read its URL from")
            line = await process.stdout.readline()
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
                yield cls(json.loads(line)["url"], session)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def counts(self) -> Counts:
        """Counts of everything so far."""
        return TypeAdapter(Counts).validate_python(await self._ask("GET", "count"))

    async def calls_after(self, number: int, *, wait: float = 0.0, limit: int = 10_000) -> list[Call]:
        """Calls with a higher number; waits at most `wait` seconds when there is none yet."""
        answer = await self._ask("GET", f"calls?after={number}&wait={wait}&limit={limit}")
        return CALLS.validate_python(answer["calls"])

    async def violations(self) -> list[str]:
        """Rules of the Bot API that were broken."""
        return TypeAdapter(list[str]).validate_python((await self._ask("GET", "violations"))["violations"])

    async def messages(self, chat_id: int) -> list[JsonObject]:
        """The bot's messages in a chat as they look now, in Telegram's own shape."""
        answer = await self._ask("GET", f"messages?chat_id={chat_id}")
        return TypeAdapter(list[JsonObject]).validate_python(answer["messages"])

    async def enqueue(self, updates: Sequence[JsonObject]) -> list[int]:
        """Whole updates; returns their ids."""
        answer = await self._ask("POST", "updates", {"updates": list(updates)})
        return TypeAdapter(list[int]).validate_python(answer["ids"])

    async def say(self, user_id: int, text: str, language: str = "ko") -> None:
        """A person types."""
        await self._ask("POST", "say", {"user_id": user_id, "text": text, "language": language})

    async def press(self, user_id: int, label: str, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """A person presses a button when it appears; raises AssertionError when it does not."""
        await self._ask("POST", "press", {"user_id": user_id, "label": label, "timeout": timeout})

    async def script(self, *faults: Fault) -> None:
        """Makes coming calls fail."""
        for fault in faults:
            await self._ask("POST", "fault", asdict(fault))

    async def clear_faults(self) -> None:
        """Forgets the faults still to come."""
        await self._ask("DELETE", "fault")

    async def set_latency(self, seconds: float) -> None:
        """How long each call but getUpdates takes from now on."""
        await self._ask("POST", "latency", {"seconds": seconds})

    async def set_limits(self, limits: Limits | None) -> None:
        """Strict mode, or its end."""
        if limits is None:
            await self._ask("DELETE", "limits")
        else:
            await self._ask("POST", "limits", asdict(limits))

    async def reset(self) -> None:
        """Forgets everything but the ids of updates."""
        await self._ask("POST", "reset")

    async def _ask(self, method: str, path: str, body: JsonObject | None = None) -> JsonObject:
        async with self._session.request(method, f"{self.url}/control/{path}", json=body) as response:
            if response.status == 409:
                raise AssertionError(await response.text())
            if not response.ok:
                raise RuntimeError(f"control/{path}: {response.status} {await response.text()}")
            answer: JsonObject = await response.json()
        del answer["ok"]
        return answer
