"""What a learned model sees of a text (특징): runs of letters and of syllables, as numbers.

Runs of 3 to 6 letters and runs of 1 to 3 syllables, both without spaces: a typo or a missing space
leaves most of them as they were. Each run is hashed to one of `NUMBERS` numbers, the same in every
process and for ever: stored weights rely on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from intents.letters import WIDTH, letters
from intents.normal import Normal

BITS = 22
NUMBERS = 1 << BITS
"""Few enough to count in a table, enough that hardly two runs share one (17 bits cost a point)."""

MOST_RUNS = 1 << 17
_MOST_WEIGHTS = 8_000_000
"""Of all owners together: 16 MB, which every process keeps."""

_LEAST_TEXTS = 2
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


LETTERS, SYLLABLES = Run(3, 6, 1), Run(1, 3, 5)
"""Measured against others, alone and together: docs/decisions."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One view of a text: the numbers of its runs, in order and each once, and how often each stands."""

    runs: Places
    counts: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Row:
    """A text as a vector of length one: places in a lexicon, and the weight of each."""

    places: Places
    weights: Floats


class Looker:
    """Turns texts into sights. Reads only its own tables; one for all threads."""

    __slots__ = ("_letters",)

    def __init__(self) -> None:
        every = "".join(map(chr, range(_FIRST, _FIRST + _SYLLABLES)))
        table = _codes(letters(every)).reshape(-1, WIDTH).copy()
        table[table == ord("_")] = 0
        self._letters: _Codes = table

    def look(self, normal: Normal) -> tuple[Sight, ...]:
        """Every view of a text."""
        return tuple(_sight(hashed) for hashed, _, _ in self.hashes(normal))

    def hashes(self, normal: Normal) -> tuple[tuple[Places, Places, Places], ...]:
        """For every view the numbers of all its runs, and where in `normal.text` each begins and ends."""
        dense = _codes(normal.dense[:LONGEST_READ])
        taken, owner = self._taken_apart(dense)
        at = np.asarray(normal.dense_at[:LONGEST_READ], dtype=np.int32)
        return _runs(taken, at[owner], LETTERS), _runs(dense, at, SYLLABLES)

    def _taken_apart(self, dense: _Codes) -> tuple[_Codes, npt.NDArray[np.intp]]:
        """The letters of a text without fillers, and the character each belongs to."""
        korean = (dense >= _FIRST) & (dense < _FIRST + _SYLLABLES)
        taken = np.zeros((len(dense), WIDTH), dtype=np.uint64)
        taken[:, 0] = dense
        taken[korean] = self._letters[dense[korean].astype(np.intp) - _FIRST]
        flat = taken.ravel()
        kept = np.flatnonzero(flat)
        return flat[kept], kept // WIDTH


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The runs a model knows: their numbers in order, and how much a hit of each says (its rarity)."""

    runs: Places
    rarity: Floats

    def row(self, sights: Sequence[Sight]) -> Row:
        """The vector of a text: every view weighs alike, and unknown runs count for nothing."""
        at: list[Places] = []
        weights: list[Floats] = []
        for sight in sights:
            places, known = self._find(sight.runs)
            hits = (1 + np.log(sight.counts[known].astype(np.float32))) * self.rarity[places]
            at.append(places)
            weights.append(hits / (float(np.sqrt(np.dot(hits, hits))) or 1.0))
        whole = np.concatenate(weights)
        size = float(np.sqrt(np.dot(whole, whole))) or 1.0
        return Row(np.concatenate(at).astype(np.int32), (whole / size).astype(np.float32))

    def with_runs(self, runs: Places, rarity: float) -> tuple["Lexicon", Places]:
        """A lexicon that knows these too, and where the runs of this one stand in it."""
        merged = np.union1d(self.runs, runs)
        moved = np.searchsorted(merged, self.runs).astype(np.int32)
        worth = np.full(len(merged), rarity, dtype=np.float32)
        worth[moved] = self.rarity
        return Lexicon(merged.astype(np.int32), worth), moved

    def _find(self, runs: Places) -> tuple[Places, npt.NDArray[np.bool_]]:
        if not len(self.runs):
            return np.zeros(0, dtype=np.int32), np.zeros(len(runs), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.runs, runs), len(self.runs) - 1).astype(np.int32)
        known = self.runs[places] == runs
        return places[known], known


def most_runs(owners: int) -> int:
    """How many runs a model of so many owners knows at most."""
    return min(MOST_RUNS, _MOST_WEIGHTS // max(owners, 1))


def lexicon_of(texts: Sequence[tuple[Sight, ...]], most: int) -> Lexicon:
    """The runs that stand in two texts and more, the commonest `most` of them.

    What fewer texts have says more (smoothed inverse frequency).
    """
    seen = np.zeros(NUMBERS, dtype=np.int32)
    for sights in texts:
        for sight in sights:
            seen[sight.runs] += 1
    runs = np.flatnonzero(seen >= _LEAST_TEXTS)
    if len(runs) > most:
        runs = np.sort(runs[np.argsort(-seen[runs], kind="stable")[:most]])
    rarity = np.log((1 + len(texts)) / (1 + seen[runs])) + 1
    return Lexicon(runs.astype(np.int32), rarity.astype(np.float32))


def closeness(one: Row, other: Row) -> float:
    """How alike two texts are, 0 to 1."""
    _, mine, theirs = np.intersect1d(one.places, other.places, return_indices=True)
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
    runs, counts = np.unique(hashed, return_counts=True)
    return Sight(runs, np.minimum(counts, 255).astype(np.uint8))
