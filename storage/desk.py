"""The intake desk's queues (접수창구): what has no office, what goes to and fro, what nobody looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import Select, and_, func, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.vocabulary import INTAKE_DESK, OPEN_STATES, Action, OfficeId
from storage.statements import written_out
from storage.tables import CaseEventRow, CaseRow, DeskEntryRow

DISPUTED_MOVES = 2
"""From this many moves on a case stands among those that go to and fro; the partial index says it too."""

_OPEN = sorted(state.value for state in OPEN_STATES)


class Queue(StrEnum):
    """What waits for the desk (대기열)."""

    UNROUTED = "unrouted"  # 부서가 정해지지 않음
    DISPUTED = "disputed"  # 부서를 오감
    BOT = "bot"  # 프로그램이 스스로 보냄


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case of a queue, as a list shows it."""

    case_id: int
    number: CaseNumber
    title: str
    office: OfficeId
    district: str
    place: str
    due_at: datetime
    moves: int


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a case (이관): from where to where, when, by whom, and why."""

    at: datetime
    role: str
    author: str
    from_office: OfficeId
    to_office: OfficeId
    words: str


_UNROUTED = select(CaseRow.id).where(CaseRow.office == INTAKE_DESK, CaseRow.state.in_(_OPEN))
# The conditions of the partial indexes stand here word for word: otherwise they would not be used.
_DISPUTED = select(CaseRow.id).where(
    CaseRow.moves >= literal(DISPUTED_MOVES, literal_execute=True),
    CaseRow.closed_at.is_(None),
    or_(CaseRow.reviewed_at.is_(None), CaseRow.reviewed_at < CaseRow.assigned_at),
)
_BOT = select(CaseRow.id).where(
    CaseRow.routed_by == written_out("bot"),
    CaseRow.reviewed_at.is_(None),
    CaseRow.closed_at.is_(None),
    CaseRow.moves == 0,
    CaseRow.office != INTAKE_DESK,
)

# The newest first where a mistake costs least when it is found at once; else whoever waits longest.
_QUEUES: Mapping[Queue, Select[int]] = MappingProxyType(
    {
        Queue.UNROUTED: _UNROUTED.order_by(CaseRow.due_at, CaseRow.id),
        Queue.DISPUTED: _DISPUTED.order_by(CaseRow.due_at, CaseRow.id),
        Queue.BOT: _BOT.order_by(CaseRow.id.desc()),
    }
)


async def count_queue(connection: AsyncConnection, queue: Queue, *, at_most: int) -> int:
    """How many cases wait in a queue, none counted beyond `at_most`."""
    found = _QUEUES[queue].order_by(None).limit(at_most).subquery()
    return (await connection.execute(select(func.count()).select_from(found))).scalar_one()


async def waiting(
    connection: AsyncConnection, queue: Queue, *, limit: int, skipped: int = 0
) -> list[Waiting]:
    """The next cases of a queue; `skipped` passes so many of them over."""
    ids = _QUEUES[queue].offset(skipped).limit(limit)
    shown = select(
        CaseRow.id,
        CaseRow.year,
        CaseRow.running,
        CaseRow.title,
        CaseRow.office,
        CaseRow.district,
        CaseRow.place,
        CaseRow.due_at,
        CaseRow.moves,
    )
    order = (await connection.execute(ids)).scalars().all()
    found = {
        row.id: Waiting(
            row.id,
            CaseNumber(row.year, row.running),
            row.title,
            OfficeId(row.office),
            row.district,
            row.place,
            row.due_at,
            row.moves,
        )
        for row in await connection.execute(shown.where(CaseRow.id.in_(order)))
    }
    return [found[case_id] for case_id in order if case_id in found]


async def moves_of(connection: AsyncConnection, case_ids: list[int]) -> dict[int, list[Move]]:
    """The moves of these cases, each case's oldest first."""
    row = CaseEventRow
    result = await connection.execute(
        select(row.case_id, row.at, row.role, row.author, row.from_office, row.to_office, row.words)
        .where(and_(row.case_id.in_(case_ids), row.action == Action.MOVE.value))
        .order_by(row.case_id, row.id)
    )
    found: dict[int, list[Move]] = {case_id: [] for case_id in case_ids}
    for case_id, at, role, author, before, after, words in result:
        found[case_id].append(Move(at, role, author, OfficeId(before), OfficeId(after), words))
    return found


async def case_of_entry(connection: AsyncConnection, key: str) -> tuple[CaseNumber, str] | None:
    """Number and text of the case that a clerk's form has filed already, or None."""
    result = await connection.execute(
        select(CaseRow.year, CaseRow.running, CaseRow.text)
        .join(DeskEntryRow, DeskEntryRow.case_id == CaseRow.id)
        .where(DeskEntryRow.key == key)
    )
    found = result.one_or_none()
    return None if found is None else (CaseNumber(found.year, found.running), found.text)


async def keep_entry(connection: AsyncConnection, key: str, case_id: int, now: datetime) -> None:
    """Note which case a clerk's form filed. Raises IntegrityError when it has filed one already."""
    await connection.execute(insert(DeskEntryRow).values(key=key, case_id=case_id, created_at=now))
