"""Figures (집계): kept by month under every head, so that a page reads a few thousand rows of a million.

Every change of a case leaves a line in its history. Counting goes along those lines: a case is taken out as
it was counted and put in as it is. It may be done at any time, by anyone, and again: the same comes out.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.figures import IMPORTED, Activity, Dimension, Facts, Head, half_of, heads, spans
from cases.rules import WORDS_TO_THE_PERSON
from cases.vocabulary import Action, State
from storage.engine import Database
from storage.statements import insert_or
from storage.tables import (
    ActivityRow,
    CaseEventRow,
    CaseRow,
    CountedRow,
    CountingRow,
    FigureRow,
    MeetingRow,
)

LINES_AT_ONCE = 200
LOOKED_AT_AGAIN = 300
"""Lines before the last one counted: on PostgreSQL one with a lower number may be seen later."""

_CASES = "cases"
_WORDS = tuple(sorted(action.value for action in WORDS_TO_THE_PERSON | {Action.PHONED}))
_MOST_PARAMETERS = 300
_HEAD = ("slice", "dimension", "month", "value", "state")


async def count_all(
    database: Database, zone: ZoneInfo, *, most: int | None = None, again: bool = True
) -> int:
    """Count what has changed, in short transactions; returns how many lines were looked at.

    `most`, where given, ends it after that many lines, for who is waited for; `again` looks at the last
    ones counted once more, as has to be done now and then.
    """
    looked_at = 0
    while most is None or looked_at < most:
        async with database.begin() as connection:
            new = await count_next(connection, zone, again=again and not looked_at)
        looked_at += new
        if new < LINES_AT_ONCE:
            break
    return looked_at


async def is_behind(connection: AsyncConnection) -> bool:
    """True when something has changed since the last counting."""
    last = await connection.scalar(select(func.max(CaseEventRow.id)))
    cursor = await connection.scalar(select(CountingRow.cursor).where(CountingRow.name == _CASES))
    return (last or 0) > (cursor or 0)


async def count_next(connection: AsyncConnection, zone: ZoneInfo, *, again: bool = True) -> int:
    """Count the cases of the next lines of history, and `again` of the last ones; how many lines were new."""
    cursor = await _hold(connection)
    back = LOOKED_AT_AGAIN if again else 0
    lines = (
        await connection.execute(
            select(CaseEventRow.id, CaseEventRow.case_id)
            .where(CaseEventRow.id > cursor - back)
            .order_by(CaseEventRow.id)
            .limit(LINES_AT_ONCE + back)
        )
    ).all()
    new: int = sum(line.id > cursor for line in lines)
    await _count(connection, sorted({line.case_id for line in lines}), zone)
    if new:
        await connection.execute(
            update(CountingRow).where(CountingRow.name == _CASES).values(cursor=lines[-1].id)
        )
    return new


async def count_again_from(connection: AsyncConnection, line: int) -> None:
    """Have history counted (again) from this line on: what a long transaction wrote may lie behind."""
    cursor = await _hold(connection)
    await connection.execute(
        update(CountingRow).where(CountingRow.name == _CASES).values(cursor=min(cursor, line - 1))
    )


async def _hold(connection: AsyncConnection) -> int:
    """How far the counting came; nobody else counts before this transaction ends."""
    await connection.execute(insert_or(connection, CountingRow).values(name=_CASES).on_conflict_do_nothing())
    result = await connection.execute(
        select(CountingRow.cursor).where(CountingRow.name == _CASES).with_for_update()
    )
    cursor: int = result.scalar_one()
    return cursor


async def _count(connection: AsyncConnection, cases: Sequence[int], zone: ZoneInfo) -> None:
    if not cases:
        return
    now = await _facts(connection, cases, zone)
    rows = await connection.execute(
        select(CountedRow.case_id, CountedRow.facts).where(CountedRow.case_id.in_(cases))
    )
    before = {row.case_id: row.facts for row in rows}
    changed = {case: facts for case, facts in now.items() if before.get(case) != facts.written()}
    delta: Counter[Head] = Counter()
    for case, facts in changed.items():
        for head, many in heads(facts):
            delta[head] += many
        if case in before:
            for head, many in heads(Facts.read(before[case])):
                delta[head] -= many
    await _add(connection, delta)
    kept = [{"case_id": case, "facts": facts.written()} for case, facts in changed.items()]
    if kept:
        statement = insert_or(connection, CountedRow)
        statement = statement.on_conflict_do_update(
            index_elements=["case_id"], set_={"facts": statement.excluded.facts}
        )
        await connection.execute(statement, kept)


async def _add(connection: AsyncConnection, of_months: Mapping[Head, int]) -> None:
    delta = Counter(of_months)
    for head, many in of_months.items():
        delta[head._replace(month=half_of(head.month))] += many
    rows = [{**head._asdict(), "n": many} for head, many in sorted(delta.items()) if many]
    if not rows:
        return
    statement = insert_or(connection, FigureRow)
    statement = statement.on_conflict_do_update(
        index_elements=list(_HEAD), set_={"n": FigureRow.n + statement.excluded.n}
    )
    await connection.execute(statement, rows)
    emptied = [head for head, many in delta.items() if many < 0]
    if emptied:
        months = sorted({head.month for head in emptied})
        slices = sorted({head.slice for head in emptied})
        for start in range(0, len(slices), _MOST_PARAMETERS):
            await connection.execute(
                delete(FigureRow).where(
                    FigureRow.slice.in_(slices[start : start + _MOST_PARAMETERS]),
                    FigureRow.dimension == Dimension.DUE.value,
                    FigureRow.month.in_(months),
                    FigureRow.n == 0,
                )
            )


async def _facts(connection: AsyncConnection, cases: Sequence[int], zone: ZoneInfo) -> dict[int, Facts]:
    words = await connection.execute(
        select(CaseEventRow.case_id, func.min(CaseEventRow.at))
        .where(
            CaseEventRow.case_id.in_(cases),
            CaseEventRow.action.in_(_WORDS),
            or_(CaseEventRow.words != "", CaseEventRow.action == Action.LONG_TERM.value),
        )
        .group_by(CaseEventRow.case_id)
    )
    first_word: dict[int, datetime] = {row[0]: row[1] for row in words}
    activities = await connection.execute(
        select(ActivityRow.case_id, ActivityRow.kind, func.count())
        .where(ActivityRow.case_id.in_(cases))
        .group_by(ActivityRow.case_id, ActivityRow.kind)
    )
    done: dict[tuple[int, str], int] = {(row[0], row[1]): row[2] for row in activities}
    rows = await connection.execute(
        select(
            CaseRow.id,
            CaseRow.state,
            CaseRow.kind,
            CaseRow.district,
            CaseRow.office,
            CaseRow.field,
            func.coalesce(MeetingRow.kind, "").label("meeting"),
            CaseRow.outcome,
            CaseRow.moves,
            CaseRow.received_at,
            CaseRow.closed_at,
            CaseRow.due_at,
            CaseRow.rating,
            CaseRow.routed_by,
        )
        .outerjoin(MeetingRow, MeetingRow.id == CaseRow.meeting_id)
        .where(CaseRow.id.in_(cases))
    )
    return {
        row.id: Facts(
            month=_month(row.received_at, zone),
            state=row.state,
            kind=row.kind,
            district=row.district,
            office=row.office,
            field=row.field,
            meeting=row.meeting,
            outcome=row.outcome or "",
            moves=row.moves,
            first_days=_days(row.received_at, first_word.get(row.id), zone),
            close_days=_days(row.received_at, row.closed_at, zone),
            due=f"{row.due_at:%Y-%m-%dT%H:%M}" if State(row.state).is_open else "",
            rating=row.rating,
            right=_went_right(row.routed_by, row.state, row.moves),
            interviews=done.get((row.id, Activity.INTERVIEW.value), 0),
            site_visits=done.get((row.id, Activity.SITE_VISIT.value), 0),
        )
        for row in rows
    }


def _month(moment: datetime, zone: ZoneInfo) -> int:
    day = moment.astimezone(zone).date()
    return day.year * 100 + day.month


def _days(received: datetime, until: datetime | None, zone: ZoneInfo) -> int | None:
    if until is None:
        return None
    return max(0, (until.astimezone(zone).date() - received.astimezone(zone).date()) // timedelta(days=1))


def _went_right(routed_by: str, state: str, moves: int) -> bool | None:
    if routed_by == IMPORTED or (state == State.RECEIVED.value and not moves):
        return None
    return not moves


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases stand under a head, all months of the period together."""

    dimension: str
    value: str
    state: str
    n: int


