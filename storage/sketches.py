"""Sketches of cases: written with a case, removed when its text goes or nobody needs to find it any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from intents.similar import Sketch, sketch
from storage.tables import CaseKeyRow, CaseRow

LISTED = timedelta(days=90)
"""So long after its end a case is still shown as similar. A repair is asked for again within weeks; past a
quarter of a year the same words mostly mean that it broke anew."""

_WRITE = insert(CaseKeyRow)
_REMOVE = delete(CaseKeyRow).where(CaseKeyRow.key == bindparam("of"), CaseKeyRow.case_id == bindparam("case"))


async def write_keys(connection: AsyncConnection, case_id: int, made: Sketch) -> None:
    """Let a case be found by its sketch; `CaseRow.form` is the caller's to write."""
    if made.keys:
        await connection.execute(_WRITE, [{"key": key, "case_id": case_id} for key in made.keys])


async def sketch_again(connection: AsyncConnection, case_id: int, text: str, district: str) -> None:
    """Let a case be found again that was open once more after its keys were removed."""
    made = sketch(text, district)
    result = await connection.execute(
        update(CaseRow).where(CaseRow.id == case_id, CaseRow.form.is_(None)).values(form=made.form)
    )
    if result.rowcount:
        await write_keys(connection, case_id, made)


async def forget_sketches(connection: AsyncConnection, case_ids: Sequence[int]) -> None:
    """Let cases not be found as similar any more; to be done while their texts are still there.

    The keys are made anew from the text, for an index to find them by would cost more than they do. So
    whoever changes how they are made has to empty and fill the table by a migration.
    """
    kept = CaseRow.id.in_(case_ids), CaseRow.form.is_not(None)
    result = await connection.execute(select(CaseRow.id, CaseRow.text, CaseRow.district).where(*kept))
    gone = [
        {"of": key, "case": case_id}
        for case_id, text, district in result.all()
        for key in sketch(text, district).keys
    ]
    if gone:
        await connection.execute(_REMOVE, gone)
    await connection.execute(update(CaseRow).where(*kept).values(form=None))


async def forget_long_closed(connection: AsyncConnection, now: datetime, *, limit: int) -> int:
    """Let up to `limit` cases go that ended longer ago than they are listed; returns how many."""
    result = await connection.execute(
        select(CaseRow.id)
        .where(CaseRow.closed_at < now - LISTED, CaseRow.form.is_not(None))
        .order_by(CaseRow.closed_at)
        .limit(limit)
    )
    gone = list(result.scalars())
    await forget_sketches(connection, gone)
    return len(gone)
