"""How alike two texts are (유사도), and the few keys by which copies of one matter find each other."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar
from zlib import crc32

from rapidfuzz.distance import Indel

Key = TypeVar("Key")

KEYS_KEPT = 12
"""Keys of a case. Measured on 3,900 proposals (benchmarks/similar.py): with 8 of them 97 % of near-copies are
found among 60,000 others, with 12 of them 99 %; each costs a row."""
KEYS_ASKED = 20
"""Keys of a new text. More than are kept, because a typo moves others up among the first twelve."""

_LONGEST = 1_000
_PIECE = 3
"""Syllables of a run. Of three, two thirds outlive a typo in every tenth syllable with changed particles."""
_FEWEST = 5
_LESS = 0.9
_LEFT_OUT = re.compile("[\\W_ㄱ-ㅣ\u1100-\u11ff]+")
"""Spaces, marks, emoji, and Korean letters that form no syllable (ㅋㅋ, ㅠㅠ)."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text to find it again by.

    `form` is the same for texts that differ in spaces, case, marks and emoji alone; None where a text has no
    letters. `keys` stand for runs of three syllables in one district; the same text has the same ones always.
    """

    form: int | None
    keys: tuple[int, ...]


def sketch(text: str, district: str, *, most: int = KEYS_KEPT) -> Sketch:
    """The sketch of a text about a district (its id, or empty), with at most `most` keys of 64 bits.

    Of all its runs those with the lowest checksums are taken: two texts that share most of their runs share
    most of these too (min-hash, Broder 1997).
    """
    bare = _bare(text)
    if not bare:
        return Sketch(None, ())
    chosen = sorted(_runs(bare[:_LONGEST]), key=_checksum)[:most]
    return Sketch(_number(bare), tuple(_number(f"{district}/{run}") for run in chosen))


def similarity(one: str, other: str) -> float:
    """0 (nothing in common) to 1 (the same but for spaces, case, emoji and the like).

    The larger of two measures on letters without spaces: how much of the two texts runs in parallel, and
    how much of the shorter stands word for word in the longer (a little less, for it may be a part only).
    Looks at the first 1,000 characters.
    """
    return _similarity(_prepared(one), _prepared(other))


def best(text: str, candidates: Iterable[tuple[Key, str]], limit: int = 3) -> tuple[tuple[Key, float], ...]:
    """The `limit` candidates most alike, best first, each key with its similarity (0 to 1).

    `candidates` are pairs of any key and a text; equal ones keep their order.
    """
    mine = _prepared(text)
    scored = [(key, _similarity(mine, _prepared(one))) for key, one in candidates]
    return tuple(sorted(scored, key=lambda pair: -pair[1])[:limit])


@dataclass(frozen=True, slots=True)
class _Prepared:
    letters: str
    runs: frozenset[str]


def _prepared(text: str) -> _Prepared:
    # Prepared anew at each comparison: what residents wrote is kept nowhere but in the database.
    bare = _bare(text[:_LONGEST])
    return _Prepared(unicodedata.normalize("NFD", bare), frozenset(_runs(bare)))


def _similarity(one: _Prepared, other: _Prepared) -> float:
    if not one.letters or not other.letters:
        return 0.0
    parallel = Indel.normalized_similarity(one.letters, other.letters)
    shorter, longer = sorted((one.runs, other.runs), key=len)
    held = len(shorter & longer) / len(shorter) if len(shorter) >= _FEWEST else 0.0
    return max(parallel, _LESS * held)


def _bare(text: str) -> str:
    """Letters and digits alone. `intents.normal` also knows where each stood, for ten times the work."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _LEFT_OUT.sub("", text.lower())


def _runs(bare: str) -> set[str]:
    return {bare[at : at + _PIECE] for at in range(max(1, len(bare) - _PIECE + 1))} if bare else set()


def _checksum(run: str) -> tuple[int, str]:
    return crc32(run.encode("utf-8", "surrogatepass")), run


def _number(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
