"""`sotong run` as a real process, to be killed, measured and read the logs of.

program = ProgramProcess(folder, database_url)
await program.start()
...
program.kill()
"""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import psutil

from tests.support.nursery import Nursery

ROOT = Path(__file__).parents[2]
TOKEN = "123456:a-token-that-no-log-may-show"
_READY_SECONDS = 60.0


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@dataclass
class ProgramProcess:
    """One process of the program; it may be started again after its end. Output goes to `log`."""

    folder: Path
    database_url: str
    telegram_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Further settings, without SOTONG_."""
    port: int = field(default_factory=free_port)
    nursery: Nursery | None = None
    """Where to fork from; None starts `sotong run` as an operator does."""
    _running: psutil.Process | None = None

    @property
    def url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Everything it wrote to standard output and error, over all its lives."""
        return self.folder / f"{self.port}.log"

    @property
    def process(self) -> psutil.Process:
        """The running process. Raises RuntimeError when it was never started."""
        if self._running is None:
            raise RuntimeError("the program was not started")
        return self._running

    def spawn(self) -> None:
        """Start it and do not wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.nursery is not None:
            self._running = psutil.Process(self.nursery.spawn(self._environment(), self.log))
            return
        with self.log.open("ab") as log:
            self._running = psutil.Popen(
                [sys.executable, "-m", "bot.cli", "run"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    async def start(self) -> float:
        """Start it; returns the seconds until it said that it is well. Raises AssertionError if it ends."""
        began = time.monotonic()
        self.spawn()
        await self.until_ready()
        return time.monotonic() - began

    async def until_ready(self) -> None:
        """Wait until /healthz says that all is well."""
        async with asyncio.timeout(_READY_SECONDS), aiohttp.ClientSession() as session:
            while not await self._is_well(session):
                if not _is_alive(self.process):
                    raise AssertionError(f"the program ended: {self.log.read_text()[-3000:]}")
                await asyncio.sleep(0.01)

    async def _is_well(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    def kill(self) -> None:
        """SIGKILL, wherever it stands."""
        if self._running is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                self._running.kill()
            self._running.wait()

    async def stop(self) -> int | None:
        """SIGTERM; returns the exit code (None when it was forked)."""
        self.process.terminate()
        code: int | None = await asyncio.to_thread(self.process.wait, 30)
        return code

    def _environment(self) -> dict[str, str]:
        given = {
            "DATABASE_URL": self.database_url,
            "DATA": str(self.folder / "data"),
            "PORT": str(self.port),
            "SECRET_KEY": "a-key-for-tests-only",
            "TURNS_PER_MINUTE": "1000000",
            **self.settings,
        }
        if self.telegram_url:
            given |= {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": self.telegram_url}
        own = {name: value for name, value in os.environ.items() if not name.startswith("SOTONG_")}
        return own | {f"SOTONG_{name}": value for name, value in given.items()}


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
