"""What the web is given: every door it uses, handed in by the composition root."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from handlers.ports import Clock, Intake, News
from handlers.rendering import Renderer
from intents.city import City
from storage.engine import Database
from storage.files import FileStore


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """How much one conversation, and one address of the network, may send: a second, and at once."""

    per_conversation: float = 5
    conversation_burst: float = 30
    per_address: float = 50
    address_burst: float = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WebServices:
    """The services of the web pages. `public_url` is where people reach them, empty when only here.

    `health` gives the names of what stands still; none means all is well.
    """

    database: Database
    intake: Intake
    news: News
    files: FileStore
    renderer: Renderer
    city: City
    clock: Clock
    secret_key: str
    health: Callable[[], Awaitable[list[str]]]
    public_url: str = ""
    flood: FloodLimits = FloodLimits()
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the program ends: streams end then too, and do not hold it up."""

    @property
    def secure_cookies(self) -> bool:
        """True when the pages are reached by https, so that cookies may not travel otherwise."""
        return self.public_url.startswith("https://")
