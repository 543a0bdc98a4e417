"""Tables of meetings (소통행사 표): by kind, district and year, and against the plan."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.vocabulary import State
from reports.state_sets import StateSet
from reports.summary import parts_of
from storage.gatherings import Held, Raised


@dataclass(frozen=True, slots=True)
class Gathered:
    """Meetings that have something in common: how many, where, with whom, and what was raised."""

    name: str
    meetings: int
    places: int
    attendees: int
    cases: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan asks for by the end of a year, and what was reached by then; shares of the last plan."""

    year: int
    planned: int
    planned_percent: int
    reached: int | None
    reached_percent: int | None


@dataclass(frozen=True, slots=True)
class Gatherings:
    """Everything the page of meetings shows."""

    whole: Gathered
    by_kind: tuple[Gathered, ...]
    by_district: tuple[Gathered, ...]
    by_year: tuple[tuple[int, Mapping[str, int]], ...]
    by_meeting: Mapping[int, Gathered]


def gather(held: Sequence[Held], raised: Iterable[Raised], chosen: StateSet) -> Gatherings:
    """Put meetings and the cases raised there together."""
    states: dict[int, dict[State, int]] = defaultdict(dict)
    for one in raised:
        states[one.meeting_id][one.state] = one.n
    by_year: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for meeting in held:
        by_year[meeting.held_on.year][meeting.kind] += 1
    return Gatherings(
        _gathered("", held, states, chosen),
        _grouped(held, states, chosen, lambda meeting: meeting.kind),
        _grouped(held, states, chosen, lambda meeting: meeting.district),
        tuple((year, dict(kinds)) for year, kinds in sorted(by_year.items())),
        {meeting.id: _gathered(meeting.title, [meeting], states, chosen) for meeting in held},
    )


def _grouped(
    held: Sequence[Held],
    states: Mapping[int, Mapping[State, int]],
    chosen: StateSet,
    of: Callable[[Held], str],
) -> tuple[Gathered, ...]:
    groups: dict[str, list[Held]] = defaultdict(list)
    for meeting in held:
        groups[of(meeting)].append(meeting)
    found = [_gathered(name, some, states, chosen) for name, some in groups.items()]
    return tuple(sorted(found, key=lambda one: (-one.meetings, one.name)))


def _gathered(
    name: str, held: Sequence[Held], states: Mapping[int, Mapping[State, int]], chosen: StateSet
) -> Gathered:
    total: dict[State, int] = defaultdict(int)
    for meeting in held:
        for state, many in states.get(meeting.id, {}).items():
            total[state] += many
    return Gathered(
        name,
        len(held),
        len({(meeting.district, meeting.place) for meeting in held if meeting.place}),
        sum(meeting.attendees or 0 for meeting in held),
        sum(total.values()),
        parts_of(chosen, total),
    )


def against_plan(
    plans: Sequence[tuple[int, int]], a_year: Mapping[int, int], last_year: int
) -> tuple[Planned, ...]:
    """Plans of all meetings since the first planned year; nothing is reached yet after `last_year`.

    Shares are of the last plan, in whole per cent, cut off as the offices do.
    """
    if not plans:
        return ()
    first, whole = plans[0][0], plans[-1][1]
    found = []
    for year, planned in plans:
        reached = sum(many for one, many in a_year.items() if first <= one <= year)
        known = year <= last_year
        found.append(
            Planned(
                year,
                planned,
                _percent(planned, whole),
                reached if known else None,
                _percent(reached, whole) if known else None,
            )
        )
    return tuple(found)


def _percent(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0
