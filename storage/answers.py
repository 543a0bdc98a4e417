"""Answers kept for the next time (답변 틀): of one office, or of the whole city."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId
from storage.tables import AnswerRow

MOST_ANSWERS = 200
"""Answers of an office that are shown."""

CITY = OfficeId("")
"""Whose answers are for every office."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `words` may have fields in braces; `version` guards its changes."""

    id: int
    office: OfficeId
    title: str
    words: str
    changed_at: datetime
    version: int


_COLUMNS = (
    AnswerRow.id,
    AnswerRow.office,
    AnswerRow.title,
    AnswerRow.words,
    AnswerRow.changed_at,
    AnswerRow.version,
)


async def answers_for(connection: AsyncConnection, offices: Collection[OfficeId] | None) -> list[Answer]:
    """The city's answers and those of these offices (None: of all), by office and title."""
    statement = select(*_COLUMNS).where(AnswerRow.removed_at.is_(None))
    if offices is not None:
        statement = statement.where(AnswerRow.office.in_([CITY, *sorted(offices)]))
    result = await connection.execute(
        statement.order_by(AnswerRow.office, AnswerRow.title, AnswerRow.id).limit(MOST_ANSWERS)
    )
    return [Answer(row[0], OfficeId(row[1]), *row[2:]) for row in result]


async def answer_by_id(connection: AsyncConnection, answer_id: int) -> Answer | None:
    """The answer of that id, or None."""
    result = await connection.execute(
        select(*_COLUMNS).where(AnswerRow.id == answer_id, AnswerRow.removed_at.is_(None))
    )
    row = result.one_or_none()
    return None if row is None else Answer(row[0], OfficeId(row[1]), *row[2:])


async def add_answer(
    connection: AsyncConnection, office: OfficeId, title: str, words: str, *, staff_id: int, now: datetime
) -> None:
    """Keep a new one."""
    await connection.execute(
        insert(AnswerRow).values(
            office=office, title=title, words=words, changed_by=staff_id, changed_at=now, version=0
        )
    )


async def change_answer(
    connection: AsyncConnection, before: Answer, title: str, words: str, *, staff_id: int, now: datetime
) -> bool:
    """Write it anew over exactly the version that was seen; False when somebody was quicker."""
    return await _set(connection, before, staff_id, now, title=title, words=words)


async def remove_answer(connection: AsyncConnection, before: Answer, *, staff_id: int, now: datetime) -> bool:
    """Offer it no more; False when somebody was quicker."""
    return await _set(connection, before, staff_id, now, removed_at=now)


async def _set(
    connection: AsyncConnection, before: Answer, staff_id: int, now: datetime, **values: object
) -> bool:
    result = await connection.execute(
        update(AnswerRow)
        .where(AnswerRow.id == before.id, AnswerRow.version == before.version, AnswerRow.removed_at.is_(None))
        .values(changed_by=staff_id, changed_at=now, version=AnswerRow.version + 1, **values)
        .returning(AnswerRow.id)
    )
    return result.one_or_none() is not None
