"""Reading the clocks of cases: reminders, what is overdue, what nobody took, the question afterwards."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.clock import Beat, Stroke, due_strokes, next_check
from cases.quiet import release_time
from cases.transitions import Actor
from cases.vocabulary import INTAKE_DESK, Action, OfficeId, Role
from handlers.casework import Deed, perform
from handlers.notices import card_params, closing_choices, post, ticket_choices
from handlers.replies import Choice, Lane, Param, Reply, day
from schedules.jobs import Tools
from schedules.runner import Ran
from storage.away import is_away
from storage.casebook import Case
from storage.clocks import count_due, due_cases, set_clock
from storage.outbox import Post, put
from storage.people import groups_of, listeners_of_residents, supporters

_AT_ONCE = 20
_RETRY = timedelta(hours=1)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Hand:
    """One clock being read."""

    connection: AsyncConnection
    tools: Tools
    now: datetime


async def read_clocks(tools: Tools, now: datetime) -> Ran:
    """Read every clock that is due, a few cases a transaction."""
    while True:
        async with tools.database.begin() as connection:
            cases = await due_cases(connection, now, limit=_AT_ONCE)
            hand = _Hand(connection, tools, now)
            for case in cases:
                await _read_safely(hand, case)
        if cases:
            tools.waker.wake()
            tools.alive()
            continue
        async with tools.database.read() as connection:
            return Ran.ELSEWHERE if await count_due(connection, now) else Ran.DONE


async def _read_safely(hand: _Hand, case: Case) -> None:
    try:
        async with hand.connection.begin_nested():
            await _read(hand, case)
    except Exception as error:
        if isinstance(error, DBAPIError) and is_away(error):
            raise
        # One case that cannot be read must not stop the clocks of all others.
        log.error("clock_failed", case_id=case.id, error=type(error).__name__)
        await set_clock(hand.connection, case.id, clock_at=None, next_check_at=hand.now + _RETRY)


async def _read(hand: _Hand, case: Case) -> None:
    calendar = hand.tools.world.calendar
    since = case.clock_at or case.changed_at
    for stroke in due_strokes(case.dates, calendar, since=since, now=hand.now):
        case = await _STRIKES[stroke.beat](hand, case, stroke)
    read = max(hand.now, since)
    await set_clock(
        hand.connection,
        case.id,
        clock_at=read,
        next_check_at=next_check(case.dates, calendar, since=read),
    )


async def _remind(hand: _Hand, case: Case, stroke: Stroke) -> Case:
    key = f"{stroke.beat}:{case.id}:{case.due_at.date()}"
    await put(hand.connection, await _to_groups(hand, case, case.office, f"clock.{stroke.beat}", key))
    return case


async def _overdue(hand: _Hand, case: Case, stroke: Stroke) -> Case:
    key = f"{stroke.beat}:{case.id}:{case.due_at.date()}"
    posts = await _to_groups(hand, case, case.office, "clock.overdue_head", key)
    await put(hand.connection, posts + await _to_people(hand, case, "clock.overdue", key))
    return case


async def _month(hand: _Hand, case: Case, stroke: Stroke) -> Case:
    key = f"{stroke.beat}:{case.id}:{stroke.at.date()}"
    posts = await _to_groups(hand, case, case.office, "clock.month_staff", key)
    await put(hand.connection, posts + await _to_people(hand, case, "clock.month", key))
    return case


async def _untaken(hand: _Hand, case: Case, stroke: Stroke) -> Case:
    """Back to the intake desk, as any move: with the reason, told to the person and to the desk."""
    words = hand.tools.world.renderer.text("clock.untaken_reason", {}, "ko")
    deed = Deed(
        action=Action.MOVE,
        by=Actor(Role.SYSTEM),
        words=words,
        target=INTAKE_DESK,
        facts={"untaken_since": stroke.at.isoformat()},
    )
    former = case.office
    case = await perform(hand.connection, hand.tools.world, case.id, deed, hand.now)
    key = f"{stroke.beat}:{case.id}:{stroke.at.date()}"
    await put(hand.connection, await _to_groups(hand, case, former, "clock.taken_away", key, buttons=False))
    return case


async def _survey(hand: _Hand, case: Case, stroke: Stroke) -> Case:
    if case.resident_id is None or case.closed_at is None:
        return case
    key = f"{stroke.beat}:{case.id}:{case.closed_at.date()}"
    reply = Reply(f"clock.{stroke.beat}", card_params(case), closing_choices(case), case_id=case.id)
    listeners = await listeners_of_residents(hand.connection, [case.resident_id])
    posts = [
        post(reply, one, Lane.NOTICE, hand.now, key=f"{key}:{one.conversation_id}")
        for one in listeners
        if one.notices
    ]
    await put(hand.connection, _in_the_morning(hand, posts))
    return case


_STRIKES: Mapping[Beat, Callable[[_Hand, Case, Stroke], Awaitable[Case]]] = MappingProxyType(
    {
        Beat.DUE_3: _remind,
        Beat.DUE_1: _remind,
        Beat.WAITING: _remind,
        Beat.OVERDUE: _overdue,
        Beat.UNTAKEN: _untaken,
        Beat.MONTH: _month,
        Beat.SURVEY: _survey,
        Beat.SURVEY_AGAIN: _survey,
    }
)


async def _to_groups(
    hand: _Hand, case: Case, to: OfficeId, template: str, key: str, *, buttons: bool = True
) -> list[Post]:
    reply = Reply(template, _params(hand, case), ticket_choices(case) if buttons else (), case_id=case.id)
    groups = await groups_of(hand.connection, to)
    return [post(reply, one, Lane.STAFF, hand.now, key=f"{key}:{one.conversation_id}") for one in groups]


async def _to_people(hand: _Hand, case: Case, template: str, key: str) -> list[Post]:
    people = [] if case.resident_id is None else [case.resident_id]
    backing = await supporters(hand.connection, case.id)
    look = ((Choice("choice.look", f"case:{case.id}"),),)
    reply = Reply(template, _params(hand, case), look, case_id=case.id)
    posts = [
        post(reply, one, Lane.NOTICE, hand.now, key=f"{key}:{one.conversation_id}")
        for one in await listeners_of_residents(hand.connection, people + backing)
        if one.notices and not one.weekly
    ]
    return _in_the_morning(hand, posts)


def _params(hand: _Hand, case: Case) -> dict[str, Param]:
    zone = hand.tools.world.zone
    return card_params(case) | {
        "due": day(case.due_at.astimezone(zone).date()),
        "received": day(case.received_at.astimezone(zone).date()),
    }


def _in_the_morning(hand: _Hand, posts: list[Post]) -> list[Post]:
    # Nothing of this answers the person, so all of it waits for the morning, whatever they wish at night.
    morning = release_time(hand.now, hand.tools.world.zone)
    return [replace(one, not_before=morning) for one in posts]
