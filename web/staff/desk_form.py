"""The intake form (접수 입력): what a clerk typed, as it came, and what can be filed of it."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from cases.vocabulary import INTAKE_DESK, Kind, OfficeId
from handlers.staff.offices import find_office
from intents.masking import MaskKind, mask
from web.chat.turns import numbers_of
from web.staff.desk_reading import Known, known_of, place_of
from web.staff.offices import best_office, near_names, office_names
from web.staff.pages import Visit
from web.staff.rights import DESK

LONGEST_TEXT = 20_000
LONGEST_TITLE = 200
LONGEST_PLACE = 64
LONGEST_NAME = 40
OLDEST_DAYS = 366
"""A letter that came longer ago than this is a mistake in the date."""

_MORNING = time(9)
_KEY = re.compile(r"[A-Za-z0-9_-]{16,43}")
_PHONE = re.compile(r"\+?\d[\d \-().]{6,22}\d")


class Channel(StrEnum):
    """How it came in (접수경로), where it was not the chat."""

    PHONE = "phone"  # 전화
    VISIT = "visit"  # 방문
    LETTER = "letter"  # 서면
    MEETING = "meeting"  # 소통행사


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The fields of the form as they were typed. An empty kind, title or office is read from the text."""

    key: str
    channel: Channel = Channel.PHONE
    meeting: int | None = None
    received_on: str = ""
    text: str = ""
    title: str = ""
    kind: str = ""
    place: str = ""
    office: str = ""
    public: bool = True
    name: str = ""
    phone: str = ""
    consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What of a field cannot be taken: a text below `desk.fault.`, and what fills it."""

    where: str
    reason: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What can be filed, with everything that was left open read from the text."""

    text: str
    title: str
    kind: Kind
    district: str
    place: str
    office: OfficeId
    received_at: datetime | None
    masked: tuple[MaskKind, ...]


def new_entry(visit: Visit) -> Entry:
    """An empty form; channel and meeting as the address asks, so that several go in one after the other."""
    channel = visit.asked("channel")
    meeting = _id(visit.asked("meeting"))
    return Entry(
        key=secrets.token_urlsafe(18),
        channel=Channel.MEETING if meeting else _channel(channel),
        meeting=meeting,
        received_on=today(visit).isoformat(),
        office=own_office(visit),
    )


def own_office(visit: Visit) -> str:
    """The name of the only office a person may file for; empty when there is a choice."""
    offices = offices_filed_for(visit)
    if offices is None or len(offices) != 1:
        return ""
    return visit.console.wording.directory.name(next(iter(offices)), visit.locale)


def offices_filed_for(visit: Visit) -> frozenset[OfficeId] | None:
    """The offices a person may file cases for; None: all."""
    return None if visit.staff.role in DESK else visit.staff.offices


def entry_of(visit: Visit) -> Entry:
    """What the form brought. A button that offers an office or a place wins over the field."""
    key = visit.typed("key")
    return Entry(
        key=key if _KEY.fullmatch(key) else secrets.token_urlsafe(18),
        channel=_channel(visit.typed("channel")),
        meeting=_id(visit.typed("meeting")),
        received_on=visit.typed("received_on")[:10],
        text=visit.typed("text"),
        title=visit.typed("title"),
        kind=visit.typed("kind"),
        place=visit.typed("pick_place") or visit.typed("place"),
        office=visit.typed("pick_office") or visit.typed("office"),
        public=visit.typed("public") != "no",
        name=visit.typed("name"),
        phone=visit.typed("phone"),
        consent=visit.typed("consent") == "yes",
    )


def filing_of(visit: Visit, entry: Entry) -> Filing | Fault:
    """What of the form can be filed, or the first thing that is in the way."""
    fault = _fault_of(visit, entry)
    if fault is not None:
        return fault
    masked = covered(visit, entry.text)
    known = known_of(visit.console.services.world, masked.text, entry.place)
    place = place_of(known, entry.place)
    if place is None:
        return Fault(where="place", reason="place_several")
    office = _office(visit, entry, known, place.district)
    if isinstance(office, Fault):
        return office
    return Filing(
        text=masked.text,
        title=(covered(visit, entry.title).text or known.reading.title)[:LONGEST_TITLE],
        kind=Kind(entry.kind or known.reading.kind),
        district=place.district,
        place=place.place[:LONGEST_PLACE],
        office=office,
        received_at=_received_at(visit, entry),
        masked=tuple(sorted(masked.kinds)),
    )


