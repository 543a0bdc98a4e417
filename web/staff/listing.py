"""The list of cases (건의 목록): my offices' ones, by state, kind, place, office, date and words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import urlencode

from starlette.responses import Response

from cases.numbers import CaseNumber
from cases.vocabulary import Kind, OfficeId, State
from storage.casebook import case_by_number
from storage.ledger import Mark, Order, Search, Talk, count_overdue, count_states, find_cases
from web.staff.offices import best_office, office_names
from web.staff.pages import Visit, go
from web.staff.rights import may_see, offices_seen

PAGE = 50
COUNTED = 1000
"""Counts stop here: nobody reads more of a number than that, and the database need not either."""

_FIELDS = ("view", "q", "kind", "district", "office", "talk", "order")

_VIEWS: Mapping[str, tuple[State, ...]] = MappingProxyType(
    {
        "open": tuple(state for state in State if state.is_open),
        "overdue": tuple(state for state in State if state.is_open),
        **{state.value: (state,) for state in State},
        "all": (),
        "given_away": (),
    }
)
"""What the tabs above the list hold."""
_LASTING = frozenset({"open", "overdue"})


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its name, where it leads, how many cases are in it (None: not counted)."""

    view: str
    link: str
    count: int | None
    current: bool


async def show_list(visit: Visit) -> Response:
    """One page of the list the person asked for."""
    words = visit.asked("q")
    number = CaseNumber.parse(words) if words else None
    if number is not None and await _may_open(visit, number):
        return go(f"/staff/cases/{number}")
    seen = offices_seen(visit.staff)
    office = await _office_asked(visit)
    view = visit.asked("view") if visit.asked("view") in _VIEWS else "open"
    search = _search(visit, view, seen, office)
    mark = _mark(visit.asked("after"))
    counted = _narrowed(seen, office)
    async with visit.console.database.read() as connection:
        entries = await find_cases(connection, search, limit=PAGE + 1, after=mark)
        counts = await count_states(connection, counted, at_most=COUNTED)
        overdue = await count_overdue(connection, counted, visit.now, at_most=COUNTED)
    shown = entries[:PAGE]
    more = (
        _link(visit, after=f"{shown[-1].mark.due_at.isoformat()}~{shown[-1].id}")
        if len(entries) > PAGE
        else ""
    )
    return visit.page(
        "list.html",
        entries=shown,
        tabs=_tabs(visit, view, counts, overdue, everything=seen is None),
        view=view,
        order=search.order.value,
        more=more,
        first=_link(visit) if mark else "",
        asked={name: visit.asked(name) for name in _FIELDS},
        office_asked=visit.asked("office"),
        office_unknown=bool(visit.asked("office")) and office is None,
        narrowed=any(visit.asked(name) for name in ("q", "kind", "district", "office", "talk")),
        kinds=tuple(Kind),
        districts=visit.console.wording.directory.city.districts,
        offices=office_names(visit.console.wording.directory, visit.locale, seen),
        counted=COUNTED,
        has_offices=seen is None or bool(seen),
    )


async def _may_open(visit: Visit, number: CaseNumber) -> bool:
    async with visit.console.database.read() as connection:
        case = await case_by_number(connection, number)
        return case is not None and await may_see(connection, visit.staff, case)


async def _office_asked(visit: Visit) -> OfficeId | None:
    asked = visit.asked("office")
    return best_office(visit.console.wording.directory, asked) if asked else None


def _narrowed(seen: frozenset[OfficeId] | None, office: OfficeId | None) -> frozenset[OfficeId] | None:
    if office is None:
        return seen
    return frozenset({office}) if seen is None or office in seen else frozenset()


def _search(visit: Visit, view: str, seen: frozenset[OfficeId] | None, office: OfficeId | None) -> Search:
    kind, talk = visit.asked("kind"), visit.asked("talk")
    search = Search(
        offices=_narrowed(seen, office),
        states=_VIEWS[view],
        kind=Kind(kind) if kind in set(Kind) else None,
        district=visit.asked("district")[:32],
        overdue_at=visit.now if view == "overdue" else None,
        talk=Talk(talk) if talk in set(Talk) else None,
        words=visit.asked("q"),
        given_away=view == "given_away",
    )
    return replace(search, order=_order(visit.asked("order"), search.states))


def _order(asked: str, states: tuple[State, ...]) -> Order:
    if asked in set(Order):
        return Order(asked)
    # A date that is due means something only while a case is open.
    return Order.DUE if states and all(state.is_open for state in states) else Order.NEWEST


def _mark(text: str) -> Mark | None:
    due, _, last = text.partition("~")
    try:
        # A plus sign in an address is a blank.
        moment = datetime.fromisoformat(due.replace(" ", "+"))
        # The first and the last day there are have no UTC everywhere.
        mark = Mark(moment.astimezone(UTC), int(last))
    except (ValueError, OverflowError):
        return None
    return mark if moment.tzinfo is not None and 0 <= mark.id < 2**62 else None


def _tabs(
    visit: Visit, view: str, counts: Mapping[State, int], overdue: int, *, everything: bool
) -> list[Tab]:
    in_view = {
        "open": min(sum(many for state, many in counts.items() if state.is_open), COUNTED),
        "overdue": overdue,
        **{state.value: many for state, many in counts.items()},
    }
    # States nobody is in would only be in the way, but for the one that is looked at.
    names = [name for name in _VIEWS if name == view or in_view.get(name, 1) or name in _LASTING]
    if everything:
        names.remove("given_away")
    return [Tab(name, _link(visit, view=name), in_view.get(name), name == view) for name in names]


def _link(visit: Visit, **changed: str) -> str:
    fields = {name: visit.asked(name) for name in _FIELDS} | changed
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"/staff?{query}" if query else "/staff"
