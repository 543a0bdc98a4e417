"""Two opinions made one (결합): what the pack's words say, and what staff's decisions taught.

A conditional logit over departments (McFadden 1974): few numbers, fitted on lessons that the model had
not seen, so that what comes out is a probability. Before there is anything to fit, the words decide, and
a lesson moves them a little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

_Doubles: TypeAlias = npt.NDArray[np.float64]

_START = (3.7, 1.4, 0.3)
"""What fits gave inside training parts of three label sets; few lessons stay near it."""

_HOLD = 10.0
_ROUNDS = 50
_UNSAID = 0.01
"""The probability by words of a department that no word speaks for."""

_SHOWN = 0.01


@dataclass(frozen=True, slots=True)
class Blend:
    """How to join the opinions. `threshold` is the probability from which a guess is sent unasked."""

    weights: tuple[float, ...]
    threshold: float | None = None
    """None: nothing was measured, and the pack's demand stands for it."""
    trained: bool = True

    @property
    def numbers(self) -> tuple[float, ...]:
        """All of it as numbers, to be stored."""
        return (float(self.trained), -1.0 if self.threshold is None else self.threshold, *self.weights)

    @classmethod
    def from_numbers(cls, numbers: Sequence[float]) -> "Blend":
        """What `numbers` gave."""
        trained, threshold, *weights = numbers
        return cls(tuple(weights), None if threshold < 0 else threshold, bool(trained))

    def join(
        self, scores: Mapping[str, float], spoken: Mapping[str, float], floor: float
    ) -> dict[str, float]:
        """Probabilities of all departments that lessons or words speak for; sums to 1 at most."""
        names = list(dict.fromkeys((*spoken, *scores)))
        if not names:
            return {}
        score = np.asarray([scores.get(name, floor) for name in names])
        said = np.asarray([spoken.get(name, 0.0) for name in names])
        worth = np.stack(experts(score, said), axis=1) @ np.asarray(self.weights)
        # Without a fit, what the words leave for "none of these" stays so.
        none = log(max(1.0 - sum(spoken.values()), 1e-9)) if not self.trained else -30.0
        top = max(none, float(worth.max()))
        shares = np.exp(worth - top)
        shares /= shares.sum() + exp(none - top)
        return {name: share for name, share in zip(names, shares.tolist(), strict=True) if share >= _SHOWN}


UNTRAINED = Blend((4.0, 0.0, 1.0), trained=False)


def experts(score: _Doubles, spoken: _Doubles) -> tuple[_Doubles, _Doubles, _Doubles]:
    """The opinions on departments, one value each, in the order of the weights."""
    return score, spoken, np.log(spoken + _UNSAID)


def fitted(opinions: _Doubles, right: npt.NDArray[np.intp], demand: float) -> Blend:
    """The blend under which the right departments are likeliest.

    `opinions[text, department, expert]` on lessons not learned from; `right` has the index of each text's
    department. `demand` is how often a guess sent unasked must be right (0 to 1).
    """
    start = np.asarray(_START)
    weights, loss = start, _loss(opinions, right, start, start)
    for _ in range(_ROUNDS):
        step = _newton(opinions, right, weights, start)
        size = 1.0
        # A full step may lead astray where hardly anything is known: halve it until it helps.
        while size > 1e-4 and (tried := _loss(opinions, right, weights - size * step, start)) > loss:
            size /= 2
        if size <= 1e-4 or loss - tried < 1e-6:
            break
        weights, loss = weights - size * step, tried
    shares = _shares(opinions, weights)
    return Blend(
        tuple(float(one) for one in weights),
        threshold_for(shares.max(axis=1), shares.argmax(axis=1) == right, demand),
    )


def threshold_for(best: _Doubles, right: npt.NDArray[np.bool_], demand: float) -> float:
    """The least probability from which guesses are right as often as demanded.

    One standard error is kept in hand, since other texts will come. Above 1 when none is good enough.
    """
    order = np.argsort(-best, kind="stable")
    hits = np.cumsum(right[order])
    count = np.arange(1, len(order) + 1)
    share = hits / count
    enough = share - np.sqrt(demand * (1 - demand) / count) >= demand
    # The first few may be right by luck alone.
    enough &= count >= min(20, sqrt(len(order)) * 2)
    found = np.flatnonzero(enough)
    return float(best[order][found[-1]]) if len(found) else 1.01


def _shares(opinions: _Doubles, weights: _Doubles) -> _Doubles:
    worth = opinions @ weights
    shares: _Doubles = np.exp(worth - worth.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _loss(
    opinions: _Doubles,
    right: npt.NDArray[np.intp],
    weights: _Doubles,
    start: _Doubles,
) -> float:
    shares = _shares(opinions, weights)[np.arange(len(right)), right]
    far = weights - start
    return float(-np.log(np.maximum(shares, 1e-12)).sum() + _HOLD / 2 * (far @ far))


def _newton(
    opinions: _Doubles,
    right: npt.NDArray[np.intp],
    weights: _Doubles,
    start: _Doubles,
) -> _Doubles:
    shares = _shares(opinions, weights)
    mean = np.einsum("nk,nke->ne", shares, opinions)
    slope = (mean - opinions[np.arange(len(right)), right]).sum(axis=0) + _HOLD * (weights - start)
    bend = np.einsum("nk,nka,nkb->ab", shares, opinions, opinions, optimize=True) - mean.T @ mean
    step: _Doubles = np.linalg.solve(bend + _HOLD * np.eye(opinions.shape[2]), slope)
    return step
