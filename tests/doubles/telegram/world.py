"""What the double knows: people, chats, messages, files. It holds state and decides nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.doubles.telegram.basics import Changes, Json, JsonObject


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot, as Telegram shows them to the bot."""

    user_id: int
    first_name: str
    language: str | None = None
    username: str | None = None
    is_bot: bool = False

    def to_json(self) -> JsonObject:
        """Telegram's User."""
        user: JsonObject = {"id": self.user_id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.language:
            user["language_code"] = self.language
        if self.username:
            user["username"] = self.username
        return user


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file somebody sent; `width` and `height` are pixels, 0 where it is no picture."""

    file_id: str
    unique_id: str
    path: str
    mime: str
    name: str
    content: bytes
    width: int = 0
    height: int = 0

    def to_json(self) -> JsonObject:
        """Telegram's PhotoSize or Document."""
        described: JsonObject = {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }
        if self.width:
            return {**described, "width": self.width, "height": self.height}
        return {**described, "file_name": self.name, "mime_type": self.mime}


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a person sees it. `data` or `url` for one under a message, `wants` for a keyboard's."""

    text: str
    data: str | None = None
    url: str | None = None
    wants: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message in a chat; `rows` are its buttons, `extra` other parts in Telegram's own shape."""

    chat_id: int
    message_id: int
    sender: User
    date: int
    text: str | None = None
    caption: str | None = None
    entities: tuple[JsonObject, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    reply_markup: JsonObject | None = None
    photo: tuple[StoredFile, ...] = ()
    document: StoredFile | None = None
    reply_to: int | None = None
    edited_at: int | None = None
    extra: JsonObject = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Text or caption, "" when there is neither."""
        return self.text or self.caption or ""

    @property
    def buttons(self) -> tuple[str, ...]:
        """What its buttons say, in reading order."""
        return tuple(button.text for row in self.rows for button in row)

    def __str__(self) -> str:
        shown = self.words or f"[{'photo' if self.photo else 'file' if self.document else 'something'}]"
        return f"#{self.message_id} {shown}" + "".join(f" [{text}]" for text in self.buttons)


@dataclass(slots=True)
class Chat:
    """A chat with its messages. `refuses` is the description of the 403 that every send gets, or None."""

    chat_id: int
    kind: str
    title: str
    person: User | None = None
    members: dict[int, User] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    shown: list[Message] = field(default_factory=list)
    """Every message of the bot as it appeared, edits as well, in order."""
    keyboard: tuple[tuple[Button, ...], ...] = ()
    next_message_id: int = 1
    refuses: str | None = None
    migrated_to: int | None = None
    bot_is_admin: bool = False

    def to_json(self) -> JsonObject:
        """Telegram's Chat."""
        chat: JsonObject = {"id": self.chat_id, "type": self.kind}
        if self.person is not None:
            chat["first_name"] = self.person.first_name
        else:
            chat["title"] = self.title
        return chat


@dataclass(frozen=True, slots=True)
class Toast:
    """How a pressed button was answered: a line at the top of the screen, or a box when `alert`."""

    text: str
    alert: bool


@dataclass(slots=True)
class World:
    """Everything the double knows of one bot and those who write to it."""

    bot: User
    changes: Changes
    now: Callable[[], int] = field(default=lambda: int(time.time()))
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    presses: dict[str, Toast | None] = field(default_factory=dict)
    """Pressed buttons by callback query id; None until the bot answers."""
    settings: dict[str, Json] = field(default_factory=dict)
    """What the bot set by a method named set…: commands, descriptions; key `myCommands/ko/default`."""
    history: int | None = None
    """How many messages a chat keeps; None keeps all."""
    files_made: int = 0

    def private(self, user: User) -> Chat:
        """The chat between a person and the bot; it is made when it is not there."""
        chat = self.chats.setdefault(user.user_id, Chat(user.user_id, "private", "", person=user))
        chat.person = user
        return chat

    def draft(self, chat: Chat, sender: User) -> Message:
        """An empty message with the next id of `chat`, to be filled and then `put`."""
        return Message(chat.chat_id, chat.next_message_id, sender, self.now())

    def put(self, chat: Chat, message: Message) -> Message:
        """Stores a new or changed message and wakes those who wait for it."""
        chat.messages[message.message_id] = message
        chat.next_message_id = max(chat.next_message_id, message.message_id + 1)
        if message.sender.is_bot:
            chat.shown.append(message)
        if self.history is not None:
            del chat.shown[: -self.history]
            while len(chat.messages) > self.history:
                del chat.messages[next(iter(chat.messages))]
        self.changes.happened()
        return message

    def store(self, content: bytes, name: str, mime: str, size: tuple[int, int] = (0, 0)) -> StoredFile:
        """Keeps a file so that `getFile` finds it."""
        self.files_made += 1
        number = self.files_made
        folder = "photos" if size[0] else "documents"
        ending = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{folder}/file_{number}.{ending}"
        stored = StoredFile(f"file-{number:06d}", f"unique-{number:06d}", path, mime, name, content, *size)
        self.files[stored.file_id] = stored
        return stored

    def to_json(self, message: Message, *, nested: bool = False) -> JsonObject:
        """Telegram's Message."""
        chat = self.chats[message.chat_id]
        result: JsonObject = {
            "message_id": message.message_id,
            "date": message.date,
            "chat": chat.to_json(),
            "from": message.sender.to_json(),
        }
        result.update(_contents(message))
        if message.reply_markup is not None and "inline_keyboard" in message.reply_markup:
            result["reply_markup"] = message.reply_markup
        if message.edited_at is not None:
            result["edit_date"] = message.edited_at
        original = chat.messages.get(message.reply_to) if message.reply_to is not None else None
        if original is not None and not nested:
            result["reply_to_message"] = self.to_json(original, nested=True)
        return result


def _contents(message: Message) -> JsonObject:
    parts: JsonObject = dict(message.extra)
    if message.text is not None:
        parts["text"] = message.text
    if message.caption is not None:
        parts["caption"] = message.caption
    if message.entities:
        parts["entities" if message.text is not None else "caption_entities"] = list(message.entities)
    if message.photo:
        parts["photo"] = [size.to_json() for size in message.photo]
    if message.document is not None:
        parts["document"] = message.document.to_json()
    return parts
