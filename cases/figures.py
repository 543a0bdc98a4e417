"""What figures (집계) count of one case: under which heads it stands, and with which value.

A head is a slice (the city, an office, a kind …) and a dimension (district, days to the close …) within it.
What a case adds to the figures depends on its facts alone, so it can be taken out again when they change.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

IMPORTED = "import"
"""By whom the office of a case was chosen when it came out of a file: nothing is known of its way there."""


class Activity(StrEnum):
    """What was done for a case outside of writing (활동)."""

    INTERVIEW = "interview"  # 면담
    SITE_VISIT = "site_visit"  # 현장방문


class Dimension(StrEnum):
    """By what cases are told apart within a slice; those of the first group also by their state."""

    STATE = "state"
    KIND = "kind"
    DISTRICT = "district"
    OFFICE = "office"
    FIELD = "field"
    MEETING = "meeting"
    OUTCOME = "outcome"

    FIRST_WORD = "first"
    CLOSE = "close"
    DUE = "due"
    MOVES = "moves"
    RIGHT = "right"
    RATING = "rating"
    ACTIVITY = "activity"


BY_STATE = (
    Dimension.STATE,
    Dimension.KIND,
    Dimension.DISTRICT,
    Dimension.OFFICE,
    Dimension.FIELD,
    Dimension.MEETING,
    Dimension.OUTCOME,
)

SLICED_BY: Mapping[Dimension, str] = MappingProxyType(
    {
        Dimension.OFFICE: "office",
        Dimension.KIND: "kind",
        Dimension.DISTRICT: "district",
        Dimension.FIELD: "field",
        Dimension.MEETING: "meeting",
    }
)
"""The dimensions whose values are slices of their own, and the names of the filters that choose them."""

WHOLE_CITY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is counted of one case (집계 사실). Days are calendar days since it was received.

    `month` is 202611, of the day it was received in the city. `due` is the date of an open case, in UTC to
    the minute. `right` is None while nobody can tell: it is not yet taken, or came out of a file.
    """

    month: int
    state: str
    kind: str
    district: str
    office: str
    field: str
    meeting: str
    outcome: str
    moves: int
    first_days: int | None
    close_days: int | None
    due: str
    rating: int | None
    right: bool | None
    interviews: int = 0
    site_visits: int = 0

    def written(self) -> str:
        """As it is kept."""
        return json.dumps(_VALUES(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Facts":
        """What `written` wrote."""
        return cls(**dict(zip(cls.__slots__, json.loads(text), strict=True)))


_VALUES = attrgetter(*(one.name for one in fields(Facts)))


class Head(NamedTuple):
    """Where a case is counted. `month` is 202611, or 202614 for the whole half-year."""

    slice: str
    dimension: str
    month: int
    value: str
    state: str


def half_of(month: int) -> int:
    """The half-year of a month (202605), as it is counted: 202613 for the first, 202614 for the second."""
    return month // 100 * 100 + (13 if month % 100 <= 6 else 14)


def spans(first: int, last: int) -> tuple[int, ...]:
    """The months from `first` to `last`, whole half-years as one: 202511 to 202607 ends in 202613, 202607."""
    found: list[int] = []
    for year in range(first // 100, last // 100 + 1):
        for begins, ends in ((1, 6), (7, 12)):
            months = [
                month for month in range(year * 100 + begins, year * 100 + ends + 1) if first <= month <= last
            ]
            found += months if len(months) < 6 else [half_of(months[0])]
    return tuple(found)


def slice_of(dimension: Dimension, value: str) -> str:
    """The name of the slice of all cases that share a value."""
    return f"{SLICED_BY[dimension]}:{value}"


def heads(facts: Facts) -> Iterator[tuple[Head, int]]:
    """Every head the case stands under, and what it adds there."""
    values = {
        Dimension.STATE: "",
        Dimension.KIND: facts.kind,
        Dimension.DISTRICT: facts.district,
        Dimension.OFFICE: facts.office,
        Dimension.FIELD: facts.field,
        Dimension.MEETING: facts.meeting,
        Dimension.OUTCOME: facts.outcome,
    }
    measures = tuple(_measures(facts))
    for name in _slices(values):
        for dimension in BY_STATE:
            # An office's slice need not say again whose it is; most cases have no field and no meeting.
            if values[dimension] or dimension in (Dimension.STATE, Dimension.DISTRICT):
                yield Head(name, dimension.value, facts.month, values[dimension], facts.state), 1
        for dimension, value, many in measures:
            yield Head(name, dimension.value, facts.month, value, ""), many


def _slices(values: Mapping[Dimension, str]) -> Iterator[str]:
    yield WHOLE_CITY
    for dimension in SLICED_BY:
        if values[dimension]:
            yield slice_of(dimension, values[dimension])


def _measures(facts: Facts) -> Iterator[tuple[Dimension, str, int]]:
    if facts.first_days is not None:
        yield Dimension.FIRST_WORD, str(facts.first_days), 1
    if facts.close_days is not None:
        yield Dimension.CLOSE, str(facts.close_days), 1
    if facts.due:
        yield Dimension.DUE, facts.due, 1
    if facts.moves:
        yield Dimension.MOVES, str(facts.moves), 1
    if facts.rating is not None:
        yield Dimension.RATING, str(facts.rating), 1
    if facts.right is not None:
        yield Dimension.RIGHT, "yes" if facts.right else "no", 1
    for activity, many in ((Activity.INTERVIEW, facts.interviews), (Activity.SITE_VISIT, facts.site_visits)):
        if many:
            yield Dimension.ACTIVITY, activity.value, many


def median(counts: Mapping[int, int]) -> float | None:
    """The median of values and how often each came; None of none. Of an even number, the middle of two."""
    total = sum(counts.values())
    if total <= 0:
        return None
    middle, seen, lower = (total - 1) // 2, 0, None
    for value in sorted(counts):
        seen += counts[value]
        if lower is None and seen > middle:
            lower = value
        if seen > total // 2:
            assert lower is not None
            return (lower + value) / 2
    return None
