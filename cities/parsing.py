"""A pack's texts made into a City, every fault found on the way."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from cases.vocabulary import Kind
from cities.faults import Fault, PackError
from cities.offices import is_slug, phone, read_authority, read_department, read_district, read_each
from cities.sheets import HOLIDAYS, PLACES, parse_holidays, parse_places
from cities.tables import Table, TomlFile
from intents.city import NATIONAL_CALL_CENTRE, Authority, City, Deadlines, Department, District, Level

CITY = "city.toml"
DEPARTMENTS = "departments.toml"
AUTHORITIES = "authorities.toml"
FAQ = "faq.toml"
FILES = (CITY, DEPARTMENTS, AUTHORITIES, PLACES, HOLIDAYS, FAQ)
"""All files a pack may have; the first two it must have."""

# 민원 처리에 관한 법률 시행령: 질의 14 days, 건의 14, 고충 7; 국민 제안 규정: one month.
_LAWFUL: Mapping[str, tuple[int, str]] = {
    Kind.SUGGESTION: (14, "days"),
    Kind.QUESTION: (14, "days"),
    Kind.COMPLAINT: (7, "days"),
    Kind.PROPOSAL: (1, "months"),
    # No law's: findings go back to the council in the month, tasks are looked at each quarter.
    Kind.FINDING_CORRECT: (1, "months"),
    Kind.FINDING_ACT: (1, "months"),
    Kind.POLICY_TASK: (3, "months"),
}
_TERM = re.compile(r"([1-9]\d{0,2}) (day|month)s?")
_HALF_YEAR_DATES = ("01-10", "07-10")
_LEAP_YEAR = 2028


class _Pack:
    """The files as they are opened, and the faults as they are found."""

    def __init__(self, files: Mapping[str, str], faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        self._unreadable = {fault.file for fault in faults}
        self._files = files

    def text(self, file: str) -> str:
        return unicodedata.normalize("NFC", self._files.get(file, ""))

    def toml(self, file: str, *, needed: bool = False) -> TomlFile:
        if needed and file not in self._files and file not in self._unreadable:
            self.faults.append(Fault(file, None, "is missing"))
            self._unreadable.add(file)
        opened = TomlFile(file, self.text(file), self.faults)
        if opened.broken:
            self._unreadable.add(file)
        return opened

    def is_readable(self, file: str) -> bool:
        return file not in self._unreadable


def parse_city(files: Mapping[str, str], *, pack: str = "city", unreadable: Sequence[Fault] = ()) -> City:
    """The City (도시) that a pack's texts describe. Pure: `files` maps a file's name to its text.

    `pack` is the pack's name, the city's id unless city.toml gives one. `unreadable` are faults of
    files that could not be read; nothing more is said of those. A city without districts is one
    level: its departments are all `city` and its places have no district. Raises PackError with all faults.
    """
    opened = _Pack(files, unreadable)
    city = _city(opened, files, pack)
    if opened.faults:
        raise PackError(pack, sorted(opened.faults, key=_in_reading_order))
    return city


def _city(opened: _Pack, files: Mapping[str, str], pack: str) -> City:
    city_file = opened.toml(CITY, needed=True)
    districts = read_each(city_file.each("district"), read_district)
    departments = _departments(opened, districts)
    authorities = _authorities(opened)
    known = {one.id for one in districts} if opened.is_readable(CITY) else None
    places = parse_places(opened.text(PLACES), known, opened.faults) if PLACES in files else ()
    days_off, days_on = _holidays(opened, files)
    faq, faq_en = _faq(opened)
    top = city_file.top
    name = top.text("name", needed=opened.is_readable(CITY))
    city = City(
        id=_city_id(top, pack),
        name=name,
        name_en=top.text("name_en") or name,
        zone=_zone(top),
        districts=districts,
        departments=departments,
        authorities=authorities,
        places=places,
        deadlines=_deadlines(city_file.section("deadlines")),
        call_centre=phone(top, "call_centre") or NATIONAL_CALL_CENTRE,
        desk_phone=phone(top, "desk_phone"),
        half_year_dates=_half_year_dates(top),
        petition_threshold=int(top.number("petition_threshold", 6000, least=1, most=10**7, whole=True)),
        keep_years=int(top.number("keep_years", 3, least=1, most=100, whole=True)),
        within=top.texts("within"),
        days_off=days_off,
        days_on=days_on,
        auto_send_precision=top.number("auto_send_precision", 0.85, least=0, most=1),
        faq=faq,
        faq_en=faq_en,
    )
    top.end()
    return city


def _in_reading_order(fault: Fault) -> tuple[int, int]:
    return FILES.index(fault.file) if fault.file in FILES else -1, fault.row or 0


def _city_id(top: Table, pack: str) -> str:
    city_id = top.text("id") or (pack if is_slug(pack) else "city")
    if not is_slug(city_id):
        top.note("id", f"id {city_id!r} must be lower-case ASCII letters, digits, - or _, such as incheon")
    return city_id


def _departments(opened: _Pack, districts: Sequence[District]) -> tuple[Department, ...]:
    file = opened.toml(DEPARTMENTS, needed=True)
    tables = file.each("department")
    if not tables and opened.is_readable(DEPARTMENTS):
        file.top.note("", "no [[department]]: at least one is needed")
    if not districts and opened.is_readable(CITY):
        for table in tables:
            if table.text("level") == Level.DISTRICT:
                table.note("level", 'level "district" in a city without districts (see city.toml)')
    departments = read_each(tables, read_department)
    file.top.end()
    return departments


def _authorities(opened: _Pack) -> tuple[Authority, ...]:
    file = opened.toml(AUTHORITIES)
    authorities = read_each(file.each("authority"), read_authority)
    file.top.end()
    return authorities


def _holidays(opened: _Pack, files: Mapping[str, str]) -> tuple[frozenset[date], frozenset[date]]:
    if HOLIDAYS not in files:
        return frozenset(), frozenset()
    return parse_holidays(opened.text(HOLIDAYS), opened.faults)


def _faq(opened: _Pack) -> tuple[Mapping[str, str], Mapping[str, str]]:
    file = opened.toml(FAQ)
    korean: dict[str, str] = {}
    english: dict[str, str] = {}
    for table in file.each("faq"):
        question, answer = table.text("question", needed=True), table.text("answer", needed=True)
        if question in korean:
            table.note("question", f"question {question!r} stands twice")
        korean[question] = answer
        asked_en, answer_en = table.text("question_en"), table.text("answer_en")
        if bool(asked_en) != bool(answer_en):
            table.note("", "question_en and answer_en must stand both or not at all")
        elif asked_en:
            english[asked_en] = answer_en
        table.end()
    file.top.end()
    return korean, english


def _zone(top: Table) -> str:
    zone = top.text("zone") or "Asia/Seoul"
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        top.note("zone", f"zone {zone!r} is unknown (such as Asia/Seoul)")
    return zone


def _half_year_dates(top: Table) -> tuple[str, ...]:
    dates = top.texts("half_year_dates")
    for one in dates:
        try:
            date.fromisoformat(f"{_LEAP_YEAR}-{one}")
        except ValueError:
            top.note("half_year_dates", f"half_year_dates: {one!r} is no day as MM-DD, such as 01-10")
    return tuple(sorted(dates)) or _HALF_YEAR_DATES


def _deadlines(section: Table) -> Deadlines:
    by_kind: dict[str, tuple[int, str]] = dict(_LAWFUL)
    for kind in section.names():
        term = section.text(kind)
        match = _TERM.fullmatch(term)
        if kind not in by_kind:
            section.note(kind, f"kind {kind!r} is unknown (known are {', '.join(_LAWFUL)})")
        elif match is None:
            section.note(kind, f'{kind} must be such as "14 days" or "1 month"')
        else:
            by_kind[kind] = int(match[1]), f"{match[2]}s"
    return Deadlines(by_kind)