@dataclass(frozen=True, slots=True)
class Covered:
    """A text whose personal numbers are covered, and which kinds there were."""

    text: str
    kinds: frozenset[MaskKind]


def covered(visit: Visit, text: str) -> Covered:
    """The text as it may be kept: the same covering as in the chat."""
    masked = mask(text, numbers_of(visit.console.wording.directory.city))
    return Covered(masked.text, masked.kinds)


def kinds_offered(visit: Visit) -> list[Kind]:
    """The kinds that a resident's case can have: those the pack knows a term for."""
    terms = visit.console.wording.directory.city.deadlines.by_kind
    return [kind for kind in Kind if kind.value in terms]


def today(visit: Visit) -> date:
    """The city's date now."""
    return visit.now.astimezone(visit.console.services.world.zone).date()


def _fault_of(visit: Visit, entry: Entry) -> Fault | None:
    lengths = (("text", entry.text, LONGEST_TEXT), ("title", entry.title, LONGEST_TITLE))
    for name, words, most in (
        *lengths,
        ("place", entry.place, LONGEST_PLACE),
        ("name", entry.name, LONGEST_NAME),
    ):
        if len(words) > most:
            params = {"most": str(most), "many": str(len(words))}
            return Fault(where=name, reason="too_long", params=params)
    if not any(letter.isalnum() for letter in entry.text):
        return Fault(where="text", reason="text_needed")
    if entry.channel is Channel.MEETING and entry.meeting is None:
        return Fault(where="meeting", reason="meeting_needed")
    if entry.kind and entry.kind not in {kind.value for kind in kinds_offered(visit)}:
        return Fault(where="kind", reason="kind_unknown")
    return _fault_of_date(visit, entry) or _fault_of_contact(entry)


def _fault_of_date(visit: Visit, entry: Entry) -> Fault | None:
    if not entry.received_on:
        return None
    try:
        day = date.fromisoformat(entry.received_on)
    except ValueError:
        return Fault(where="received_on", reason="date_unreadable")
    if day > today(visit):
        return Fault(where="received_on", reason="date_ahead")
    if day < today(visit) - timedelta(days=OLDEST_DAYS):
        return Fault(where="received_on", reason="date_long_ago")
    return None


def _fault_of_contact(entry: Entry) -> Fault | None:
    if not entry.name and not entry.phone:
        return None
    if not _PHONE.fullmatch(entry.phone):
        return Fault(where="phone", reason="phone_needed" if not entry.phone else "phone_unreadable")
    return None if entry.consent else Fault(where="consent", reason="consent_needed")


def _received_at(visit: Visit, entry: Entry) -> datetime | None:
    """The morning of an earlier day; None for today, whose moment is now."""
    day = date.fromisoformat(entry.received_on) if entry.received_on else today(visit)
    zone = visit.console.services.world.zone
    return None if day == today(visit) else datetime.combine(day, _MORNING, zone)


def _office(visit: Visit, entry: Entry, known: Known, district: str) -> OfficeId | Fault:
    directory = visit.console.wording.directory
    if not entry.office:
        own = offices_filed_for(visit)
        return (
            known.office(directory, district)
            if own is None
            else Fault(where="office", reason="office_needed")
        )
    office = best_office(directory, entry.office)
    if office is None:
        among = [one for one, _ in office_names(directory, visit.locale)]
        office = find_office(directory, entry.office, among, district).office
    if office is None:
        near = ", ".join(near_names(directory, entry.office, visit.locale))
        reason = "office_unknown_near" if near else "office_unknown"
        return Fault(where="office", reason=reason, params={"typed": f"‘{entry.office}’", "near": near})
    if directory.is_authority(office):
        return Fault(
            where="office",
            reason="office_is_authority",
            params={"desk": directory.name(INTAKE_DESK, visit.locale)},
        )
    return office


def _channel(text: str) -> Channel:
    return Channel(text) if text in set(Channel) else Channel.PHONE


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None
