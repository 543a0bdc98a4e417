"""What a learned model sees of a text (특징): runs of letters and of syllables, as numbers.

Runs of 3 to 6 letters without spaces carry a typo and a missing space; runs of 2 to 4 syllables with
their spaces know where words begin. Each run is hashed to one of `BUCKETS` numbers, the same in every
process and for ever: stored weights rely on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from intents.letters import letters
from intents.normal import Normal

BITS = 17
BUCKETS = 1 << BITS
LONGEST_READ = 1_200
"""Syllables of a text that are looked at: what a long one is about is said by then."""

Floats: TypeAlias = npt.NDArray[np.float32]
Places: TypeAlias = npt.NDArray[np.int32]
_Codes: TypeAlias = npt.NDArray[np.uint64]

_MIX = np.uint64(0x9E3779B97F4A7C15)
_FOLD, _KEEP = np.uint64(29), np.uint64(64 - BITS)
_FIRST, _SYLLABLES = 0xAC00, 11_172


@dataclass(frozen=True, slots=True)
class Run:
    """One view of a text: runs of `shortest` to `longest` units, told apart from others by `seed`."""

    shortest: int
    longest: int
    seed: int


LETTERS, SYLLABLES = Run(3, 6, 1), Run(2, 4, 3)
"""Measured against letters 3-7 and syllables 1-4 alone and together: docs/decisions, routing learns."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One view of a text: its buckets, in order and each once, and how often each was hit."""

    buckets: Places
    counts: Floats


@dataclass(frozen=True, slots=True)
class Row:
    """A text as a vector of length one: buckets in order, each once, and the weight of each."""

    buckets: Places
    weights: Floats


class Looker:
    """Turns texts into sights. Reads only its own tables; one for all threads."""

    __slots__ = ("_letters",)

    def __init__(self) -> None:
        table = np.zeros((_SYLLABLES, 3), dtype=np.uint64)
        for index in range(_SYLLABLES):
            table[index] = [ord(one) for one in letters(chr(_FIRST + index))]
        table[table == ord("_")] = 0
        self._letters: _Codes = table

    def look(self, normal: Normal) -> tuple[Sight, ...]:
        """Every view of a text."""
        return tuple(_sight(hashed) for hashed, _, _ in self.hashes(normal))

    def hashes(self, normal: Normal) -> tuple[tuple[Places, Places, Places], ...]:
        """For every view the buckets of all its runs, and where in `normal.text` each begins and ends."""
        dense = _codes(normal.dense[:LONGEST_READ])
        whole = f" {normal.text[:LONGEST_READ]} ".replace(".", " ")
        taken, owner = self._taken_apart(dense)
        at = np.asarray(normal.dense_at[:LONGEST_READ], dtype=np.int32)
        return (
            _runs(taken, at[owner], LETTERS),
            _runs(_codes(whole), np.arange(-1, len(whole) - 1, dtype=np.int32), SYLLABLES),
        )

    def _taken_apart(self, dense: _Codes) -> tuple[_Codes, npt.NDArray[np.intp]]:
        """The letters of a text without fillers, and the character each belongs to."""
        korean = (dense >= _FIRST) & (dense < _FIRST + _SYLLABLES)
        taken = np.zeros((len(dense), 3), dtype=np.uint64)
        taken[:, 0] = dense
        taken[korean] = self._letters[dense[korean].astype(np.intp) - _FIRST]
        flat = taken.ravel()
        kept = np.flatnonzero(flat)
        return flat[kept], kept // 3


def rarity_of(texts: Sequence[tuple[Sight, ...]]) -> Floats:
    """How much a hit of each bucket says: more, the fewer texts have it (smoothed inverse frequency)."""
    seen = np.zeros(BUCKETS, dtype=np.float32)
    for sights in texts:
        for sight in sights:
            seen[sight.buckets] += 1
    rarity = np.log((1 + len(texts)) / (1 + seen)) + 1
    rarity[seen == 0] = 0
    return rarity.astype(np.float32)


def row_of(sights: Sequence[Sight], rarity: Floats) -> Row:
    """The vector of a text: both views weigh alike, and runs never seen in learning count for nothing."""
    views: list[tuple[Places, Floats]] = []
    for sight in sights:
        weights = (1 + np.log(sight.counts)) * rarity[sight.buckets]
        known = weights > 0
        size = float(np.sqrt(np.dot(weights[known], weights[known]))) or 1.0
        views.append((sight.buckets[known], weights[known] / size))
    buckets = np.concatenate([one for one, _ in views])
    weights = np.concatenate([one for _, one in views])
    order = np.argsort(buckets, kind="stable")
    buckets, weights = buckets[order], weights[order]
    if len(buckets):
        first = np.flatnonzero(np.concatenate(([True], buckets[1:] != buckets[:-1])))
        buckets, weights = buckets[first], np.add.reduceat(weights, first)
    size = float(np.sqrt(np.dot(weights, weights))) or 1.0
    return Row(buckets.astype(np.int32), (weights / size).astype(np.float32))


def closeness(one: Row, other: Row) -> float:
    """How alike two texts are, 0 to 1."""
    _, mine, theirs = np.intersect1d(one.buckets, other.buckets, assume_unique=True, return_indices=True)
    return float(np.dot(one.weights[mine], other.weights[theirs]))


def _codes(text: str) -> _Codes:
    raw = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(raw, dtype=np.uint32).astype(np.uint64)


def _runs(codes: _Codes, at: Places, run: Run) -> tuple[Places, Places, Places]:
    hashed = np.full(len(codes), run.seed, dtype=np.uint64)
    found: list[tuple[Places, Places, Places]] = []
    for size in range(1, min(run.longest, len(codes)) + 1):
        left = len(codes) - size + 1
        hashed = (hashed[:left] ^ codes[size - 1 :]) * _MIX
        hashed ^= hashed >> _FOLD
        if size >= run.shortest:
            buckets = ((hashed * _MIX) >> _KEEP).astype(np.int32)
            found.append((buckets, at[:left], at[size - 1 :] + 1))
    if not found:
        nothing = np.zeros(0, dtype=np.int32)
        return nothing, nothing, nothing
    buckets, starts, ends = (np.concatenate(column) for column in zip(*found, strict=True))
    return buckets, starts, ends


def _sight(hashed: Places) -> Sight:
    buckets, counts = np.unique(hashed, return_counts=True)
    return Sight(buckets, counts.astype(np.float32))
