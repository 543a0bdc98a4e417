"""Meetings with residents (소통행사): the list by year, writing one down, and its page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypedDict

from sqlalchemy.exc import IntegrityError
from starlette.responses import Response

from cases.vocabulary import OfficeId, Role
from storage.meetings import (
    Meeting,
    add_meeting,
    by_code,
    change_meeting,
    count_cases,
    meeting_by_id,
    meetings_of,
    new_code,
    years_of_meetings,
)
from web.staff.desk_form import today
from web.staff.meetings_account import account_of
from web.staff.offices import office_names
from web.staff.pages import NotFound, Visit, go
from web.staff.rights import DESK, HANDLERS

KINDS = (
    "동 연두방문",
    "시장방문",
    "구청장 차담회",
    "현장방문·공감소통",
    "현장대화의 날",
    "정책간담회",
    "소통한마당",
    "시민정책 소통의 날",
    "찾아가는 시청",
    "1일 현장민원실",
    "동 주민자치 소통 간담회",
    "통장협의회 간담회",
    "토론회",
    "기타",
)
"""Kinds of meetings (방문형태) as offices call them; any other may be typed. Figures count by these words."""

MOST_ATTENDEES = 1_000_000

_CODE = re.compile(r"[a-z2-9]{8}")
_LONGEST: Mapping[str, int] = MappingProxyType({"title": 200, "kind": 64, "place": 64, "hosts": 200})
_NEEDED = ("title", "kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields of a meeting's form as they were typed."""

    title: str = ""
    kind: str = ""
    held_on: str = ""
    district: str = ""
    place: str = ""
    hosts: str = ""
    attendees: str = ""
    office: str = ""


