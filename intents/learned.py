"""What was learned from cases that staff confirmed or moved (배운 것): a linear model over runs of letters.

A value like any other: taking in another lesson gives a new one. Weights come from `intents.training`
by night; lessons of the day are added one at a time, each in the way that training itself would begin.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from intents.blending import UNTRAINED, Blend
from intents.features import Floats, Lexicon, Places, Row, Sight, most_runs
from intents.heirs import Heirs

Weights: TypeAlias = npt.NDArray[np.float16]

COST = 0.5
"""How dear a mistake is against large weights; chosen inside training parts only (0.1 to 3 were tried)."""

_GIVES_WAY = 0.25
"""How far a lesson of the day stays behind what would make it certain."""

_ROOM = 1 << 14
"""Runs that lessons of the day may add to those of the night's training."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A text as it is seen, and the departments it belongs to, with shares that sum to 1."""

    sights: tuple[Sight, ...]
    owners: Mapping[str, float]
    cost: float = 1.0
    against: tuple[str, ...] = ()
    """Departments that the pack's words speak for, and wrongly: they learn from it too."""


def _nothing() -> Weights:
    return np.zeros((0, 0), dtype=np.float16)


def _no_floats() -> Floats:
    return np.zeros(0, dtype=np.float32)


def _no_runs() -> Lexicon:
    return Lexicon(np.zeros(0, dtype=np.int32), _no_floats())


@dataclass(frozen=True, slots=True)
class Learned:
    """A model. `weights[run, owner]`; `lessons` counts each owner's; `texts` is what it was trained on."""

    owners: tuple[str, ...] = ()
    weights: Weights = field(default_factory=_nothing)
    biases: Floats = field(default_factory=_no_floats)
    lessons: Floats = field(default_factory=_no_floats)
    lexicon: Lexicon = field(default_factory=_no_runs)
    texts: int = 0
    blend: Blend = UNTRAINED

    @property
    def floor(self) -> float:
        """The score of an owner of whom nothing is known: that of a learned one without any hint."""
        return float(np.median(self.biases)) if len(self.biases) else 0.0

    def row(self, sights: Sequence[Sight]) -> Row:
        """A text as this model sees it."""
        return self.lexicon.row(sights)

    def scores(self, sights: Sequence[Sight]) -> Mapping[str, float]:
        """How much each owner's lessons speak for a text: around -1 not at all, around 1 clearly."""
        if not self.owners:
            return {}
        row = self.row(sights)
        part = self.weights.take(row.places, axis=0).astype(np.float32)
        # Not by the linear algebra library, whose threads would wait for one another over so little.
        scores = np.einsum("i,ij->j", row.weights, part) + self.biases
        return dict(zip(self.owners, scores.tolist(), strict=True))

    def with_lessons(self, examples: Iterable[Example]) -> "Learned":
        """A model that has learned these too; this one stays as it is."""
        new = list(examples)
        if not new:
            return self
        owners = (
            *self.owners,
            *sorted({one for each in new for one in (*each.owners, *each.against)} - set(self.owners)),
        )
        more = len(owners) - len(self.owners)
        lexicon, moved = self._widened(new, len(owners))
        weights = np.zeros((len(lexicon.runs), len(owners)), dtype=np.float16)
        weights[moved, : len(self.owners)] = self.weights
        biases = np.concatenate((self.biases, np.full(more, self.floor, dtype=np.float32)))
        lessons = np.concatenate((self.lessons, np.zeros(more, dtype=np.float32)))
        place = {owner: index for index, owner in enumerate(owners)}
        for example in new:
            row = lexicon.row(example.sights)
            shares = np.zeros(len(owners), dtype=np.float32)
            for owner, share in example.owners.items():
                shares[place[owner]] = share
            part = weights[row.places].astype(np.float32)
            step = _first_step(row.weights @ part + biases, shares)
            weights[row.places] = (part + row.weights[:, None] * step).astype(np.float16)
            lessons += shares
        return replace(self, owners=owners, weights=weights, biases=biases, lessons=lessons, lexicon=lexicon)

    def _widened(self, new: Sequence[Example], owners: int) -> tuple[Lexicon, Places]:
        seen = np.unique(np.concatenate([sight.runs for each in new for sight in each.sights]))
        runs = np.setdiff1d(seen, self.lexicon.runs, assume_unique=True)
        room = max(0, most_runs(owners) + _ROOM - len(self.lexicon.runs))
        if len(runs) > room:
            # Any part of them will do until the night, when the commonest are chosen.
            runs = runs[np.linspace(0, len(runs), room, endpoint=False).astype(np.intp)]
        return self.lexicon.with_runs(runs, log(1 + max(self.texts, len(new))) + 1)

    def for_offices(self, heirs: Heirs) -> "Learned":
        """The same knowledge under the names of today: split among heirs, joined where they merged."""
        if all(heirs.of(one) == (one,) for one in self.owners):
            return self
        parts: dict[str, list[int]] = {}
        for index, owner in enumerate(self.owners):
            for heir in heirs.of(owner):
                parts.setdefault(heir, []).append(index)
        count = {owner: len(heirs.of(owner)) or 1 for owner in self.owners}
        share = np.asarray([1 / count[one] for one in self.owners], dtype=np.float32) * self.lessons
        weights = np.zeros((len(self.weights), len(parts)), dtype=np.float16)
        biases, lessons = np.zeros(len(parts), np.float32), np.zeros(len(parts), np.float32)
        for column, indexes in enumerate(parts.values()):
            said = share[indexes] + 1e-6
            weights[:, column] = self.weights[:, indexes].astype(np.float32) @ (said / said.sum())
            biases[column] = self.biases[indexes] @ (said / said.sum())
            lessons[column] = share[indexes].sum()
        return replace(self, owners=tuple(parts), weights=weights, biases=biases, lessons=lessons)


