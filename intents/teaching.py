"""Learns from examples what each intent sounds like; done by a developer, not while the program runs.

One linear support vector machine an intent against all others (squared hinge loss, solved in the dual
one example at a time, after Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear
SVM"). A thousand examples take about a second.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from random import Random

from intents.likeness import SCALE, LikenessWeights, runs_of
from intents.reading import Intent

_COST = 3.0
_ROUNDS = 15
_RAREST = 2
_SEED = 7


def teach(examples: Iterable[tuple[str, Intent]]) -> LikenessWeights:
    """The weights learned from pairs of a text (normal form without spaces) and its intent.

    The same examples in the same order always give the same weights.
    """
    pairs = list(examples)
    known = Counter(run for dense, _ in pairs for run in runs_of(dense))
    rows = [sorted(run for run in runs_of(dense) if known[run] >= _RAREST) for dense, _ in pairs]
    intents = sorted({intent for _, intent in pairs})
    learned = [_one_against_all(rows, [wanted is intent for _, wanted in pairs]) for intent in intents]
    runs = sorted({run for row in rows for run in row})
    return LikenessWeights(
        intents=tuple(intents),
        biases=tuple(round(bias * SCALE) for _, bias in learned),
        runs={run: tuple(round(weights.get(run, 0.0) * SCALE) for weights, _ in learned) for run in runs},
    )


def _one_against_all(
    rows: Sequence[Sequence[str]], belongs: Sequence[bool]
) -> tuple[dict[str, float], float]:
    weights: dict[str, float] = {}
    bias = 0.0
    duals = [0.0] * len(rows)
    slack = 1 / (2 * _COST)
    order = [index for index, row in enumerate(rows) if row]
    random = Random(_SEED)  # noqa: S311 - an order of examples, no secret
    for _ in range(_ROUNDS):
        random.shuffle(order)
        for index in order:
            row, sign = rows[index], 1.0 if belongs[index] else -1.0
            size = 1 / sqrt(len(row))
            margin = sign * (size * sum(weights.get(run, 0.0) for run in row) + bias)
            # Each row has length one and the bias adds one more: 2 is the row's squared norm.
            dual = max(duals[index] - (margin - 1 + slack * duals[index]) / (2 + slack), 0.0)
            change = sign * (dual - duals[index])
            if change:
                duals[index] = dual
                bias += change
                for run in row:
                    weights[run] = weights.get(run, 0.0) + change * size
    return weights, bias
