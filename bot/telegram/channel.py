"""Sending on Telegram: a rendered message becomes one or more calls of the Bot API."""

import asyncio
import contextlib
from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channel import Delivered, Enclosure, FileFault, Outcome, Refused, Rendered
from bot.telegram.calls import Calls
from bot.telegram.outcomes import can_be_sent_anew, outcome_of
from bot.telegram.splitting import cut, parts_of, units
from handlers.replies import PRESSED, ReplyKind
from storage.outbox import Parcel
from storage.tables import JsonObject

MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_TOAST = 200
MOST_BUTTON_BYTES = 64
_TOAST_READ_IN_PASSING = 40
_BUTTONS = "inline_keyboard"
_FETCH_PAUSES = (0.5, 1.0)


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is to be sent to one chat: words (never empty but in a toast) and what stands below them."""

    chat_id: int
    text: str
    markup: JsonObject | None
    entities: tuple[JsonObject, ...] = ()


class TelegramChannel:
    """The `Channel` of Telegram."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._calls = Calls(bot)

    @property
    def name(self) -> str:
        """The channel's name in the database."""
        return "telegram"

    async def deliver(self, parcel: Parcel, rendered: Rendered) -> Outcome:
        """Send one message and say how it ended.

        A text longer than Telegram takes goes in parts; when a later part fails, all are sent again.
        """
        fault = _fault(parcel, rendered)
        if fault is not None:
            return Refused(fault)
        try:
            return await self._send(parcel, rendered)
        except TelegramError as error:
            return outcome_of(error)

    async def _send(self, parcel: Parcel, rendered: Rendered) -> Outcome:
        if parcel.kind == ReplyKind.TOAST:
            return await self._toast(parcel, rendered.text)
        query = parcel.params.get(PRESSED)
        if not isinstance(query, str):
            return await self._show(parcel, rendered)
        outcome, _ = await asyncio.gather(self._show(parcel, rendered), self._acknowledge(query))
        return outcome

    async def _acknowledge(self, query: str) -> None:
        # A button that is not acknowledged stops turning by itself; what counts is what is shown.
        with contextlib.suppress(TelegramError):
            await self._calls.answer_callback_query(query)

    async def _show(self, parcel: Parcel, rendered: Rendered) -> Outcome:
        letter = _letter(parcel, rendered)
        if parcel.kind == ReplyKind.EDIT and parcel.target is not None:
            return await self._edit(letter, int(parcel.target))
        if parcel.kind in (ReplyKind.PHOTO, ReplyKind.DOCUMENT):
            return await self._file(letter, ReplyKind(parcel.kind), rendered.enclosure)
        return await self._message(letter)

    async def _message(self, letter: _Letter) -> Outcome:
        *before, last = parts_of(letter.text, MOST_TEXT)
        for part in before:
            await self._calls.send_message(letter.chat_id, part)
        entities = () if before else letter.entities
        sent = await self._calls.send_message(letter.chat_id, last, letter.markup, entities)
        return Delivered(str(sent))

    async def _edit(self, letter: _Letter, message_id: int) -> Outcome:
        if units(letter.text) > MOST_TEXT:
            return await self._message(letter)
        keyboard = letter.markup if letter.markup and _BUTTONS in letter.markup else None
        try:
            await self._calls.edit_message_text(letter.chat_id, message_id, letter.text, keyboard)
        except BadRequest as error:
            if can_be_sent_anew(error):
                return await self._message(letter)
            outcome = outcome_of(error)
            return Delivered(str(message_id)) if isinstance(outcome, Delivered) else outcome
        return Delivered(str(message_id))

    async def _toast(self, parcel: Parcel, text: str) -> Outcome:
        if parcel.target is None:
            return Refused("a toast without a press")
        # A long one stays until it is closed; a short one goes by itself.
        stays = units(text) > _TOAST_READ_IN_PASSING
        await self._calls.answer_callback_query(parcel.target, cut(text, MOST_TOAST), stays=stays)
        return Delivered()

    async def _file(self, letter: _Letter, kind: ReplyKind, file: Enclosure | None) -> Outcome:
        if file is None:
            return Refused("a file without its content")
        fits = units(letter.text) <= MOST_CAPTION
        caption, below = (letter.text or None, {"reply_markup": letter.markup}) if fits else (None, {})
        send = self._bot.send_photo if kind is ReplyKind.PHOTO else self._bot.send_document
        sent = await send(letter.chat_id, file.content, caption, filename=file.name, api_kwargs=below)
        return Delivered(str(sent.message_id)) if fits else await self._message(letter)

    async def fetch(self, remote: str, limit: int) -> bytes:
        """A file a person sent, at most `limit` bytes. Raises FileFault."""
        for pause in (*_FETCH_PAUSES, None):
            try:
                return await self._fetch(remote, limit)
            except BadRequest as error:
                too_big = "file is too big" in error.message.lower()
                raise FileFault("too_large" if too_big else "unavailable") from None
            except TelegramError:
                if pause is None:
                    break
                await asyncio.sleep(pause)
        raise FileFault("unavailable")

    async def _fetch(self, remote: str, limit: int) -> bytes:
        file = await self._bot.get_file(remote)
        if file.file_size is not None and file.file_size > limit:
            raise FileFault("too_large")
        content = bytes(await file.download_as_bytearray())
        if len(content) > limit:
            raise FileFault("too_large")
        return content


def _fault(parcel: Parcel, rendered: Rendered) -> str | None:
    if not parcel.address.removeprefix("-").isdecimal():
        return "the address is not a chat's number"
    buttons = [button for row in rendered.buttons for button in row if not button.telephone]
    if any(len(button.action.encode()) > MOST_BUTTON_BYTES for button in buttons):
        return f"a button carries more than {MOST_BUTTON_BYTES} bytes"
    if not rendered.text.strip() and parcel.kind in (ReplyKind.MESSAGE, ReplyKind.EDIT):
        return "a message without words"
    return None


def _letter(parcel: Parcel, rendered: Rendered) -> _Letter:
    text = _with_numbers(rendered)
    keyboard = _keyboard(rendered)
    asks = bool(parcel.params.get("force_reply")) and keyboard is None
    markup: JsonObject | None = {"force_reply": True, "selective": True} if asks else keyboard
    return _Letter(int(parcel.address), text, markup, _mention(parcel, text) if asks else ())


def _keyboard(rendered: Rendered) -> JsonObject | None:
    rows = [
        [{"text": button.label, "callback_data": button.action} for button in row if button.action]
        for row in rendered.buttons
    ]
    rows = [row for row in rows if row]
    return {_BUTTONS: rows} if rows else None


def _with_numbers(rendered: Rendered) -> str:
    """The text with the numbers to call: a button that calls is more than Telegram allows."""
    lines = [
        f"☎ {button.label}" if button.telephone in button.label else f"☎ {button.label}: {button.telephone}"
        for row in rendered.buttons
        for button in row
        if button.telephone and button.telephone not in rendered.text
    ]
    return "\n".join([rendered.text, *lines]) if lines else rendered.text


def _mention(parcel: Parcel, text: str) -> tuple[JsonObject, ...]:
    """Names the member who pressed: a selective prompt opens the field only for who is mentioned."""
    name, member = parcel.params.get("who"), parcel.params.get("who_id")
    if not isinstance(name, str) or not isinstance(member, str) or not member.isdecimal() or not name:
        return ()
    start = text.find(name)
    if start < 0:
        return ()
    person = {"id": int(member), "first_name": name, "is_bot": False}
    where = {"offset": units(text[:start]), "length": units(name)}
    return ({"type": "text_mention", **where, "user": person},)
