"""The list of cases (건의 목록): my offices' ones, narrowed, searched, paged, with things to do to many."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from cases.numbers import CaseNumber
from cases.vocabulary import Kind, Role, State
from storage.casebook import case_by_number
from storage.ledger import page_of_cases
from storage.tallies import count_overdue, count_states
from storage.views import views_of
from web.staff.asking import FIELDS, VIEWS, address, asked_of, read_mark, write_mark
from web.staff.offices import office_names
from web.staff.pages import Visit, go
from web.staff.rights import may_see

PAGE = 50
COUNTED = 1000
"""Counts stop here: nobody reads more of a number than that, and the database need not either."""

_LASTING = frozenset({"open", "overdue"})
_NARROWING = tuple(name for name in FIELDS if name not in {"view", "order"})
_PLAIN = frozenset({"q", "state"})


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
    asked = asked_of(visit)
    mark = read_mark(visit.asked("after"))
    async with visit.console.database.read() as connection:
        page = await page_of_cases(connection, asked.search, limit=PAGE, after=mark)
        counts = await count_states(connection, asked.counted, at_most=COUNTED)
        overdue = await count_overdue(connection, asked.counted, visit.now, at_most=COUNTED)
        views = await views_of(connection, visit.staff.id)
    directory = visit.console.wording.directory
    return visit.page(
        "list.html",
        page=page,
        entries=page.entries,
        tabs=_tabs(visit, asked.view, counts, overdue, everything=asked.seen is None),
        view=asked.view,
        order=asked.search.order.value,
        more=address(visit, after=write_mark(page.more)) if page.more else "",
        first=address(visit) if mark else "",
        asked={name: visit.asked(name) for name in FIELDS},
        office_unknown=bool(visit.asked("office")) and asked.office is None,
        narrowed=any(visit.asked(name) for name in _NARROWING),
        filtered=any(visit.asked(name) for name in _NARROWING if name not in _PLAIN),
        kinds=tuple(Kind),
        districts=directory.city.districts,
        offices=office_names(directory, visit.locale, asked.seen),
        counted=COUNTED,
        has_offices=asked.seen is None or bool(asked.seen),
        views=views,
        saved=visit.asked("saved"),
        here=address(visit).partition("?")[2],
        picks=visit.staff.role is not Role.READER and asked.view != "given_away",
    )


async def _may_open(visit: Visit, number: CaseNumber) -> bool:
    async with visit.console.database.read() as connection:
        case = await case_by_number(connection, number)
        return case is not None and await may_see(connection, visit.staff, case)


def _tabs(
    visit: Visit, view: str, counts: Mapping[State, int], overdue: int, *, everything: bool
) -> list[Tab]:
    in_view = {
        "open": min(sum(many for state, many in counts.items() if state.is_open), COUNTED),
        "overdue": overdue,
        **{state.value: many for state, many in counts.items()},
    }
    # States nobody is in would only be in the way, but for the one that is looked at.
    names = [name for name in VIEWS if name == view or in_view.get(name, 1) or name in _LASTING]
    if everything:
        names.remove("given_away")
    return [Tab(name, address(visit, view=name, state=""), in_view.get(name), name == view) for name in names]
