"""What the console is given: every door it uses, handed in by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.ports import Clock, Waker
from handlers.world import World
from storage.engine import Database
from storage.files import FileStore


async def _nothing_new() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffServices:
    """The services of the console. `waker` is told when a page left something to be sent."""

    database: Database
    world: World
    files: FileStore
    waker: Waker
    clock: Clock
    secret_key: str
    secure_cookies: bool = False
    map_tiles: str = ""
    """The address of a map's squares with {z}, {x} and {y}; empty: places are drawn from the pack."""
    public_url: str = ""
    """Where residents find the city, without a slash at the end; empty: where the page was asked for."""
    bot_name: Callable[[], str] = str
    """What the bot is called at Telegram; empty while there is none, or it is not known."""
    pack: str = ""
    """The city pack's name or folder, whose files stand behind what is edited here."""
    renew: Callable[[], Awaitable[bool]] = _nothing_new
    """Takes in what was just edited of the pack, in this process; the others look for it by themselves."""
