"""The port to a messenger: what the sender hands over, and the typed ways it can end."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from storage.outbox import Parcel


@dataclass(frozen=True, slots=True)
class Button:
    """A rendered choice. `telephone` is a number to call instead of an action."""

    label: str
    action: str
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a message, read by the sender: the channel needs no store of its own."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a person will read: text and rows of buttons, in their language, and a file for some kinds."""

    text: str
    buttons: tuple[tuple[Button, ...], ...]
    enclosure: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """It arrived. `external_id` is the channel's id of the message, where there is one."""

    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class TryLater:
    """It did not arrive, or nobody knows; try again.

    `after` is how long the channel asked to wait; then nothing at all is sent there until it is over.
    """

    reason: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """The address takes no messages any more (blocked, left, deleted)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The address has a new id; the same message goes there."""

    new_address: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will never take this message; a person has to look at it."""

    reason: str


Outcome = Delivered | TryLater | Gone | Moved | Refused


class Channel(Protocol):
    """Delivers rendered messages to addresses. Never raises for what the other side does."""

    @property
    def name(self) -> str:
        """The channel's name in the database."""
        ...

    async def deliver(self, parcel: Parcel, rendered: Rendered) -> Outcome:
        """Send one message and say how it ended."""
        ...

    async def fetch(self, remote: str, limit: int) -> bytes:
        """A file a person sent, at most `limit` bytes. Raises FileFault."""
        ...


class FileFault(Exception):  # noqa: N818 - an outcome to word
    """A file could not be had: `reason` is too_large or unavailable."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
