"""What each method does to the world, and what it answers. Parameters were checked before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from tests.doubles.telegram import pictures, rules
from tests.doubles.telegram.basics import Json, JsonObject, RefusalError, bad_request, broken_rule
from tests.doubles.telegram.markup import Formatted
from tests.doubles.telegram.world import Chat, Message, StoredFile, Toast, World

if TYPE_CHECKING:
    from aiogram.methods import TelegramMethod

    Call = TelegramMethod[Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
M = TypeVar("M", bound="TelegramMethod[Any]")


@dataclass(frozen=True, slots=True)
class Asked:
    """One checked call: the model, its chat where it names one, its text as people will read it."""

    call: "TelegramMethod[Any]"
    chat: Chat | None
    formatted: Formatted | None

    def of(self, kind: type[M]) -> M:
        """The call as the method it is."""
        if not isinstance(self.call, kind):
            raise TypeError(f"{self.call.__api_method__} came where {kind.__name__} was meant")
        return self.call

    @property
    def here(self) -> Chat:
        """The chat the call is about."""
        if self.chat is None:
            raise broken_rule("chat_id is empty")
        return self.chat


Handler = Callable[[World, Asked], Json]


def reachable_chat(world: World, chat_id: int | str) -> Chat:
    """The chat as the bot may use it; raises `RefusalError` where it is unknown, moved or closed to it."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None:
        raise bad_request("chat not found")
    if chat.migrated_to is not None:
        hint: JsonObject = {"migrate_to_chat_id": chat.migrated_to}
        raise RefusalError(400, "Bad Request: group chat was upgraded to a supergroup chat", hint)
    if chat.refuses is not None:
        raise RefusalError(403, chat.refuses)
    return chat


def send(world: World, asked: Asked) -> Json:
    """Any method that puts a new message of the bot into a chat."""
    chat = asked.here
    message = replace(
        world.draft(chat, world.bot), reply_to=_replied_to(asked, chat), extra=_extra(asked.call)
    )
    message = with_words(message, asked.formatted, is_caption=hasattr(asked.call, "caption"))
    message = _with_markup(message, chat, getattr(asked.call, "reply_markup", None))
    photo, document = getattr(asked.call, "photo", None), getattr(asked.call, "document", None)
    return world.to_json(world.put(chat, with_media(message, world, photo, document)))


def _replied_to(asked: Asked, chat: Chat) -> int | None:
    reply = getattr(asked.call, "reply_parameters", None)
    if reply is None:
        return None
    if reply.message_id in chat.messages:
        return int(reply.message_id)
    if reply.allow_sending_without_reply is True:
        return None
    raise bad_request("message to be replied not found")


def _extra(call: "TelegramMethod[Any]") -> JsonObject:
    if call.__api_method__ in {"sendLocation", "sendVenue"}:
        place: JsonObject = {
            "latitude": float(getattr(call, "latitude", 0)),
            "longitude": float(getattr(call, "longitude", 0)),
        }
        if call.__api_method__ == "sendLocation":
            return {"location": place}
        title, address = str(getattr(call, "title", "")), str(getattr(call, "address", ""))
        return {"location": place, "venue": {"location": place, "title": title, "address": address}}
    return {}


def with_words(message: Message, formatted: Formatted | None, *, is_caption: bool) -> Message:
    """The message with a text or a caption."""
    if formatted is None:
        return message
    entities = tuple(formatted.entities)
    if is_caption:
        return replace(message, caption=formatted.text or None, entities=entities)
    return replace(message, text=formatted.text, entities=entities)


def _with_markup(message: Message, chat: Chat, markup: object) -> Message:
    from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

    if isinstance(markup, InlineKeyboardMarkup):
        raw: JsonObject = markup.model_dump(mode="json", exclude_none=True)
        return replace(message, rows=rules.inline_rows(markup), reply_markup=raw)
    if isinstance(markup, ReplyKeyboardMarkup):
        chat.keyboard = rules.keyboard_rows(markup)
    elif isinstance(markup, ReplyKeyboardRemove):
        chat.keyboard = ()
    return replace(message, rows=(), reply_markup=None)


def with_media(message: Message, world: World, photo: object, document: object) -> Message:
    """The message with a photo or a file, each an upload or the id of a file known before."""
    if photo is not None:
        known = _known_file(world, photo)
        return replace(message, photo=(known,) if known else pictures.store_photo(world, *_uploaded(photo)))
    if document is not None:
        known = _known_file(world, document)
        return replace(message, document=known or _store_document(world, document))
    return message


