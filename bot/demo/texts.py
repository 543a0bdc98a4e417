"""What people of the demonstration say: read from `texts.toml`, put together differently each time."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from cases.vocabulary import Kind
from locales.catalogue import fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A sort of problem (소재): whose it is, whose it is often taken for, and what is said of it."""

    office: str
    strays_to: str
    kind: Kind
    open: Sequence[str]
    more: Sequence[str]
    ask: Sequence[str]
    answer: Sequence[str] = ()
    progress: Sequence[str] = ()
    hand_over: str = ""
    long: str = ""
    no: str = ""
    districts: Sequence[str] = ()

    @property
    def authority(self) -> bool:
        """True when another authority has to see to it."""
        return self.office.startswith("@")


@dataclass(frozen=True, slots=True)
class Meetings:
    """How meetings with residents are called, and who holds them."""

    kinds: Sequence[str]
    titles: Sequence[str]
    hosts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything that is said."""

    subjects: Sequence[Subject]
    meetings: Meetings
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def told(self, subject: Subject, place: str, draw: random.Random) -> str:
        """A case in a resident's words."""
        number = draw.randrange(len(subject.open))
        parts = [fill(subject.open[number], lambda _name: place)]
        if draw.random() < 0.85:
            # What more there is to say belongs to how it began.
            parts.append(subject.more[number])
        if draw.random() < 0.8 or len(parts) == 1:
            parts.append(draw.choice(subject.ask))
        if draw.random() < 0.2:
            parts.insert(0, draw.choice(self.words["greetings"]))
        if draw.random() < 0.15:
            parts.append(draw.choice(self.words["thanks"]))
        return " ".join(parts)

    def one_of(self, name: str, draw: random.Random) -> str:
        """One of the sentences of that name that fit any case."""
        return draw.choice(self.words[name])


def read_texts() -> Texts:
    """The texts as they stand beside this file."""
    given = tomllib.loads(files("bot.demo").joinpath("texts.toml").read_text(encoding="utf-8"))
    subjects = tuple(Subject(**(one | {"kind": Kind(one["kind"])})) for one in given["subject"])
    return Texts(subjects, Meetings(**given["meetings"]), given["words"])
