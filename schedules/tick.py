"""One tick: whatever has fallen due by a moment is done, in this process or in another."""

from collections.abc import Sequence
from datetime import datetime

from schedules.caseclock import read_clocks
from schedules.heirs import follow_heirs
from schedules.jobs import Job, Tools
from schedules.runner import Ran, begin_due, run_unfinished
from schedules.table import JOBS


async def tick(tools: Tools, now: datetime, jobs: Sequence[Job] = JOBS) -> Ran:
    """Do all that is due at `now`: the clocks of cases first, then the jobs of the calendar.

    Before them all, what an office left behind that is no more goes to its heir.

    Any number of processes may tick at once, at any time and after a stop of any length. ELSEWHERE means
    that another process is still at something; FAILED that something has to be tried again.
    """
    await follow_heirs(tools)
    clocks = await read_clocks(tools, now)
    await begin_due(tools, jobs, now)
    ran = await run_unfinished(tools, jobs, now)
    return max((clocks, ran), key=_GRAVITY.index)


_GRAVITY = (Ran.DONE, Ran.ELSEWHERE, Ran.FAILED)
