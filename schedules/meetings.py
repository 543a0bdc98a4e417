"""The people of a meeting (소통행사 참석자) hear twice a year what became of all that was raised there."""

from collections import Counter

from cases.numbers import CaseNumber
from cases.quiet import release_time
from cases.vocabulary import State
from handlers.notices import post
from handlers.replies import Choice, Lane, Param, Reply, Said, day, said, term
from schedules.jobs import Batch, Step
from schedules.timetable import account_before
from storage.afterwards import Gathering, Raised, gatherings, raised_at
from storage.outbox import put
from storage.people import listeners_of_residents

_AT_ONCE = 5
_MOST_LINES = 15
_LONGEST_TITLE = 40


async def tell_meetings(batch: Batch) -> Step:
    """One batch of meetings, in order of their ids."""
    since = account_before(batch.tools.timetable, batch.run.due_at)
    found = await gatherings(batch.connection, since, after=int(batch.run.cursor or 0), limit=_AT_ONCE)
    told = 0
    for one in found:
        told += await _tell(batch, one)
    counted = {"meetings": len(found), "told": told}
    if len(found) == _AT_ONCE:
        return Step(str(found[-1].id), counted, finished=False)
    return Step("", counted)


async def _tell(batch: Batch, meeting: Gathering) -> int:
    cases = await raised_at(batch.connection, meeting.id)
    people = sorted({case.resident_id for case in cases if case.resident_id is not None})
    reply = _reply(meeting, cases)
    morning = release_time(batch.now, batch.world.zone)
    posts = [
        post(
            reply,
            one,
            Lane.BULK,
            batch.now,
            not_before=morning,
            key=f"meet:{batch.run.period}:{meeting.id}:{one.conversation_id}",
        )
        for one in await listeners_of_residents(batch.connection, people)
        if one.notices
    ]
    await put(batch.connection, posts)
    return len(posts)


def _reply(meeting: Gathering, cases: list[Raised]) -> Reply:
    counts = Counter(case.state for case in cases)
    sums: list[str | Said] = [
        said("meeting.count", state=term(f"state.{state}"), count=str(counts[state]))
        for state in State
        if counts[state]
    ]
    # What somebody asked to keep from others is counted, and not named.
    public = [case for case in cases if case.public]
    lines: list[str | Said] = [
        said(
            "half.short",
            number=str(CaseNumber(case.year, case.running)),
            title=case.title[:_LONGEST_TITLE],
            state=term(f"state.{case.state}"),
        )
        for case in public[:_MOST_LINES]
    ]
    more = len(cases) - len(lines)
    if more:
        lines.append(said("meeting.more", more=str(more)))
    params: dict[str, Param] = {
        "title": meeting.title,
        "held": day(meeting.held_on),
        "count": len(cases),
        "sums": sums,
        "lines": lines,
    }
    return Reply("meeting.account", params, ((Choice("menu.mine", "mine:0"),),))
