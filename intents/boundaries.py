"""Where the name of a place may begin and end inside a Korean word (어절)."""

import re
from dataclasses import dataclass

from intents.data import Table
from intents.normal import Normal

_LONGEST_REST = 12
_REACH = 8
_ADMINISTRATIVE = "동읍면리구군가"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The rules of data/places.toml, ready for use."""

    particles: re.Pattern[str]
    whole_word: re.Pattern[str]
    nouns: tuple[str, ...]
    never_joined: dict[str, tuple[str, ...]]
    never_before: dict[str, tuple[str, ...]]
    never_after: dict[str, tuple[str, ...]]
    doubtful: frozenset[str]
    followers: tuple[str, ...]
    answers: frozenset[str]
    """What may follow a name that is the whole answer to "where?"."""
    closers: frozenset[str]
    longest_word: int

    def may_begin(self, normal: Normal, start: int, end: int, after_place: bool) -> bool:
        """True when a name may begin at `dense[start]`: at a word's start, right after another place, or
        inside a word when the name is unmistakable (a number in it, four syllables) or no spaces are used.
        """
        if after_place or normal.starts_word(start):
            return True
        word = normal.dense[start:end]
        if any(one.isdecimal() for one in word):
            return not normal.dense[start - 1].isdecimal()
        before = normal.dense[start - 1]
        if len(word) >= 4 and not word.endswith(("역", "동", "구")):
            return before in self.closers
        return before in self.closers and self._run_on(normal, start)

    def may_end(self, normal: Normal, start: int, end: int) -> bool:
        """True when what follows lets the name be one: nothing, a particle, a noun of place."""
        word = normal.dense[start:end]
        rest = normal.rest_of_word(end)
        if rest and word[-1].isascii():
            return word[-1].isdecimal() or not rest[0].isascii()
        after = normal.dense[end : end + _REACH]
        if after.startswith(self.never_before.get(word, ())):
            return False
        if rest.startswith(self.never_joined.get(word, ())):
            return False
        if normal.is_split(start, end):
            return self.whole_word.fullmatch(rest) is not None
        if not rest or not "가" <= rest[0] <= "힣" or rest.startswith(self.nouns):
            return True
        if len(rest) <= _LONGEST_REST and self.particles.fullmatch(rest):
            return True
        if len(word) <= 2 or rest.startswith(self.never_after.get(word[-1], ())):
            return False
        return word[-1] in _ADMINISTRATIVE or len(word) > 3 or len(rest) > self.longest_word

    def is_doubtful(self, normal: Normal, start: int, end: int) -> bool:
        """True for a word that is a name only beside a district, before a word of place or alone."""
        word = normal.dense[start:end]
        if word not in self.doubtful and not (word.endswith("리") and len(word) == 2):
            return False
        if start == 0 and normal.dense[end : end + _REACH].rstrip(".") in self.answers:
            return False
        return not normal.dense[end : end + _REACH].startswith(self.followers)

    def _run_on(self, normal: Normal, start: int) -> bool:
        index = normal.dense_at[start]
        before = normal.text[max(0, index - self.longest_word) : index]
        length = len(before) - max(before.rfind(" "), before.rfind(".")) - 1
        return length + 1 + len(normal.rest_of_word(start + 1)) >= self.longest_word


def boundaries_from(table: Table) -> Boundaries:
    """The rules written in a table. Raises ValueError when a part of it has another form."""
    particles = _any_of(table.strings("particles"))
    nouns = table.strings("nouns")
    run_on = table.table("run_on")
    doubtful = table.table("doubtful")
    return Boundaries(
        particles=re.compile(f"(?:{particles}){{1,3}}"),
        whole_word=re.compile(f"(?:{_any_of(nouns)})?(?:{particles}){{0,3}}"),
        nouns=nouns,
        never_joined=_lists(table.table("never_joined")),
        never_before=_lists(table.table("never_before")),
        never_after=_lists(table.table("never_after")),
        doubtful=frozenset(doubtful.strings("names")),
        followers=doubtful.strings("followers"),
        answers=frozenset(("", *doubtful.strings("answers"))),
        closers=frozenset(run_on.string("closers")),
        longest_word=run_on.number("longest_word", 12),
    )


def _any_of(words: tuple[str, ...]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _lists(table: Table) -> dict[str, tuple[str, ...]]:
    return {key: table.strings(key) for key in table.keys()}  # noqa: SIM118