def _known_file(world: World, given: object) -> StoredFile | None:
    if not isinstance(given, str):
        return None
    if given not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return world.files[given]


def _uploaded(given: object) -> tuple[bytes, str]:
    from aiogram.types import BufferedInputFile

    if not isinstance(given, BufferedInputFile):
        raise TypeError(f"neither an upload nor a file id: {type(given).__name__}")
    return given.data, given.filename or "file"


def _store_document(world: World, given: object) -> StoredFile:
    content, name = _uploaded(given)
    if not content:
        raise broken_rule("file must be non-empty")
    if len(content) > rules.MAX_FILE:
        raise RefusalError(413, "Request Entity Too Large", fault_of_caller=True)
    return world.store(content, name, pictures.mime_of(name))


def edit(world: World, asked: Asked) -> Json:
    """editMessageText, …Caption and …ReplyMarkup; without buttons named, the message loses its own."""
    message = _own_message(world, asked, "message to edit not found", "message can't be edited")
    name = asked.call.__api_method__
    if name == "editMessageText" and message.text is None:
        raise bad_request("there is no text in the message to edit")
    if name == "editMessageCaption" and message.text is not None:
        raise bad_request("there is no caption in the message to edit")
    changed = _with_markup(message, asked.here, getattr(asked.call, "reply_markup", None))
    if name == "editMessageCaption" and asked.formatted is None:
        changed = replace(changed, caption=None, entities=())
    changed = with_words(changed, asked.formatted, is_caption=name == "editMessageCaption")
    if changed == message:
        raise bad_request(NOT_MODIFIED)
    return world.to_json(world.put(asked.here, replace(changed, edited_at=world.now())))


def _own_message(world: World, asked: Asked, absent: str, foreign: str) -> Message:
    number = getattr(asked.call, "message_id", None)
    message = asked.here.messages.get(number) if isinstance(number, int) else None
    if message is None:
        raise bad_request(absent)
    if message.sender != world.bot:
        raise bad_request(foreign)
    return message


def delete(world: World, asked: Asked) -> Json:
    """deleteMessage: in a private chat any, in a group the bot's own unless it is an administrator."""
    number = getattr(asked.call, "message_id", None)
    message = asked.here.messages.get(number) if isinstance(number, int) else None
    if message is None:
        raise bad_request("message to delete not found")
    if asked.here.kind != "private" and message.sender != world.bot and not asked.here.bot_is_admin:
        raise bad_request("message can't be deleted")
    del asked.here.messages[message.message_id]
    world.changes.happened()
    return True


def answer_callback_query(world: World, asked: Asked) -> Json:
    """A pressed button is answered once; a second answer comes too late."""
    from aiogram.methods import AnswerCallbackQuery

    call = asked.of(AnswerCallbackQuery)
    if world.presses.get(call.callback_query_id, Toast("", False)) is not None:
        raise bad_request(TOO_OLD)
    world.presses[call.callback_query_id] = Toast(call.text or "", bool(call.show_alert))
    world.changes.happened()
    return True


def get_file(world: World, asked: Asked) -> Json:
    """Where a file can be downloaded."""
    from aiogram.methods import GetFile

    stored = world.files.get(asked.of(GetFile).file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > rules.MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


def remember(world: World, asked: Asked) -> Json:
    """setMy…: keeps what was set for a language (and a scope, for commands)."""
    given: JsonObject = asked.call.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    world.settings[setting_key(asked.call, "set")] = given
    return True


def setting_key(call: "TelegramMethod[Any]", verb: str) -> str:
    """`MyCommands/ko/default`: what, for which language, in which scope."""
    scope = getattr(call, "scope", None)
    language = getattr(call, "language_code", None) or ""
    return f"{call.__api_method__.removeprefix(verb)}/{language}/{scope.type if scope else 'default'}"


def accept(world: World, asked: Asked) -> Json:
    """Every method that the double has nothing to do for: its parameters were right."""
    return True


HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys(("sendMessage", "sendPhoto", "sendDocument", "sendLocation", "sendVenue"), send),
    **dict.fromkeys(("editMessageText", "editMessageCaption", "editMessageReplyMarkup"), edit),
    **dict.fromkeys(("setMyCommands", "setMyDescription", "setMyShortDescription", "setMyName"), remember),
    "deleteMessage": delete,
    "answerCallbackQuery": answer_callback_query,
    "getFile": get_file,
}
COUNTED = frozenset({"sendMediaGroup", *(name for name in HANDLERS if name.startswith(("send", "edit")))})
"""Methods that Telegram's limits on sending count."""
