"""Figures (집계): what came in a period and how it stands, each number leading to exactly its cases."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from cases.figures import SLICED_BY, WHOLE_CITY, Dimension, slice_of
from cases.halves import Half
from cases.vocabulary import OPEN_STATES, Kind, OfficeId, State
from reports.charts import Column, bar, column_chart
from reports.periods import Period, halves_back, month_days, period_of
from reports.state_sets import OWN, STATE_SETS, StateSet, set_of
from reports.summary import Summary, parts_of, summarise
from storage.figures import count_all, is_behind, known_values, read_counts, read_months
from web.staff.offices import best_office, office_names
from web.staff.pages import Visit
from web.staff.rights import offices_seen

HALVES = 12
MOST_VALUES = 200
MOST_LINES = 60
_COUNTED_FIRST = 400
"""Lines of history that are counted before the page is shown; the ticking does the others."""

TABLES = (Dimension.KIND, Dimension.DISTRICT, Dimension.OFFICE, Dimension.FIELD, Dimension.MEETING)
_LINKED_BY: Mapping[str, str] = {
    **{one.value: name for one, name in SLICED_BY.items()},
    "meeting": "meeting_kind",
}
"""By which name of the list's address a value of each dimension is asked for."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures they are: the slices added up, what narrows the list behind them, and what to call it."""

    slices: tuple[str, ...]
    narrowing: Mapping[str, str]
    dimension: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of the table of months."""

    month: int
    parts: tuple[int, ...]
    link: str


async def show_figures(visit: Visit) -> Response:
    """The figures that were asked for."""
    period, chosen, scope = asked(visit)
    database = visit.console.database
    async with database.read() as connection:
        behind = await is_behind(connection)
    if behind:
        await count_all(database, visit.console.services.world.zone, most=_COUNTED_FIRST, again=False)
    async with database.read() as connection:
        counts = await read_counts(connection, scope.slices, period.first_month, period.last_month)
        months = await read_months(connection, scope.slices, period.first_month, period.last_month)
        fields = await known_values(connection, Dimension.FIELD, limit=MOST_VALUES)
        kinds_of_meeting = await known_values(connection, Dimension.MEETING, limit=MOST_VALUES)
        behind = await is_behind(connection)
    summary = summarise(counts, chosen, visit.now)
    by_line = OWN if chosen.by_outcome else chosen
    return visit.page(
        "figures.html",
        200,
        summary=summary,
        chosen=chosen,
        by_line=by_line,
        period=period,
        scope=scope,
        tables=[summary.tables[one.value] for one in TABLES if _is_told(one, summary, scope)],
        months=list(_months(period, by_line, months, scope)),
        chart=_chart(visit, period, months),
        bar=lambda part, whole: Markup(bar(part, whole)),  # noqa: S704 - numbers only
        list_link=lambda **more: link(period, scope, **more),
        value_link=lambda dimension, value: link(period, scope, **{_LINKED_BY[dimension]: value}),
        name_of=lambda dimension, value: name_of(visit, dimension, value),
        states_of=states_of,
        open_states=_joined(sorted(OPEN_STATES)),
        closed_states=_joined(state for state in State if not state.is_open),
        most_lines=MOST_LINES,
        behind=behind,
        **choices(visit, fields, kinds_of_meeting),
    )


def asked(visit: Visit) -> tuple[Period, StateSet, Scope]:
    """What the address asks for: the period, the set of states, whose figures."""
    today = visit.now.astimezone(visit.console.services.world.zone).date()
    period = period_of(visit.asked("half"), visit.asked("from"), visit.asked("to"), today)
    return period, set_of(visit.asked("set")), _scope(visit)


def _scope(visit: Visit) -> Scope:
    seen = offices_seen(visit.staff)
    typed = visit.asked("office")
    office = best_office(visit.console.wording.directory, typed) if typed else None
    if office is not None and (seen is None or office in seen):
        return Scope((slice_of(Dimension.OFFICE, office),), {"office": office}, "office", office)
    if seen is not None:
        return Scope(tuple(slice_of(Dimension.OFFICE, one) for one in sorted(seen)) or ("none",), {})
    name, _, value = visit.asked("of").partition(":")
    dimension = next((one for one, known in SLICED_BY.items() if known == name), None)
    if dimension is None or not value:
        return Scope((WHOLE_CITY,), {})
    return Scope(
        (slice_of(dimension, value[:64]),),
        {_LINKED_BY[dimension.value]: value[:64]},
        dimension.value,
        value[:64],
    )


def choices(visit: Visit, fields: Sequence[str], kinds_of_meeting: Sequence[str]) -> dict[str, object]:
    """What the form offers."""
    today = visit.now.astimezone(visit.console.services.world.zone).date()
    seen = offices_seen(visit.staff)
    directory = visit.console.wording.directory
    return {
        "halves": [str(half) for half in halves_back(today, HALVES)],
        "sets": STATE_SETS,
        "this_half": str(Half.of(today)),
        "asked": {name: visit.asked(name) for name in ("half", "from", "to", "set", "office", "of", "kind")},
        "offices": office_names(directory, visit.locale, seen),
        "whole_city": seen is None,
        "districts": directory.city.districts,
        "kinds": tuple(Kind),
        "fields": fields,
        "kinds_of_meeting": kinds_of_meeting,
    }


def link(period: Period, scope: Scope, **more: str) -> str:
    """The list of exactly the cases a number counts."""
    query = {
        "view": "all",
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        **scope.narrowing,
        **more,
    }
    return f"/staff?{urlencode({name: value for name, value in query.items() if value})}"


def states_of(chosen: StateSet, at: int) -> str:
    """The states of a part of a set, as the list's address names them."""
    return _joined(chosen.parts[at].states)


def name_of(visit: Visit, dimension: str, value: str) -> str:
    """What a value of a dimension is called."""
    directory = visit.console.wording.directory
    match dimension:
        case Dimension.KIND if value in set(Kind):
            return visit.console.wording.say(f"kind.{value}", visit.locale)
        case Dimension.OFFICE:
            return directory.name(OfficeId(value), visit.locale)
        case Dimension.DISTRICT:
            return directory.place_name(value, "", visit.locale)
        case _:
            return value


def _is_told(dimension: Dimension, summary: Summary, scope: Scope) -> bool:
    lines = summary.tables[dimension.value].lines
    # A table of one line says what the heading says already.
    return bool(lines) and (dimension.value != scope.dimension) and any(line.value for line in lines)


def _months(
    period: Period, chosen: StateSet, months: Mapping[int, Mapping[str, int]], scope: Scope
) -> Iterator[MonthLine]:
    for month in period.months():
        states = {State(name): many for name, many in months.get(month, {}).items()}
        yield MonthLine(month, parts_of(chosen, states), link(Period(*month_days(month)), scope))


def _chart(visit: Visit, period: Period, months: Mapping[int, Mapping[str, int]]) -> Markup:
    columns = []
    for month in period.months():
        states = months.get(month, {})
        closed = sum(many for name, many in states.items() if not State(name).is_open)
        columns.append(Column(f"{month % 100}", closed, sum(states.values()) - closed))
    title = visit.console.wording.say("figures.chart", visit.locale)
    return Markup(column_chart(columns, title))  # noqa: S704 - numbers, and a title that is escaped


def _joined(states: Iterator[State] | Sequence[State]) -> str:
    return ",".join(state.value for state in states)
