"""What understanding gives back: the reading (이해 결과) of one text."""

from dataclasses import dataclass
from enum import StrEnum

from intents.city import Level


class Intent(StrEnum):
    """What a person wants with one message."""

    SUGGEST = "suggest"
    MY_CASES = "my_cases"
    CASE_STATUS = "case_status"
    ADD_DETAIL = "add_detail"
    WITHDRAW = "withdraw"
    HELP = "help"
    HUMAN = "human"
    EMERGENCY = "emergency"
    GREETING = "greeting"
    THANKS = "thanks"
    LANGUAGE = "language"
    PRIVACY = "privacy"
    CANCEL = "cancel"
    OTHER = "other"  # abuse, advertising, gibberish, or nothing we can act on


class Unfit(StrEnum):
    """Why a text is nothing for the city (only beside Intent.OTHER)."""

    ABUSE = "abuse"
    ADVERTISING = "advertising"
    GIBBERISH = "gibberish"


@dataclass(frozen=True, slots=True)
class PlaceGuess:
    """One place a text may mean. `place` is the pack's name, or "" when only the district was named.

    `start`/`end` are positions in the text as it was given (0, 0 when it came from a location).
    """

    district: str
    place: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PlaceReading:
    """Where a text says it is. No guess: nothing named. One: known. Several: the resident is asked."""

    guesses: tuple[PlaceGuess, ...] = ()
    outside: bool = False
    """True when a shared location, or a place named in full (대구 서구), lies outside the city."""

    @property
    def sure(self) -> PlaceGuess | None:
        """The only guess, or None when there is none or a choice."""
        return self.guesses[0] if len(self.guesses) == 1 else None


@dataclass(frozen=True, slots=True)
class OfficeGuess:
    """A department (or `@authority`) that may act, with the terms that speak for it.

    `probability` is 0 to 1; over all guesses it sums to 1 at most.
    """

    department: str
    level: Level | None
    """None for another authority, which needs no place."""
    probability: float
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything understood from one text."""

    intent: Intent
    kind: str
    """A value of `cases.vocabulary.Kind`: suggestion, complaint, proposal or question."""
    place: PlaceReading
    offices: tuple[OfficeGuess, ...]
    """Best first, at most ten; empty when no term speaks for anyone."""
    confident: bool
    """True when the best office may be proposed alone (its probability reaches the pack's demand)."""
    title: str
    """A short line made from the text, at most 60 characters."""
    parts: tuple[str, ...]
    """The separate problems of the text, in order; one when it is about one thing."""
    unfit: Unfit | None = None
    case_number: str | None = None
    """A number like 26-00012 named in the text."""
