"""Words found in spite of a typo: candidates by whole syllables, judged by letters."""

from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from typing import NamedTuple

from intents.letters import WIDTH, closeness, letters

SHORTEST = 3
"""Syllables a word needs before a typo in it is forgiven (measured: shorter words hit anywhere)."""

CLOSE_ENOUGH = 85.0
"""Closeness of letters, 0 to 100, from which on a typo is believed (measured)."""

_MOST_COMPARISONS = 6_000


class Near(NamedTuple):
    """`word` stands, with a typo, at `text[start:end]`; `score` is the closeness, 85 to 100."""

    start: int
    end: int
    word: str
    score: float


class FuzzyIndex:
    """Finds words of at least three syllables although one of their syllables is mistyped.

    One wrong syllable leaves the first two, the last two, or (in a word of three) the outer two
    intact: those pairs are the keys. Only windows as long as the word are compared, digits must agree.
    """

    __slots__ = ("_head", "_letters", "_numbered", "_outer", "_tail")

    def __init__(self, words: Iterable[str]) -> None:
        """`words` in the normal form without spaces; shorter ones and those without Hangul are left out."""
        self._letters: dict[str, str] = {}
        self._numbered: set[str] = set()
        self._head: dict[str, list[str]] = {}
        self._tail: dict[str, list[str]] = {}
        self._outer: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) < SHORTEST or sum("가" <= one <= "힣" for one in word) < SHORTEST:
                continue
            self._letters[word] = letters(word)
            if any(map(str.isdecimal, word)):
                self._numbered.add(word)
            self._head.setdefault(word[:2], []).append(word)
            self._tail.setdefault(word[-2:], []).append(word)
            if len(word) == SHORTEST:
                self._outer.setdefault(word[0] + word[2], []).append(word)

    def find(self, text: str) -> list[Near]:
        """Every near hit that is not exact, in order of position; exact ones are the scanner's.

        Bounded work: after 6,000 comparisons (a text of several thousand characters) no more are made.
        """
        taken = letters(text)
        digits = list(accumulate(map(str.isdecimal, text), initial=0))
        found: dict[tuple[int, str], Near] = {}
        for start, word in islice(self._candidates(text), _MOST_COMPARISONS):
            end = start + len(word)
            if start < 0 or end > len(text) or (start, word) in found:
                continue
            numbered = digits[end] > digits[start]
            if numbered != (word in self._numbered):
                continue
            window = text[start:end]
            if window == word or (numbered and not _same_digits(window, word)):
                continue
            score = closeness(taken[start * WIDTH : end * WIDTH], self._letters[word], CLOSE_ENOUGH)
            if score:
                found[start, word] = Near(start, end, word, score)
        return sorted(found.values())

    def _candidates(self, text: str) -> Iterator[tuple[int, str]]:
        head, tail, outer = self._head, self._tail, self._outer
        for index in range(len(text) - 1):
            pair = text[index : index + 2]
            if pair in head:
                for word in head[pair]:
                    yield index, word
            if pair in tail:
                for word in tail[pair]:
                    yield index + 2 - len(word), word
            if index + 2 < len(text):
                for word in outer.get(text[index] + text[index + 2], ()):
                    yield index, word


def _same_digits(window: str, word: str) -> bool:
    return all(
        one == other or ("가" <= one <= "힣" and "가" <= other <= "힣")
        for one, other in zip(window, word, strict=True)
    )
