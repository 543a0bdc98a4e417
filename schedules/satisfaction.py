"""How satisfied residents were (만족도), told to each office twice a year."""

from handlers.notices import post
from handlers.replies import Lane, Param, Reply, office
from schedules.jobs import Batch, Step
from schedules.timetable import account_before
from storage.afterwards import Satisfaction, satisfaction
from storage.outbox import put
from storage.people import groups_of

_AT_ONCE = 10


async def tell_satisfaction(batch: Batch) -> Step:
    """One batch of offices, in order of their ids."""
    since = account_before(batch.tools.timetable, batch.run.due_at)
    rows = await satisfaction(
        batch.connection, since, batch.run.due_at, after=batch.run.cursor, limit=_AT_ONCE
    )
    for row in rows:
        reply = _reply(row)
        key = f"stars:{batch.run.period}"
        groups = await groups_of(batch.connection, row.office)
        await put(
            batch.connection,
            [post(reply, one, Lane.STAFF, batch.now, key=f"{key}:{one.conversation_id}") for one in groups],
        )
    counted = {
        "offices": len(rows),
        "closed": sum(row.closed for row in rows),
        "rated": sum(row.rated for row in rows),
        "stars": sum(row.stars for row in rows),
    }
    if len(rows) == _AT_ONCE:
        return Step(rows[-1].office, counted, finished=False)
    return Step("", counted)


def _reply(row: Satisfaction) -> Reply:
    params: dict[str, Param] = {"office": office(row.office), "closed": row.closed, "rated": row.rated}
    if not row.rated:
        return Reply("stars.none", params)
    # Tenths by whole numbers, so that no half is rounded by chance.
    tenths = (row.stars * 20 + row.rated) // (row.rated * 2)
    return Reply("stars.summary", params | {"average": f"{tenths // 10}.{tenths % 10}"})
