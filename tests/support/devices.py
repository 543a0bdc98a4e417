"""What residents in tests hold in their hand: a browser with the chat page, or a telephone with Telegram."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from tests.doubles.bot_api import Message, Person
from tests.support.program import RunningProgram


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a person sees it; `action` is what it sends back."""

    label: str
    action: str
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing a person was shown: words and buttons. `id` is the channel's own."""

    id: int
    text: str
    buttons: tuple[Button, ...] = ()
    document: str = ""
    photo: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """What its buttons say, in reading order."""
        return tuple(button.label for button in self.buttons)

    def __str__(self) -> str:
        return self.text + "".join(f" [{button.label}]" for button in self.buttons)


class Device(ABC):
    """What a person holds in their hand: it sends, and gathers what is shown."""

    def __init__(self, program: RunningProgram) -> None:
        self.program = program

    @abstractmethod
    async def send_text(self, text: str) -> None: ...

    @abstractmethod
    async def press(self, shown: Shown, button: Button) -> None: ...

    @abstractmethod
    async def send_photo(self, picture: bytes, caption: str) -> None: ...

    @abstractmethod
    async def send_place(self, latitude: float, longitude: float) -> None: ...

    @abstractmethod
    async def download(self, shown: Shown) -> bytes:
        """The file that came with a message."""

    @abstractmethod
    async def look(self) -> list[Shown]:
        """What was shown since the last look, edits and short words at buttons as well."""

    @property
    @abstractmethod
    def screen(self) -> Sequence[Shown]:
        """What stands in the chat now, oldest first."""

    @property
    @abstractmethod
    def channel(self) -> str: ...


class WebDevice(Device):
    """A browser with the chat page open."""

    def __init__(self, program: RunningProgram, *, locale: str = "ko") -> None:
        super().__init__(program)
        self.browser = program.browser()
        self._locale = locale
        self._turns = 0
        self._after = 0
        self._messages: dict[int, Shown] = {}

    @property
    def channel(self) -> str:
        return "web"

    @property
    def screen(self) -> Sequence[Shown]:
        return list(self._messages.values())

    async def send_text(self, text: str) -> None:
        await self._post({"text": text})

    async def press(self, shown: Shown, button: Button) -> None:
        await self._post({"choice": button.action, "message": shown.id})

    async def send_place(self, latitude: float, longitude: float) -> None:
        await self._post({"location": {"latitude": latitude, "longitude": longitude}})

    async def send_photo(self, picture: bytes, caption: str) -> None:
        form = {"id": self._next_id(), "caption": caption, "locale": self._locale}
        files = {"file": ("photo.jpg", picture, "image/jpeg")}
        self._taken(await self.browser.post("/chat/photos", data=form, files=files))

    async def download(self, shown: Shown) -> bytes:
        answer = await self.browser.get(shown.document or shown.photo)
        assert answer.status_code == 200, answer.text
        return answer.content

    async def send_again(self, turn_id: str, text: str) -> None:
        """Send a turn under an id of one's own, as a page does that does not know whether it arrived."""
        await self._post({"text": text}, turn_id)

    async def look(self) -> list[Shown]:
        found: list[Shown] = []
        more = True
        while more:
            page = (await self.browser.get("/chat/replies", params={"after": self._after})).json()
            for reply in page["replies"]:
                shown = _from_web(reply)
                if reply["kind"] != "toast":
                    self._messages[reply.get("replaces", shown.id)] = shown
                found.append(shown)
            self._after, more = page["last"], page.get("more", False)
        return found

    async def _post(self, content: dict[str, object], turn_id: str = "") -> None:
        body = {"id": turn_id or self._next_id(), "locale": self._locale, **content}
        self._taken(await self.browser.post("/chat/turns", json=body))

    def _taken(self, answer: httpx.Response) -> None:
        assert answer.status_code == 202, f"{answer.status_code} {answer.text}"

    def _next_id(self) -> str:
        self._turns += 1
        return f"turn-{self._turns}"


class TelegramDevice(Device):
    """A telephone with Telegram open on the bot."""

    def __init__(self, program: RunningProgram, person: Person) -> None:
        super().__init__(program)
        self.person = person
        self._toasts: list[Shown] = []

    @property
    def channel(self) -> str:
        return "telegram"

    @property
    def screen(self) -> Sequence[Shown]:
        return [_from_telegram(message) for message in self.person.screen]

    async def send_text(self, text: str) -> None:
        await self.person.says(text)

    async def press(self, shown: Shown, button: Button) -> None:
        message = next(one for one in self._ever_shown() if _from_telegram(one) == shown)
        press = await self.person.presses(button.action, on=message)
        toast = await press.answered()
        if toast.text:
            self._toasts.append(Shown(0, toast.text))

    async def send_photo(self, picture: bytes, caption: str) -> None:
        await self.person.sends_photo(picture, caption=caption or None)

    async def send_place(self, latitude: float, longitude: float) -> None:
        await self.person.sends_location(latitude, longitude)

    async def download(self, shown: Shown) -> bytes:
        message = next(one for one in self.person.screen if one.message_id == shown.id)
        assert message.document is not None, f"no file came with {shown}"
        return message.document.content

    async def look(self) -> list[Shown]:
        count = len(self.person.unheard)
        heard = [_from_telegram(one) for one in await self.person.hears(count)] if count else []
        toasts, self._toasts = self._toasts, []
        return toasts + heard

    def _ever_shown(self) -> list[Message]:
        return list(reversed(self.person.view.chat.shown))


def _from_web(reply: dict[str, object]) -> Shown:
    rows = reply.get("choices", [])
    assert isinstance(rows, list)
    return Shown(
        id=int(str(reply["position"])),
        text=str(reply["text"]),
        buttons=tuple(
            Button(one["label"], one["action"], one.get("telephone", "")) for row in rows for one in row
        ),
        document=str(reply.get("document", "")),
        photo=str(reply.get("photo", "")),
    )


def _from_telegram(message: Message) -> Shown:
    buttons = (button for row in message.rows for button in row)
    return Shown(
        id=message.message_id,
        text=message.words,
        buttons=tuple(Button(one.text, one.data or "") for one in buttons),
        document=message.document.name if message.document else "",
    )
