"""Which office may act on a text (담당 부서), by the terms that speak for each.

Exact terms are found in one pass without regard to spaces; terms of three syllables and more also with
a typo. Scores become probabilities by a softmax with a share kept for "none of these", so that one weak
hint never looks like certainty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from intents.city import City
from intents.data import Table
from intents.fuzzy import SHORTEST, FuzzyIndex, Near
from intents.normal import Normal, Normaliser
from intents.reading import OfficeGuess
from intents.scan import Hit, Scanner
from intents.terms import Terms, terms_of

_TEMPERATURE = 0.4
"""How far scores must lie apart to be sure; 1.0 of score is one rare keyword."""

_WARMING = 0.6
"""How much of the best score above 1 is added to the temperature: many words are rarely all about one
thing, and twelve hints against ten say less than two against none."""

_NONE_OF_THESE, _LONG_STORY = 0.3, 0.15
"""The score of the unknown office that every guess is weighed against, and what it gains each time a
text is longer than 20 characters by the factor e: one hint in a long story is a weak one."""

_NESTED = 0.35
"""What a term is worth inside a longer term that was found too (주차 in 불법주차)."""

_MID_WORD = 0.45
"""What a term of two syllables is worth in the middle of a word (인도 in 할인도)."""

_TYPO = 0.7
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Evidence:
    term: str
    worth: float


class Router:
    """Knows the terms of one city's offices."""

    __slots__ = ("_fuzzy", "_particles", "_polite", "_scanner", "_terms")

    def __init__(self, city: City, normalise: Normaliser, table: Table, particles: re.Pattern[str]) -> None:
        """`table` is data/routing.toml, `particles` what may follow a noun to its word's end."""
        self._terms: Terms = terms_of(city, normalise, table)
        self._scanner = Scanner(self._terms.weights)
        self._fuzzy = FuzzyIndex(self._terms.weights)
        self._particles = particles
        self._polite = re.compile("|".join(table.strings("polite")))

    @property
    def words(self) -> frozenset[str]:
        """Every term, in the normal form without spaces."""
        return frozenset(self._terms.weights)

    def offices(self, normal: Normal, limit: int = 10) -> tuple[OfficeGuess, ...]:
        """The offices that a text speaks for, best first; equal ones in the pack's order.

        Probabilities sum to less than 1: the rest is the chance that none of them is right.
        """
        scores, said = self._scores(normal)
        if not scores:
            return ()
        top = max(scores.values())
        temperature = _TEMPERATURE * (1.0 + _WARMING * max(0.0, top - 1.0))
        unknown = _NONE_OF_THESE + _LONG_STORY * log(max(len(normal.dense), 20) / 20)
        whole = sum(exp((score - top) / temperature) for score in (*scores.values(), unknown))
        best = sorted(scores, key=lambda index: (-scores[index], index))[:limit]
        return tuple(
            OfficeGuess(
                department=self._terms.owners[index].id,
                level=self._terms.owners[index].level,
                probability=exp((scores[index] - top) / temperature) / whole,
                terms=tuple(self._terms.shown[term] for term in _best_terms(said[index])),
            )
            for index in best
        )

    def _scores(self, normal: Normal) -> tuple[dict[int, float], dict[int, dict[str, float]]]:
        said: dict[int, dict[str, float]] = {}
        for term, worth in self._evidence(normal).items():
            for index, weight in self._terms.weights[term]:
                said.setdefault(index, {})[term] = weight * worth
        return {index: sum(terms.values()) for index, terms in said.items()}, said

    def _believable(self, normal: Normal, near: Near) -> bool:
        starts = normal.starts_word(near.start)
        if normal.is_split(near.start, near.end) and not (starts and near.end - near.start > SHORTEST):
            return False
        if normal.dense[near.end - 1] == near.word[-1]:
            return True
        # A wrong last syllable before more of the word is mostly a verb (신청하고, not 신청사).
        rest = normal.rest_of_word(near.end)
        return not rest or self._particles.fullmatch(rest) is not None

    def spans(self, normal: Normal, talk: frozenset[str]) -> list[tuple[int, int]]:
        """Where in `dense` Korean terms stand, other than the words in `talk`."""
        hits = self._hits(normal, self._silent(normal))
        return [(hit.start, hit.end) for hit in hits if hit.word not in talk and not hit.word[0].isascii()]

    def _silent(self, normal: Normal) -> set[int]:
        return {index for said in self._polite.finditer(normal.dense) for index in range(*said.span())}

    def _hits(self, normal: Normal, silent: set[int]) -> list[Hit]:
        found = self._scanner.find(normal.dense)
        return [hit for hit in found if hit.start not in silent and _may_stand(normal, hit)]

    def _evidence(self, normal: Normal) -> Mapping[str, float]:
        silent = self._silent(normal)
        hits = self._hits(normal, silent)
        longest = _longest(hits)
        ends = frozenset(end for _, end in longest)
        found = [_Evidence(hit.word, _worth(normal, hit, longest, ends)) for hit in hits]
        covered = silent.union(*(range(start, end) for start, end in longest))
        found += [
            _Evidence(near.word, _TYPO if normal.starts_word(near.start) else _TYPO * _MID_WORD)
            for near in self._fuzzy.find(normal.dense, covered)
            if covered.isdisjoint(range(near.start, near.end)) and self._believable(normal, near)
        ]
        best: dict[str, float] = {}
        times: dict[str, int] = {}
        for one in found:
            best[one.term] = max(best.get(one.term, 0.0), one.worth)
            times[one.term] = times.get(one.term, 0) + 1
        return {term: worth * (1.0 + 0.3 * log(times[term])) for term, worth in best.items()}


def _longest(hits: list[Hit]) -> frozenset[tuple[int, int]]:
    """The spans of the hits that lie in no other."""
    longest: list[tuple[int, int]] = []
    end = 0
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if hit.end > end:
            longest.append((hit.start, hit.end))
            end = hit.end
    return frozenset(longest)


def _worth(normal: Normal, hit: Hit, longest: frozenset[tuple[int, int]], ends: frozenset[int]) -> float:
    if (hit.start, hit.end) not in longest:
        return _NESTED
    if len(hit.word) == 2 and hit.start not in ends and not normal.starts_word(hit.start):
        return _MID_WORD
    return 1.0


def _may_stand(normal: Normal, hit: Hit) -> bool:
    if not hit.word[0].isascii() or not hit.word[0].isalnum():
        return True
    rest = normal.rest_of_word(hit.end)
    return normal.starts_word(hit.start) and not (rest and rest[0].isascii())


def _best_terms(said: Mapping[str, float]) -> list[str]:
    return sorted(said, key=lambda term: (-said[term], term))[:_SHOWN]
