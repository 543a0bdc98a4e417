"""Finding a case again by words (찾기): which pairs of characters a text has, and which a search asks for.

A pair is two characters that stand side by side in the normal form, spaces ignored: 가로등 has 가로 and 로등.
So a word is found inside longer ones (불법주차), behind any particle, and however it was spaced.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from intents.letters import letters
from intents.normal import Normaliser

MOST_KEYS = 160
"""Different pairs of one case that are kept: its title, its place and about its first 200 characters."""

MOST_WORDS = 6
"""Words of a search that are looked at."""

_HIGH = 16
_BMP = 1 << _HIGH
_FIRST, _LAST = 0xAC00, 0xD7A3
_FINALS = 28
_VOWELS = 21
_LEADS = 19
_SHORT = 3
_NEAR = 82.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word of a search. `keys` must all be there; `near` are those of which a text with a typo has one.

    A word of a single character has no pair, but a `stretch` of them, first and last key.
    """

    word: str
    keys: tuple[int, ...]
    near: tuple[int, ...]
    stretch: tuple[int, int] | None = None


def keys_of(*texts: str) -> tuple[int, ...]:
    """The pairs of a case's texts, at most 160, those of the first text first."""
    found: dict[int, None] = {}
    for text in texts:
        for run in _normal(text).split("."):
            for key in _pairs(run):
                found.setdefault(key)
                if len(found) == MOST_KEYS:
                    return tuple(found)
    return tuple(found)


def wanted(words: str) -> tuple[Wanted, ...]:
    """What a search in words asks for; empty when nothing in it can be looked for."""
    given = [word for word in words.split() if _normal(word).strip(".")][:MOST_WORDS]
    found = [_wanted(run) for word in given for run in _normal(word).split(".") if run]
    # A single character beside longer words says too little to be worth its cost.
    return tuple([one for one in found if one.keys] or found[:1])


def says(word: str, text: str) -> bool:
    """True when the text has the word (as `Wanted.word` gives it), or one that differs by about a letter."""
    # Not the whole normal form: many texts are read through at once.
    dense = _NO_LETTERS.sub("", text.lower())
    if word in dense:
        return True
    if len(word) < 2:
        return False
    return fuzz.partial_ratio(letters(word), letters(dense), score_cutoff=_NEAR) > 0


def _wanted(run: str) -> Wanted:
    if len(run) == 1:
        first = _code(run) * _BMP
        return Wanted(run, (), (), (first, first + _BMP - 1))
    keys = tuple(dict.fromkeys(_pairs(run)))
    return Wanted(run, keys, tuple(dict.fromkeys((*keys, *_near(run)))))


def _near(run: str) -> Iterator[int]:
    """Pairs of the word with one letter changed, where a typo may have spoilt every pair it has."""
    if len(run) == _SHORT:
        for other in _one_letter_away(run[1]):
            yield from _pairs(run[0] + other + run[2])
    elif len(run) < _SHORT:
        for other in _one_letter_away(run[0]):
            yield from _pairs(other + run[1])
        for other in _one_letter_away(run[1]):
            yield from _pairs(run[0] + other)


@lru_cache(maxsize=1024)
def _one_letter_away(syllable: str) -> Sequence[str]:
    code = ord(syllable)
    if not _FIRST <= code <= _LAST:
        return ()
    lead, rest = divmod(code - _FIRST, _VOWELS * _FINALS)
    vowel, final = divmod(rest, _FINALS)
    ways = (
        *((other, vowel, final) for other in range(_LEADS)),
        *((lead, other, final) for other in range(_VOWELS)),
        *((lead, vowel, other) for other in range(_FINALS)),
    )
    made = [chr(_FIRST + (one * _VOWELS + two) * _FINALS + three) for one, two, three in ways]
    return tuple(one for one in made if one != syllable)


def _pairs(run: str) -> Iterator[int]:
    for one, other in pairwise(run):
        yield _code(one) * _BMP + _code(other)


def _code(character: str) -> int:
    return ord(character) % _BMP


def _normal(text: str) -> str:
    return _NORMALISE(text).dense


_NORMALISE = Normaliser()
_NO_LETTERS = re.compile(r"[\W_]+")
