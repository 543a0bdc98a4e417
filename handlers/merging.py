"""Merging a case into another (병합): where it may go, and what follows for the one that goes on."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from cases.transitions import Actor, Into, NotAllowed, Reason
from cases.vocabulary import Action
from handlers.world import World
from storage.casebook import Case, Event, add_event, change
from storage.merging import case_going_on, is_heard_by_others, join


async def case_to_go_on(connection: AsyncConnection, number: CaseNumber, beside: int) -> Case:
    """The case of that number, or the one that went into, held together with `beside`. Raises NotAllowed."""
    found = await case_going_on(connection, number, beside=beside)
    if found is None:
        raise NotAllowed(Action.MERGE, Reason.TARGET_ELSEWHERE)
    return found


async def as_target(connection: AsyncConnection, merged: Case, into: Case) -> Into:
    """What the rules look at of the case that `merged` is to go into."""
    hidden = not into.public and await is_heard_by_others(connection, merged, than=into.resident_id)
    return Into(into.state, into.office, same=into.id == merged.id, tells_strangers=hidden)


async def go_together(
    connection: AsyncConnection, world: World, merged: Case, into: Case, by: Actor, author: str, now: datetime
) -> Case | None:
    """Let everybody hear of the case that goes on, and note it there; None when somebody was quicker."""
    await join(connection, merged, into, now)
    grown = await change(connection, into, {}, now)
    if grown is None:
        return None
    words = world.renderer.text("staff.took_in", {"number": str(merged.number), "title": merged.title}, "ko")
    await add_event(
        connection,
        Event(
            case_id=into.id,
            at=now,
            action=Action.NOTE.value,
            role=by.role.value,
            staff_id=by.staff_id,
            author=author,
            words=words,
            from_state=into.state.value,
            to_state=into.state.value,
            from_office=into.office,
            to_office=into.office,
            facts={"merged": merged.id},
        ),
    )
    return grown
