"""The people's side of a chat: a person writes, presses, sends, blocks, and sees what the bot shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.doubles.telegram import pictures
from tests.doubles.telegram.basics import JsonObject, fresh_id
from tests.doubles.telegram.queue import UpdateQueue
from tests.doubles.telegram.rules import PAYLOAD
from tests.doubles.telegram.screen import Screen
from tests.doubles.telegram.world import Button, Message, StoredFile, Toast, User, World

BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"


@dataclass(slots=True)
class Press:
    """A button that was pressed; `link` is set instead where the button opens a page."""

    screen: Screen
    query_id: str = ""
    link: str | None = None

    async def answered(self, timeout: float | None = None) -> Toast:  # noqa: ASYNC109
        """How the bot answered it (a text at the top of the screen, often empty)."""
        presses = self.screen.world.presses
        await self.screen.must(lambda: presses.get(self.query_id) is not None, "answer to a press", timeout)
        toast = presses[self.query_id]
        if toast is None:
            raise AssertionError("the answer vanished")
        return toast


class Writer:
    """Somebody who writes in one chat."""

    def __init__(self, world: World, queue: UpdateQueue, screen: Screen, user: User) -> None:
        self.world = world
        self.queue = queue
        self.view = screen
        self.user = user

    async def says(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Types a text; a line that begins with / is marked as a command."""
        written = replace(self._draft(reply_to), text=text, entities=_commands_in(text))
        return self._send(written)

    async def sends_photo(
        self, content: bytes, *, caption: str | None = None, name: str = "photo.jpg"
    ) -> Message:
        """Sends a picture as a photo (`content`: the bytes of a real picture)."""
        sizes = pictures.store_photo(self.world, content, name)
        return self._send(replace(self._draft(), photo=sizes, caption=caption))

    async def sends_document(
        self, content: bytes, name: str, *, mime: str | None = None, caption: str | None = None
    ) -> Message:
        """Sends any file as a file."""
        stored = self.world.store(content, name, mime or pictures.mime_of(name))
        return self._send(replace(self._draft(), document=stored, caption=caption))

    async def sends_album(self, contents: Sequence[bytes], *, caption: str | None = None) -> list[Message]:
        """Sends several photos at once: one message each, with the same `media_group_id`."""
        group: JsonObject = {"media_group_id": fresh_id()}
        album: list[Message] = []
        for content in contents:
            sizes = pictures.store_photo(self.world, content, "photo.jpg")
            words = caption if not album else None
            album.append(self._send(replace(self._draft(), photo=sizes, caption=words, extra=group)))
        return album

    async def sends_location(self, latitude: float, longitude: float) -> Message:
        """Shares a place on the map, in degrees."""
        return self._send_extra({"location": {"latitude": latitude, "longitude": longitude}})

    async def sends_sticker(self, emoji: str = "👍") -> Message:
        """Sends a sticker."""
        picture = {**self._blob(b"sticker", "sticker.webp"), "width": 512, "height": 512}
        kind: JsonObject = {"type": "regular", "is_animated": False, "is_video": False, "emoji": emoji}
        return self._send_extra({"sticker": {**picture, **kind}})

    async def sends_voice(self, seconds: int = 3) -> Message:
        """Sends a voice message."""
        return self._send_extra({"voice": {**self._blob(b"voice", "voice.ogg"), "duration": seconds}})

    async def sends_contact(self, phone: str) -> Message:
        """Shares a phone number."""
        return self._send_extra({"contact": {"phone_number": phone, "first_name": self.user.first_name}})

    async def edits(self, message: Message, text: str) -> Message:
        """Changes the words of a message sent before."""
        changed = replace(message, text=text, entities=_commands_in(text), edited_at=self.world.now())
        self.world.put(self.view.chat, changed)
        self.queue.put("edited_message", self.world.to_json(changed))
        return changed

    async def presses(
        self,
        label: str,
        *,
        on: Message | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Press:
        """Presses a button by its words, or by its data, on the newest message that has it (or `on` one).

        Waits for the button to appear. A key below the text field is typed for the person; one that
        asks for the place or the number does nothing but raise: send those yourself.
        """
        await self.view.must(lambda: self.view.find(label, on) is not None, f"a button {label!r}", timeout)
        found = self.view.find(label, on)
        if found is None:
            raise AssertionError("the button vanished")
        message, button = found
        if message is None:
            return await self._presses_key(button)
        return self._press(message, button)

    def _press(self, message: Message, button: Button) -> Press:
        if button.data is None:
            return Press(self.view, link=button.url)
        query_id = fresh_id()
        self.world.presses[query_id] = None
        query: JsonObject = {
            "id": query_id,
            "from": self.user.to_json(),
            "chat_instance": f"chat-{message.chat_id}",
            "data": button.data,
            "message": self.world.to_json(message),
        }
        self.queue.put("callback_query", query)
        return Press(self.view, query_id=query_id)

    async def _presses_key(self, key: Button) -> Press:
        if key.wants:
            raise AssertionError(f"the key {key.text!r} asks for the {key.wants}: use sends_{key.wants}(…)")
        await self.says(key.text)
        return Press(self.view)

    def _draft(self, reply_to: Message | None = None) -> Message:
        draft = self.world.draft(self.view.chat, self.user)
        return replace(draft, reply_to=reply_to.message_id if reply_to else None)

    def _send(self, message: Message) -> Message:
        self.world.put(self.view.chat, message)
        if self._bot_sees(message):
            self.queue.put("message", self.world.to_json(message))
        return message

    def _bot_sees(self, message: Message) -> bool:
        return True

    def _send_extra(self, parts: JsonObject) -> Message:
        return self._send(replace(self._draft(), extra=parts))

    def _blob(self, content: bytes, name: str) -> JsonObject:
        stored: StoredFile = self.world.store(content, name, pictures.mime_of(name))
        described = stored.to_json()
        del described["file_name"]
        if not name.endswith(".ogg"):
            del described["mime_type"]
        return described


class Person(Writer):
    """A resident or a member of staff alone with the bot."""

    async def starts(self, payload: str = "") -> Message:
        """Presses Start, or follows a link `https://t.me/<bot>?start=<payload>`."""
        if payload and not PAYLOAD.fullmatch(payload):
            raise ValueError(f"no link can carry this payload: {payload!r}")
        if self.view.chat.refuses is not None:
            await self.unblocks()
        return await self.says(f"/start {payload}".strip())

    async def blocks(self) -> None:
        """Stops the bot; every send is answered 403 from now on."""
        self.view.chat.refuses = BLOCKED
        self._membership("member", "kicked")

    async def unblocks(self) -> None:
        """Lets the bot write again."""
        self.view.chat.refuses = None
        self._membership("kicked", "member")

    async def deletes_account(self) -> None:
        """Leaves Telegram; the bot is told nothing but a 403."""
        self.view.chat.refuses = DEACTIVATED

    def _send(self, message: Message) -> Message:
        if self.view.chat.refuses is not None:
            raise AssertionError("this person has left the bot: starts() or unblocks() first")
        return super()._send(message)

    def _membership(self, old: str, new: str) -> None:
        self.queue.put("my_chat_member", membership_change(self.world, self.view, self.user, old, new))

    @property
    def screen(self) -> tuple[Message, ...]:
        """Messages of the bot that are to be seen now, oldest first, as they last looked."""
        return self.view.messages

    @property
    def keyboard(self) -> tuple[str, ...]:
        """Keys below the text field."""
        return self.view.keys

    @property
    def unheard(self) -> tuple[Message, ...]:
        """What the bot showed and no `hears` has taken yet."""
        return self.view.unheard

    async def hears(self, n: int = 1, timeout: float | None = None) -> list[Message]:  # noqa: ASYNC109
        """The next `n` messages of the bot, sent or edited; waits for them."""
        return await self.view.hears(n, timeout)

    async def hears_text(self, part: str, timeout: float | None = None) -> Message:  # noqa: ASYNC109
        """The next message of the bot, sent or edited, that contains `part`; those before it are skipped."""
        return await self.view.hears_text(part, timeout)


def membership_change(world: World, view: Screen, who: User, old: str, new: str) -> JsonObject:
    """Telegram's ChatMemberUpdated about the bot."""

    def member(status: str) -> JsonObject:
        described: JsonObject = {"status": status, "user": world.bot.to_json()}
        return {**described, "until_date": 0} if status == "kicked" else described

    return {
        "chat": view.chat.to_json(),
        "from": who.to_json(),
        "date": world.now(),
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }


def _commands_in(text: str) -> tuple[JsonObject, ...]:
    first = text.split(maxsplit=1)[0] if text.startswith("/") and len(text) > 1 else ""
    return ({"type": "bot_command", "offset": 0, "length": len(first)},) if first else ()
