"""What the console is given: every door it uses, handed in by the composition root."""

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
