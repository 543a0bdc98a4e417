"""What a page of figures says (집계): from counts, each total the sum of the parts shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cases.figures import Activity, Dimension, median
from cases.proposals import Outcome
from cases.vocabulary import OPEN_STATES, State
from reports.state_sets import OWN, StateSet
from storage.figures import Count

ByState = Mapping[State, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a value, its cases by state, and the parts of the chosen set."""

    value: str
    states: ByState
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """The sum of the parts shown."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Table:
    """Lines that belong together, the largest first, and their sum below."""

    dimension: str
    lines: tuple[Line, ...]

    @property
    def parts(self) -> tuple[int, ...]:
        """Each column's sum."""
        return tuple(sum(column) for column in zip(*(line.parts for line in self.lines), strict=True))

    @property
    def total(self) -> int:
        """The sum of all lines."""
        return sum(line.total for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Figures of one slice. Days are calendar days; shares are between 0 and 1; None: nothing to tell of."""

    received: int
    closed: int
    open: int
    overdue: int
    first_days: float | None
    close_days: float | None
    moves_a_case: float | None
    right_share: float | None
    right_of: int
    rating: float | None
    rated: int
    interviews: int
    site_visits: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything one page shows."""

    chosen: StateSet
    measures: Measures
    parts: tuple[int, ...]
    states: ByState
    tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The sum of the parts shown."""
        return sum(self.parts)


def summarise(counts: Iterable[Count], chosen: StateSet, now: datetime) -> Summary:
    """Put the counts of a page's slices together. `now` decides what is past its date."""
    by_dimension: dict[str, list[Count]] = defaultdict(list)
    for count in counts:
        by_dimension[count.dimension].append(count)
    states = _states(by_dimension[Dimension.STATE])
    decided = _numbers(by_dimension[Dimension.OUTCOME])
    by_line = OWN if chosen.by_outcome else chosen
    return Summary(
        chosen,
        _measures(by_dimension, states, now),
        parts_of(chosen, states, decided),
        states,
        {
            dimension.value: _table(dimension, by_dimension[dimension], by_line)
            for dimension in (
                Dimension.KIND,
                Dimension.DISTRICT,
                Dimension.OFFICE,
                Dimension.FIELD,
                Dimension.MEETING,
            )
        },
    )


def parts_of(chosen: StateSet, states: ByState, decided: Mapping[str, int] | None = None) -> tuple[int, ...]:
    """How many cases belong to each part of a set. `decided` are proposals by outcome."""
    outcomes = {Outcome(name): many for name, many in (decided or {}).items()} if chosen.by_outcome else {}
    return tuple(
        sum(outcomes.get(outcome, 0) for outcome in part.outcomes)
        + sum(states.get(state, 0) for state in part.states)
        - (sum(outcomes.values()) if part.states and chosen.by_outcome else 0)
        for part in chosen.parts
    )


def line_of(value: str, states: ByState, chosen: StateSet) -> Line:
    """A line of its own, for tables that are counted elsewhere."""
    return Line(value, states, parts_of(chosen, states))


def _table(dimension: Dimension, counts: Sequence[Count], chosen: StateSet) -> Table:
    by_value: dict[str, list[Count]] = defaultdict(list)
    for count in counts:
        by_value[count.value].append(count)
    lines = [line_of(value, _states(some), chosen) for value, some in by_value.items()]
    return Table(dimension.value, tuple(sorted(lines, key=lambda line: (-line.total, line.value))))


def _measures(by_dimension: Mapping[str, Sequence[Count]], states: ByState, now: datetime) -> Measures:
    received = sum(states.values())
    opened = sum(many for state, many in states.items() if state in OPEN_STATES)
    due = _numbers(by_dimension.get(Dimension.DUE, ()))
    right = _numbers(by_dimension.get(Dimension.RIGHT, ()))
    ratings = _days(by_dimension.get(Dimension.RATING, ()))
    moves = _days(by_dimension.get(Dimension.MOVES, ()))
    activities = _numbers(by_dimension.get(Dimension.ACTIVITY, ()))
    return Measures(
        received=received,
        closed=received - opened,
        open=opened,
        overdue=sum(many for moment, many in due.items() if moment < f"{now:%Y-%m-%dT%H:%M}"),
        first_days=median(_days(by_dimension.get(Dimension.FIRST_WORD, ()))),
        close_days=median(_days(by_dimension.get(Dimension.CLOSE, ()))),
        moves_a_case=_weighted(moves) / received if received else None,
        right_share=right.get("yes", 0) / sum(right.values()) if right else None,
        right_of=sum(right.values()),
        rating=_weighted(ratings) / sum(ratings.values()) if ratings else None,
        rated=sum(ratings.values()),
        interviews=activities.get(Activity.INTERVIEW.value, 0),
        site_visits=activities.get(Activity.SITE_VISIT.value, 0),
    )


def _weighted(counts: Mapping[int, int]) -> int:
    return sum(value * many for value, many in counts.items())


def _states(counts: Iterable[Count]) -> dict[State, int]:
    found: dict[State, int] = {}
    for count in counts:
        state = State(count.state)
        found[state] = found.get(state, 0) + count.n
    return found


def _numbers(counts: Iterable[Count]) -> dict[str, int]:
    found: dict[str, int] = {}
    for count in counts:
        found[count.value] = found.get(count.value, 0) + count.n
    return found


def _days(counts: Iterable[Count]) -> dict[int, int]:
    return {int(value): many for value, many in _numbers(counts).items()}
