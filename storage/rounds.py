"""The half-yearly round (반기 보고): whom it concerns, and what there is to tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OPEN_STATES, OfficeId, State
from storage.tables import CaseEventRow, CaseRow, ConversationRow, ResidentRow, SupportRow

_OPEN = sorted(state.value for state in OPEN_STATES)


class Told(NamedTuple):
    """An open case and one resident whom it concerns.

    `overdue_since` is its date where that has passed; `silent` when the office said no word since the last
    account.
    """

    resident_id: int
    case_id: int
    year: int
    running: int
    title: str
    state: str
    office: str
    planned_on: date | None
    overdue_since: datetime | None
    silent: bool
    question_waiting: bool
    district: str
    raised: bool


class Deed(NamedTuple):
    """A line of a case's history since the last account."""

    case_id: int
    action: str
    at: datetime
    words: str


class Ear(NamedTuple):
    """A conversation of a resident."""

    resident_id: int
    conversation_id: int
    channel: str
    reachable: bool
    notices: bool


async def last_resident(connection: AsyncConnection) -> int:
    """The highest id of a resident; 0 when there is none."""
    result = await connection.execute(select(func.coalesce(func.max(ResidentRow.id), 0)))
    return result.scalar_one()


def _open_by(moment: datetime) -> ColumnElement[bool]:
    return and_(CaseRow.state.in_(_OPEN), CaseRow.received_at <= moment)


async def told_between(
    connection: AsyncConnection, first: int, last: int, *, moment: datetime, since: datetime, now: datetime
) -> list[Told]:
    """The open cases that residents `first` to `last` raised or support and that were there at `moment`."""
    columns = (
        CaseRow.id,
        CaseRow.year,
        CaseRow.running,
        CaseRow.title,
        CaseRow.state,
        CaseRow.office,
        CaseRow.planned_on,
        # Decided in the database: a date that nobody is shown need not be read.
        case((CaseRow.due_at < now, CaseRow.due_at)),
        _silent(since),
        CaseRow.question_waiting,
        CaseRow.district,
    )
    raised = select(CaseRow.resident_id, *columns, literal(True)).where(
        CaseRow.resident_id.between(first, last), _open_by(moment)
    )
    backed = (
        select(SupportRow.resident_id, *columns, literal(False))
        .join(CaseRow, CaseRow.id == SupportRow.case_id)
        .where(SupportRow.resident_id.between(first, last), _open_by(moment))
    )
    found = [Told._make(row) for statement in (raised, backed) for row in await connection.execute(statement)]
    return sorted(found, key=itemgetter(0, 1))


async def deeds_between(
    connection: AsyncConnection,
    first: int,
    last: int,
    *,
    moment: datetime,
    since: datetime,
    actions: Sequence[str],
) -> list[Deed]:
    """What was done since `since` to the cases of `told_between`, oldest first."""
    events = CaseEventRow
    deeds = (
        select(events.id, events.case_id, events.action, events.at, events.words)
        .join(CaseRow, CaseRow.id == events.case_id)
        .where(_open_by(moment), events.at > since, events.action.in_(actions))
    )
    by_raiser = deeds.where(CaseRow.resident_id.between(first, last))
    by_backer = deeds.join(SupportRow, SupportRow.case_id == CaseRow.id).where(
        SupportRow.resident_id.between(first, last)
    )
    found = {
        row[0]: Deed._make(row[1:])
        for statement in (by_raiser, by_backer)
        for row in await connection.execute(statement)
    }
    return [deed for _, deed in sorted(found.items())]


async def ears_between(connection: AsyncConnection, first: int, last: int) -> list[Ear]:
    """The conversations of residents `first` to `last`."""
    result = await connection.execute(
        select(
            ConversationRow.resident_id,
            ConversationRow.id,
            ConversationRow.channel,
            ConversationRow.reachable,
            ResidentRow.notices,
        )
        .join(ResidentRow, ResidentRow.id == ConversationRow.resident_id)
        .where(ConversationRow.resident_id.between(first, last))
        .order_by(ConversationRow.resident_id, ConversationRow.id)
    )
    return [Ear._make(row) for row in result]


def _silent(since: datetime) -> ColumnElement[bool]:
    return or_(CaseRow.last_word_at.is_(None), CaseRow.last_word_at <= since)


@dataclass(frozen=True, slots=True)
class Tally:
    """Open cases of one district and state, and how many of them had no word from their office."""

    district: str
    state: State
    cases: int
    without_word: int


async def tally_without_chat(connection: AsyncConnection, moment: datetime, since: datetime) -> list[Tally]:
    """The open cases that nobody raised from a chat, by district and state, at `moment`."""
    result = await connection.execute(
        select(
            CaseRow.district,
            CaseRow.state,
            func.count(),
            func.sum(case((_silent(since), 1), else_=0)),
        )
        .where(CaseRow.resident_id.is_(None), _open_by(moment))
        .group_by(CaseRow.district, CaseRow.state)
        .order_by(CaseRow.district, CaseRow.state)
    )
    return [
        Tally(district, State(state), int(count), int(without)) for district, state, count, without in result
    ]


@dataclass(frozen=True, slots=True)
class Silent:
    """An open case without a word from its office since the last account."""

    case_id: int
    year: int
    running: int
    title: str
    received_at: datetime


def _silent_since(since: datetime) -> ColumnElement[bool]:
    return and_(CaseRow.state.in_(_OPEN), _silent(since))


async def offices_with_silent(
    connection: AsyncConnection, since: datetime, *, after: str, limit: int
) -> list[tuple[OfficeId, int]]:
    """Offices (by id, those behind `after`) that have open cases without a word, and how many."""
    result = await connection.execute(
        select(CaseRow.office, func.count())
        .where(CaseRow.office > after, _silent_since(since))
        .group_by(CaseRow.office)
        .order_by(CaseRow.office)
        .limit(limit)
    )
    return [(OfficeId(office), count) for office, count in result]


async def silent_cases(
    connection: AsyncConnection, office: OfficeId, since: datetime, *, limit: int
) -> list[Silent]:
    """An office's open cases without a word since `since`, the oldest first."""
    result = await connection.execute(
        select(CaseRow.id, CaseRow.year, CaseRow.running, CaseRow.title, CaseRow.received_at)
        .where(CaseRow.office == office, _silent_since(since))
        .order_by(CaseRow.id)
        .limit(limit)
    )
    return [Silent(*row) for row in result]
