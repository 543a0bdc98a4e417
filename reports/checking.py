"""Checking the rows of a file (행 검사): each becomes a case or a meeting, or says what is wrong with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from cases.calendar import WorkCalendar
from cases.deadlines import END_OF_WORK, due, unit_of
from cases.vocabulary import Kind
from cities.directory import Directory
from intents.cleaning import clean
from reports.columns import Matched
from reports.dates import read_day
from reports.naming import Names
from reports.sheets import Row
from reports.terms import YES, plain

MOST_FAULTS = 200
"""Faults that are kept to be shown; the others are only counted."""

START_OF_WORK = time(9)
_MOST = 1_000_000
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a row (잘못된 곳): `reason` is a key below `import.fault`."""

    row: int
    column: str
    reason: str
    value: str = ""


@dataclass(slots=True)
class Checked(Generic[Item]):
    """What came of a file: rows that are right, and what is wrong with the others."""

    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wrong: int = 0

    def note(self, faults: Sequence[Fault]) -> None:
        """Add what is wrong."""
        self.faults += faults[: max(0, MOST_FAULTS - len(self.faults))]
        self.wrong += len(faults)


@dataclass(frozen=True, slots=True)
class City:
    """What the checks know: the offices and places, the working days, today."""

    directory: Directory
    calendar: WorkCalendar
    names: Names
    today: date
    _due: dict[tuple[Kind, date], datetime] = field(default_factory=dict, compare=False)

    @property
    def zone(self) -> ZoneInfo:
        """The city's zone."""
        return self.calendar.zone

    def at(self, day: date, clock: time) -> datetime:
        """A time of that day in the city."""
        return datetime.combine(day, clock, self.zone)

    def due_at(self, kind: Kind, received: date) -> datetime:
        """When a case received on that morning was due."""
        known = self._due.get((kind, received))
        if known is None:
            amount, unit = self.directory.city.deadlines.by_kind[kind.value]
            known = due(self.at(received, START_OF_WORK), amount, unit_of(unit), self.calendar)
            self._due[kind, received] = known
        return known


def city_of(directory: Directory, calendar: WorkCalendar, today: date) -> City:
    """Everything the checks need of a city."""
    return City(directory, calendar, Names(directory), today)


class Cells:
    """The cells of one row by field; what is wrong with them is noted here."""

    def __init__(self, row: Row, matched: Matched) -> None:
        self.row = row
        self.faults: list[Fault] = []
        self._matched = matched

    def text(self, name: str, longest: int, *, needed: bool = False) -> str:
        """A text; a fault when it is too long, or needed and not there."""
        place = self._matched.get(name)
        there = place is not None and place < len(self.row.cells)
        text = clean(self.row.cells[place]).strip() if place is not None and there else ""
        if len(text) > longest:
            self.wrong(name, "too_long", f"{len(text)} > {longest}")
        elif needed and not text:
            self.wrong(name, "empty")
        return text

    def one_of(self, name: str, words: Callable[[str], str | None], *, needed: bool = False) -> str | None:
        """A word that is known; None when the cell is empty."""
        text = self.text(name, 100, needed=needed)
        found = words(plain(text)) if text else None
        if text and found is None:
            self.wrong(name, "unknown", text)
        return found

    def day(self, name: str, *, needed: bool = False, until: date | None = None) -> date | None:
        """A day from 2000 on, and not after `until`."""
        text = self.text(name, 60, needed=needed)
        day = read_day(text) if text else None
        if text and day is None:
            self.wrong(name, "no_day", text)
        elif day is not None and until is not None and day > until:
            self.wrong(name, "future", text)
        return day

    def count(self, name: str, most: int = _MOST) -> int | None:
        """A whole number of people or times; a mark (O, ○) is one."""
        text = self.text(name, 20)
        if not text or text in {"-", "X", "x", "×"}:
            return None
        if text.casefold() in YES:
            return 1
        digits = text.replace(",", "").rstrip("명건회인점").strip()
        if digits.isascii() and digits.isdecimal() and int(digits) <= most:
            return int(digits)
        self.wrong(name, "no_number", text)
        return None

    def wrong(self, name: str, reason: str, value: str = "") -> None:
        """Note something wrong."""
        self.faults.append(Fault(self.row.number, name, reason, value[:80]))


def check_rows(
    rows: Sequence[Row], matched: Matched, width: int, read: Callable[[Cells], Item]
) -> Checked[Item]:
    """Read every row; those in which anything is wrong are left out, and what it is is noted."""
    checked: Checked[Item] = Checked()
    seen: dict[str, int] = {}
    for row in rows:
        cells = Cells(row, matched)
        if len(row.cells) < width and any(place >= len(row.cells) for place in matched.values()):
            checked.note([Fault(row.number, "", "half_a_row", f"{len(row.cells)} < {width}")])
            continue
        item = read(cells)
        number = cells.text("source_ref", 64)
        if number and number in seen:
            cells.wrong("source_ref", "twice", f"{number} ({seen[number]})")
        seen.setdefault(number, row.number)
        if cells.faults:
            checked.note(cells.faults)
        else:
            checked.items.append(item)
    return checked


def end_of(city: City, day: date) -> datetime:
    """The end of work on that day."""
    return city.at(day, END_OF_WORK)
