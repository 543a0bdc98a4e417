"""Why an office was proposed (이유), in words that staff can check against the text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from intents.features import Floats, Looker, Places, closeness
from intents.learned import Learned
from intents.normal import Normal

_WORDS = 5
_LEAST = 0.02
"""What a word must add to the score of an office, against the mean of the others, to be named as a reason."""

_ALIKE = 0.15

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Reasons:
    """For one office: terms of the pack that stand in the text, and words known from earlier cases.

    `probability` is the one it was proposed with, 0 when it was not.
    """

    department: str
    probability: float
    terms: tuple[str, ...]
    words: tuple[str, ...]


def telling_words(learned: Learned, looker: Looker, normal: Normal, department: str) -> tuple[str, ...]:
    """The words of a text that lessons connect with an office more than with others, strongest first."""
    if department not in learned.owners:
        return ()
    column = learned.owners.index(department)
    gain = np.zeros(len(normal.text) + 1, dtype=np.float32)
    row = learned.row(looker.look(normal))
    # Runs of different views never share a place but by chance, so each finds its own weight here.
    worth = dict(
        zip(
            learned.lexicon.runs[row.places].tolist(),
            (row.weights * _ahead(learned, row.places, column)).tolist(),
            strict=True,
        )
    )
    for runs, starts, ends in looker.hashes(normal):
        for run, start, end in zip(runs.tolist(), starts.tolist(), ends.tolist(), strict=True):
            if run in worth and end > start:
                gain[start:end] += worth[run] / (end - start)
    return _best_words(normal.text, gain)


def nearest(
    learned: Learned, looker: Looker, normal: Normal, others: Iterable[tuple[Key, Normal]], most: int = 3
) -> Sequence[Key]:
    """The keys of the texts most like this one, the likest first; none that is hardly alike."""
    row = learned.row(looker.look(normal))
    alike = [(closeness(row, learned.row(looker.look(other))), key) for key, other in others]
    best = sorted((one for one in alike if one[0] >= _ALIKE), key=lambda one: -one[0])
    return [key for _, key in best[:most]]


def _ahead(learned: Learned, places: Places, column: int) -> Floats:
    weights = learned.weights[places].astype(np.float32)
    own = weights[:, column]
    ahead: Floats = own - (weights.sum(axis=1) - own) / max(weights.shape[1] - 1, 1)
    return ahead


def _best_words(text: str, gain: Floats) -> tuple[str, ...]:
    found: dict[str, float] = {}
    start = 0
    for word in text.replace(".", " ").split(" "):
        if word:
            found[word] = found.get(word, 0.0) + float(gain[start : start + len(word)].sum())
        start += len(word) + 1
    best = sorted(found, key=lambda word: -found[word])
    return tuple(word for word in best[:_WORDS] if found[word] >= _LEAST)
