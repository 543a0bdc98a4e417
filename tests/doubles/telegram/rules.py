"""The rules of the Bot API that no type says: lengths, buttons, links.

Source of every number: core.telegram.org/bots/api, at the method or type named beside it.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.doubles.telegram.basics import JsonObject, broken_rule
from tests.doubles.telegram.markup import Formatted, parse_html, utf16
from tests.doubles.telegram.world import Button

if TYPE_CHECKING:
    from aiogram.methods import TelegramMethod
    from aiogram.types import (
        BotCommand,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        InputMediaDocument,
        InputMediaPhoto,
        KeyboardButton,
        MessageEntity,
        ReplyKeyboardMarkup,
    )

MAX_BUTTONS = 100
MAX_FILE = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
FORMATTED = {
    # field: (its parse mode, its entities, least, most characters after entities)
    "text": ("parse_mode", "entities", 1, 4096),  # sendMessage, editMessageText
    "caption": ("parse_mode", "caption_entities", 0, 1024),  # sendPhoto, sendDocument, …
}
NOT_FORMATTED = {"answerCallbackQuery"}
LENGTHS = {
    # (method, field): (least, most) characters
    ("answerCallbackQuery", "text"): (0, 200),
    ("setMyDescription", "description"): (0, 512),
    ("setMyShortDescription", "short_description"): (0, 120),
    ("setMyName", "name"): (0, 64),
    ("sendVenue", "title"): (1, 255),
}
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
"""InlineKeyboardButton: exactly one of these."""
REQUESTS = (
    "request_users",
    "request_chat",
    "request_contact",
    "request_location",
    "request_poll",
    "web_app",
    "request_managed_bot",
)
"""KeyboardButton: at most one of these."""


def check_rules(call: "TelegramMethod[Any]", chat_kind: str | None) -> Formatted | None:
    """Checks a call by every rule; returns its text or caption as people will read it, if it has one.

    Raises `RefusalError` for the first rule broken.
    """
    name = call.__api_method__
    for (method, field), (least, most) in LENGTHS.items():
        value = getattr(call, field, None) if method == name else None
        if isinstance(value, str) and not least <= len(value) <= most:
            raise broken_rule(f"{name}: {field} must have {least} to {most} characters, not {len(value)}")
    check_markup(getattr(call, "reply_markup", None), chat_kind)
    if name == "setMyCommands":
        _check_commands(getattr(call, "commands", ()))
    if name in NOT_FORMATTED:
        return None
    for field, (mode, entities, least, most) in FORMATTED.items():
        value = getattr(call, field, None)
        if isinstance(value, str):
            return _formatted(
                field, value, getattr(call, mode, None), getattr(call, entities, None), (least, most)
            )
    return None


def check_caption(item: "InputMediaPhoto | InputMediaDocument") -> Formatted | None:
    """The caption of one part of an album, by the same rules."""
    if item.caption is None:
        return None
    return _formatted("caption", item.caption, item.parse_mode, item.caption_entities, (0, 1024))


def _formatted(
    field: str,
    source: str,
    mode: object,
    entities: "Sequence[MessageEntity] | None",
    length: tuple[int, int],
) -> Formatted:
    if isinstance(mode, str) and mode:
        if mode.lower() != "html":
            raise broken_rule(f"parse_mode {mode}: the double reads HTML only")
        parsed = parse_html(source)
    else:
        parsed = Formatted(source.strip(), _checked_entities(source, entities or ()))
    if not parsed.text and length[0]:
        raise broken_rule(f"message {field} is empty")
    if len(parsed.text) > length[1]:
        raise broken_rule(f"message {field} is too long: {len(parsed.text)} of {length[1]} characters")
    links = [entity.get("url") for entity in parsed.entities]
    parsed.careless += [f"deep link payload in {link}" for link in links if _has_bad_payload(link)]
    return parsed


def _checked_entities(source: str, entities: "Iterable[MessageEntity]") -> list[JsonObject]:
    checked: list[JsonObject] = []
    for entity in entities:
        if entity.offset < 0 or entity.length < 1 or entity.offset + entity.length > utf16(source):
            raise broken_rule(f"entity {entity.type} lies outside the text")
        checked.append(entity.model_dump(mode="json", exclude_none=True))
    return checked


def check_markup(markup: object, chat_kind: str | None) -> None:
    """Checks the buttons of a call; raises `RefusalError`."""
    from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup

    if isinstance(markup, InlineKeyboardMarkup):
        _check_number(markup.inline_keyboard)
        for row in markup.inline_keyboard:
            for button in row:
                _check_inline_button(button)
    elif isinstance(markup, ReplyKeyboardMarkup):
        _check_number(markup.keyboard)
        for keys in markup.keyboard:
            for key in keys:
                _check_key(key, chat_kind)


def _check_number(rows: Sequence[Sequence[object]]) -> None:
    number = sum(len(row) for row in rows)
    if number > MAX_BUTTONS:
        raise broken_rule(f"reply markup is too long: {number} of {MAX_BUTTONS} buttons")


def _check_inline_button(button: "InlineKeyboardButton") -> None:
    if not button.text.strip():
        raise broken_rule("can't parse inline keyboard button: text is empty")
    actions = [action for action in ACTIONS if getattr(button, action) is not None]
    if len(actions) != 1:
        raise broken_rule(f"inline button {button.text!r} needs exactly one action, has {actions or 'none'}")
    data = button.callback_data
    if data is not None and not 1 <= len(data.encode()) <= 64:
        raise broken_rule(f"BUTTON_DATA_INVALID: {len(data.encode())} bytes in {data!r}, 1 to 64 allowed")
    if button.url is not None:
        _check_button_url(button.url)


def _check_button_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "tg", "ton"} or not parts.netloc:
        raise broken_rule(f"inline keyboard button URL {url!r} is invalid: unsupported URL protocol")
    if parts.hostname == "localhost":
        raise broken_rule(f"inline keyboard button URL {url!r} is invalid: wrong HTTP URL")
    if _has_bad_payload(url):
        raise broken_rule(f"deep link payload in {url!r}: 1 to 64 of A-Z a-z 0-9 _ -")


def _has_bad_payload(url: object) -> bool:
    if not isinstance(url, str):
        return False
    parts = urlsplit(url)
    if parts.hostname not in {"t.me", "telegram.me"}:
        return False
    query = parse_qs(parts.query, keep_blank_values=True)
    payloads = [value for key in ("start", "startgroup", "startapp") for value in query.get(key, [])]
    return any(payload and not PAYLOAD.fullmatch(payload) for payload in payloads)


def _check_key(key: "KeyboardButton", chat_kind: str | None) -> None:
    if not key.text.strip():
        raise broken_rule("keyboard button text is empty")
    requests = [request for request in REQUESTS if getattr(key, request, None)]
    if len(requests) > 1:
        raise broken_rule(f"keyboard button {key.text!r} asks for more than one thing: {requests}")
    if requests and chat_kind not in {None, "private"}:
        raise broken_rule(f"{requests[0].removeprefix('request_')} can be requested in private chats only")


def _check_commands(commands: "Sequence[BotCommand]") -> None:
    if len(commands) > 100:
        raise broken_rule(f"setMyCommands: {len(commands)} of 100 commands")
    for command in commands:
        if not COMMAND.fullmatch(command.command):
            raise broken_rule(f"BOT_COMMAND_INVALID: {command.command!r}")
        if not 1 <= len(command.description) <= 256:
            raise broken_rule(f"BOT_COMMAND_DESCRIPTION_INVALID: {command.description!r}")


def inline_rows(markup: "InlineKeyboardMarkup") -> tuple[tuple[Button, ...], ...]:
    """Buttons under a message, as a person sees them."""
    return tuple(
        tuple(Button(one.text, one.callback_data, one.url) for one in row) for row in markup.inline_keyboard
    )


def keyboard_rows(markup: "ReplyKeyboardMarkup") -> tuple[tuple[Button, ...], ...]:
    """Keys below the text field, as a person sees them."""
    return tuple(tuple(Button(key.text, wants=_wanted(key)) for key in row) for row in markup.keyboard)


def _wanted(key: "KeyboardButton") -> str | None:
    return next((name.removeprefix("request_") for name in REQUESTS if getattr(key, name, None)), None)
