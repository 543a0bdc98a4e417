"""Residents in tests: the same words and buttons on the web chat and on Telegram."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.support.devices import Button, Device, Shown
from tests.support.program import RunningProgram

_SECONDS_TO_TYPE = 4
"""What a person needs for one turn; at that pace nobody meets the limit of turns a minute."""


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
