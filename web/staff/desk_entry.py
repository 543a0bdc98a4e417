"""The intake desk's form (접수 입력): what came by telephone, visit, letter or at a meeting, filed fast."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from cases.transitions import NotAllowed
from cases.vocabulary import INTAKE_DESK, Kind
from handlers.casework import Draft, file
from intents.masking import MaskKind
from storage.casebook import Case
from storage.contacts import keep_contact
from storage.desk import case_of_entry, keep_entry
from storage.meetings import Meeting, meeting_by_id, newest_meetings
from web.staff.card import visible_case
from web.staff.desk_form import (
    LONGEST_TEXT,
    Channel,
    Entry,
    Fault,
    Filing,
    covered,
    entry_of,
    filing_of,
    kinds_offered,
    new_entry,
    offices_filed_for,
    today,
)
from web.staff.desk_reading import Candidate, Spot, alike, candidates, known_of, place_of, places_offered
from web.staff.offices import office_names
from web.staff.pages import Visit, go
from web.staff.rights import actor_of, may_see

_MEETINGS_OFFERED = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What is shown beside the form: read from the text, never kept."""

    title: str
    kind: Kind
    places: list[str]
    """Names of the places that may be meant; one when it is clear."""
    office: str
    """The name of the office that would receive it."""
    candidates: list[Candidate]
    due_at: datetime
    alike: list[Case]
    masked: tuple[MaskKind, ...]
    place_missing: bool


async def show_entry(visit: Visit) -> Response:
    """An empty form."""
    return await _form(visit, new_entry(visit))


async def show_understood(visit: Visit) -> Response:
    """The part of the page that says what was understood so far. Keeps nothing."""
    return visit.page("desk_understood.html", suggested=await _suggested(visit, entry_of(visit)))


async def save_entry(visit: Visit) -> Response:
    """File the case, or with any other button look at what would be filed."""
    entry = entry_of(visit)
    if not visit.typed("save"):
        return await _form(visit, await _filled(visit, entry))
    filing = filing_of(visit, entry)
    if isinstance(filing, Fault):
        return await _form(visit, entry, 422, fault=filing)
    try:
        number = await _file(visit, entry, filing)
    except NotAllowed:
        return await _form(visit, entry, 403, fault=Fault(where="office", reason="office_not_yours"))
    except _NoMeeting:
        return await _form(visit, entry, 422, fault=Fault(where="meeting", reason="meeting_needed"))
    visit.console.services.waker.wake()
    kept = {"channel": entry.channel.value, "meeting": _meeting_of(entry), "masked": ",".join(filing.masked)}
    return go(
        f"/staff/desk/done/{number}?{urlencode({name: value for name, value in kept.items() if value})}"
    )


