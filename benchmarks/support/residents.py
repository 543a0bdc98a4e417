"""Residents on the Telegram double: each sends a turn, waits for what is said to it, sends the next."""

import random
from dataclasses import dataclass, field
from time import perf_counter

from tests.doubles.bot_api import BotApiDouble, Message

PATIENCE = 60.0
_PLACES = (
    "송도1동",
    "송도2동",
    "송도3동",
    "연수1동",
    "연수2동",
    "청학동",
    "동춘1동",
    "동춘3동",
    "옥련1동",
    "선학동",
)
_SPOTS = ("초등학교 앞", "공원 입구", "버스정류장 옆", "아파트 후문", "시장 골목", "지하차도", "놀이터 옆")
_THINGS = (
    "가로등이 안 켜져요",
    "보도블록이 깨져서 위험해요",
    "불법주차가 너무 심해요",
    "쓰레기가 며칠째 쌓여 있어요",
    "신호등이 고장 났어요",
    "나무가 쓰러질 것 같아요",
)
_WANTED = ("yes", "send", "similar:no", "place:city", "to:desk")


@dataclass
class Resident:
    """One person; `seconds` holds how long each turn took until its reply had arrived."""

    double: BotApiDouble
    user_id: int
    draw: random.Random
    seconds: list[float] = field(default_factory=list)
    _newest: Message | None = None

    async def agree(self) -> None:
        """First contact and consent."""
        await self._turn(None, "/start")
        await self._turn("yes")

    async def one_turn(self) -> str | None:
        """The next turn of a conversation that files one case after the other; the number, once filed."""
        offered = self._offered()
        if offered is not None:
            await self._turn(offered)
        else:
            words = (
                f"연수구 {self.draw.choice(_PLACES)} {self.draw.choice(_SPOTS)} {self.draw.choice(_THINGS)}"
            )
            await self._turn(None, f"{words} ({self.draw.randrange(10**6)})")
        return self._number() if self._offered() is None else None

    async def file(self) -> str:
        """Turn after turn until a case is filed; its number."""
        number = await self.one_turn()
        while number is None:
            number = await self.one_turn()
        return number

    async def hears_of(self, count: int) -> None:
        """Wait for so many notices."""
        await self.double.person(self.user_id).hears(count, timeout=PATIENCE)

    async def _turn(self, action: str | None, words: str = "") -> None:
        person = self.double.person(self.user_id)
        began = perf_counter()
        if action is None:
            await person.says(words)
        else:
            label = next(data for data in _actions(self._newest) if data.endswith(f":{action}"))
            await person.presses(label, on=self._newest)
        (self._newest,) = await person.hears(1, timeout=PATIENCE)
        self.seconds.append(perf_counter() - began)

    def _offered(self) -> str | None:
        actions = [data.partition(":")[2] for data in _actions(self._newest) if data.startswith("~")]
        return next((one for one in _WANTED if one in actions), None)

    def _number(self) -> str | None:
        words = self._newest.words.split() if self._newest else []
        return next((word for word in words if word[:2].isdigit() and "-" in word), None)


def _actions(message: Message | None) -> list[str]:
    rows = message.rows if message else ()
    return [button.data for row in rows for button in row if button.data]
