"""What narrows a list of cases (조건), as conditions of its query: each that is not few has an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from cases.vocabulary import Kind, OfficeId, State
from storage.given_away import given_away
from storage.tables import CaseRow, SupportRow

OPEN = tuple(state for state in State if state.is_open)

_MOST_BRANCHES = 60

OPEN_STILL = CaseRow.closed_at.is_(None)


class Order(StrEnum):
    """What comes first in a list."""

    DUE = "due"  # 기한이 가까운 순
    NEWEST = "newest"  # 최근 접수 순


class Talk(StrEnum):
    """Whose turn it is to speak."""

    WAITING = "waiting"  # 주민 답변을 기다림
    ANSWERED = "answered"  # 주민 답변이 도착함
    SECOND_LOOK = "second_look"  # 재검토 요청


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a list is to hold. `offices` None: every office; `states` empty: every state.

    Moments bound from (inclusive) and before (exclusive). `overdue_at` leaves only open cases due before it,
    `silent_since` only open ones whose office said no word since then, `supporters` those with so many.
    `given_away` lists what these offices sent elsewhere.
    """

    offices: frozenset[OfficeId] | None = None
    states: tuple[State, ...] = OPEN
    kind: Kind | None = None
    district: str = ""
    place: str = ""
    field: str = ""
    meeting: int | None = None
    meeting_kind: str = ""
    received_from: datetime | None = None
    received_before: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    overdue_at: datetime | None = None
    silent_since: datetime | None = None
    talk: Talk | None = None
    supporters: int = 0
    words: str = ""
    given_away: bool = False
    order: Order = Order.DUE


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the moment its list is ordered by, and the case; the next begins after it."""

    at: datetime
    id: int


def branches(search: Search) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """What each short, ordered list is of: one office and state where those are few, else more at once."""
    states = search.states
    if search.overdue_at is not None or search.silent_since is not None:
        states = tuple(state for state in states or OPEN if state.is_open)
    if search.given_away:
        yield (CaseRow.id.in_(given_away(search.offices)), *([CaseRow.state.in_(states)] if states else []))
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


def whose(search: Search) -> Iterator[ColumnElement[bool]]:
    """Offices and states as conditions, for a list that is found by something rarer than they are."""
    if search.offices is not None and not search.given_away:
        yield CaseRow.office.in_(sorted(search.offices))
    if search.given_away:
        yield CaseRow.id.in_(given_away(search.offices))
    if search.states:
        yield CaseRow.state.in_([state.value for state in search.states])


def filters(search: Search) -> Iterator[ColumnElement[bool]]:
    """Every other condition."""
    if search.received_from is not None:
        yield CaseRow.received_at >= search.received_from
    if search.received_before is not None:
        yield CaseRow.received_at < search.received_before
    if search.due_from is not None:
        yield CaseRow.due_at >= search.due_from
    if search.due_before is not None:
        yield CaseRow.due_at < search.due_before
    if search.overdue_at is not None:
        yield CaseRow.due_at < search.overdue_at
    if search.talk is not None:
        yield _talk(search.talk)
    if search.meeting is not None:
        yield CaseRow.meeting_id == search.meeting
    yield from _loose(search)


def is_loose(search: Search) -> bool:
    """True when many cases may have to be passed over before one fits: such a list is read in stretches."""
    received = search.received_from is not None or search.received_before is not None
    due = search.due_from is not None or search.due_before is not None or search.overdue_at is not None
    by_other_moment = received if search.order is Order.DUE else due
    return by_other_moment or any(True for _ in _loose(search))


def silent_since(moment: datetime) -> ColumnElement[bool]:
    """The condition that an open case had no word from its office since a moment."""
    return and_(OPEN_STILL, or_(CaseRow.last_word_at.is_(None), CaseRow.last_word_at <= moment))


def _loose(search: Search) -> Iterator[ColumnElement[bool]]:
    if search.kind is not None:
        yield CaseRow.kind == search.kind.value
    if search.district:
        yield CaseRow.district == search.district
    if search.place:
        yield CaseRow.place == search.place
    if search.field:
        yield CaseRow.field == search.field
    if search.silent_since is not None:
        yield silent_since(search.silent_since)
    if search.supporters:
        backing = select(func.count()).where(SupportRow.case_id == CaseRow.id).correlate(CaseRow)
        yield backing.scalar_subquery() >= search.supporters


def _talk(talk: Talk) -> ColumnElement[bool]:
    if talk is Talk.WAITING:
        return CaseRow.question_waiting == true()
    if talk is Talk.ANSWERED:
        return CaseRow.spoke_last == true()
    return CaseRow.second_look_used == true()
