"""Interviews and site visits (면담·현장방문): written down on the card, counted in the figures."""

from datetime import date

from starlette.responses import Response

from cases.figures import Activity
from cases.transitions import NotAllowed
from cases.vocabulary import Action
from handlers.casework import MOST_WORDS, Deed, perform
from storage.activities import add_activity
from web.staff.card import visible_case
from web.staff.pages import Visit, go
from web.staff.rights import actor_of

EARLIEST = date(2000, 1, 1)
_ROOM = 100
"""Characters of the note that say what was done and when."""


async def add(visit: Visit) -> Response:
    """Write down what was done, with a note in the history; the resident is not told of it."""
    case = await visible_case(visit)
    kind, on = visit.typed("kind"), _day(visit)
    if kind not in set(Activity) or on is None or len(visit.typed("words")) > MOST_WORDS - _ROOM:
        return visit.page("refusal.html", 422, reason="activity", kept=_kept(visit))
    said = visit.console.wording.say(f"figures.measure.{kind}s", visit.locale)
    words = f"{said} {on.isoformat()} {visit.typed('words')}".strip()
    deed = Deed(action=Action.NOTE, by=actor_of(visit.staff), author=visit.staff.name, words=words)
    try:
        async with visit.console.database.begin() as connection:
            await perform(connection, visit.console.services.world, case.id, deed, visit.now)
            await add_activity(
                connection,
                case_id=case.id,
                kind=Activity(kind),
                held_on=on,
                staff_id=visit.staff.id,
                now=visit.now,
            )
    except NotAllowed:
        return visit.page("refusal.html", 403, reason="not_for_you", kept=_kept(visit))
    return go(f"/staff/cases/{case.number}?done={Action.NOTE.value}")


def _day(visit: Visit) -> date | None:
    today = visit.now.astimezone(visit.console.services.world.zone).date()
    try:
        day = date.fromisoformat(visit.typed("on"))
    except ValueError:
        return None
    return day if EARLIEST <= day <= today else None


def _kept(visit: Visit) -> dict[str, str]:
    return {"words": visit.typed("words")} if visit.typed("words") else {}
