"""Figures of a measurement: precision, recall, F1, percentiles."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figures:
    """One class: the rows that belong to it, precision, recall and F1 (0 where undefined)."""

    n: int
    precision: float
    recall: float
    f1: float


def per_class(pairs: Iterable[tuple[str, str]]) -> dict[str, Figures]:
    """Figures of every class that is expected at least once, from (expected, given) pairs, by name."""
    expected: Counter[str] = Counter()
    given: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for want, got in pairs:
        expected[want] += 1
        given[got] += 1
        right[want] += want == got
    return {name: _figures(expected[name], given[name], right[name]) for name in sorted(expected)}


def macro_f1(classes: Iterable[Figures]) -> float:
    """The mean F1 of the classes, each counted once; 0 without any."""
    scores = [one.f1 for one in classes]
    return sum(scores) / len(scores) if scores else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie; 0 without any."""
    if not values:
        return 0.0
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def ratio(part: int, whole: int) -> float:
    """`part` of `whole`, 0 when there is nothing."""
    return part / whole if whole else 0.0


def _figures(expected: int, given: int, right: int) -> Figures:
    precision, recall = ratio(right, given), ratio(right, expected)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return Figures(expected, precision, recall, f1)
