"""Residents in tests: the same words and buttons on the web chat and on Telegram."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from tests.doubles.bot_api import Message, Person
from tests.support.program import RunningProgram

_SECONDS_TO_TYPE = 4
"""What a person needs for one turn; at that pace nobody meets the limit of turns a minute."""


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


@dataclass
class Resident:
    """A person (주민) who talks with the city."""

    device: Device
    heard: list[Shown] = field(default_factory=list)
    """Everything shown so far, in order."""
    fresh: list[Shown] = field(default_factory=list)
    """What was shown since the person last did something, or since `hears` last found something."""

    @property
    def program(self) -> RunningProgram:
        """What the person talks with."""
        return self.device.program

    async def says(self, *texts: str) -> None:
        """Types one message after the other."""
        for text in texts:
            await self._begin()
            await self.device.send_text(text)
            await self._end()

    async def presses(self, label: str, *, on: Shown | None = None) -> None:
        """Presses the newest button of that label (or one that contains it), or the one below `on`."""
        await self._begin()
        shown, button = self._find(label, [on] if on else list(reversed(self.device.screen)))
        await self.device.press(shown, button)
        await self._end()

    async def sends_photo(self, picture: bytes, caption: str = "") -> None:
        """Sends a picture."""
        await self._begin()
        await self.device.send_photo(picture, caption)
        await self._end()

    async def shares_place(self, latitude: float, longitude: float) -> None:
        """Shares where the telephone is."""
        await self._begin()
        await self.device.send_place(latitude, longitude)
        await self._end()

    async def agrees(self) -> None:
        """Writes for the first time, reads and agrees."""
        await self.says("/start")
        await self.presses("동의해요")
        await self.hears("고맙습니다")

    async def files(self, text: str) -> str:
        """Writes a problem whose place is plain and sends the card; gives the number."""
        await self.says(text)
        await self.takes_the_first_office()
        await self.presses("이대로 보내기")
        return number_in(await self.hears("접수번호"))

    async def takes_the_first_office(self) -> None:
        """Picks the office that is offered first, where one is asked for."""
        asked = [shown for shown in self.fresh if "어느 부서 일에" in shown.text]
        if asked:
            await self.presses(asked[-1].labels[0], on=asked[-1])

    async def is_shown_the_card(self, *parts: str) -> Shown:
        """The card with these words, whichever offices were offered before it."""
        await self.takes_the_first_office()
        return await self.hears("이대로 보낼까요?", *parts)

    async def looks(self) -> list[Shown]:
        """Looks at the screen once everything due has been shown."""
        await self.program.settles()
        new = await self.device.look()
        self.heard += new
        self.fresh += new
        return new

    async def hears(self, *parts: str) -> Shown:
        """The next message shown that contains all these words; what came before it is passed over."""
        await self.looks()
        for place, shown in enumerate(self.fresh):
            if all(part in str(shown) for part in parts):
                self.fresh = self.fresh[place + 1 :]
                return shown
        raise AssertionError(f"not heard: {parts}; was shown: {[str(one) for one in self.fresh]}")

    async def hears_nothing(self) -> None:
        """Nothing was shown."""
        await self.looks()
        assert not self.fresh, f"was shown: {[str(one) for one in self.fresh]}"

    def sees(self, part: str) -> Shown:
        """What stands on the screen now with these words."""
        found = [shown for shown in self.device.screen if part in str(shown)]
        assert found, f"{part!r} is not to be seen among {[str(one) for one in self.device.screen]}"
        return found[-1]

    async def _begin(self) -> None:
        await self.looks()
        self.fresh = []
        self.program.clock.passes(seconds=_SECONDS_TO_TYPE)

    async def _end(self) -> None:
        await self.looks()

    def _find(self, label: str, messages: Sequence[Shown]) -> tuple[Shown, Button]:
        for exact in (True, False):
            for shown in messages:
                for button in shown.buttons:
                    if button.label == label or (not exact and label in button.label):
                        return shown, button
        raise AssertionError(f"no button {label!r} among {[str(one) for one in messages][:4]}")


def number_in(shown: Shown) -> str:
    """The case's number in a message."""
    return next(word for word in shown.text.replace("\n", " ").split() if word[:2].isdigit() and "-" in word)
