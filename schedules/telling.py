"""Lines about what was done to a case, shared by the account and the weekly digest."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from cases.rules import WORDS_TO_THE_PERSON
from cases.vocabulary import Action
from handlers.replies import Said, day, said

LONGEST_WORDS = 300
LONGEST_TITLE = 60
MOST_DEEDS = 4

DEEDS = (
    Action.TAKE,
    Action.START,
    Action.ASK,
    Action.MOVE,
    Action.LONG_TERM,
    Action.EXTEND,
    Action.PROGRESS,
    Action.ANSWER,
    Action.INFEASIBLE,
    Action.SECOND_LOOK,
)
"""What is told of an open case's past; each has a text `half.did_…`."""


class Done(Protocol):
    """A line of a case's history."""

    @property
    def action(self) -> str: ...

    @property
    def at(self) -> datetime: ...

    @property
    def words(self) -> str: ...


def deed_line(action: str, on: date) -> Said:
    """What was done, and on which day of the city's calendar."""
    return said(f"half.did_{action}", day=day(on))


def deed_lines(deeds: Sequence[Done], zone: ZoneInfo) -> list[str | Said]:
    """The newest deeds, one line each, oldest first."""
    return [deed_line(deed.action, deed.at.astimezone(zone).date()) for deed in deeds[-MOST_DEEDS:]]


def newest_words(deeds: Iterable[Done]) -> Said | None:
    """The office's newest words among these deeds."""
    spoken = [deed for deed in deeds if deed.action in WORDS_TO_THE_PERSON and deed.words]
    return said("half.words", words=shortened(spoken[-1].words, LONGEST_WORDS)) if spoken else None


def shortened(text: str, most: int) -> str:
    """The text, ended with … where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"
