"""The ledger (건의 대장): lists of cases for the console, found by index and paged by key.

A list over several offices and states is put together from one short, ordered list for each of them, so
that a page costs the same with a thousand cases and with a million.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.transitions import ALARMING_MOVES
from cases.vocabulary import Kind, OfficeId, State
from storage.tables import CaseEventRow, CaseRow

WORDS_LOOKED_AT = 20_000
"""Cases of each office and state that a search in words looks through."""

Columns = TypeVarTuple("Columns")

_MOST_BRANCHES = 60
_OPEN = tuple(state for state in State if state.is_open)


class Order(StrEnum):
    """What comes first in a list."""

    DUE = "due"  # 기한이 가까운 순
    NEWEST = "newest"  # 최근 접수 순


class Talk(StrEnum):
    """Whose turn it is to speak."""

    WAITING = "waiting"  # 주민 답변을 기다림
    ANSWERED = "answered"  # 주민 답변이 도착함


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a list is to hold. `offices` None: every office; `states` empty: every state.

    `overdue_at` leaves only open cases due before it. `given_away` lists what these offices sent elsewhere.
    """

    offices: frozenset[OfficeId] | None = None
    states: tuple[State, ...] = _OPEN
    kind: Kind | None = None
    district: str = ""
    overdue_at: datetime | None = None
    talk: Talk | None = None
    words: str = ""
    given_away: bool = False
    order: Order = Order.DUE


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended; the next begins after it."""

    due_at: datetime
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list."""

    id: int
    number: CaseNumber
    title: str
    state: State
    kind: Kind
    office: OfficeId
    district: str
    place: str
    due_at: datetime
    question_waiting: bool
    spoke_last: bool
    """True while the resident's words wait to be read."""
    second_look: bool
    """True while the second look that the resident asked for goes on."""
    bounced: bool
    """True when it was moved so often that the intake desk's head must see to it."""

    @property
    def mark(self) -> Mark:
        """Where a page that ends with this line goes on."""
        return Mark(self.due_at, self.id)


_SHOWN = (
    CaseRow.id,
    CaseRow.year,
    CaseRow.running,
    CaseRow.title,
    CaseRow.state,
    CaseRow.kind,
    CaseRow.office,
    CaseRow.district,
    CaseRow.place,
    CaseRow.due_at,
    CaseRow.question_waiting,
    CaseRow.spoke_last,
    CaseRow.second_look_used,
    CaseRow.moves,
)


async def find_cases(
    connection: AsyncConnection, search: Search, *, limit: int, after: Mark | None = None
) -> list[Entry]:
    """One page of a list: at most `limit` lines, those after the mark."""
    branches = [_branch(search, where, limit, after) for where in _branches(search)]
    if not branches:
        return []
    rows = (await connection.execute(_together(search, branches, limit))).mappings().all()
    return [
        Entry(
            id=row["id"],
            number=CaseNumber(row["year"], row["running"]),
            title=row["title"],
            state=State(row["state"]),
            kind=Kind(row["kind"]),
            office=OfficeId(row["office"]),
            district=row["district"],
            place=row["place"],
            due_at=row["due_at"],
            question_waiting=row["question_waiting"],
            spoke_last=row["spoke_last"],
            second_look=row["second_look_used"] and State(row["state"]).is_open,
            bounced=row["moves"] >= ALARMING_MOVES and State(row["state"]).is_open,
        )
        for row in rows
    ]


async def count_states(
    connection: AsyncConnection, offices: frozenset[OfficeId] | None, *, at_most: int
) -> Mapping[State, int]:
    """How many cases these offices (None: all) have in each state, none counted beyond `at_most`."""
    counts = [
        select(literal(state.value).label("state"), func.count().label("many")).select_from(
            _of(offices, CaseRow.state == state.value, at_most)
        )
        for state in State
    ]
    return {State(row.state): row.many for row in await connection.execute(union_all(*counts))}


async def count_overdue(
    connection: AsyncConnection, offices: frozenset[OfficeId] | None, now: datetime, *, at_most: int
) -> int:
    """How many open cases of these offices are past their date, none counted beyond `at_most`."""
    counts = [
        select(func.count().label("many")).select_from(
            _of(offices, and_(CaseRow.state == state.value, CaseRow.due_at < now), at_most)
        )
        for state in _OPEN
    ]
    result = await connection.execute(union_all(*counts))
    return min(sum(result.scalars()), at_most)


