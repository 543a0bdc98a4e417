"""What the console is given: every door it uses, handed in by the composition root."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.ports import Clock, Waker
from handlers.world import World
from storage.engine import Database
from storage.files import FileStore


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
    public_url: str = ""
    """Where residents find the city, without a slash at the end; empty: where the page was asked for."""
    bot_name: Callable[[], str] = str
    """What the bot is called at Telegram; empty while there is none, or it is not known."""
