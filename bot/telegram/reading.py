"""Reading an update: from Telegram's JSON to an arrival for the inbox, or to a counted pass."""

import hashlib
import json
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from bot.telegram import contents
from bot.telegram.updates import CallbackQuery, Chat, MembershipChange, Message, Update, User
from handlers.turns import (
    Author,
    Body,
    Command,
    Edited,
    Migrated,
    Photo,
    Press,
    Reach,
    Start,
    Unsupported,
    stored,
)
from intents.cleaning import clean
from intents.masking import Masked, mask
from storage.intake import Arrival

CHANNEL = "telegram"
GROUP_COMMANDS = frozenset({"bind", "office", "language", "start", "help"})
"""What a group may say without naming the bot; it may have other bots, whose commands we leave alone."""

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,64}))?(?:\s+(.*))?", re.DOTALL)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANDLINE = re.compile(r"(?<!\d)0(?:2|[3-6]\d|70)[ .)-]{0,2}\d{3,4}[ .-]?\d{4}(?!\d)")
_NAME_LENGTH = 64
_HERE = frozenset({"member", "administrator", "creator"})


class _PassedOver(Exception):  # noqa: N818 - an outcome to count, not a fault
    """An update that asks for nothing."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the updates of one bot.

    `username` is the bot's, without the @; empty while it is not known: then every command counts as ours.
    `locales` are the languages there are, the first being everybody's who speaks none of them.
    `public_numbers` are phone numbers that are no secret (those of the city's pack).
    """

    bot_id: int
    username: str
    locales: tuple[str, ...]
    clock: Callable[[], datetime]
    public_numbers: Collection[str] = ()

    def read(self, raw: object) -> Arrival:
        """The arrival of one update. Never raises: what cannot be read has a `fault` and no address.

        A fault beginning with `ignored:` is an update that asks for nothing, such as a channel's post.
        """
        number = raw.get("update_id") if isinstance(raw, dict) else None
        known = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63
        external_id = f"{self.bot_id}:{number if known else _digest(raw)}"
        try:
            return self._read(Update.model_validate(raw), external_id)
        except _PassedOver as passed:
            return self._fault(external_id, f"ignored:{passed}")
        except ValidationError as error:
            places = {".".join(str(part) for part in fault["loc"]) for fault in error.errors()}
            return self._fault(external_id, f"unreadable:{','.join(sorted(places))}"[:200])

    def unstorable(self, arrival: Arrival, error: Exception) -> Arrival:
        """In place of an arrival that the database will not have: kept without its content, and counted."""
        return self._fault(arrival.external_id, f"unstorable:{type(error).__name__}"[:200])

    def _fault(self, external_id: str, fault: str) -> Arrival:
        return Arrival(CHANNEL, external_id, None, self.clock(), {}, fault=fault)

    def _read(self, update: Update, external_id: str) -> Arrival:
        if update.message is not None:
            message = update.message
            return self._arrival(external_id, message.chat, self._author(message), self._message(message))
        if update.edited_message is not None:
            message = update.edited_message
            return self._arrival(external_id, message.chat, self._author(message), self._edited(message))
        if update.callback_query is not None:
            query = update.callback_query
            chat, press = _press(query)
            return self._arrival(external_id, chat, query.sender, press)
        if update.my_chat_member is not None:
            change = update.my_chat_member
            return self._arrival(external_id, change.chat, change.sender, _reach(change))
        raise _PassedOver("kind")

    def _arrival(self, external_id: str, chat: Chat, author: User, body: Body) -> Arrival:
        group = _is_group(chat)
        who = Author(str(author.id), _name(author)) if group else None
        locale = self.locales[0] if group else self._locale(author)
        return Arrival(CHANNEL, external_id, str(chat.id), self.clock(), stored(body, who), locale, group)

    def _locale(self, person: User) -> str:
        spoken = person.language_code.partition("-")[0].lower()
        return spoken if spoken in self.locales else self.locales[0]

    def _author(self, message: Message) -> User:
        if message.sender is None:
            raise _PassedOver("nobody")
        if not message.sender.is_bot:
            return message.sender
        # An administrator who writes without a name does so in the group's own.
        group = message.sender_chat
        if group is not None and group.id == message.chat.id:
            return User(id=group.id, first_name=group.title)
        if message.migrate_to_chat_id is not None:
            return message.sender
        raise _PassedOver("bot")

    def _message(self, message: Message) -> Body:
        group = _is_group(message.chat)
        if message.migrate_to_chat_id is not None:
            return Migrated(str(message.migrate_to_chat_id))
        cover = self._cover_for_staff if group else self._cover
        if message.text is not None:
            command = self._command(message.text, group)
            if command is not None:
                return command
        answered = message.reply_to_message
        to_us = answered is not None and answered.sender is not None and answered.sender.id == self.bot_id
        if group and not to_us:
            raise _PassedOver("group_talk")
        reply_to = str(answered.message_id) if answered is not None and to_us else None
        body = contents.body_of(message, reply_to, cover)
        if body is None:
            raise _PassedOver("service")
        # A group works with words alone, so its photos are not even fetched.
        return Unsupported("photo") if group and isinstance(body, Photo) else body

    def _command(self, text: str, group: bool) -> Start | Command | None:
        match = _COMMAND.fullmatch(text.strip())
        if match is None:
            return None
        name, addressed, argument = match[1].lower(), match[2], (match[3] or "").strip()
        if addressed and self.username and addressed.lower() != self.username.lower():
            raise _PassedOver("other_bot")
        if group and not addressed and name not in GROUP_COMMANDS:
            raise _PassedOver("other_bot")
        if name == "start":
            return Start(argument if _PAYLOAD.fullmatch(argument) else "")
        return Command(name, self._cover(argument).text)

    def _edited(self, message: Message) -> Edited:
        if _is_group(message.chat):
            raise _PassedOver("group_edit")
        words = message.text if message.text is not None else message.caption
        if not words:
            raise _PassedOver("edit_without_words")
        covered = self._cover(words)
        return Edited(covered.text, contents.kinds(covered))

    def _cover(self, text: str) -> Masked:
        return mask(clean(text), self.public_numbers)

    def _cover_for_staff(self, text: str) -> Masked:
        # An office's answer names the office's own line: landlines are no secret there, mobiles are.
        shown = clean(text)
        return mask(shown, (*self.public_numbers, *_LANDLINE.findall(shown)))


def _press(query: CallbackQuery) -> tuple[Chat, Press]:
    if query.message is None or query.data is None:
        raise _PassedOver("press_without_message")
    return query.message.chat, Press(clean(query.data), str(query.message.message_id), query.id)


def _reach(change: MembershipChange) -> Reach:
    if change.chat.type == "channel":
        raise _PassedOver("channel")
    status = change.new_chat_member.status
    return Reach(status in _HERE or (status == "restricted" and change.new_chat_member.is_member))


def _is_group(chat: Chat) -> bool:
    if chat.type in ("group", "supergroup"):
        return True
    if chat.type == "private":
        return False
    raise _PassedOver("channel")


def _name(person: User) -> str:
    return clean(f"{person.first_name} {person.last_name}").strip()[:_NAME_LENGTH]


def _digest(raw: object) -> str:
    return hashlib.sha256(json.dumps(raw, sort_keys=True, default=str).encode()).hexdigest()[:32]
