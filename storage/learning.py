"""Lessons and models of routing: what staff's decisions taught, and which model is in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import CaseRow, JsonObject, RoutingLessonRow, RoutingModelRow

ACTIVE, KEPT, REFUSED = "active", "kept", "refused"
MODELS_KEPT = 5


@dataclass(frozen=True, slots=True)
class StoredLesson:
    """A case, the department that was right for it, since when that stands, and the case's own words."""

    case_id: int
    department: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case to compare with: its number as people know it, and its words."""

    year: int
    running: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredModel:
    """A model's row without its weights. `state` is active, kept or refused; `reason` says why refused."""

    version: int
    made_at: datetime
    learned_until: datetime
    trained_on: int
    quality: JsonObject
    state: str
    reason: str


class NoSuchModel(LookupError):  # noqa: N818 - an outcome to word, not a fault
    """There is no model of that version any more."""


_COLUMNS = (
    RoutingModelRow.version,
    RoutingModelRow.made_at,
    RoutingModelRow.learned_until,
    RoutingModelRow.trained_on,
    RoutingModelRow.quality,
    RoutingModelRow.state,
    RoutingModelRow.reason,
)
_LESSONS = (
    select(RoutingLessonRow.case_id, RoutingLessonRow.department, RoutingLessonRow.at, CaseRow.text)
    .join(CaseRow, CaseRow.id == RoutingLessonRow.case_id)
    .where(CaseRow.redacted_at.is_(None))
    .order_by(RoutingLessonRow.at.desc(), RoutingLessonRow.case_id.desc())
)
_SINCE = _LESSONS.where(RoutingLessonRow.at >= bindparam("since")).limit(bindparam("most"))
_NEWEST = _LESSONS.limit(bindparam("most"))
_HELD_OUT = _LESSONS.where(RoutingLessonRow.case_id % bindparam("every") == 0).limit(bindparam("most"))


async def note_lesson(connection: AsyncConnection, case_id: int, department: str, at: datetime) -> None:
    """This department was right for this case, as far as is known at that moment; the newest stands."""
    new = insert_or(connection, RoutingLessonRow).values(case_id=case_id, department=department, at=at)
    await connection.execute(
        new.on_conflict_do_update(
            index_elements=["case_id"],
            set_={"department": new.excluded.department, "at": new.excluded.at},
            where=RoutingLessonRow.at <= new.excluded.at,
        )
    )


async def forget_lessons(connection: AsyncConnection, case_ids: Sequence[int]) -> None:
    """Nothing is to be learned from these cases any more."""
    if case_ids:
        await connection.execute(delete(RoutingLessonRow).where(RoutingLessonRow.case_id.in_(case_ids)))


async def forget_lessons_of(connection: AsyncConnection, resident_id: int) -> None:
    """Nothing is to be learned from what this person raised any more."""
    theirs = select(CaseRow.id).where(CaseRow.resident_id == resident_id)
    await connection.execute(delete(RoutingLessonRow).where(RoutingLessonRow.case_id.in_(theirs)))


async def newest_lessons(
    connection: AsyncConnection, *, limit: int, since: datetime | None = None
) -> list[StoredLesson]:
    """The newest lessons, oldest of them first; with `since`, only those noted at that moment or later."""
    if since is None:
        result = await connection.execute(_NEWEST, {"most": limit})
    else:
        result = await connection.execute(_SINCE, {"most": limit, "since": since})
    return [StoredLesson(*row) for row in reversed(result.all())]


async def held_out_lessons(connection: AsyncConnection, *, every: int, limit: int) -> list[StoredLesson]:
    """Lessons that no stored model was trained on (every so-manieth case), oldest first."""
    result = await connection.execute(_HELD_OUT, {"every": every, "most": limit})
    return [StoredLesson(*row) for row in reversed(result.all())]


async def cases_taught(connection: AsyncConnection, department: str, *, limit: int) -> list[NearCase]:
    """The newest cases that staff confirmed for a department."""
    result = await connection.execute(
        select(CaseRow.year, CaseRow.running, CaseRow.text)
        .join(RoutingLessonRow, RoutingLessonRow.case_id == CaseRow.id)
        .where(RoutingLessonRow.department == department, CaseRow.redacted_at.is_(None))
        .order_by(RoutingLessonRow.at.desc())
        .limit(limit)
    )
    return [NearCase(*row) for row in result]


async def add_model(
    connection: AsyncConnection,
    *,
    made_at: datetime,
    learned_until: datetime,
    trained_on: int,
    quality: JsonObject,
    weights: bytes,
    refused: str = "",
) -> int:
    """Keep a new model and, unless it was refused for that reason, take it into use; its version.

    Of those not in use only the newest few are kept.
    """
    if not refused:
        await _retire(connection)
    result = await connection.execute(
        insert(RoutingModelRow)
        .values(
            made_at=made_at,
            learned_until=learned_until,
            trained_on=trained_on,
            quality=quality,
            weights=weights,
            state=REFUSED if refused else ACTIVE,
            reason=refused,
        )
        .returning(RoutingModelRow.version)
    )
    version = result.scalar_one()
    old = (
        select(RoutingModelRow.version)
        .where(RoutingModelRow.state != ACTIVE)
        .order_by(RoutingModelRow.version.desc())
        .offset(MODELS_KEPT - 1)
    )
    gone = list((await connection.execute(old)).scalars())
    await connection.execute(delete(RoutingModelRow).where(RoutingModelRow.version.in_(gone)))
    return version


async def use_model(connection: AsyncConnection, version: int) -> None:
    """Take a kept version into use instead of the one that is. Raises NoSuchModel."""
    await _retire(connection)
    result = await connection.execute(
        update(RoutingModelRow).where(RoutingModelRow.version == version).values(state=ACTIVE, reason="")
    )
    if result.rowcount != 1:
        raise NoSuchModel(version)


async def models(connection: AsyncConnection) -> list[StoredModel]:
    """Every version that is kept, newest first."""
    result = await connection.execute(select(*_COLUMNS).order_by(RoutingModelRow.version.desc()))
    return [StoredModel(**row) for row in result.mappings()]


async def active_model(connection: AsyncConnection) -> StoredModel | None:
    """The version in use, or None before the first training."""
    result = await connection.execute(select(*_COLUMNS).where(RoutingModelRow.state == ACTIVE))
    row = result.mappings().one_or_none()
    return None if row is None else StoredModel(**row)


async def weights_of(connection: AsyncConnection, version: int) -> bytes:
    """The weights of a version as they were stored. Raises NoSuchModel."""
    found = await connection.scalar(select(RoutingModelRow.weights).where(RoutingModelRow.version == version))
    if found is None:
        raise NoSuchModel(version)
    return found


async def _retire(connection: AsyncConnection) -> None:
    await connection.execute(
        update(RoutingModelRow).where(RoutingModelRow.state == ACTIVE).values(state=KEPT)
    )
