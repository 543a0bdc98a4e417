"""Words that say where or who (있는 곳, 사람), not what is wrong: 주민센터 앞, 공원에서, near a park."""

import re
import sys
from bisect import bisect
from dataclasses import dataclass

from intents.data import Table
from intents.normal import Normal

Span = tuple[int, int]
"""Positions in `Normal.dense`: from the first up to, not including, the second."""

_BESIDE = 0.05
"""What is left of a term inside a place's name, or with a word like 앞 or 옆 after it."""

_AT = 0.6
"""What is left of a site (공원, 정류장) where something happens: it may be the site's own trouble."""

_GENERAL = 0.5
"""What is left of a word that goes with any business (지원금, 냄새): the other word says which."""

_WHO = 0.4
"""What is left of those who suffer or wish (노인들이, 청년인데): it is mostly not about them as such."""

_REACH = 8
_BEFORE = 24


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The rules of data/routing.toml, ready for use."""

    beside: re.Pattern[str]
    ahead: re.Pattern[str]
    sites: tuple[str, ...]
    at: re.Pattern[str]
    general: frozenset[str]
    people: tuple[str, ...]
    who: re.Pattern[str]

    def share(self, normal: Normal, span: Span, places: tuple[Span, ...]) -> float:
        """What a term at `span` keeps of its worth (0 to 1) beside a term that says what is wrong."""
        start, end = span
        term = normal.dense[start:end]
        if _inside(span, places):
            return _BESIDE
        if self.beside.match(normal.dense, end, end + _REACH):
            return _BESIDE
        if term[0].isascii() and self._is_ahead(normal, start):
            return _BESIDE
        if term.endswith(self.sites) and self.at.match(normal.rest_of_word(end)):
            return _AT
        if term in self.general:
            return _GENERAL
        if term.endswith(self.people) and self.who.match(normal.dense, end, end + _REACH):
            return _WHO
        return 1.0

    def _is_ahead(self, normal: Normal, start: int) -> bool:
        index = normal.dense_at[start]
        return self.ahead.search(normal.text, max(0, index - _BEFORE), index) is not None


def _inside(span: Span, places: tuple[Span, ...]) -> bool:
    """`places` stand in order and never overlap."""
    after = bisect(places, (span[0], sys.maxsize))
    return after > 0 and places[after - 1] != span and span[1] <= places[after - 1][1]


def whereabouts_from(table: Table) -> Whereabouts:
    """The rules written in a table. Raises ValueError when a part of it has another form."""
    return Whereabouts(
        beside=re.compile("|".join(table.strings("beside"))),
        ahead=re.compile(rf"(?:^|[ .])(?:{'|'.join(table.strings('ahead'))})(?: [a-z]+){{0,2}}[ .]?$"),
        sites=table.strings("sites"),
        at=re.compile("|".join(table.strings("at"))),
        general=frozenset("".join(one.split()) for one in table.strings("general")),
        people=table.strings("people"),
        who=re.compile("|".join(table.strings("who"))),
    )
