"""Figures out of many measurements."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: `n` times, percentiles in milliseconds."""

    n: int
    p50_ms: float
    p99_ms: float
    longest_ms: float


def spread(seconds: Sequence[float]) -> Spread:
    """The percentiles (nearest rank) of durations in seconds."""
    if not seconds:
        return Spread(0, math.nan, math.nan, math.nan)
    ordered = sorted(seconds)

    def rank(share: float) -> float:
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000

    return Spread(len(ordered), rank(0.5), rank(0.99), ordered[-1] * 1000)