def _first_step(scores: Floats, shares: Floats) -> Floats:
    """How a lesson changes the weights of each owner: the first step that training takes with it.

    The bias stays: one text says nothing of how often an office is asked.
    """
    belongs = shares > 0
    sign = np.where(belongs, 1, -1)
    push = np.maximum(1 - sign * scores, 0) / (1 + _GIVES_WAY)
    return (sign * push * np.where(belongs, shares, 1)).astype(np.float32)


def to_bytes(model: Learned) -> bytes:
    """The model as compressed arrays, nothing that runs."""
    held = io.BytesIO()
    np.savez_compressed(
        held,
        format=np.asarray([_FORMAT]),
        owners=np.asarray(model.owners, dtype=np.str_),
        weights=model.weights,
        biases=model.biases,
        lessons=model.lessons,
        runs=model.lexicon.runs,
        rarity=model.lexicon.rarity,
        texts=np.asarray([model.texts]),
        blend=np.asarray(model.blend.numbers, dtype=np.float64),
    )
    return held.getvalue()


class BadModel(ValueError):  # noqa: N818 - an outcome to word
    """The bytes are no model that this version of the program reads."""


def from_bytes(stored: bytes) -> Learned:
    """The model written by `to_bytes`. Raises BadModel for anything else, and for other versions."""
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            if int(arrays["format"][0]) != _FORMAT:
                raise BadModel("The model was stored by another version of sotong.")
            return Learned(
                owners=tuple(str(one) for one in arrays["owners"]),
                weights=arrays["weights"],
                biases=arrays["biases"],
                lessons=arrays["lessons"],
                lexicon=Lexicon(arrays["runs"], arrays["rarity"]),
                texts=int(arrays["texts"][0]),
                blend=Blend.from_numbers(arrays["blend"].tolist()),
            )
    except BadModel:
        raise
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise BadModel(f"The stored model cannot be read ({type(error).__name__}).") from error
