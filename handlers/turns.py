"""What a person sent: one turn (한 번의 말), free of any channel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from storage.tables import JsonObject


@checked(frozen=True, slots=True)
class Text:
    """Words. Numbers of people were masked before; `masked` names what kinds."""

    text: str
    masked: tuple[str, ...] = ()
    reply_to: str | None = None
    """The channel's id of the message this one answers (groups)."""
    kind: Literal["text"] = "text"


@checked(frozen=True, slots=True)
class Press:
    """A button. `choice` is what the button carried, `message` the channel's id of its message."""

    choice: str
    message: str | None = None
    query: str | None = None
    """The channel's id of the press itself, when it must be acknowledged."""
    kind: Literal["press"] = "press"


@checked(frozen=True, slots=True)
class Photo:
    """A picture: `file` is a stored name, or `remote` the channel's id until it was fetched."""

    file: str | None = None
    remote: str | None = None
    media_type: str = ""
    size: int = 0
    caption: str = ""
    masked: tuple[str, ...] = ()
    reply_to: str | None = None
    album: str | None = None
    """The channel's id of the album it came in: one thing, though its pictures come one by one."""
    fault: str | None = None
    """Why it could not be taken: too_large, not_a_picture, unavailable."""
    kind: Literal["photo"] = "photo"


@checked(frozen=True, slots=True)
class Location:
    """A shared place: degrees, WGS 84."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    kind: Literal["location"] = "location"


@checked(frozen=True, slots=True)
class Start:
    """The first contact, or a link with a payload (a meeting's code)."""

    payload: str = ""
    kind: Literal["start"] = "start"


@checked(frozen=True, slots=True)
class Command:
    """A command of the bot's menu, without the slash, and what stood behind it."""

    name: str
    argument: str = ""
    kind: Literal["command"] = "command"


@checked(frozen=True, slots=True)
class Edited:
    """A message the person changed afterwards."""

    text: str
    masked: tuple[str, ...] = ()
    kind: Literal["edited"] = "edited"


@checked(frozen=True, slots=True)
class Unsupported:
    """Something we cannot use: `what` is voice, sticker, video, document, contact, poll or other."""

    what: str
    kind: Literal["unsupported"] = "unsupported"


@checked(frozen=True, slots=True)
class Reach:
    """The person blocked the bot (False) or let it write again (True)."""

    reachable: bool
    kind: Literal["reach"] = "reach"


@checked(frozen=True, slots=True)
class Migrated:
    """A group got another id."""

    new_id: str
    kind: Literal["migrated"] = "migrated"


Body = Annotated[
    Text | Press | Photo | Location | Start | Command | Edited | Unsupported | Reach | Migrated,
    Field(discriminator="kind"),
]

BODY: TypeAdapter[Body] = TypeAdapter(Body)
"""Reads and writes a body as the inbox keeps it."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote in a group: the channel's id of the person and the name shown there."""

    id: str
    name: str


def stored(body: Body, author: Author | None = None) -> JsonObject:
    """What the inbox keeps of a turn."""
    kept: JsonObject = {"turn": BODY.dump_python(body, mode="json")}
    if author is not None:
        kept["author"] = {"id": author.id, "name": author.name}
    return kept


def restored(kept: JsonObject) -> tuple[Body, Author | None]:
    """A turn as `stored` wrote it. Raises pydantic's ValidationError for anything else."""
    author = kept.get("author")
    who = Author(str(author["id"]), str(author["name"])) if isinstance(author, dict) else None
    return BODY.validate_python(kept.get("turn")), who


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person sent, with where and when."""

    id: int
    body: Body
    at: datetime
    author: Author | None = None
