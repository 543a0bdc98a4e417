"""Which office may act on a text (담당 부서), by the terms that speak for each.

Exact terms are found in one pass without regard to spaces; terms of three syllables and more also with
a typo. Scores become probabilities by a softmax with a share kept for "none of these", so that one weak
hint never looks like certainty.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log

from intents.city import City
from intents.data import Table
from intents.fuzzy import SHORTEST, FuzzyIndex, Near
from intents.letters import opens_alike, sounds_alike
from intents.normal import Normal, Normaliser, syllables
from intents.reading import OfficeGuess
from intents.scan import Hit, Scanner
from intents.terms import Terms, terms_of
from intents.whereabouts import Span, Whereabouts, whereabouts_from

_TEMPERATURE = 0.4
"""How far scores must lie apart to be sure; 1.0 of score is one rare keyword."""

_WARMING = 0.6
"""How much of the best score above 1 is added to the temperature: many words are rarely all about one
thing, and twelve hints against ten say less than two against none."""

_NONE_OF_THESE, _LONG_STORY = 0.25, 0.1
"""The score of the unknown office that every guess is weighed against, and what it gains each time a
text is longer than 20 characters by the factor e: one hint in a long story is a weak one."""

_NESTED = 0.15
"""What a term is worth inside a longer term that was found too (주차 in 불법주차)."""

_BEGUN_INSIDE = 0.4
"""What a term is worth that begins inside another (소리 때문에 in 개 짖는 소리 때문에)."""

_MID_WORD, _MID_RUN_ON = 0.3, 0.6
"""What a term of two syllables is worth in the middle of a word (인도 in 할인도), and where somebody
writes without spaces."""

_TYPO, _BY_EAR = 0.7, 0.95
"""What a term is worth with a typo, and when it only was written as it sounds (쓰래기)."""

_SHOWN = 6

_CLEAR = 0.7
"""What a term must add so that others, which only say where, count less."""

_RUN_ON = 12
"""Syllables without a space from which on a typo is looked for in the middle of a word."""

_ENGLISH_ENDINGS = frozenset({"", "s", "es"})


@dataclass(frozen=True, slots=True)
class _Evidence:
    term: str
    worth: float
    start: int
    end: int


class Router:
    """Knows the terms of one city's offices."""

    __slots__ = ("_fuzzy", "_particles", "_polite", "_scanner", "_terms", "_whereabouts")

    def __init__(self, city: City, normalise: Normaliser, table: Table, particles: re.Pattern[str]) -> None:
        """`table` is data/routing.toml, `particles` what may follow a noun to its word's end."""
        self._terms: Terms = terms_of(city, normalise, table)
        self._scanner = Scanner(self._terms.weights)
        self._fuzzy = FuzzyIndex(self._terms.weights)
        self._particles = particles
        self._whereabouts: Whereabouts = whereabouts_from(table.table("whereabouts"))
        self._polite = re.compile("|".join(table.strings("polite")))

    @property
    def words(self) -> frozenset[str]:
        """Every term, in the normal form without spaces."""
        return frozenset(self._terms.weights)

    def offices(
        self, normal: Normal, limit: int = 10, places: Iterable[Span] = ()
    ) -> tuple[OfficeGuess, ...]:
        """The offices that a text speaks for, best first; equal ones in the pack's order.

        `places` is where in `dense` names of places stand: a term that is part of one (공원 in
        해돋이공원) counts less beside another.
        Probabilities sum to less than 1: the rest is the chance that none of them is right.
        """
        scores, said = self._scores(normal, tuple(places))
        if not scores:
            return ()
        top = max(scores.values())
        temperature = _TEMPERATURE * (1.0 + _WARMING * max(0.0, top - 1.0))
        unknown = _NONE_OF_THESE + _LONG_STORY * log(max(syllables(normal.dense), 20.0) / 20.0)
        # Less one: an office that hardly anything speaks for takes hardly anything from the others.
        shares = {index: exp(score / temperature) - 1.0 for index, score in scores.items()}
        whole = sum(shares.values()) + exp(unknown / temperature)
        best = sorted(scores, key=lambda index: (-scores[index], index))[:limit]
        return tuple(
            OfficeGuess(
                department=self._terms.owners[index].id,
                level=self._terms.owners[index].level,
                probability=shares[index] / whole,
                terms=tuple(self._terms.shown[term] for term in _best_terms(said[index])),
            )
            for index in best
        )

    def _scores(
        self, normal: Normal, places: tuple[Span, ...]
    ) -> tuple[dict[int, float], dict[int, dict[str, float]]]:
        said: dict[int, dict[str, float]] = {}
        for term, worth in self._evidence(normal, places).items():
            for index, weight in self._terms.weights[term]:
                said.setdefault(index, {})[term] = weight * worth
        return {index: sum(terms.values()) for index, terms in said.items()}, said

    def _believable(self, normal: Normal, near: Near, known: frozenset[int]) -> bool:
        starts = normal.starts_word(near.start)
        if not starts and near.start not in known and normal.word_length(near.start) < _RUN_ON:
            return False
        first = normal.dense[near.start]
        if near.end - near.start <= SHORTEST + 1 and not opens_alike(first, near.word[0]):
            return False  # A short word with another first syllable is another word (우리집, 누리집).
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

    def _evidence(self, normal: Normal, places: tuple[Span, ...]) -> Mapping[str, float]:
        silent = self._silent(normal)
        hits = self._hits(normal, silent)
        longest = _longest(hits)
        ends = frozenset(end for _, end in longest)
        found = [_Evidence(hit.word, _worth(normal, hit, longest, ends), hit.start, hit.end) for hit in hits]
        covered = silent.union(*(range(start, end) for start, end in longest))
        known = ends.union(end for _, end in places)
        found += [
            _Evidence(near.word, _typo(normal, near), near.start, near.end)
            for near in self._fuzzy.find(normal.dense, covered)
            if covered.isdisjoint(range(near.start, near.end)) and self._believable(normal, near, known)
        ]
        best: dict[str, float] = {}
        times: dict[str, int] = {}
        for one, worth in self._placed(normal, found, places):
            best[one.term] = max(best.get(one.term, 0.0), worth)
            times[one.term] = times.get(one.term, 0) + 1
        return {term: worth * (1.0 + 0.3 * log(times[term])) for term, worth in best.items()}

    def _placed(
        self, normal: Normal, found: list[_Evidence], places: tuple[Span, ...]
    ) -> list[tuple[_Evidence, float]]:
        spans = sorted(_longest(found))
        shares = [self._whereabouts.share(normal, span, places) for span in spans]
        # The longest spans begin and end in the same order: the last that begins before holds the term.
        placed = [(one, shares[bisect(spans, one.start, key=_start) - 1]) for one in found]
        if not any(share == 1.0 and self._most(one) >= _CLEAR for one, share in placed):
            return [(one, one.worth) for one in found]
        return [(one, one.worth * share) for one, share in placed]

    def _most(self, one: _Evidence) -> float:
        return one.worth * max(weight for _, weight in self._terms.weights[one.term])


