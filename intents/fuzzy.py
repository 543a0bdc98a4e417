"""Words found in spite of a typo: candidates by whole syllables, judged by letters."""

from collections.abc import Iterable, Iterator, Set
from itertools import islice
from typing import NamedTuple

from intents.letters import WIDTH, closeness, letters

SHORTEST = 3
"""Syllables a word needs before a typo in it is forgiven (measured: shorter words hit anywhere)."""

CLOSE_ENOUGH = 85.0
"""Closeness of letters, 0 to 100, from which on a typo is believed (measured)."""

_MOST_COMPARISONS = 4_000
_MOST_CANDIDATES = 20_000


class Near(NamedTuple):
    """`word` stands, with a typo, at `text[start:end]`; `score` is the closeness, 85 to 100."""

    start: int
    end: int
    word: str
    score: float


class _Candidate(NamedTuple):
    word: str
    offset: int
    """Where the word begins, counted from its key."""
    digit_at: int
    """Where its first digit stands in the word, or -1: digits are checked before anything else."""


class FuzzyIndex:
    """Finds words of at least three syllables although one of their syllables is mistyped.

    One wrong syllable leaves the first two, the last two, or (in a word of three) the outer two
    intact: those pairs are the keys. Only windows as long as the word are compared, digits must agree.
    """

    __slots__ = ("_letters", "_outer", "_pairs")

    def __init__(self, words: Iterable[str]) -> None:
        """`words` in the normal form without spaces; shorter ones and those without Hangul are left out."""
        self._letters: dict[str, str] = {}
        self._pairs: dict[str, list[_Candidate]] = {}
        self._outer: dict[str, list[_Candidate]] = {}
        for word in sorted(set(words)):
            if sum("가" <= one <= "힣" for one in word) < SHORTEST:
                continue
            self._letters[word] = letters(word)
            digit_at = next((at for at, one in enumerate(word) if one.isdecimal()), -1)
            self._pairs.setdefault(word[:2], []).append(_Candidate(word, 0, digit_at))
            self._pairs.setdefault(word[-2:], []).append(_Candidate(word, 2 - len(word), digit_at))
            if len(word) == SHORTEST:
                self._outer.setdefault(word[0] + word[2], []).append(_Candidate(word, 0, digit_at))

    def find(self, text: str, known: Set[int] = frozenset()) -> list[Near]:
        """Every near hit that is not exact, in order of position; exact ones are the scanner's.

        Nothing begins at the positions in `known`, but for words with a number in them. Bounded work:
        after 4,000 comparisons, or 20,000 candidates looked at, no more are made: a text of several
        thousand characters.
        """
        taken = letters(text)
        found: dict[tuple[int, str], Near] = {}
        for start, word in islice(self._candidates(text, known), _MOST_COMPARISONS):
            end = start + len(word)
            window = text[start:end]
            if len(window) < len(word) or window == word or not _same_digits(window, word):
                continue
            score = closeness(taken[start * WIDTH : end * WIDTH], self._letters[word], CLOSE_ENOUGH)
            if score:
                found[start, word] = Near(start, end, word, score)
        return sorted(found.values())

    def _candidates(self, text: str, known: Set[int]) -> Iterator[tuple[int, str]]:
        pairs, outer = self._pairs, self._outer
        last = len(text) - 1
        looked = 0
        for index in range(last):
            if looked > _MOST_CANDIDATES:
                return
            for found in (
                pairs.get(text[index : index + 2]),
                outer.get(text[index] + text[index + 2 : index + 3]),
            ):
                if found is None:
                    continue
                looked += len(found)
                for word, offset, digit_at in found:
                    start = index + offset
                    if start < 0 or (digit_at < 0 and start in known):
                        continue
                    if digit_at >= 0 and text[start + digit_at : start + digit_at + 1] != word[digit_at]:
                        continue
                    yield start, word


def _same_digits(window: str, word: str) -> bool:
    if window.isalpha() and word.isalpha():
        return True
    return all(
        one == other or ("가" <= one <= "힣" and "가" <= other <= "힣")
        for one, other in zip(window, word, strict=True)
    )
