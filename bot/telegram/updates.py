"""The part of Telegram's updates that we read; everything else in them is left where it is.

Field names and meanings are those of the Bot API, "Available types".
"""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from intents.cleaning import clean

Id = Annotated[int, Field(strict=True, ge=-(2**63), lt=2**63)]
Token = Annotated[str, Field(max_length=128), AfterValidator(clean)]
"""An id that Telegram gave as text and that goes back to it as it is."""
Name = Annotated[str, AfterValidator(clean)]
"""A word that goes into the database as it is, and that whoever sent it may have made up."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class User(_Part):
    """Who wrote. Usernames and phone numbers are not read."""

    id: Id
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""


class Chat(_Part):
    """Where it was written: private, group, supergroup or channel."""

    id: Id
    type: str
    title: str = ""


class PhotoSize(_Part):
    """One size of a photo."""

    file_id: Name
    width: int
    height: int
    file_size: int = 0


class Document(_Part):
    """A file sent as it is."""

    file_id: Name
    mime_type: Name = ""
    file_size: int = 0


class Point(_Part):
    """A shared location; `live_period` is there while it is being followed."""

    latitude: float
    longitude: float


class Venue(_Part):
    """A place chosen from Telegram's list."""

    location: Point


class Answered(_Part):
    """The message that this one is a reply to."""

    message_id: Id
    sender: User | None = Field(default=None, alias="from")


class Message(_Part):
    """A message. Of content we cannot use, only whether it is there is known."""

    message_id: Id
    chat: Chat
    sender: User | None = Field(default=None, alias="from")
    sender_chat: Chat | None = None
    reply_to_message: Answered | None = None
    text: str | None = None
    caption: str = ""
    media_group_id: Token | None = None
    photo: tuple[PhotoSize, ...] = ()
    document: Document | None = None
    location: Point | None = None
    venue: Venue | None = None
    migrate_to_chat_id: Id | None = None

    voice: object = None
    audio: object = None
    video: object = None
    video_note: object = None
    animation: object = None
    sticker: object = None
    contact: object = None
    poll: object = None
    dice: object = None
    game: object = None
    story: object = None
    paid_media: object = None
    checklist: object = None


class Where(_Part):
    """The message under which a button was pressed; it may be too old to be shown."""

    message_id: Id
    chat: Chat


class CallbackQuery(_Part):
    """A pressed button."""

    id: Token
    sender: User = Field(alias="from")
    message: Where | None = None
    data: Token | None = None


class Membership(_Part):
    """How somebody belongs to a chat: member, left, kicked, restricted …"""

    status: str
    is_member: bool = True


class MembershipChange(_Part):
    """The bot was blocked, unblocked, added or removed."""

    chat: Chat
    sender: User = Field(alias="from")
    new_chat_member: Membership


class Update(_Part):
    """One update; exactly one of the optional parts is there."""

    update_id: Id
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MembershipChange | None = None


ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What Telegram is asked to send; it must be said at every start."""
