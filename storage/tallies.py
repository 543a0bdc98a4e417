"""Counts above the lists (건수): each bounded, each by an index, none dearer with a million cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, Subquery, and_, func, literal, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId, State
from storage.narrowing import OPEN, OPEN_STILL
from storage.tables import CaseConflictRow, CaseRow, ConsultationRow

Offices = frozenset[OfficeId] | None


async def count_states(connection: AsyncConnection, offices: Offices, *, at_most: int) -> Mapping[State, int]:
    """How many cases these offices (None: all) have in each state, none counted beyond `at_most`."""
    counts = [
        select(literal(state.value).label("state"), func.count().label("many")).select_from(
            _of(offices, CaseRow.state == state.value, at_most)
        )
        for state in State
    ]
    return {State(row.state): row.many for row in await connection.execute(union_all(*counts))}


async def count_overdue(connection: AsyncConnection, offices: Offices, now: datetime, *, at_most: int) -> int:
    """How many open cases of these offices are past their date, none counted beyond `at_most`."""
    return await _sum(connection, offices, [CaseRow.due_at < now], at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What a day begins with (오늘 할 일), each counted up to a bound."""

    new: int
    due_today: int
    overdue: int
    waiting: int
    answered: int
    second_looks: int
    silent: int
    consulted: int
    """Questions of other offices that wait for these."""
    conflicts: int
    """Conflicts whose check is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The moments a day is counted by: now, where today ends, the last half-yearly account, today's date."""

    now: datetime
    tomorrow: datetime
    account: datetime
    today: date


async def count_day(connection: AsyncConnection, offices: Offices, times: Times, *, at_most: int) -> Day:
    """What there is to do for these offices (None: all)."""
    late = await count_overdue(connection, offices, times.now, at_most=at_most)
    today = [CaseRow.due_at >= times.now, CaseRow.due_at < times.tomorrow]
    silent = _of(offices, and_(OPEN_STILL, CaseRow.last_word_at <= times.account), at_most)
    never = _of(offices, and_(OPEN_STILL, CaseRow.last_word_at.is_(None)), at_most)
    new = _of(offices, CaseRow.state == State.RECEIVED.value, at_most)
    return Day(
        new=await _many(connection, select(func.count()).select_from(new)),
        due_today=await _sum(connection, offices, today, at_most),
        overdue=late,
        waiting=await _sum(connection, offices, [CaseRow.question_waiting == true()], at_most),
        answered=await _sum(connection, offices, [CaseRow.spoke_last == true()], at_most),
        second_looks=await _sum(connection, offices, [CaseRow.second_look_used == true()], at_most),
        silent=min(
            await _many(connection, select(func.count()).select_from(silent))
            + await _many(connection, select(func.count()).select_from(never)),
            at_most,
        ),
        consulted=await _many(connection, _awaited(offices, at_most)),
        conflicts=await _many(connection, _conflicts(offices, times.today, at_most)),
    )


def _awaited(offices: Offices, at_most: int) -> Select[int]:
    asked = select(ConsultationRow.id).where(ConsultationRow.ended_at.is_(None))
    if offices is not None:
        asked = asked.where(ConsultationRow.office.in_(sorted(offices)))
    return select(func.count()).select_from(asked.limit(at_most).subquery())


def _conflicts(offices: Offices, today: date, at_most: int) -> Select[int]:
    due = select(CaseConflictRow.case_id).where(CaseConflictRow.check_on <= today)
    due = due.join(CaseRow, CaseRow.id == CaseConflictRow.case_id).where(OPEN_STILL)
    if offices is not None:
        due = due.where(CaseRow.office.in_(sorted(offices)))
    return select(func.count()).select_from(due.limit(at_most).subquery())


async def _sum(
    connection: AsyncConnection, offices: Offices, where: list[ColumnElement[bool]], at_most: int
) -> int:
    counts = [
        select(func.count().label("many")).select_from(
            _of(offices, and_(CaseRow.state == state.value, *where), at_most)
        )
        for state in OPEN
    ]
    result = await connection.execute(union_all(*counts))
    return min(sum(result.scalars()), at_most)


async def _many(connection: AsyncConnection, statement: Select[int]) -> int:
    return (await connection.execute(statement)).scalar_one()


def _of(offices: Offices, where: ColumnElement[bool], at_most: int) -> Subquery:
    statement = select(CaseRow.id).where(where)
    if offices is not None:
        statement = statement.where(CaseRow.office.in_(sorted(offices)))
    return statement.limit(at_most).subquery()
