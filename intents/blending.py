"""Two opinions made one (결합): what the pack's words say, and what staff's decisions taught.

A conditional logit over departments (McFadden 1974): few numbers, fitted on lessons that the model had
not seen, so that what comes out is a probability. Before there is anything to fit, the words decide, and
a lesson moves them a little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt

EXPERTS = 3
"""Score of the lessons; probability by the words; its logarithm."""

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
        worth = {
            name: sum(
                weight * value
                for weight, value in zip(
                    self.weights, experts(scores.get(name, floor), spoken.get(name, 0.0)), strict=True
                )
            )
            for name in names
        }
        # Without a fit, what the words leave for "none of these" stays so.
        none = log(max(1.0 - sum(spoken.values()), 1e-9)) if not self.trained else -30.0
        top = max(none, *worth.values())
        shares = {name: exp(value - top) for name, value in worth.items()}
        whole = sum(shares.values()) + exp(none - top)
        return {name: share / whole for name, share in shares.items() if share / whole >= _SHOWN}


UNTRAINED = Blend((4.0, 0.0, 1.0), trained=False)


def experts(score: float, spoken: float) -> tuple[float, float, float]:
    """The opinions on one department, in the order of the weights."""
    return score, spoken, log(spoken + _UNSAID)


def fitted(opinions: npt.NDArray[np.float64], right: npt.NDArray[np.intp], demand: float) -> Blend:
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


def threshold_for(best: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], demand: float) -> float:
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


def _shares(opinions: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    worth = opinions @ weights
    shares: npt.NDArray[np.float64] = np.exp(worth - worth.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _loss(
    opinions: npt.NDArray[np.float64],
    right: npt.NDArray[np.intp],
    weights: npt.NDArray[np.float64],
    start: npt.NDArray[np.float64],
) -> float:
    shares = _shares(opinions, weights)[np.arange(len(right)), right]
    far = weights - start
    return float(-np.log(np.maximum(shares, 1e-12)).sum() + _HOLD / 2 * (far @ far))


def _newton(
    opinions: npt.NDArray[np.float64],
    right: npt.NDArray[np.intp],
    weights: npt.NDArray[np.float64],
    start: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    shares = _shares(opinions, weights)
    mean = np.einsum("nk,nke->ne", shares, opinions)
    slope = (mean - opinions[np.arange(len(right)), right]).sum(axis=0) + _HOLD * (weights - start)
    bend = np.einsum("nk,nka,nkb->ab", shares, opinions, opinions, optimize=True) - mean.T @ mean
    step: npt.NDArray[np.float64] = np.linalg.solve(bend + _HOLD * np.eye(opinions.shape[2]), slope)
    return step
