"""What a message wants, told by its likeness to written examples (보기 문장).

Words and endings, seen as runs of one to three syllables, speak for and against each intent by weights
that `intents.teaching` learned from data/examples.csv. What a text is about (offices' terms, places) is
put out of sight first: 〇 stands for it, in the examples too.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from intents.normal import Normal
from intents.reading import Intent

SLOT = "〇"
"""Stands for a place or an office's term. A letter to Unicode, so the normal form keeps it."""

SCALE = 1_000
"""Weights are stored as whole thousandths."""

_LONGEST_RUN = 3


@dataclass(frozen=True, slots=True)
class LikenessWeights:
    """Learned weights in thousandths: a bias for each intent, and for each run one weight an intent."""

    intents: tuple[Intent, ...]
    biases: tuple[int, ...]
    runs: Mapping[str, Sequence[int]]

    def score(self, dense: str) -> dict[Intent, float]:
        """How much a text is like each intent: above 0 speaks for it, 1 is as clear as the examples.

        `dense` is the normal form without spaces, with 〇 for what it is about.
        """
        found = [self.runs[run] for run in runs_of(dense) if run in self.runs]
        scale = sqrt(len(found)) * SCALE
        sums = [sum(column) / scale for column in zip(*found, strict=True)] or [0.0] * len(self.intents)
        return {
            intent: bias / SCALE + total
            for intent, bias, total in zip(self.intents, self.biases, sums, strict=True)
        }


def runs_of(dense: str) -> set[str]:
    """Every run of one to three characters, with ^ and $ for the ends."""
    framed = f"^{dense.strip('.')}$"
    return {
        framed[at : at + size] for size in range(1, _LONGEST_RUN + 1) for at in range(len(framed) - size + 1)
    }


def without(normal: Normal, spans: Iterable[tuple[int, int]]) -> str:
    """`normal.dense` with one 〇 for each stretch of the spans (positions in it)."""
    hidden: set[int] = set()
    for start, end in spans:
        hidden.update(range(start, end))
    pieces: list[str] = []
    for index, one in enumerate(normal.dense):
        if index not in hidden:
            pieces.append(one)
        elif index - 1 not in hidden:
            pieces.append(SLOT)
    return "".join(pieces)


def weights_to(weights: LikenessWeights) -> str:
    """The weights as text (JSON), one run a line, to be kept as data."""
    lines = [
        f"{json.dumps(run, ensure_ascii=False)}: {json.dumps(list(by))}"
        for run, by in sorted(weights.runs.items())
    ]
    head = json.dumps({"intents": list(weights.intents), "biases": list(weights.biases)})
    return head.removesuffix("}") + ', "runs": {\n' + ",\n".join(lines) + "\n}}\n"


def weights_from(text: str) -> LikenessWeights:
    """The weights written by `weights_to`. Raises ValueError or KeyError for anything else."""
    found = json.loads(text)
    return LikenessWeights(
        tuple(Intent(one) for one in found["intents"]),
        tuple(found["biases"]),
        {run: tuple(by) for run, by in found["runs"].items()},
    )
