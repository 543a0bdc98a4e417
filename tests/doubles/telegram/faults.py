"""What goes wrong on purpose: scripted faults, and a watch over Telegram's limits.

Limits: core.telegram.org/bots/faq, "My bot is hitting limits": one message a second in a chat, 20 a
minute in a group, about 30 a second in all.
"""

import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tests.doubles.telegram.basics import RefusalError

EVERYWHERE = 0
"""Key of the limit that holds over all chats (no chat has this id)."""


class Trouble(StrEnum):
    """What a fault does to a call."""

    TOO_MANY_REQUESTS = "too_many_requests"  # 429 with retry_after
    FORBIDDEN = "forbidden"  # 403
    BAD_REQUEST = "bad_request"  # 400
    SERVER_ERROR = "server_error"  # 500
    BAD_GATEWAY = "bad_gateway"  # 502, a page of HTML as a proxy writes it
    HANG = "hang"  # never done, never answered
    HANG_AFTER = "hang_after"  # done, never answered
    DROP = "drop"  # not done, connection closed
    DROP_AFTER = "drop_after"  # done, connection closed: the caller cannot know
    SLOW = "slow"  # done, answered after `seconds`


DESCRIPTIONS = {
    Trouble.FORBIDDEN: (403, "Forbidden: bot was blocked by the user"),
    Trouble.BAD_REQUEST: (400, "Bad Request: scripted by the test"),
    Trouble.BAD_GATEWAY: (502, "Bad Gateway"),
    Trouble.SERVER_ERROR: (500, "Internal Server Error"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One scripted fault: which calls it meets and how often (`times`; None: always).

    `method` is a Bot API method or `file` for a download; None any method but getUpdates.
    `retry_after` and `seconds` are seconds; `seconds` 0 on a hang lasts until the double closes.
    """

    trouble: Trouble
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    retry_after: int = 1
    seconds: float = 0.0
    description: str = ""

    def meets(self, method: str, chat_id: int | None) -> bool:
        """Whether a call runs into it."""
        if self.method is None:
            return method != "getUpdates" and self.chat_id in {None, chat_id}
        return self.method.lower() == method.lower() and self.chat_id in {None, chat_id}

    def refusal(self) -> RefusalError | None:
        """The answer in its place, None where it is no plain answer."""
        if self.trouble is Trouble.TOO_MANY_REQUESTS:
            return too_many(self.retry_after)
        if self.trouble not in DESCRIPTIONS:
            return None
        code, description = DESCRIPTIONS[self.trouble]
        return RefusalError(code, self.description or description)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be sent before the double itself answers 429.

    `grace` shortens the windows, so that a call sent just in time and carried a little faster passes.
    """

    overall_per_second: int = 30
    chat_per_second: int = 1
    group_per_minute: int = 20
    retry_after: int = 1
    grace: float = 0.05


@dataclass(slots=True)
class Script:
    """The faults still to come, in the order they were added."""

    faults: list[Fault] = field(default_factory=list)

    def next_for(self, method: str, chat_id: int | None) -> Fault | None:
        """The first fault that meets the call; counts it down."""
        for place, fault in enumerate(self.faults):
            if fault.meets(method, chat_id):
                if fault.times == 1:
                    del self.faults[place]
                elif fault.times is not None:
                    self.faults[place] = replace(fault, times=fault.times - 1)
                return fault
        return None


@dataclass(slots=True)
class Watch:
    """Counts what is sent, and knows who was told to wait and until when (seconds of `time.monotonic`)."""

    limits: Limits | None = None
    _sent: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _wait_until: dict[int, float] = field(default_factory=dict)

    def is_waiting(self, chat_id: int | None) -> bool:
        """Whether a send to that chat comes during a wait that was asked for."""
        now = time.monotonic()
        return any(now < self._wait_until.get(scope, 0.0) for scope in {EVERYWHERE, chat_id or EVERYWHERE})

    def forget(self) -> None:
        """Starts to count anew."""
        self._sent.clear()
        self._wait_until.clear()

    def ask_to_wait(self, chat_id: int | None, seconds: float) -> None:
        """Remembers a 429 that was answered."""
        scope = EVERYWHERE if chat_id is None else chat_id
        self._wait_until[scope] = time.monotonic() + seconds * (1 - self._grace)

    def count(self, chat_id: int) -> None:
        """Counts one send; in strict mode raises `RefusalError` 429 past a limit or during a wait."""
        if self.limits is None:
            return
        now = time.monotonic()
        for scope, number, window in self._rules(self.limits, chat_id):
            until = self._wait_until.get(scope, 0.0)
            if now < until:
                raise too_many(math.ceil(until - now))
            sent = self._sent[scope]
            while sent and sent[0] <= now - 60:
                sent.popleft()
            if sum(1 for at in sent if at > now - window * (1 - self._grace)) >= number:
                wait = self.limits.retry_after if window == 1 else math.ceil(sent[-number] + window - now)
                self.ask_to_wait(scope, wait)
                raise too_many(wait)
        for scope in (EVERYWHERE, chat_id):
            self._sent[scope].append(now)

    @property
    def _grace(self) -> float:
        return self.limits.grace if self.limits else 0.05

    @staticmethod
    def _rules(limits: Limits, chat_id: int) -> list[tuple[int, int, int]]:
        rules = [(EVERYWHERE, limits.overall_per_second, 1), (chat_id, limits.chat_per_second, 1)]
        if chat_id < 0:
            rules.append((chat_id, limits.group_per_minute, 60))
        return rules


def too_many(seconds: int) -> RefusalError:
    """429 with the wait in whole seconds."""
    return RefusalError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
