"""The three calls of the Bot API that nearly every turn makes, from plain values.

They go through python-telegram-bot's request, with its errors, but build none of its objects and read of the
answer only the message's number: those objects cost as much as sending itself (docs/performance.md).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from telegram import Bot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from storage.tables import JsonObject

_NO_PREVIEW = MappingProxyType({"link_preview_options": '{"is_disabled": true}'})


class Calls:
    """Calls of one bot. Each raises TelegramError, as the bot's own methods do."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send_message(
        self, chat_id: int, text: str, markup: JsonObject | None = None, entities: Sequence[JsonObject] = ()
    ) -> int:
        """Send words with what stands below them (`markup`, as the Bot API spells it); the message's id."""
        sent = await self._call(
            "sendMessage",
            {
                "chat_id": chat_id,
                "text": text,
                "reply_markup": markup,
                "entities": list(entities) or None,
                **_NO_PREVIEW,
            },
        )
        number = sent.get("message_id") if isinstance(sent, dict) else None
        return number if isinstance(number, int) else 0

    async def edit_message_text(
        self, chat_id: int, message_id: int, text: str, markup: JsonObject | None = None
    ) -> None:
        """Put other words, and other buttons or none, in the place of a message."""
        await self._call(
            "editMessageText",
            {
                "chat_id": chat_id,
                "message_id": message_id,
                "text": text,
                "reply_markup": markup,
                **_NO_PREVIEW,
            },
        )

    async def answer_callback_query(self, query_id: str, text: str = "", *, stays: bool = False) -> None:
        """Acknowledge a press, with a short word where `text` is given; one that `stays` has to be closed."""
        await self._call(
            "answerCallbackQuery",
            {"callback_query_id": query_id, "text": text or None, "show_alert": stays or None},
        )

    async def _call(self, method: str, values: Mapping[str, object]) -> object:
        given = [RequestParameter(name, value, None) for name, value in values.items() if value is not None]
        return await self._bot.request.post(f"{self._bot.base_url}/{method}", RequestData(given))
