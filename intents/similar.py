"""How alike two texts are (유사도), so that copies and near-copies of one matter find each other."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeVar

from rapidfuzz.distance import Indel

from intents.letters import letters
from intents.normal import Normaliser

Key = TypeVar("Key")

_LONGEST = 1_000
_PIECE = 9
"""Letters of a shingle: three syllables."""


def similarity(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (the same but for spaces, case, emoji and the like).

    The larger of two measures on letters without spaces: how much of the two texts runs in parallel, and
    how much of the shorter stands word for word in the longer (a little less, for it may be a part only).
    Looks at the first 1,000 characters.
    """
    mine, theirs = _prepared(one), _prepared(other)
    return _similarity(mine, _shingles(mine), theirs)


def best(text: str, candidates: Iterable[tuple[Key, str]], limit: int = 3) -> tuple[tuple[Key, float], ...]:
    """The `limit` candidates most alike, best first, each key with its similarity (0 to 1).

    `candidates` are pairs of any key and a text; equal ones keep their order.
    """
    mine = _prepared(text)
    shingles = _shingles(mine)
    scored = [(key, _similarity(mine, shingles, _prepared(one))) for key, one in candidates]
    return tuple(sorted(scored, key=lambda pair: -pair[1])[:limit])


def _prepared(text: str) -> str:
    return _letters_of(text[:_LONGEST])


@lru_cache(maxsize=4096)
def _letters_of(text: str) -> str:
    # The newest cases of an office are looked through at each new one: mostly the same texts again.
    return letters(Normaliser()(text).dense.replace(".", ""))


def _similarity(one: str, shingles: set[str], other: str) -> float:
    if not one or not other:
        return 0.0
    parallel = Indel.normalized_similarity(one, other)
    shorter, longer = sorted((shingles, _shingles(other)), key=len)
    held = len(shorter & longer) / len(shorter) if len(shorter) >= 5 else 0.0
    return max(parallel, 0.9 * held)


def _shingles(taken: str) -> set[str]:
    return {taken[index : index + _PIECE] for index in range(0, len(taken) - _PIECE + 1, 3)}