class Values(TypedDict):
    """What is written of a meeting's form."""

    title: str
    kind: str
    held_on: date
    district: str
    place: str
    hosts: str
    attendees: int | None
    office: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Which field cannot be taken, and why: a text below `meeting.fault.`."""

    where: str
    reason: str


async def show_meetings(visit: Visit) -> Response:
    """The meetings of a year, with how many cases each brought."""
    this_year = today(visit).year
    asked = visit.asked("year")
    year = (
        int(asked) if asked.isascii() and asked.isdecimal() and 1990 <= int(asked[:5]) <= 2200 else this_year
    )
    async with visit.console.database.read() as connection:
        found = await meetings_of(connection, year)
        raised = await count_cases(connection, [one.id for one in found])
        first, last = await years_of_meetings(connection) or (this_year, this_year)
    return visit.page(
        "meetings.html",
        meetings=found,
        raised=raised,
        year=year,
        years=range(max(last, this_year), min(first, this_year) - 1, -1),
        may_add=may_add(visit),
        attended=sum(one.attendees or 0 for one in found),
    )


async def show_new(visit: Visit) -> Response:
    """An empty form."""
    return _form(visit, Typed(held_on=today(visit).isoformat()), code=new_code())


async def add(visit: Visit) -> Response:
    """Write a meeting down. Sent twice, a form makes one."""
    typed, code = _typed(visit), visit.typed("code")
    code = code if _CODE.fullmatch(code) else new_code()
    values = _values(visit, typed)
    if isinstance(values, Fault):
        return _form(visit, typed, code=code, fault=values, status=422)
    try:
        async with visit.console.database.begin() as connection:
            meeting_id = await add_meeting(
                connection, code=code, by=visit.staff.name, now=visit.now, **values
            )
            await visit.note(connection, "meeting.added", str(meeting_id))
    except IntegrityError:
        async with visit.console.database.read() as connection:
            there = await by_code(connection, code)
        if there is None:
            raise
        meeting_id = there.id
    return go(f"/staff/meetings/{meeting_id}?done=added")


async def show_meeting(visit: Visit) -> Response:
    """The page of a meeting: its link and poster, what was raised there, and the form to mend it."""
    return await _page(visit, await meeting_of(visit))


async def save(visit: Visit) -> Response:
    """Mend a meeting. Who was slower sees what has changed, with their own words beside it."""
    meeting, typed = await meeting_of(visit), _typed(visit)
    if not may_change(visit, meeting):
        raise NotFound
    values = _values(visit, typed)
    if isinstance(values, Fault):
        return await _page(visit, meeting, typed=typed, fault=values, status=422)
    seen = visit.typed("version")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else -1
    async with visit.console.database.begin() as connection:
        done = await change_meeting(connection, meeting.id, version, {**values}, by=visit.staff.name)
        if done:
            await visit.note(connection, "meeting.changed", str(meeting.id))
    if done:
        return go(f"/staff/meetings/{meeting.id}?done=saved")
    now = await meeting_of(visit)
    if typed_of(now) == typed:
        # The same form sent twice: it was done the first time.
        return go(f"/staff/meetings/{meeting.id}?done=saved")
    return await _page(visit, now, typed=typed, outrun=True, status=409)


async def meeting_of(visit: Visit) -> Meeting:
    """The meeting the path names. Raises NotFound."""
    async with visit.console.database.read() as connection:
        meeting = await meeting_by_id(connection, visit.number("id"))
    if meeting is None:
        raise NotFound
    return meeting


def may_add(visit: Visit) -> bool:
    """The desk writes down any meeting, a head those of their own offices."""
    head = visit.staff.role is Role.HEAD and bool(visit.staff.offices)
    return visit.staff.role in DESK or head


def may_change(visit: Visit, meeting: Meeting) -> bool:
    """Whoever may write it down may mend it."""
    own = visit.staff.role is Role.HEAD and meeting.office in visit.staff.offices
    return visit.staff.role in DESK or own


def typed_of(meeting: Meeting) -> Typed:
    """The form as it shows a meeting that is there."""
    return Typed(
        title=meeting.title,
        kind=meeting.kind,
        held_on=meeting.held_on.isoformat(),
        district=meeting.district,
        place=meeting.place,
        hosts=meeting.hosts,
        attendees="" if meeting.attendees is None else str(meeting.attendees),
        office=meeting.office,
    )


def _typed(visit: Visit) -> Typed:
    return Typed(**{name: visit.typed(name) for name in Typed.__slots__})


def _values(visit: Visit, typed: Typed) -> Values | Fault:
    directory = visit.console.wording.directory
    for name in _NEEDED:
        if not getattr(typed, name):
            return Fault(name, "needed")
    for name, most in _LONGEST.items():
        if len(getattr(typed, name)) > most:
            return Fault(name, "too_long")
    try:
        held_on = date.fromisoformat(typed.held_on)
    except ValueError:
        return Fault("held_on", "date")
    if typed.district and directory.district(typed.district) is None:
        return Fault("district", "district")
    attendees = typed.attendees.replace(",", "")
    if attendees and not (
        attendees.isascii() and attendees.isdecimal() and int(attendees[:9]) <= MOST_ATTENDEES
    ):
        return Fault("attendees", "number")
    offices = _offices(visit)
    office = typed.office or (offices[0][0] if len(offices) == 1 and visit.staff.role is Role.HEAD else "")
    if office not in {"" if visit.staff.role in DESK else None, *(one for one, _ in offices)}:
        return Fault("office", "office")
    return Values(
        title=typed.title,
        kind=typed.kind,
        held_on=held_on,
        district=typed.district,
        place=typed.place,
        hosts=typed.hosts,
        attendees=int(attendees) if attendees else None,
        office=office,
    )


def _offices(visit: Visit) -> list[tuple[OfficeId, str]]:
    among = None if visit.staff.role in DESK else visit.staff.offices
    return office_names(visit.console.wording.directory, visit.locale, among)


def _form(
    visit: Visit, typed: Typed, *, code: str, fault: Fault | None = None, status: int = 200
) -> Response:
    if not may_add(visit):
        raise NotFound
    return visit.page(
        "meeting_new.html",
        status,
        typed=typed,
        code=code,
        fault=fault,
        now_is=None,
        kinds=KINDS,
        districts=visit.console.wording.directory.city.districts,
        offices=_offices(visit),
        any_office=visit.staff.role in DESK,
    )


async def _page(
    visit: Visit,
    meeting: Meeting,
    *,
    typed: Typed | None = None,
    fault: Fault | None = None,
    outrun: bool = False,
    status: int = 200,
) -> Response:
    account = await account_of(visit, meeting)
    done = visit.asked("done")
    return visit.page(
        "meeting.html",
        status,
        meeting=meeting,
        account=account,
        typed=typed or typed_of(meeting),
        fault=fault,
        now_is=typed_of(meeting) if outrun else None,
        kinds=KINDS,
        districts=visit.console.wording.directory.city.districts,
        offices=_offices(visit),
        any_office=visit.staff.role in DESK,
        may_change=may_change(visit, meeting),
        may_enter=visit.staff.role in HANDLERS,
        done=done if done in ("added", "saved") else "",
    )