def _start(span: Span) -> int:
    return span[0]


def _longest(hits: Iterable[Hit | _Evidence]) -> frozenset[Span]:
    """The spans of the hits that lie in no other."""
    longest: list[Span] = []
    end = 0
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if hit.end > end:
            longest.append((hit.start, hit.end))
            end = hit.end
    return frozenset(longest)


def _worth(normal: Normal, hit: Hit, longest: frozenset[Span], ends: frozenset[int]) -> float:
    if (hit.start, hit.end) not in longest:
        return _NESTED
    if not ends.isdisjoint(range(hit.start + 1, hit.end)):
        return _BEGUN_INSIDE
    if len(hit.word) == 2 and hit.start not in ends and not normal.starts_word(hit.start):
        return _MID_RUN_ON if normal.word_length(hit.start) >= _RUN_ON else _MID_WORD
    return 1.0


def _typo(normal: Normal, near: Near) -> float:
    typed = normal.dense[near.start : near.end]
    return _BY_EAR if all(map(sounds_alike, typed, near.word)) else _TYPO


def _may_stand(normal: Normal, hit: Hit) -> bool:
    starts = normal.starts_word(hit.start)
    if not hit.word[0].isascii() or not hit.word[0].isalnum():
        # Two ends of words are no word (요가 in 할래요 가로등).
        return starts or len(hit.word) > SHORTEST or not normal.is_split(hit.start, hit.end)
    rest = normal.rest_of_word(hit.end)
    return starts and (not rest[:1].isascii() or rest in _ENGLISH_ENDINGS)


def _best_terms(said: Mapping[str, float]) -> list[str]:
    return sorted(said, key=lambda term: (-said[term], term))[:_SHOWN]
