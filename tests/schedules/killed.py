"""A process that ticks at one moment and may be killed at any time: what the tests of crashes start."""

import asyncio
import multiprocessing
import tempfile
from datetime import datetime
from functools import lru_cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from schedules.runner import Ran
from schedules.tick import tick
from tests.schedules.small_city import small_world
from tests.schedules.town import LIVED, close_town, open_town


class Ticking:
    """A process of its own that does all that is due at a moment, and ends."""

    def __init__(self, url: str, moment: datetime, stage: int = 0) -> None:
        self._began = _context().Event()
        self.process: ForkServerProcess = _context().Process(
            target=_ticks, args=(url, moment, stage, self._began)
        )
        self.process.start()

    def wait_until_it_ticks(self) -> None:
        """Return when it is at work."""
        if not self._began.wait(60):
            raise AssertionError("the process never began to tick")

    def kill(self) -> bool:
        """Kill it; False when it had ended before."""
        alive = self.process.is_alive()
        self.process.kill()
        self.process.join(60)
        return alive

    def end(self) -> int | None:
        """Wait for its end; its exit code."""
        self.process.join(100)
        return self.process.exitcode


@lru_cache(maxsize=1)
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.schedules.warm"])
    return context


def _ticks(url: str, moment: datetime, stage: int, began: Event) -> None:
    asyncio.run(_tick(url, moment, stage, began))


async def _tick(url: str, moment: datetime, stage: int, began: Event) -> None:
    with tempfile.TemporaryDirectory() as folder:
        town = open_town(url, small_world(stage), Path(folder), moment)
        began.set()
        ran = Ran.ELSEWHERE
        while ran is Ran.ELSEWHERE:
            ran = await tick(town.tools, moment, LIVED)
        await close_town(town)


async def killed_while_ticking(url: str, moment: datetime, *, stage: int, beside: int, after: float) -> int:
    """Let so many processes tick side by side and kill them so many seconds later; how many were at it."""
    processes = [Ticking(url, moment, stage) for _ in range(beside)]
    for process in processes:
        await asyncio.to_thread(process.wait_until_it_ticks)
    await asyncio.sleep(after)
    return sum([await asyncio.to_thread(process.kill) for process in processes])
