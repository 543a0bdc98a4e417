"""Conflicts (갈등관리): grading a case, its plan, and the list of those to be looked at again."""

from datetime import date

from starlette.responses import Response

from cases.transitions import NotAllowed
from cases.vocabulary import Action
from handlers.casework import Deed, Impossible, NoSuchCase, Outrun, perform
from storage.conflicts import GRADES, Conflict, set_conflict, watched_cases
from web.staff.actions import Fault, Typed, seen_version
from web.staff.card import Draft, card_page, visible_case
from web.staff.pages import NotFound, Visit, go
from web.staff.rights import actor_of, offices_seen

_PART = "conflict"
_SHOWN = 200
_LONGEST_PLAN = 2000


async def show_conflicts(visit: Visit) -> Response:
    """The cases with a conflict, those to be checked first."""
    async with visit.console.database.read() as connection:
        watched = await watched_cases(connection, offices_seen(visit.staff), limit=_SHOWN)
    today = visit.console.wording.day(visit.now)
    return visit.page("conflicts.html", watched=watched, today=today)


async def grade(visit: Visit) -> Response:
    """Give the case a grade and a plan, or take the grade away; written in its history too."""
    case = await visible_case(visit)
    plan, conflict = visit.typed("words"), _typed(visit)
    typed = Typed(action=Action.NOTE, words=plan)
    removing = visit.typed("grade") == "0"
    if conflict is None and not removing:
        fault = Fault(reason="conflict_incomplete")
        return await card_page(
            visit, case, status=422, draft=Draft(typed=typed, fault=fault, part="conflict")
        )
    deed = Deed(
        action=Action.NOTE,
        by=actor_of(visit.staff),
        author=visit.staff.name,
        words=plan or visit.say("conflict.removed"),
        facts={"about": "conflict", "grade": conflict.grade if conflict else 0},
        expected_version=seen_version(visit, case),
    )
    try:
        async with visit.console.database.begin() as connection:
            await perform(connection, visit.console.services.world, case.id, deed, visit.now)
            await set_conflict(connection, case.id, conflict, visit.now)
    except (NotAllowed, Impossible) as refused:
        fault = Fault(reason=str(refused.reason))
        return await card_page(
            visit, case, status=403, draft=Draft(typed=typed, fault=fault, part="conflict")
        )
    except Outrun:
        now = await visible_case(visit)
        draft = Draft(typed=typed, fault=Fault(reason="outrun"), part=_PART, seen_version=case.version)
        return await card_page(visit, now, status=409, draft=draft)
    except NoSuchCase as error:
        raise NotFound from error
    return go(f"/staff/cases/{case.number}?done=conflict#conflict")


def _typed(visit: Visit) -> Conflict | None:
    plan = visit.typed("words")
    try:
        chosen, check_on = int(visit.typed("grade")[:2]), date.fromisoformat(visit.typed("on"))
    except ValueError:
        return None
    if chosen not in GRADES or not plan or len(plan) > _LONGEST_PLAN:
        return None
    return Conflict(chosen, plan, check_on)
