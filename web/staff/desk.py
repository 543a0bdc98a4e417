"""The intake desk (접수창구): what waits for it, and whom to phone."""

from collections import Counter
from collections.abc import Mapping

from starlette.responses import Response

from cases.transitions import NotAllowed
from cases.vocabulary import Action, OfficeId
from handlers.casework import MOST_WORDS, Deed, Impossible, Outrun, perform
from storage.contacts import calls, contact_of, count_calls, remove_contact
from storage.desk import Move, Queue, count_queue, moves_of, waiting
from web.staff.card import visible_case
from web.staff.desk_contact import sees_contact
from web.staff.pages import NotFound, Visit, go
from web.staff.rights import actor_of, offices_seen

COUNTED = 1000
"""Counts stop here: nobody reads more of a number than that."""
SHOWN = 10
CALLS_SHOWN = 50


async def show_desk(visit: Visit) -> Response:
    """The counts of everything that waits, and the first cases of the two queues that press most."""
    async with visit.console.database.read() as connection:
        counts = {queue: await count_queue(connection, queue, at_most=COUNTED) for queue in Queue}
        to_call = await count_calls(connection, None, at_most=COUNTED)
        unrouted = await waiting(connection, Queue.UNROUTED, limit=SHOWN)
        disputed = await waiting(connection, Queue.DISPUTED, limit=SHOWN)
        moves = await moves_of(connection, [one.case_id for one in disputed])
    return visit.page(
        "desk.html",
        counts=counts,
        to_call=to_call,
        counted=COUNTED,
        unrouted=unrouted,
        disputed=[(one, bouncers(moves[one.case_id])) for one in disputed],
        queue=Queue,
    )


async def show_calls(visit: Visit) -> Response:
    """Whom the person's offices have to phone, who has waited longest first."""
    skipped = visit.asked("after")
    after = int(skipped) if skipped.isascii() and skipped.isdecimal() and len(skipped) < 7 else 0
    offices = offices_seen(visit.staff)
    async with visit.console.database.read() as connection:
        found = await calls(connection, offices, limit=CALLS_SHOWN + 1, after=after)
    if found:
        async with visit.console.database.begin() as connection:
            await visit.note(connection, "contact.listed", rows=len(found[:CALLS_SHOWN]))
    return visit.page(
        "desk_calls.html",
        calls=found[:CALLS_SHOWN],
        following=after + CALLS_SHOWN if len(found) > CALLS_SHOWN else None,
        done=visit.asked("done") == "phoned",
    )


async def note_call(visit: Visit) -> Response:
    """Write down that the person was told by telephone. Sent twice, it is written once."""
    case = await visible_case(visit)
    async with visit.console.database.read() as connection:
        contact = await contact_of(connection, case.id)
    if contact is None or not sees_contact(visit.staff, case):
        raise NotFound
    version = visit.typed("version")
    deed = Deed(
        action=Action.PHONED,
        by=actor_of(visit.staff),
        author=visit.staff.name,
        words=visit.typed("words")[:MOST_WORDS] or visit.console.wording.say("desk.call.words", "ko"),
        expected_version=int(version) if version.isdecimal() and len(version) < 10 else None,
    )
    back = "/staff/calls?done=phoned" if visit.typed("back") == "calls" else f"/staff/cases/{case.number}"
    try:
        async with visit.console.database.begin() as connection:
            await perform(connection, visit.console.services.world, case.id, deed, visit.now)
    except Outrun:
        return go(f"/staff/cases/{case.number}#contact")
    except (NotAllowed, Impossible) as refused:
        raise NotFound from refused
    return go(back)


async def forget_contact(visit: Visit) -> Response:
    """Let go of name and number, because the person wishes it. Whoever sees them may do it."""
    case = await visible_case(visit)
    if not sees_contact(visit.staff, case):
        raise NotFound
    async with visit.console.database.begin() as connection:
        if await remove_contact(connection, case.id):
            await visit.note(connection, "contact.removed", str(case.number))
    return go(f"/staff/cases/{case.number}")


def bouncers(moves: list[Move]) -> Mapping[OfficeId, int]:
    """Which offices sent a case away, and how often, the most often first."""
    return dict(Counter(move.from_office for move in moves).most_common())
