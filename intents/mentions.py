"""The places a text names (언급): found in one pass, kept where Korean allows a name to stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intents.boundaries import Boundaries
from intents.city import City
from intents.data import Table
from intents.fuzzy import FuzzyIndex, Near
from intents.normal import Normal, Normaliser
from intents.place_names import Named, Rank, names_of
from intents.scan import Scanner

_REACH = 24
_NUMBER = re.compile("[0-9]")
_OFTEN_OTHER = "동읍면군"
"""Endings that ordinary words come within a letter of (가로등, 자동차)."""

_WORD = re.compile("[가-힣]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at `dense[start:end]` and what it may mean.

    `at_home` is True where the person only says where they live.
    """

    start: int
    end: int
    named: Named
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a text names inside the city, in order, and whether it names a place outside in full."""

    inside: tuple[Mention, ...]
    outside: bool


class MentionFinder:
    """Finds the names of one city's places."""

    __slots__ = (
        "_blocked",
        "_city_word",
        "_elsewhere",
        "_exact",
        "_fuzzy",
        "_home",
        "_names",
        "_not_this",
        "_outside",
        "_outside_names",
        "_own",
        "_rules",
    )

    def __init__(
        self, city: City, normalise: Normaliser, table: Table, rules: Boundaries, blocked: frozenset[str]
    ) -> None:
        """`table` is data/places.toml, `rules` are read from it; `blocked` words are no mistyped names."""
        self._names = names_of(city, normalise)
        self._exact = Scanner(self._names)
        self._fuzzy = FuzzyIndex(name for name in self._names if not name.endswith("리"))
        self._blocked = blocked | frozenset(table.strings("never_mistyped"))
        self._rules = rules
        self._home = table.table("home").strings("words")
        self._not_this = table.table("not_this").strings("words")
        self._city_word = _city_words(city)
        self._own = _own_words(city) | frozenset(self._names)
        others = (one for one in table.table("outside").strings("names") if one not in self._own)
        self._outside_names = tuple(others)
        self._outside, self._elsewhere = _outside_patterns(table.table("outside"), self._own)

    def find(self, normal: Normal) -> Mentions:
        """All mentions of a text, never overlapping, the longest name first of those that begin together."""
        inside: list[Mention] = []
        outside = False
        last_end = 0
        last_outside = False
        for start, end, word, exact in self._candidates(normal):
            if start < last_end:
                continue
            touching = bool(last_end) and start == last_end
            if not self._stands(normal, start, end, touching, exact):
                continue
            last_outside = self._after_outside(normal, start) or (touching and last_outside)
            last_end = end
            if last_outside:
                outside = True
                continue
            if normal.dense.startswith(self._not_this, end):
                continue
            named = self._names[word]
            if self._rules.is_doubtful(normal, start, end) and not (inside and start == inside[-1].end):
                continue
            inside.append(Mention(start, end, named, self._is_home(normal, end)))
        return Mentions(tuple(inside), not inside and (outside or self._elsewhere_named(normal)))

    def _candidates(self, normal: Normal) -> list[tuple[int, int, str, bool]]:
        exact = [(hit.start, hit.end, hit.word, True) for hit in self._exact.find(normal.dense)]
        covered: set[int] = set()
        for start, end, _, _ in exact:
            if self._rules.may_end(normal, start, end):  # 계양 in 계양규 is no name: 계양구 mistyped.
                covered.update(range(start, end))
        near = [
            (one.start, one.end, one.word, False)
            for one in self._fuzzy.find(normal.dense, covered)
            if self._may_be_mistyped(normal, one)
        ]
        return sorted(exact + near, key=lambda one: (one[0], -one[1], not one[3]))

    def _may_be_mistyped(self, normal: Normal, near: Near) -> bool:
        typed = normal.dense[near.start : near.end]
        if typed in self._blocked or typed.startswith(self._outside_names):
            return False
        if near.word[-1] in _OFTEN_OTHER and typed[-1] != near.word[-1] and not _NUMBER.search(near.word):
            return False
        return not normal.is_split(near.start, near.end)

    def _stands(self, normal: Normal, start: int, end: int, touching: bool, exact: bool) -> bool:
        if end - start <= 2 and normal.is_split(start, end):
            return False
        if not exact:
            return normal.starts_word(start) and self._rules.may_end(normal, start, end)
        after = touching or self._after_city(normal, start) or self._after_outside(normal, start)
        return self._rules.may_begin(normal, start, end, after) and self._rules.may_end(normal, start, end)

    def _after_city(self, normal: Normal, start: int) -> bool:
        index = normal.dense_at[start]
        return bool(self._city_word.search(normal.text, max(0, index - _REACH), index))

    def _after_outside(self, normal: Normal, start: int) -> bool:
        index = normal.dense_at[start]
        found = self._outside.search(normal.text, max(0, index - _REACH), index)
        return found is not None and self._own.isdisjoint(_WORD.findall(found["between"]))

    def _elsewhere_named(self, normal: Normal) -> bool:
        return any(found[1] not in self._own for found in self._elsewhere.finditer(normal.text))

    def _is_home(self, normal: Normal, end: int) -> bool:
        return normal.dense.startswith(self._home, end)


def place_of(mention: Mention) -> str:
    """The pack's name of the place, or "" for a district."""
    return "" if mention.named.rank is Rank.DISTRICT else mention.named.place


def _own_words(city: City) -> frozenset[str]:
    names = [*city.name.split(), *city.within]
    return frozenset(word for name in names for word in (name, _stem(name)))


def _stem(name: str) -> str:
    return re.sub(r"(?:특별자치시|특별자치도|특별시|광역시|시|군|구|도)$", "", name) or name


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _city_words(city: City) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[ .])(?:{_any_of(_own_words(city))})시?의? ?$")


def _outside_patterns(table: Table, own: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    names = _any_of(one for one in table.strings("names") if one not in own)
    suffix = _any_of(table.strings("suffixes"))
    units = "".join(table.strings("units"))
    between = rf"(?P<between>(?:[가-힣]{{1,4}}[{units}] ?){{0,2}})"
    before = rf"(?:^|[ .])(?:{names})(?:{suffix})?의? ?{between}$"
    full = rf"(?:^|[ .])(?:{names})(?:{suffix})? ?([가-힣]{{1,4}}[{units}])(?![가-힣])"
    return re.compile(before), re.compile(full)
