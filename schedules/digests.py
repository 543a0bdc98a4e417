"""Digests (모아 보기): each working morning to groups of staff, each Friday to residents who wish so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from cases.clock import end_of_work
from cases.numbers import CaseNumber
from cases.quiet import release_time
from cases.vocabulary import Action, OfficeId
from handlers.notices import post
from handlers.replies import Choice, Lane, Reply, Said, day, office, said, term
from schedules.jobs import Batch, Step
from schedules.telling import DEEDS, LONGEST_TITLE, deed_lines, newest_words, shortened
from storage.digests import (
    Changed,
    Pressing,
    bound_offices,
    changes_for,
    office_day,
    pressing_cases,
    weekly_people,
)
from storage.jobs import last_end
from storage.outbox import Post, put
from storage.people import groups_of, listeners_of_residents

_OFFICES_AT_ONCE = 10
_PEOPLE_AT_ONCE = 50
_SOON_WORKING_DAYS = 3
_MOST_LINES = 5
_LONGEST_LINE = 30

# A question is asked and an end is told at once, also to who wants one message a week.
_WEEKLY = tuple(
    action.value for action in DEEDS if action not in (Action.ASK, Action.ANSWER, Action.INFEASIBLE)
)


async def tell_offices_day(batch: Batch) -> Step:
    """One batch of offices that have a group. An office with nothing to do hears nothing."""
    since = await last_end(batch.connection, batch.run) or batch.run.due_at - timedelta(days=1)
    offices = await bound_offices(batch.connection, after=batch.run.cursor, limit=_OFFICES_AT_ONCE)
    told = 0
    for one in offices:
        posts = await _day(batch, one, since)
        await put(batch.connection, posts)
        told += len(posts)
    counted = {"offices": len(offices), "told": told}
    if len(offices) == _OFFICES_AT_ONCE:
        return Step(offices[-1], counted, finished=False)
    return Step("", counted)


async def _day(batch: Batch, one: OfficeId, since: datetime) -> list[Post]:
    calendar, today = batch.world.calendar, batch.tools.timetable.day_of(batch.now)
    soon = end_of_work(calendar.add_working_days(today, _SOON_WORKING_DAYS), calendar)
    counts = await office_day(batch.connection, one, since=since, now=batch.now, soon=soon)
    if not (counts.new or counts.untaken or counts.soon or counts.overdue):
        return []
    cases = await pressing_cases(batch.connection, one, soon=soon, limit=_MOST_LINES)
    reply = Reply(
        "digest.staff",
        {
            "office": office(one),
            "new": counts.new,
            "untaken": counts.untaken,
            "soon": counts.soon,
            "overdue": counts.overdue,
            "lines": [_line(batch, case) for case in cases],
        },
    )
    key = f"digest:{batch.run.period}"
    return [
        post(reply, group, Lane.STAFF, batch.now, key=f"{key}:{group.conversation_id}")
        for group in await groups_of(batch.connection, one)
    ]


def _line(batch: Batch, case: Pressing) -> Said:
    late = case.due_at < batch.now
    return said(
        "digest.overdue_line" if late else "digest.soon_line",
        number=str(CaseNumber(case.year, case.running)),
        title=shortened(case.title, _LONGEST_LINE),
        due=day(case.due_at.astimezone(batch.world.zone).date()),
    )


async def tell_residents_week(batch: Batch) -> Step:
    """One batch of residents who want one message a week. Who has no news hears nothing."""
    since = await last_end(batch.connection, batch.run) or batch.run.due_at - timedelta(days=7)
    people = await weekly_people(batch.connection, after=int(batch.run.cursor or 0), limit=_PEOPLE_AT_ONCE)
    told = 0
    for person in people:
        changes = await changes_for(batch.connection, person, since, batch.run.due_at, _WEEKLY)
        if changes:
            posts = await _week(batch, person, changes)
            await put(batch.connection, posts)
            told += len(posts)
    counted = {"people": len(people), "told": told}
    if len(people) == _PEOPLE_AT_ONCE:
        return Step(str(people[-1]), counted, finished=False)
    return Step("", counted)


async def _week(batch: Batch, person: int, changes: Sequence[Changed]) -> list[Post]:
    lines: list[str | Said] = []
    for _, same in groupby(changes, key=lambda change: change.case_id):
        lines += [""] * bool(lines) + [_case(batch, list(same))]
    reply = Reply("digest.week", {"cases": lines}, ((Choice("menu.mine", "mine:0"),),))
    morning = release_time(batch.now, batch.world.zone)
    key = f"week:{batch.run.period}"
    return [
        post(reply, one, Lane.NOTICE, batch.now, not_before=morning, key=f"{key}:{one.conversation_id}")
        for one in await listeners_of_residents(batch.connection, [person])
    ]


def _case(batch: Batch, changes: Sequence[Changed]) -> Said:
    last = changes[-1]
    rest = deed_lines(changes, batch.world.zone)
    words = newest_words(changes)
    if words is not None:
        rest.append(words)
    if last.due_at < batch.now:
        rest.append(said("half.overdue", due=day(last.due_at.astimezone(batch.world.zone).date())))
    return said(
        "half.case",
        number=str(CaseNumber(last.year, last.running)),
        title=shortened(last.title, LONGEST_TITLE),
        state=term(f"state.{last.state}"),
        office=office(last.office),
        rest=rest,
    )
