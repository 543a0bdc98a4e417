"""Runs of jobs (작업): one row a job and period, locked for each batch; any number of processes may tick.

A batch and the cursor behind it are one transaction: after a crash the next process goes on where the last
whole batch ended, and no lease has to run out first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.statements import insert_or
from storage.tables import CaseEventRow, ConversationRow, JobRunRow, JsonObject, OutboxRow

Figures = Mapping[str, object]
"""What a run counted: names and numbers, or a table of them."""

NOTHING: Figures = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A job's run for one period, as far as it came."""

    job: str
    period: str
    due_at: datetime
    started_at: datetime
    cursor: str
    figures: Figures
    attempts: int
    retry_at: datetime | None
    fault: str | None
    finished_at: datetime | None
    outcome: str


_COLUMNS = tuple(getattr(JobRunRow, name) for name in Run.__slots__)


async def begin_run(
    connection: AsyncConnection, job: str, period: str, *, due_at: datetime, now: datetime
) -> bool:
    """Write that a job begins for a period; False when it began before, here or in another process."""
    result = await connection.execute(
        insert_or(connection, JobRunRow)
        .values(job=job, period=period, due_at=due_at, started_at=now)
        .on_conflict_do_nothing(index_elements=["job", "period"])
        .returning(JobRunRow.job)
    )
    return result.one_or_none() is not None


async def hold_run(connection: AsyncConnection, job: str, period: str) -> Run | None:
    """Lock an unfinished run until the transaction ends.

    None when it is finished, or when another process is at a batch of it right now.
    """
    result = await connection.execute(
        select(*_COLUMNS)
        .where(JobRunRow.job == job, JobRunRow.period == period, JobRunRow.finished_at.is_(None))
        .with_for_update(skip_locked=True)
    )
    row = result.mappings().one_or_none()
    return None if row is None else Run(**row)


async def move_run(
    connection: AsyncConnection,
    run: Run,
    *,
    cursor: str,
    figures: Figures,
    finished_at: datetime | None,
    outcome: str,
) -> None:
    """Write how far a held run came; `finished_at` ends it."""
    await _write(
        connection,
        run.job,
        run.period,
        {
            "cursor": cursor,
            "figures": dict(figures),
            "finished_at": finished_at,
            "outcome": outcome,
            "attempts": 0,
            "retry_at": None,
            "fault": None,
        },
    )


async def fail_run(
    connection: AsyncConnection, job: str, period: str, *, fault: str, attempts: int, retry_at: datetime
) -> None:
    """Note that a batch of a run failed; `fault` names the error, never anybody's words."""
    values: JsonObject = {"fault": fault[:200], "attempts": attempts, "retry_at": retry_at}
    await _write(connection, job, period, values)


async def _write(connection: AsyncConnection, job: str, period: str, values: JsonObject) -> None:
    await connection.execute(
        update(JobRunRow)
        .where(JobRunRow.job == job, JobRunRow.period == period, JobRunRow.finished_at.is_(None))
        .values(values)
    )


async def unfinished_runs(connection: AsyncConnection, *, now: datetime) -> list[Run]:
    """The runs that have begun and not ended, but for those that wait to be tried again, oldest first."""
    result = await connection.execute(
        select(*_COLUMNS)
        .where(
            JobRunRow.finished_at.is_(None),
            or_(JobRunRow.retry_at.is_(None), JobRunRow.retry_at <= now),
        )
        .order_by(JobRunRow.due_at, JobRunRow.job)
    )
    return [Run(**row) for row in result.mappings()]


async def last_runs(connection: AsyncConnection, *, until: datetime | None = None) -> dict[str, Run]:
    """Each job's newest run; of those that fell due by a moment, where one is given."""
    runs = select(JobRunRow.job, func.max(JobRunRow.due_at).label("due_at")).group_by(JobRunRow.job)
    newest = (runs if until is None else runs.where(JobRunRow.due_at <= until)).subquery()
    result = await connection.execute(
        select(*_COLUMNS).join(
            newest, (JobRunRow.job == newest.c.job) & (JobRunRow.due_at == newest.c.due_at)
        )
    )
    return {row["job"]: Run(**row) for row in result.mappings()}


async def runs_of(connection: AsyncConnection, job: str, *, limit: int) -> Sequence[Run]:
    """A job's runs, newest first."""
    result = await connection.execute(
        select(*_COLUMNS).where(JobRunRow.job == job).order_by(JobRunRow.due_at.desc()).limit(limit)
    )
    return [Run(**row) for row in result.mappings()]


async def last_end(connection: AsyncConnection, run: Run) -> datetime | None:
    """When the newest finished run of the same job before this one fell due."""
    result = await connection.execute(
        select(func.max(JobRunRow.due_at)).where(
            JobRunRow.job == run.job, JobRunRow.due_at < run.due_at, JobRunRow.finished_at.is_not(None)
        )
    )
    return result.scalar_one()


async def first_contact(connection: AsyncConnection) -> datetime | None:
    """When somebody first wrote or a first case was filed; before that there was nobody to forget."""
    wrote = await connection.scalar(select(ConversationRow.created_at).order_by(ConversationRow.id).limit(1))
    filed = await connection.scalar(select(CaseEventRow.at).order_by(CaseEventRow.id).limit(1))
    return min((moment for moment in (wrote, filed) if moment is not None), default=None)


async def send_at(connection: AsyncConnection, *, thought: datetime, now: datetime) -> None:
    """Let what was thought of as of a moment still to come be sent as if that moment were `now`.

    What waits for the morning after that moment waits for as long from now.
    """
    if thought <= now:
        return
    ours = (
        OutboxRow.created_at == thought,
        OutboxRow.state.in_(("waiting", "held")),
        OutboxRow.not_before > now,
    )
    moments = await connection.execute(select(OutboxRow.not_before).where(*ours).distinct())
    for moment in sorted(moments.scalars()):
        await connection.execute(
            update(OutboxRow)
            .where(*ours, OutboxRow.not_before == moment)
            .values(not_before=now + max(moment - thought, timedelta()))
        )