async def read_counts(
    connection: AsyncConnection, slices: Collection[str], first: int, last: int
) -> list[Count]:
    """Everything counted of these slices, from the month `first` to the month `last` (202601 to 202606)."""
    many = func.sum(FigureRow.n)
    result = await connection.execute(
        select(FigureRow.dimension, FigureRow.value, FigureRow.state, many)
        .where(FigureRow.slice.in_(sorted(slices)), FigureRow.month.in_(spans(first, last)))
        .where(FigureRow.dimension.in_([dimension.value for dimension in Dimension]))
        .group_by(FigureRow.dimension, FigureRow.value, FigureRow.state)
        .having(many != 0)
    )
    return [Count(row[0], row[1], row[2], int(row[3])) for row in result]


async def read_months(
    connection: AsyncConnection, slices: Collection[str], first: int, last: int
) -> dict[int, dict[str, int]]:
    """How many cases of these slices came in each month, by their state now."""
    result = await connection.execute(
        select(FigureRow.month, FigureRow.state, func.sum(FigureRow.n))
        .where(
            FigureRow.slice.in_(sorted(slices)),
            FigureRow.dimension == Dimension.STATE.value,
            FigureRow.month.between(first, last),
            FigureRow.month % 100 <= 12,
        )
        .group_by(FigureRow.month, FigureRow.state)
    )
    months: dict[int, dict[str, int]] = {}
    for month, state, many in result:
        months.setdefault(month, {})[state] = int(many)
    return months


async def known_values(connection: AsyncConnection, dimension: Dimension, *, limit: int) -> list[str]:
    """The values of a dimension that any case ever had, for a list to choose from."""
    result = await connection.execute(
        select(FigureRow.value)
        .where(FigureRow.slice == "", FigureRow.dimension == dimension.value, FigureRow.value != "")
        .distinct()
        .order_by(FigureRow.value)
        .limit(limit)
    )
    return list(result.scalars())
