"""The stand: a database as in production, the Telegram double, and the program as a process of its own."""

import asyncio
import random
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.support.residents import Resident
from tests.doubles.bot_api import BotApiDouble
from tests.support.postgres import postgres_server
from tests.support.process import ProgramProcess

# Telegram's own limits would be what is measured; everything else is as in production.
UNLIMITED = {"TELEGRAM_PER_SECOND": "0", "TELEGRAM_CHAT_SECONDS": "0", "TELEGRAM_GROUP_SECONDS": "0"}


_QUIET_SECONDS = 0.1
"""Of processor time in two seconds."""


@dataclass(frozen=True, slots=True)
class Stand:
    """What a measurement works with. `bare_url` is an empty database beside that of the program."""

    database_url: str
    bare_url: str
    double: BotApiDouble
    program: ProgramProcess

    def residents(self, count: int, *, first: int = 1) -> list[Resident]:
        """People who have written to nobody yet, the same at every run."""
        draw = random.Random(first)
        return [
            Resident(self.double, 10_000 + number, random.Random(draw.random()))
            for number in range(first, first + count)
        ]

    @property
    def cpu_seconds(self) -> float:
        """Processor time the program's process has used so far, in user and kernel."""
        times = self.program.process.cpu_times()
        used: float = times.user + times.system
        return used

    async def until_quiet(self) -> None:
        """Wait until what a start brings with it (a night's backup that was missed) is over."""
        while True:
            before = self.cpu_seconds
            await asyncio.sleep(2)
            if self.cpu_seconds - before < _QUIET_SECONDS:
                return

    @property
    def memory_mb(self) -> float:
        """Resident memory of the program's process."""
        size: int = self.program.process.memory_info().rss
        return size / 1024 / 1024


@asynccontextmanager
async def open_stand(kind: str) -> AsyncIterator[Stand]:
    """A stand on `sqlite` or `postgresql`; the program is not started yet."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotong-bench-")))
        if kind == "sqlite":
            urls = [f"sqlite:///{folder}/{name}.db" for name in ("sotong", "bare")]
        else:
            server = stack.enter_context(postgres_server(durable=True))
            urls = [server.create(name).replace("+asyncpg", "") for name in ("sotong", "bare")]
        double = await stack.enter_async_context(BotApiDouble(history=50_000, patience=60))
        program = ProgramProcess(folder, urls[0], double.url, UNLIMITED)
        stack.callback(program.kill)
        try:
            yield Stand(urls[0], urls[1], double, program)
        except BaseException:
            sys.stderr.write(program.log.read_text()[-4000:] if program.log.exists() else "")
            raise
