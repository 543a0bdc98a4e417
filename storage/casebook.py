"""Cases and their history: filed with the next number, changed only under a guard, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import (
    RowMapping,
    bindparam,
    desc,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.clock import Dates
from cases.numbers import CaseNumber
from cases.transitions import CaseFacts
from cases.vocabulary import Kind, OfficeId, State
from intents.similar import sketch
from storage.sketches import write_keys
from storage.tables import CaseCounterRow, CaseEventRow, CaseRow, JsonObject
from storage.words import write_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case (건의) as the database has it."""

    id: int
    year: int
    running: int
    state: State
    kind: Kind
    title: str
    text: str
    office: OfficeId
    district: str
    place: str
    latitude: float | None
    longitude: float | None
    resident_id: int | None
    channel: str
    meeting_id: int | None
    public: bool
    received_at: datetime
    due_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    planned_on: date | None
    question_waiting: bool
    spoke_last: bool
    """True while the newest words are the resident's own and nobody of the staff has done anything since."""
    second_look_used: bool
    moves: int
    rating: int | None
    routed_by: str
    extended: bool
    assigned_at: datetime | None
    last_word_at: datetime | None
    paused_at: datetime | None
    clock_at: datetime | None
    next_check_at: datetime | None
    redacted_at: datetime | None
    field: str
    outcome: str | None
    source_ref: str | None
    reviewed_at: datetime | None
    """When somebody saw to it that it lies at the right office; None while only the program says so."""
    taker_id: int | None
    merged_into: int | None
    """The case it was merged into (병합), which may have gone into another since."""
    form: int | None
    """Its words as one number, the same for copies; None where it is not looked through for similar ones."""
    version: int

    @property
    def number(self) -> CaseNumber:
        """The number people know it by (관리번호)."""
        return CaseNumber(self.year, self.running)

    def facts(self, *, supported: bool = False) -> CaseFacts:
        """What the rules look at."""
        return CaseFacts(
            state=self.state,
            office=self.office,
            raiser_id=self.resident_id,
            public=self.public,
            question_waiting=self.question_waiting,
            second_look_used=self.second_look_used,
            moves=self.moves,
            extended=self.extended,
            kind=self.kind,
            supported=supported,
        )

    @property
    def dates(self) -> Dates:
        """What its clock looks at."""
        return Dates(
            state=self.state,
            office=self.office,
            received_at=self.received_at,
            assigned_at=self.assigned_at or self.received_at,
            due_at=self.due_at,
            closed_at=self.closed_at,
            last_word_at=self.last_word_at,
            question_waiting=self.question_waiting,
            rated=self.rating is not None,
            has_raiser=self.resident_id is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A case about to be filed."""

    state: State
    kind: Kind
    title: str
    text: str
    office: OfficeId
    district: str
    place: str
    latitude: float | None
    longitude: float | None
    resident_id: int | None
    channel: str
    meeting_id: int | None
    public: bool
    received_at: datetime
    due_at: datetime
    routed_by: str
    filed_at: datetime | None = None
    """When it is written down, where that is later than it came in: its office has it from then on."""
    next_check_at: datetime | None = None

    @property
    def dates(self) -> Dates:
        """What its clock looks at."""
        return Dates(
            state=self.state,
            office=self.office,
            received_at=self.received_at,
            assigned_at=self.filed_at or self.received_at,
            due_at=self.due_at,
            has_raiser=self.resident_id is not None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a case's history (처리 이력)."""

    case_id: int
    at: datetime
    action: str
    role: str
    from_state: str
    to_state: str
    from_office: str
    to_office: str
    staff_id: int | None = None
    resident_id: int | None = None
    author: str = ""
    words: str = ""
    told: bool = False
    facts: JsonObject | None = None


_COLUMNS = tuple(CaseRow.__table__.c)
_EVENT_COLUMNS = tuple(column for column in CaseEventRow.__table__.c if column.name != "id")

# Statements of every turn are built once: building one costs three times what running it does.
_NEXT = MappingProxyType(
    {
        name: dialect.insert(CaseCounterRow)
        .on_conflict_do_update(index_elements=["year"], set_={"last": CaseCounterRow.last + 1})
        .returning(CaseCounterRow.last)
        for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
    }
)
_FILE = insert(CaseRow).returning(*_COLUMNS)
_ADD_EVENT = insert(CaseEventRow).returning(CaseEventRow.id)
_BY_ID = select(*_COLUMNS).where(CaseRow.id == bindparam("case"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_BY_IDS = select(*_COLUMNS).where(CaseRow.id.in_(bindparam("cases", expanding=True)))
_BY_NUMBER = select(*_COLUMNS).where(
    CaseRow.year == bindparam("of_year"), CaseRow.running == bindparam("number")
)
# What is to be changed comes with the parameters, each under its column's name.
_CHANGE = (
    update(CaseRow)
    .where(CaseRow.id == bindparam("case"), CaseRow.version == bindparam("seen"))
    .values(version=CaseRow.version + 1)
    .returning(*_COLUMNS)
)


def case_of_row(row: RowMapping) -> Case:
    """A case of a row with all its columns."""
    values = dict(row)
    values["state"] = State(values["state"])
    values["kind"] = Kind(values["kind"])
    return Case(**values)


async def next_number(connection: AsyncConnection, year: int) -> CaseNumber:
    """The next number of `year`. Held until the transaction ends, so that none repeats or is skipped."""
    result = await connection.execute(_NEXT[connection.dialect.name], {"year": year, "last": 1})
    return CaseNumber(year, result.scalar_one())


async def file_case(connection: AsyncConnection, new: NewCase, number: CaseNumber) -> Case:
    """Write a new case under its number, with the words and the likeness it is found by."""
    made = sketch(new.text, new.district)
    values: JsonObject = {name: getattr(new, name) for name in NewCase.__slots__ if name != "filed_at"}
    filed_at = new.filed_at or new.received_at
    values |= {
        "year": number.year,
        "running": number.running,
        "state": new.state.value,
        "kind": new.kind.value,
        "changed_at": filed_at,
        "assigned_at": filed_at,
        "clock_at": filed_at,
        "form": made.form,
    }
    result = await connection.execute(_FILE, values)
    case = case_of_row(result.mappings().one())
    await write_words(connection, case.id, case.title, case.place, case.text)
    await write_keys(connection, case.id, made)
    return case


async def add_event(connection: AsyncConnection, event: Event) -> int:
    """Append a line to a case's history; returns its id. There is no way to change one."""
    values = {name: getattr(event, name) for name in Event.__slots__}
    values["facts"] = event.facts or {}
    result = await connection.execute(_ADD_EVENT, values)
    return result.scalar_one()


async def case_by_id(connection: AsyncConnection, case_id: int, *, lock: bool = False) -> Case | None:
    """The case of that id, or None. With `lock`, nobody else changes it before this transaction ends."""
    result = await connection.execute(_BY_ID_LOCKED if lock else _BY_ID, {"case": case_id})
    row = result.mappings().one_or_none()
    return None if row is None else case_of_row(row)


async def cases_by_ids(connection: AsyncConnection, case_ids: Sequence[int]) -> list[Case]:
    """The cases of these ids, in their order; one that is not there is left out."""
    if not case_ids:
        return []
    result = await connection.execute(_BY_IDS, {"cases": list(case_ids)})
    found = {row["id"]: case_of_row(row) for row in result.mappings()}
    return [found[case_id] for case_id in case_ids if case_id in found]


async def case_by_number(connection: AsyncConnection, number: CaseNumber) -> Case | None:
    """The case of that number, or None."""
    given = {"of_year": number.year, "number": number.running}
    result = await connection.execute(_BY_NUMBER, given)
    row = result.mappings().one_or_none()
    return None if row is None else case_of_row(row)


async def cases_of(
    connection: AsyncConnection, resident_id: int, *, limit: int, offset: int = 0
) -> list[Case]:
    """What a resident raised, newest first."""
    result = await connection.execute(
        select(*_COLUMNS)
        .where(CaseRow.resident_id == resident_id)
        .order_by(desc(CaseRow.id))
        .limit(limit)
        .offset(offset)
    )
    return [case_of_row(row) for row in result.mappings()]


async def change(connection: AsyncConnection, case: Case, values: JsonObject, now: datetime) -> Case | None:
    """Write new values over exactly the version that was read; None when somebody was quicker."""
    given = {"case": case.id, "seen": case.version, "changed_at": now, **values}
    result = await connection.execute(_CHANGE, given)
    row = result.mappings().one_or_none()
    return None if row is None else case_of_row(row)


async def history_of(connection: AsyncConnection, case_id: int) -> Sequence[Event]:
    """A case's history, oldest first."""
    result = await connection.execute(
        select(*_EVENT_COLUMNS).where(CaseEventRow.case_id == case_id).order_by(CaseEventRow.id)
    )
    return [Event(**row) for row in result.mappings()]
