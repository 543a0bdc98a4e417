"""My day (오늘 할 일): what there is to do for the person's offices, each count leading to its list."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from storage.consultations import Awaited, awaited_from
from storage.contacts import count_calls
from storage.tallies import Day, Times, count_day
from web.staff.asking import day_bounds, last_account
from web.staff.listing import COUNTED
from web.staff.pages import Visit
from web.staff.rights import HANDLERS, offices_seen

_CONSULTATIONS_SHOWN = 20

_LINKS: tuple[tuple[str, str], ...] = (
    ("overdue", "/staff?view=overdue"),
    ("due_today", "/staff?due=today"),
    ("answered", "/staff?talk=answered"),
    ("second_looks", "/staff?talk=second_look"),
    ("new", "/staff?view=received"),
    ("waiting", "/staff?talk=waiting"),
    ("silent", "/staff?silent=1"),
    ("conflicts", "/staff/conflicts"),
)
"""Each count and the list it opens, what is pressing first."""
_PRESSING = frozenset({"overdue", "due_today"})


@dataclass(frozen=True, slots=True)
class Count:
    """One line of the day: its name, how many, where they are; `pressing` ones stand out."""

    name: str
    many: int
    link: str
    pressing: bool


async def show_day(visit: Visit) -> Response:
    """The first page after signing in."""
    offices = offices_seen(visit.staff)
    _, tomorrow = day_bounds(visit)
    today = visit.now.astimezone(visit.console.services.world.zone).date()
    times = Times(now=visit.now, tomorrow=tomorrow, account=last_account(visit), today=today)
    async with visit.console.database.read() as connection:
        day = await count_day(connection, offices, times, at_most=COUNTED)
        to_call = await count_calls(connection, offices, at_most=COUNTED)
        asked: Sequence[Awaited] = []
        if visit.staff.offices:
            asked = await awaited_from(connection, visit.staff.offices, limit=_CONSULTATIONS_SHOWN)
    counts = _counts(day)
    if visit.staff.role in HANDLERS:
        counts.append(Count("calls", to_call, "/staff/calls", pressing=False))
    return visit.page(
        "day.html",
        counts=[one for one in counts if one.many],
        idle=[one for one in counts if not one.many],
        first=next((one for one in counts if one.many), None),
        asked=asked,
        counted=COUNTED,
        today=today,
        has_offices=offices is None or bool(offices),
        everything=offices is None,
    )


def _counts(day: Day) -> list[Count]:
    return [Count(name, getattr(day, name), link, name in _PRESSING) for name, link in _LINKS]
