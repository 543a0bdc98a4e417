"""Figures of meetings (소통행사 집계): by kind, district and year, and against the plan."""

from datetime import date
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from cases.vocabulary import Role
from reports.charts import bar
from reports.gatherings import against_plan, gather
from reports.periods import FIRST_YEAR, LAST_YEAR
from reports.state_sets import OWN
from storage.gatherings import (
    cases_raised,
    meeting_kinds,
    meeting_plans,
    meetings_a_year,
    meetings_held,
    set_meeting_plan,
)
from web.staff.figures import asked, choices, name_of, states_of
from web.staff.pages import Visit, go

PATH = "/staff/figures/meetings"
PLANNERS = frozenset({Role.DESK, Role.ADMIN})
MOST_KINDS = 100
MOST_SHOWN = 200
MOST_PLANNED = 1_000_000


async def show_meetings(visit: Visit) -> Response:
    """The meetings of a period: how many, where, with whom, and what was raised there."""
    return await _page(visit)


async def set_plan(visit: Visit) -> Response:
    """Write down how many meetings are to be held in all by the end of a year; nothing takes it away."""
    year, planned = visit.typed("year"), visit.typed("planned")
    if not _is_number(year, FIRST_YEAR, LAST_YEAR) or (planned and not _is_number(planned, 0, MOST_PLANNED)):
        return await _page(visit, 422, fault="plan")
    async with visit.console.database.begin() as connection:
        await set_meeting_plan(connection, int(year), int(planned) if planned else None)
        await visit.note(connection, "figures.plan", year, planned=int(planned) if planned else -1)
    return go(f"{PATH}#plan")


async def _page(visit: Visit, status: int = 200, fault: str = "") -> Response:
    period, chosen, _ = asked(visit)
    chosen = OWN if chosen.by_outcome else chosen
    kind, district = visit.asked("kind")[:64], visit.asked("district")[:32]
    today = visit.now.astimezone(visit.console.services.world.zone).date()
    until = min(today, period.last) if visit.asked("to") or visit.asked("half") else today
    async with visit.console.database.read() as connection:
        held = await meetings_held(connection, period.first, period.last, kind=kind, district=district)
        raised = await cases_raised(connection, period.first, period.last, kind=kind, district=district)
        kinds = await meeting_kinds(connection, limit=MOST_KINDS)
        plans = await meeting_plans(connection)
        since = date(plans[0][0], 1, 1) if plans else today
        a_year = await meetings_a_year(connection, since, until) if plans else {}
    return visit.page(
        "figures_meetings.html",
        status,
        period=period,
        chosen=chosen,
        all=gather(held, raised, chosen),
        held=held[:MOST_SHOWN],
        most_shown=MOST_SHOWN,
        kind=kind,
        district=district,
        meeting_kinds=kinds,
        plans=against_plan(plans, a_year, until.year),
        until=until,
        may_plan=visit.staff.role in PLANNERS,
        fault=fault,
        bar=lambda part, whole: Markup(bar(part, whole)),  # noqa: S704 - numbers only
        narrowed=lambda **more: _narrowed(visit, **more),
        name_of=lambda dimension, value: name_of(visit, dimension, value),
        states_of=states_of,
        **choices(visit, (), ()),
    )


def _narrowed(visit: Visit, **more: str) -> str:
    """This page, narrowed further."""
    names = ("half", "from", "to", "set", "kind", "district")
    query = {name: visit.asked(name) for name in names} | more
    return f"{PATH}?{urlencode({name: value for name, value in query.items() if value})}"


def _is_number(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 9 and least <= int(text) <= most
