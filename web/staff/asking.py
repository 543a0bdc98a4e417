"""What a list is asked for by its address: the names other pages link with, read into a search."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from urllib.parse import urlencode

from cases.vocabulary import Kind, OfficeId, State
from schedules.timetable import Timetable, account_before
from storage.narrowing import Mark, Order, Search, Talk
from web.staff.offices import best_office
from web.staff.pages import Visit
from web.staff.rights import offices_seen

FIELDS = (
    "view",
    "q",
    "state",
    "kind",
    "district",
    "place",
    "office",
    "meeting",
    "meeting_kind",
    "field",
    "from",
    "to",
    "talk",
    "due",
    "silent",
    "supporters",
    "order",
)
"""Everything an address of the list may say."""

VIEWS: Mapping[str, tuple[State, ...]] = MappingProxyType(
    {
        "open": tuple(state for state in State if state.is_open),
        "overdue": tuple(state for state in State if state.is_open),
        **{state.value: (state,) for state in State},
        "all": (),
        "given_away": (),
    }
)
"""What the tabs above the list hold."""

_MOST_NUMBER = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A list as it was asked for. `view` is the tab, empty when several states were named."""

    view: str
    search: Search
    office: OfficeId | None
    seen: frozenset[OfficeId] | None
    """The offices whose cases this person may list; None: all."""

    @property
    def counted(self) -> frozenset[OfficeId] | None:
        """The offices that the tabs count."""
        return self.search.offices


def asked_of(visit: Visit) -> Asked:
    """What the address asks for. What cannot be read is as if it was not said."""
    seen = offices_seen(visit.staff)
    typed = visit.asked("office")
    office = best_office(visit.console.wording.directory, typed) if typed else None
    states = _states(visit.asked("state"))
    view = visit.asked("view")
    if states is not None:
        view = states[0].value if len(states) == 1 else "" if states else "all"
    elif view not in VIEWS:
        view = "open"
    search = Search(
        offices=_narrowed(seen, office),
        states=VIEWS[view] if states is None else states,
        overdue_at=visit.now if view == "overdue" else None,
        given_away=view == "given_away",
        words=visit.asked("q"),
        district=visit.asked("district")[:32],
        place=visit.asked("place")[:64],
        field=visit.asked("field")[:100],
        meeting=_number(visit.asked("meeting")) or None,
        meeting_kind=visit.asked("meeting_kind")[:64],
        supporters=_number(visit.asked("supporters")),
    )
    return Asked(view=view, search=_ordered(visit, _dated(visit, search)), office=office, seen=seen)


def address(visit: Visit, **changed: str) -> str:
    """The list as it is asked for, but for what is `changed`."""
    fields = {name: visit.asked(name) for name in FIELDS} | changed
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"/staff?{query}" if query else "/staff"


def read_mark(text: str) -> Mark | None:
    """Where a page begins, as `write_mark` put it into an address."""
    moment, _, last = text.partition("~")
    try:
        # A plus sign in an address is a blank.
        at = datetime.fromisoformat(moment.replace(" ", "+"))
        # The first and the last day there are have no UTC everywhere.
        mark = Mark(at.astimezone(UTC), int(last))
    except (ValueError, OverflowError):
        return None
    return mark if at.tzinfo is not None and 0 <= mark.id < 2**62 else None


def write_mark(mark: Mark) -> str:
    """Where the next page begins, for an address."""
    return f"{mark.at.isoformat()}~{mark.id}"


def day_bounds(visit: Visit) -> tuple[datetime, datetime]:
    """When today began and ends in the city."""
    world = visit.console.services.world
    today = visit.now.astimezone(world.zone).date()
    return _midnight(visit, today), _midnight(visit, today + timedelta(days=1))


def last_account(visit: Visit) -> datetime:
    """When the last half-yearly account was due."""
    world = visit.console.services.world
    return account_before(Timetable(world.directory.city, world.calendar), visit.now)


def _states(text: str) -> tuple[State, ...] | None:
    """The states of a comma-separated list; () is all of them, None that none was named."""
    names = [name for name in text.split(",") if name in {*State, "all"}]
    if not names:
        return None
    return () if "all" in names else tuple(State(name) for name in dict.fromkeys(names))


def _narrowed(seen: frozenset[OfficeId] | None, office: OfficeId | None) -> frozenset[OfficeId] | None:
    if office is None:
        return seen
    return frozenset({office}) if seen is None or office in seen else frozenset()


def _dated(visit: Visit, search: Search) -> Search:
    first, last = _day(visit.asked("from")), _day(visit.asked("to"))
    begin, end = day_bounds(visit)
    today = visit.asked("due") == "today"
    return replace(
        search,
        received_from=_midnight(visit, first) if first else None,
        received_before=_midnight(visit, last + timedelta(days=1)) if last else None,
        due_from=max(begin, visit.now) if today else None,
        due_before=end if today else None,
        silent_since=last_account(visit) if visit.asked("silent") else None,
    )


def _ordered(visit: Visit, search: Search) -> Search:
    kind, talk, order = visit.asked("kind"), visit.asked("talk"), visit.asked("order")
    search = replace(
        search,
        kind=Kind(kind) if kind in set(Kind) else None,
        talk=Talk(talk) if talk in set(Talk) else None,
    )
    if search.received_from is not None or search.received_before is not None:
        # A stretch of time is read along the time.
        return replace(search, order=Order.NEWEST)
    if order in set(Order):
        return replace(search, order=Order(order))
    # A date that is due means something only while a case is open.
    by_due = search.states and all(state.is_open for state in search.states)
    return replace(search, order=Order.DUE if by_due else Order.NEWEST)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _midnight(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(), visit.console.services.world.zone).astimezone(UTC)


def _number(text: str) -> int:
    return min(int(text), _MOST_NUMBER) if text.isascii() and text.isdecimal() else 0