async def show_done(visit: Visit) -> Response:
    """The number, large enough to be read out, and the way on to the next case."""
    case = await visible_case(visit)
    kept = {"channel": visit.asked("channel"), "meeting": visit.asked("meeting")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return visit.page(
        "desk_done.html",
        case=case,
        masked=[kind for kind in MaskKind if kind.value in visit.asked("masked").split(",")],
        following=f"/staff/desk/new?{query}" if query else "/staff/desk/new",
        at_desk=case.office == INTAKE_DESK,
    )


class _NoMeeting(Exception):  # noqa: N818 - an outcome to word, not a fault
    """The meeting of the form is not there."""


async def _file(visit: Visit, entry: Entry, filing: Filing) -> str:
    """The number of the case; sent twice, a form files once."""
    try:
        async with visit.console.database.begin() as connection:
            known = await case_of_entry(connection, entry.key)
            if known is not None and known[1] == filing.text:
                return str(known[0])
            # Another text in a form that was used before, by the browser's way back, is another case.
            key = entry.key if known is None else secrets.token_urlsafe(18)
            case = await _filed(visit, connection, entry, filing)
            await keep_entry(connection, key, case.id, visit.now)
            return str(case.number)
    except IntegrityError:
        async with visit.console.database.read() as connection:
            known = await case_of_entry(connection, entry.key)
        if known is None:
            raise
        return str(known[0])


async def _filed(visit: Visit, connection: AsyncConnection, entry: Entry, filing: Filing) -> Case:
    meeting = _meeting_of(entry)
    if meeting is not None and await meeting_by_id(connection, meeting) is None:
        raise _NoMeeting
    draft = Draft(
        kind=filing.kind,
        title=filing.title,
        text=filing.text,
        office=filing.office,
        district=filing.district,
        place=filing.place,
        meeting_id=meeting,
        public=entry.public,
        routed_by="desk",
        received_at=filing.received_at,
        author=visit.staff.name,
    )
    world = visit.console.services.world
    by, channel = actor_of(visit.staff), entry.channel.value
    case = await file(connection, world, draft, by=by, channel=channel, now=visit.now)
    if entry.phone:
        await keep_contact(
            connection, case.id, name=entry.name, phone=entry.phone, staff_id=visit.staff.id, now=visit.now
        )
    return case


def _meeting_of(entry: Entry) -> int | None:
    return entry.meeting if entry.channel is Channel.MEETING else None


async def _filled(visit: Visit, entry: Entry) -> Entry:
    """The form with what the text says in the fields that are still empty."""
    suggested = await _suggested(visit, entry)
    if suggested is None:
        return entry
    place = suggested.places[0] if len(suggested.places) == 1 else ""
    return replace(
        entry,
        title=entry.title or suggested.title,
        kind=entry.kind or suggested.kind.value,
        place=entry.place or place,
        office=entry.office or suggested.office,
    )


async def _suggested(visit: Visit, entry: Entry) -> Suggested | None:
    """What is understood; None while nothing was typed."""
    text = entry.text[:LONGEST_TEXT]
    if not any(letter.isalnum() for letter in text):
        return None
    world, directory = visit.console.services.world, visit.console.wording.directory
    masked = covered(visit, text)
    known = known_of(world, masked.text, entry.place)
    spot = place_of(known, entry.place)
    district = spot.district if spot else ""
    best = candidates(directory, known, district, visit.locale)
    office = known.office(directory, district)
    kind = Kind(entry.kind) if entry.kind in set(Kind) else Kind(known.reading.kind)
    async with visit.console.database.read() as connection:
        found = [
            case
            for case in await alike(connection, masked.text, spot or Spot("", ""))
            if await may_see(connection, visit.staff, case)
        ]
    return Suggested(
        title=known.reading.title,
        kind=kind,
        places=places_offered(directory, known, visit.locale),
        office="" if offices_filed_for(visit) is not None else directory.name(office, visit.locale),
        candidates=best,
        due_at=world.due_at(kind, visit.now),
        alike=found,
        masked=tuple(sorted(masked.kinds)),
        place_missing=bool(best) and best[0].office is None,
    )


async def _form(visit: Visit, entry: Entry, status: int = 200, *, fault: Fault | None = None) -> Response:
    async with visit.console.database.read() as connection:
        meetings = await newest_meetings(connection, limit=_MEETINGS_OFFERED)
        chosen = await _chosen(connection, entry, meetings)
    return visit.page(
        "desk_new.html",
        status,
        entry=entry,
        fault=fault,
        suggested=await _suggested(visit, entry),
        channels=tuple(Channel),
        kinds=kinds_offered(visit),
        meetings=[*meetings, *([chosen] if chosen else [])],
        offices=office_names(visit.console.wording.directory, visit.locale, offices_filed_for(visit)),
        today=today(visit),
    )


async def _chosen(connection: AsyncConnection, entry: Entry, offered: list[Meeting]) -> Meeting | None:
    """The meeting that was chosen, where it is too old to be offered."""
    if entry.meeting is None or entry.meeting in {one.id for one in offered}:
        return None
    return await meeting_by_id(connection, entry.meeting)
