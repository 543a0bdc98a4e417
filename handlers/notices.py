"""Who hears of a change of a case, and what they are shown (알림)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.quiet import release_time
from cases.rules import Audience
from cases.transitions import Actor, Decision, allowed_actions
from cases.vocabulary import INTAKE_DESK, Action, OfficeId, Role, State
from handlers.replies import Choice, Lane, Param, Reply, Rows, day, day_of, office, phone_of, place, term
from handlers.world import World
from storage.casebook import Case
from storage.outbox import Post, put
from storage.people import Listener, groups_of, listeners_of_residents, supporters
from storage.superseding import drop_unsent

_SILENT_CHANNELS = frozenset({"web"})
_STILL_UP = timedelta(minutes=30)
_RATINGS = ("1", "2", "3", "4", "5")

# What nobody needs to read any more when there is newer news of the case.
_OUTDONE = ("clock.overdue", "clock.month")

# What staff are offered on a ticket, row by row; only what the rules allow now is shown.
_TICKET_ROWS: tuple[tuple[Action, ...], ...] = (
    (Action.TAKE, Action.START, Action.ASK),
    (Action.ANSWER, Action.PROGRESS),
    (Action.MOVE, Action.HAND_OVER),
    (Action.LONG_TERM, Action.EXTEND, Action.INFEASIBLE),
)


def post(
    reply: Reply,
    listener: Listener,
    lane: Lane,
    now: datetime,
    *,
    not_before: datetime | None = None,
    key: str | None = None,
) -> Post:
    """The outbox row that shows `reply` in a conversation; `key`, where given, lets it be put only once."""
    return Post(
        conversation_id=listener.conversation_id,
        channel=listener.channel,
        lane=lane,
        kind=reply.kind,
        template=reply.template,
        params=dict(reply.params),
        choices=[[_button(choice) for choice in row] for row in reply.choices],
        target=reply.target,
        case_id=reply.case_id,
        created_at=now,
        not_before=not_before or now,
        key=key,
        held=not listener.reachable,
    )


def _button(choice: Choice) -> dict[str, object]:
    return {
        "label": choice.label,
        "params": dict(choice.params),
        "action": choice.action,
        "telephone": choice.telephone,
    }


def card_params(case: Case) -> dict[str, Param]:
    """What every text about a case may say of it."""
    return {
        "number": str(case.number),
        "title": case.title,
        "text": case.text,
        "kind": term(f"kind.{case.kind}"),
        "state": term(f"state.{case.state}"),
        "office": office(case.office),
        "phone": phone_of(case.office),
        "place": place(case.district, case.place),
        "due": day_of(case.due_at),
        "planned": day(case.planned_on) if case.planned_on else "",
    }


async def tell(
    connection: AsyncConnection,
    world: World,
    *,
    before: Case | None,
    case: Case,
    decision: Decision,
    by: Actor,
    now: datetime,
    into: Case | None = None,
) -> None:
    """Put a word into the outbox for everyone whom the decision concerns, within its transaction.

    `into` is the case that this one was merged into.
    """
    posts: list[Post] = []
    if Audience.RESIDENT in decision.tells:
        posts += await _resident_posts(connection, world, before, case, decision, by, now, into)
    if Audience.OFFICE in decision.tells:
        posts += await _office_posts(connection, case, decision, now)
    if Audience.OFFICE_HEAD in decision.tells:
        posts += await _group_posts(connection, case.office, "staff.for_head", case, decision, now)
    if Audience.DESK_HEAD in decision.tells:
        posts += await _group_posts(connection, INTAKE_DESK, "staff.bounced", case, decision, now)
    await put(connection, posts)


async def _resident_posts(
    connection: AsyncConnection,
    world: World,
    before: Case | None,
    case: Case,
    decision: Decision,
    by: Actor,
    now: datetime,
    into: Case | None,
) -> list[Post]:
    people = [] if by.role is Role.RAISER or case.resident_id is None else [case.resident_id]
    backing = await supporters(connection, case.id)
    listeners = await listeners_of_residents(connection, people + backing)
    closes = not case.state.is_open
    posts = []
    for listener in listeners:
        # Whoever stopped the notices, or wants one message a week, still gets the final answer at once,
        # and a question only they can answer.
        spared = listener.weekly or not listener.notices
        if spared and not closes and decision.action is not Action.ASK:
            continue
        raised_it = listener.resident_id == case.resident_id
        if not raised_it and decision.action is Action.ASK:
            continue
        reply = _notice(before, case, decision, into, raised_it=raised_it)
        at_once = not listener.quiet or wakes_nobody(listener, now)
        morning = now if at_once else release_time(now, world.zone)
        posts.append(post(reply, listener, Lane.NOTICE, now, not_before=morning))
    if posts:
        told = [one.conversation_id for one in posts]
        await drop_unsent(connection, case_id=case.id, conversations=told, templates=_OUTDONE, now=now)
    return posts


def wakes_nobody(listener: Listener, now: datetime) -> bool:
    """True where a notice may be shown at night too: a web page rings no bell; who wrote just now is up."""
    if listener.channel in _SILENT_CHANNELS:
        return True
    return listener.last_at is not None and now - listener.last_at <= _STILL_UP


def _notice(
    before: Case | None, case: Case, decision: Decision, into: Case | None, *, raised_it: bool
) -> Reply:
    params = card_params(case)
    params["into"] = "" if into is None else str(into.number)
    params["words"] = decision.words or ""
    params["before"] = office(before.office) if before else ""
    return Reply(
        template=f"notice.{decision.action}",
        params=params,
        choices=_notice_choices(case, decision, raised_it=raised_it),
        case_id=case.id,
    )


def _notice_choices(case: Case, decision: Decision, *, raised_it: bool) -> Rows:
    look = (Choice("choice.look", f"case:{case.id}"),)
    if case.merged_into is not None:
        return closing_choices(case)
    if not raised_it:
        return (look,)
    if decision.action is Action.ASK:
        return ((Choice("choice.reply", f"reply:{case.id}"),), look)
    if not case.state.is_open and decision.action is not Action.WITHDRAW:
        return closing_choices(case)
    return (look,)


def closing_choices(case: Case) -> Rows:
    """What the person may do about a closed case: say how satisfied they are, ask for a second look.

    One that was merged leads to the case that goes on.
    """
    if case.merged_into is not None:
        return ((Choice("choice.look_into", f"case:{case.merged_into}"),),)
    raiser = Actor(Role.RAISER, resident_id=case.resident_id)
    again = Action.SECOND_LOOK in allowed_actions(case.facts(), raiser)
    second: Rows = ((Choice("choice.second_look", f"second:{case.id}"),),) if again else ()
    if case.state is State.HANDED_OVER:
        # The other authority has done nothing yet that could be rated.
        return second
    stars = tuple(Choice(f"choice.rate_{stars}", f"rate:{case.id}:{stars}") for stars in _RATINGS)
    return (stars, *second)


async def _office_posts(
    connection: AsyncConnection, case: Case, decision: Decision, now: datetime
) -> list[Post]:
    template = f"staff.on_{decision.action}"
    return await _group_posts(connection, case.office, template, case, decision, now)


async def _group_posts(
    connection: AsyncConnection, to: OfficeId, template: str, case: Case, decision: Decision, now: datetime
) -> list[Post]:
    groups = await groups_of(connection, to)
    params = card_params(case) | {"words": decision.words or "", "moves": case.moves}
    reply = Reply(template=template, params=params, choices=ticket_choices(case), case_id=case.id)
    return [post(reply, group, Lane.STAFF, now) for group in groups]


def ticket_choices(case: Case) -> Rows:
    """The buttons of a ticket card: what an officer of its office may do now, and seeing the photos.

    Each action carries the case's version, so that one pressed on an old card changes nothing.
    """
    officer = Actor(Role.OFFICER, offices=frozenset({case.office}))
    allowed = allowed_actions(case.facts(), officer)
    rows: Sequence[tuple[Choice, ...]] = [
        tuple(
            Choice(f"action.{action}", f"act:{case.id}:{action}:{case.version}")
            for action in row
            if action in allowed
        )
        for row in _TICKET_ROWS
    ]
    return (*(row for row in rows if row), (Choice("staff.photos", f"photos:{case.id}"),))
