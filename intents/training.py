"""Learns anew from all lessons (훈련): done aside, by night or by a command, never while somebody waits.

One linear support vector machine an owner against all others, all owners at once, solved in the dual one
text at a time (Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM"), in
numpy alone. What the pack says of a department is learned beside the lessons as a few very short ones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intents.blending import UNTRAINED, Blend, experts, fitted
from intents.features import Floats, Row, lexicon_of, most_runs
from intents.learned import COST, Example, Learned

LEAST = 50
"""Lessons below which nothing is trained: they are taken in one by one, and the words decide the rest."""

_ROUNDS, _STEPS = 10, 100_000
"""Rounds over all texts; fewer where that would be more steps than this, but one at least."""

_AT_REST = 0.02
"""A text that moved no weight further than this is passed over in every second round."""

_FOLDS = 4
_MOST_FOLDED = 6_000
_MOST_SAMPLED = 5_000
"""Of many lessons so many are enough to learn how far the lessons can be trusted."""

_FITTED_ON = 2_000
_STILL = 1e-3
_SEED = 7


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text and the department (or `@authority`) that was right for it; `key` names its case."""

    text: str
    department: str
    key: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """What is trained from: `examples[i]` shows what `lessons[i]` says; `pack` are the pack's own words.

    `muddled[i]` is the same as a hasty thumb would write it, or nothing where lessons are many.

    `spoken` gives the probability of each department by the words of a text.
    """

    lessons: Sequence[Lesson]
    examples: Sequence[Example]
    muddled: Sequence[Example]
    pack: Sequence[Example]
    spoken: Callable[[str], Mapping[str, float]]
    demand: float


def train(course: Course) -> Learned:
    """The model that follows from the lessons; the same lessons in the same order give the same model.

    With fewer than `LEAST` lessons it is untrained, and they are taken in one by one.
    """
    examples = course.examples
    if len(examples) < LEAST or len({one for each in examples for one in each.owners}) < 2:
        return Learned().with_lessons(examples)
    folds = np.random.default_rng(_SEED).permutation(len(examples)) % _FOLDS
    sample = np.arange(len(examples))
    if len(examples) > _MOST_FOLDED:
        # Many lessons: one part held out tells as much, and costs a quarter.
        folds[:] = 1
        folds[np.random.default_rng(_SEED).choice(len(examples), _FITTED_ON, replace=False)] = 0
        sample = np.flatnonzero(folds == 0)
    unseen: dict[int, tuple[Mapping[str, float], float]] = {}
    for fold in sorted(set(folds[sample].tolist())):
        model = _machine(course, np.flatnonzero(folds != fold).tolist()[-_MOST_SAMPLED:])
        for index in np.flatnonzero(folds == fold).tolist():
            unseen[index] = model.scores(examples[index].sights), model.floor
    return replace(_machine(course, range(len(examples))), blend=_blend(course, unseen))


def _blend(course: Course, unseen: Mapping[int, tuple[Mapping[str, float], float]]) -> Blend:
    chosen = sorted(unseen)
    if len(chosen) > _FITTED_ON:
        chosen = sorted(np.random.default_rng(_SEED).choice(chosen, _FITTED_ON, replace=False).tolist())
    spoken = {index: course.spoken(course.lessons[index].text) for index in chosen}
    names = sorted({name for index in chosen for name in (*unseen[index][0], *spoken[index])})
    known = [index for index in chosen if _best(course.examples[index]) in names]
    if not known:
        return UNTRAINED
    score = np.asarray([[unseen[one][0].get(name, unseen[one][1]) for name in names] for one in known])
    said = np.asarray([[spoken[one].get(name, 0.0) for name in names] for one in known])
    right = np.asarray([names.index(_best(course.examples[one])) for one in known], dtype=np.intp)
    return fitted(np.stack(experts(score, said), axis=2), right, course.demand)


def _best(example: Example) -> str:
    return max(example.owners, key=lambda one: example.owners[one])


def _machine(course: Course, chosen: Sequence[int]) -> Learned:
    examples = [course.examples[index] for index in chosen]
    muddled = [course.muddled[index] for index in chosen] if course.muddled else []
    owners = tuple(sorted({one for each in examples for one in each.owners}))
    taught = [*examples, *muddled, *(one for one in course.pack if set(one.owners) <= set(owners))]
    lexicon = lexicon_of([one.sights for one in taught], most_runs(len(owners)))
    rows = [lexicon.row(one.sights) for one in taught]
    shares = np.zeros((len(taught), len(owners)), dtype=np.float32)
    place = {owner: index for index, owner in enumerate(owners)}
    for index, example in enumerate(taught):
        for owner, share in example.owners.items():
            shares[index, place[owner]] = share
    costs = np.asarray([one.cost for one in taught], dtype=np.float32)
    weights, biases = _descent(rows, shares, costs, len(lexicon.runs))
    return Learned(
        owners=owners,
        weights=weights.astype(np.float16),
        biases=biases,
        lessons=shares[: len(examples)].sum(axis=0),
        lexicon=lexicon,
        texts=len(taught),
    )


def _descent(rows: Sequence[Row], shares: Floats, costs: Floats, runs: int) -> tuple[Floats, Floats]:
    belongs = shares > 0
    signs = np.where(belongs, 1, -1).astype(np.float32)
    slack = 1 / (2 * COST * costs[:, None] * np.where(belongs, shares, 1))
    duals = np.zeros_like(signs)
    weights = np.zeros((runs, shares.shape[1]), dtype=np.float32)
    biases = np.zeros(shares.shape[1], dtype=np.float32)
    filled = np.asarray([index for index, row in enumerate(rows) if len(row.places)], dtype=np.intp)
    draw = np.random.default_rng(_SEED)
    restless = np.ones(len(rows), dtype=np.bool_)
    for turn in range(rounds_for(len(filled))):
        for index in draw.permutation(filled if turn % 2 == 0 else filled[restless[filled]]):
            row, sign = rows[index], signs[index]
            part = weights.take(row.places, axis=0)
            score = row.weights @ part + biases
            # A row has length one and the bias adds one more: 2 is its squared norm.
            push = (sign * score - 1 + slack[index] * duals[index]) / (2 + slack[index])
            dual = np.maximum(duals[index] - push, 0)
            change = sign * (dual - duals[index])
            change[np.abs(change) <= _STILL] = 0
            moved = np.flatnonzero(change)
            restless[index] = bool(np.abs(change).max() > _AT_REST)
            if not len(moved):
                continue
            duals[index, moved] = dual[moved]
            biases[moved] += change[moved]
            _add(weights, part, row, change, moved)
    return weights, biases


def rounds_for(texts: int) -> int:
    """How often all texts are gone through: many lessons need fewer rounds, and time is short."""
    return min(_ROUNDS, max(1, _STEPS // max(texts, 1)))


def _add(weights: Floats, part: Floats, row: Row, change: Floats, moved: npt.NDArray[np.intp]) -> None:
    if len(moved) * 4 > len(change):
        weights[row.places] = part + row.weights[:, None] * change
    else:
        weights[np.ix_(row.places, moved)] += row.weights[:, None] * change[moved]
