"""What is to be seen in one chat, and waiting for it without sleeping."""

from collections.abc import Callable

from tests.doubles.telegram.world import Button, Chat, Message, World


class Screen:
    """One chat as people see it. `patience` is how many seconds a wait lasts where none is named."""

    def __init__(self, world: World, chat: Chat, patience: float) -> None:
        self.world = world
        self.chat = chat
        self.patience = patience
        self._heard = 0

    @property
    def messages(self) -> tuple[Message, ...]:
        """The bot's messages as they look now, oldest first."""
        return tuple(message for message in self.chat.messages.values() if message.sender.is_bot)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys below the text field."""
        return tuple(key.text for row in self.chat.keyboard for key in row)

    @property
    def unheard(self) -> tuple[Message, ...]:
        """What the bot showed since the last thing heard."""
        return tuple(self.chat.shown[self._heard :])

    async def hears(self, n: int, timeout: float | None) -> list[Message]:  # noqa: ASYNC109
        """Waits for the next `n` things the bot shows."""
        await self.must(lambda: len(self.unheard) >= n, f"{n} message(s)", timeout)
        heard = list(self.unheard[:n])
        self._heard += n
        return heard

    async def hears_text(self, part: str, timeout: float | None) -> Message:  # noqa: ASYNC109
        """Waits for the next thing the bot shows that contains `part`."""
        await self.must(lambda: self._place_of(part) is not None, f"a message with {part!r}", timeout)
        place = self._place_of(part)
        if place is None:
            raise AssertionError("the message vanished")
        self._heard = place + 1
        return self.chat.shown[place]

    def _place_of(self, part: str) -> int | None:
        places = range(self._heard, len(self.chat.shown))
        return next((place for place in places if part in self.chat.shown[place].words), None)

    def find(self, label: str, on: Message | None) -> tuple[Message | None, Button] | None:
        """The button of those words or that data: exact before partial, newest message first, then keys."""
        messages = self.messages if on is None else (on,)
        for exact in (True, False):
            for message in reversed(messages):
                for row in message.rows:
                    for button in row:
                        if _is_meant(button, label, exact=exact):
                            return message, button
            for row in self.chat.keyboard if on is None else ():
                for key in row:
                    if _is_meant(key, label, exact=exact):
                        return None, key
        return None

    async def must(
        self,
        true: Callable[[], bool],
        what: str,
        timeout: float | None,  # noqa: ASYNC109
    ) -> None:
        """Waits until `true()`; raises AssertionError with all that is to be seen when it does not come."""
        seconds = self.patience if timeout is None else timeout
        if not await self.world.changes.until(true, seconds):
            raise AssertionError(f"no {what} within {seconds:g} s; to be seen:\n{self}")

    def __str__(self) -> str:
        lines = [f"  {message}" for message in self.messages[-8:]] or ["  (nothing)"]
        if self.unheard:
            lines.append(f"  not heard yet: {[message.words for message in self.unheard]}")
        if self.keys:
            lines.append(f"  keys: {self.keys}")
        return "\n".join(lines)


def _is_meant(button: Button, label: str, *, exact: bool) -> bool:
    if exact:
        return label in {button.text, button.data}
    return label in button.text
