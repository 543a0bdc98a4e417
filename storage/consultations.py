"""Other offices asked for their part of a case (실무자 협의): the question, its date, what they write."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.vocabulary import OfficeId
from storage.tables import CaseRow, ConsultationLineRow, ConsultationRow


class Outcome(StrEnum):
    """How a consultation stands."""

    AWAITED = ""  # 답을 기다림
    ANSWERED = "answered"  # 답함
    DROPPED = "dropped"  # 더 필요하지 않음


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody of the consulted office wrote; `answers` ended it."""

    at: datetime
    author: str
    answers: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One office asked about one case."""

    id: int
    case_id: int
    office: OfficeId
    question: str
    due_on: date
    author: str
    asked_at: datetime
    outcome: Outcome
    ended_at: datetime | None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, of whom, by when, and who asks."""

    case_id: int
    office: OfficeId
    question: str
    due_on: date
    staff_id: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A question that waits for one's own office."""

    number: CaseNumber
    title: str
    office: OfficeId
    question: str
    due_on: date


async def ask(connection: AsyncConnection, question: Question, now: datetime) -> int:
    """Write the question down; returns its id."""
    result = await connection.execute(
        insert(ConsultationRow)
        .values(
            case_id=question.case_id,
            office=question.office,
            question=question.question,
            due_on=question.due_on,
            asked_by=question.staff_id,
            author=question.author,
            asked_at=now,
            outcome=Outcome.AWAITED.value,
        )
        .returning(ConsultationRow.id)
    )
    return result.scalar_one()


async def consultations_of(connection: AsyncConnection, case_id: int) -> list[Consultation]:
    """All of a case's, the oldest first, with what was written."""
    rows = await connection.execute(
        select(*_COLUMNS).where(ConsultationRow.case_id == case_id).order_by(ConsultationRow.id)
    )
    found = [dict(row) for row in rows.mappings()]
    lines = await _lines(connection, [row["id"] for row in found])
    return [
        Consultation(
            **{**row, "office": OfficeId(row["office"]), "outcome": Outcome(row["outcome"])},
            lines=tuple(lines.get(row["id"], ())),
        )
        for row in found
    ]


async def is_consulted(connection: AsyncConnection, case_id: int, offices: Collection[OfficeId]) -> bool:
    """True when one of these offices is or was asked about the case."""
    result = await connection.execute(
        select(ConsultationRow.id)
        .where(ConsultationRow.case_id == case_id, ConsultationRow.office.in_(sorted(offices)))
        .limit(1)
    )
    return result.one_or_none() is not None


async def awaited_from(
    connection: AsyncConnection, offices: Collection[OfficeId], *, limit: int
) -> list[Awaited]:
    """Questions that wait for these offices, the most urgent first."""
    result = await connection.execute(
        select(
            CaseRow.year,
            CaseRow.running,
            CaseRow.title,
            ConsultationRow.office,
            ConsultationRow.question,
            ConsultationRow.due_on,
        )
        .join(CaseRow, CaseRow.id == ConsultationRow.case_id)
        .where(ConsultationRow.office.in_(sorted(offices)), ConsultationRow.ended_at.is_(None))
        .order_by(ConsultationRow.due_on, ConsultationRow.id)
        .limit(limit)
    )
    return [
        Awaited(
            number=CaseNumber(row.year, row.running),
            title=row.title,
            office=OfficeId(row.office),
            question=row.question,
            due_on=row.due_on,
        )
        for row in result
    ]


async def write(connection: AsyncConnection, consultation_id: int, line: Line, *, staff_id: int) -> bool:
    """Add what the consulted office writes; an answer ends it. False when it had ended before."""
    if line.answers:
        if not await end(connection, consultation_id, Outcome.ANSWERED, line.at):
            return False
    elif not await _awaits(connection, consultation_id):
        return False
    await connection.execute(
        insert(ConsultationLineRow).values(
            consultation_id=consultation_id,
            at=line.at,
            staff_id=staff_id,
            author=line.author,
            answers=line.answers,
            words=line.words,
        )
    )
    return True


async def end(connection: AsyncConnection, consultation_id: int, outcome: Outcome, now: datetime) -> bool:
    """End it, once. False when somebody was quicker."""
    result = await connection.execute(
        update(ConsultationRow)
        .where(ConsultationRow.id == consultation_id, ConsultationRow.ended_at.is_(None))
        .values(outcome=outcome.value, ended_at=now)
        .returning(ConsultationRow.id)
    )
    return result.one_or_none() is not None


_COLUMNS = (
    ConsultationRow.id,
    ConsultationRow.case_id,
    ConsultationRow.office,
    ConsultationRow.question,
    ConsultationRow.due_on,
    ConsultationRow.author,
    ConsultationRow.asked_at,
    ConsultationRow.outcome,
    ConsultationRow.ended_at,
)


async def _awaits(connection: AsyncConnection, consultation_id: int) -> bool:
    result = await connection.execute(
        select(ConsultationRow.id)
        .where(ConsultationRow.id == consultation_id, ConsultationRow.ended_at.is_(None))
        .with_for_update()
    )
    return result.one_or_none() is not None


async def _lines(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[Line]]:
    if not ids:
        return {}
    result = await connection.execute(
        select(
            ConsultationLineRow.consultation_id,
            ConsultationLineRow.at,
            ConsultationLineRow.author,
            ConsultationLineRow.answers,
            ConsultationLineRow.words,
        )
        .where(ConsultationLineRow.consultation_id.in_(ids))
        .order_by(ConsultationLineRow.id)
    )
    lines: dict[int, list[Line]] = {}
    for row in result:
        line = Line(row.at, row.author, row.answers, row.words)
        lines.setdefault(row.consultation_id, []).append(line)
    return lines
