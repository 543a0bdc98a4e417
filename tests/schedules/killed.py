"""A process that ticks at one moment and may be killed at any time: what the tests of crashes start."""

import asyncio
import multiprocessing
import tempfile
from datetime import datetime
from functools import lru_cache
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from bot.app import build_world
from cities.parsing import parse_city
from handlers.world import World
from schedules.runner import Ran
from schedules.tick import tick
from tests.schedules.lives import LIVED
from tests.schedules.town import close_town, open_town

_PACK = {
    "city.toml": 'name = "바다시"\ncall_centre = "032-000-0120"',
    "departments.toml": '[[department]]\nid = "roads"\nname = "도로과"\nkeywords = ["포트홀"]\n',
}


def small_world() -> World:
    """A city of one department, ready in no time."""
    return build_world(parse_city(_PACK, pack="bada"))


class Ticking:
    """A process of its own that does all that is due at a moment, and ends."""

    def __init__(self, url: str, moment: datetime) -> None:
        self._began = _context().Event()
        self.process: ForkServerProcess = _context().Process(target=_ticks, args=(url, moment, self._began))
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
    context.set_forkserver_preload([__name__])
    return context


def _ticks(url: str, moment: datetime, began: Event) -> None:
    asyncio.run(_tick(url, moment, began))


async def _tick(url: str, moment: datetime, began: Event) -> None:
    with tempfile.TemporaryDirectory() as folder:
        town = open_town(url, small_world(), Path(folder), moment)
        began.set()
        ran = Ran.ELSEWHERE
        while ran is Ran.ELSEWHERE:
            ran = await tick(town.tools, moment, LIVED)
        await close_town(town)