async def was_given_away_by(connection: AsyncConnection, case_id: int, offices: frozenset[OfficeId]) -> bool:
    """True when one of these offices had the case once and sent it elsewhere."""
    result = await connection.execute(
        select(CaseEventRow.id)
        .where(CaseEventRow.case_id == case_id, CaseEventRow.from_office.in_(offices), _GIVEN_AWAY)
        .limit(1)
    )
    return result.one_or_none() is not None


# As in the partial index, word for word: otherwise it would not be used.
_GIVEN_AWAY = and_(
    CaseEventRow.from_office != literal("", literal_execute=True),
    CaseEventRow.from_office != CaseEventRow.to_office,
)


def _of(offices: frozenset[OfficeId] | None, where: ColumnElement[bool], at_most: int) -> Subquery:
    statement = select(CaseRow.id).where(where)
    if offices is not None:
        statement = statement.where(CaseRow.office.in_(sorted(offices)))
    return statement.limit(at_most).subquery()


def _branches(search: Search) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """What each short list is of: one office and state where that is few enough, else more at once."""
    states = search.states
    if search.overdue_at is not None:
        states = tuple(state for state in states or _OPEN if state.is_open)
    if search.given_away:
        yield (CaseRow.id.in_(_given_away(search)), *([CaseRow.state.in_(states)] if states else []))
        return
    if search.offices is None:
        if not states and search.order is Order.NEWEST:
            yield ()
            return
        for state in states or tuple(State):
            yield (CaseRow.state == state.value,)
        return
    offices, wanted = sorted(search.offices), states or tuple(State)
    if len(offices) * len(wanted) > _MOST_BRANCHES:
        for state in wanted:
            yield (CaseRow.office.in_(offices), CaseRow.state == state.value)
        return
    for office in offices:
        for state in wanted:
            yield (CaseRow.office == office, CaseRow.state == state.value)


def _given_away(search: Search) -> Select[int]:
    statement = select(CaseEventRow.case_id).where(_GIVEN_AWAY)
    if search.offices is not None:
        statement = statement.where(CaseEventRow.from_office.in_(sorted(search.offices)))
    return statement


def _branch(
    search: Search, where: Sequence[ColumnElement[bool]], limit: int, after: Mark | None
) -> Select[*tuple[object, ...]]:
    conditions = [*where, *_filters(search)]
    if after is not None:
        conditions.append(_beyond(search.order, after))
    if not search.words:
        return _ordered(select(*_SHOWN).where(*conditions), search.order).limit(limit)
    # Only so many are looked through: LIKE reads every row it is given.
    looked_at = _ordered(select(*_SHOWN, CaseRow.text).where(*conditions), search.order)
    rows = looked_at.limit(WORDS_LOOKED_AT).subquery()
    shown = select(*(rows.c[column.key] for column in _SHOWN)).where(_says(rows, search.words))
    return shown.order_by(*_order_of(rows, search.order)).limit(limit)


def _together(
    search: Search, branches: Sequence[Select[*tuple[object, ...]]], limit: int
) -> Select[*tuple[object, ...]]:
    if len(branches) == 1:
        return branches[0]
    rows = union_all(*(select(branch.subquery()) for branch in branches)).subquery()
    return select(rows).order_by(*_order_of(rows, search.order)).limit(limit)


def _filters(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.kind is not None:
        yield CaseRow.kind == search.kind.value
    if search.district:
        yield CaseRow.district == search.district
    if search.overdue_at is not None:
        yield CaseRow.due_at < search.overdue_at
    if search.talk is Talk.WAITING:
        yield CaseRow.question_waiting == true()
    if search.talk is Talk.ANSWERED:
        yield CaseRow.spoke_last == true()


def _says(rows: Subquery, words: str) -> ColumnElement[bool]:
    return and_(
        *(
            or_(rows.c.title.icontains(word, autoescape=True), rows.c.text.icontains(word, autoescape=True))
            for word in words.split()
        )
    )


def _beyond(order: Order, after: Mark) -> ColumnElement[bool]:
    if order is Order.NEWEST:
        return CaseRow.id < after.id
    return and_(CaseRow.due_at >= after.due_at, or_(CaseRow.due_at > after.due_at, CaseRow.id > after.id))


def _ordered(statement: Select[*Columns], order: Order) -> Select[*Columns]:
    if order is Order.NEWEST:
        return statement.order_by(CaseRow.id.desc())
    return statement.order_by(CaseRow.due_at, CaseRow.id)


def _order_of(rows: Subquery, order: Order) -> tuple[ColumnElement[object], ...]:
    return (rows.c.due_at, rows.c.id) if order is Order.DUE else (rows.c.id.desc(),)
