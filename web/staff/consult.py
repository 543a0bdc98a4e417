"""Consulting other offices (실무자 협의): asking them, and what they write: their part, and no other."""

from datetime import date

from starlette.responses import Response

from cases.transitions import NotAllowed
from cases.vocabulary import Action, OfficeId
from handlers.casework import MOST_WORDS, Deed, Impossible, NoSuchCase, Outrun, perform
from handlers.consulting import tell_answered, tell_asked
from storage.casebook import Case, Event, add_event
from storage.consultations import Consultation, Line, Outcome, Question, ask, consultations_of, end, write
from web.staff.actions import Fault, Typed, seen_version
from web.staff.beside import may_manage, may_write
from web.staff.card import Draft, card_page, visible_case
from web.staff.offices import best_office
from web.staff.pages import NotFound, Visit, go
from web.staff.rights import actor_of

_PART = "consultations"


async def consult(visit: Visit) -> Response:
    """Ask another office for its part by a day; written in the case's history too."""
    case = await visible_case(visit)
    office = best_office(visit.console.wording.directory, visit.typed("target"))
    due_on = _ahead(visit)
    typed = Typed(
        action=Action.NOTE,
        words=visit.typed("words"),
        target=visit.typed("target")[:200],
        on=visit.typed("on"),
    )
    fault = _fault(visit, case, office, due_on)
    if fault is not None or office is None or due_on is None:
        return await _refused(visit, case, typed, fault or "office_unknown", 422)
    deed = _asking(visit, case, typed.words, office, due_on)
    question = Question(
        case_id=case.id,
        office=office,
        question=typed.words,
        due_on=due_on,
        staff_id=visit.staff.id,
        author=visit.staff.name,
    )
    try:
        async with visit.console.database.begin() as connection:
            await perform(connection, visit.console.services.world, case.id, deed, visit.now)
            await ask(connection, question, visit.now)
            await tell_asked(connection, case, office, typed.words, due_on, visit.now)
    except (NotAllowed, Impossible) as refused:
        return await _refused(visit, case, typed, str(refused.reason), 403)
    except Outrun:
        return await _refused(visit, await visible_case(visit), typed, "outrun", 409, seen=case.version)
    except NoSuchCase as error:
        raise NotFound from error
    visit.console.services.waker.wake()
    return go(f"/staff/cases/{case.number}?done=consulted#{_PART}")


async def take_part(visit: Visit) -> Response:
    """Write the consulted office's part, or, by whoever asked, say that it is needed no more."""
    case = await visible_case(visit)
    typed = Typed(action=Action.NOTE, words=visit.typed("words"))
    answers, drops = bool(visit.typed("answer")), bool(visit.typed("drop"))
    async with visit.console.database.begin() as connection:
        asked = await consultations_of(connection, case.id)
        one = next((found for found in asked if found.id == visit.number("id")), None)
        if one is None:
            raise NotFound
        if not (may_manage(visit, case) if drops else may_write(visit, one)):
            return await _refused(visit, case, typed, "wrong_office", 403)
        if drops:
            done = await end(connection, one.id, Outcome.DROPPED, visit.now)
        elif not typed.words or len(typed.words) > MOST_WORDS:
            return await _refused(visit, case, typed, "words_needed", 422)
        else:
            line = Line(visit.now, visit.staff.name, answers, typed.words)
            done = await write(connection, one.id, line, staff_id=visit.staff.id)
        if done and (answers or drops):
            await add_event(connection, _event(visit, case, one, typed.words, dropped=drops))
            if answers:
                await tell_answered(connection, case, one.office, typed.words, visit.now)
            await visit.note(connection, "case.note", str(case.number))
    if not done:
        return await _refused(visit, case, typed, "consultation_over", 409)
    visit.console.services.waker.wake()
    return go(f"/staff/cases/{case.number}?done=part#{_PART}")


def _asking(visit: Visit, case: Case, words: str, office: OfficeId, due_on: date) -> Deed:
    return Deed(
        action=Action.NOTE,
        by=actor_of(visit.staff),
        author=visit.staff.name,
        words=words,
        facts={"about": "consulted", "office": office, "on": due_on.isoformat()},
        expected_version=seen_version(visit, case),
    )


def _fault(visit: Visit, case: Case, office: OfficeId | None, due_on: date | None) -> str | None:
    if office is None:
        return "office_unknown"
    if office == case.office or visit.console.wording.directory.is_authority(office):
        return "consult_other"
    if due_on is None:
        return "past_date"
    if not visit.typed("words"):
        return "words_needed"
    return None if case.state.is_open else "wrong_state"


def _ahead(visit: Visit) -> date | None:
    try:
        day = date.fromisoformat(visit.typed("on"))
    except ValueError:
        return None
    return day if day > visit.console.wording.day(visit.now) else None


def _event(visit: Visit, case: Case, one: Consultation, words: str, *, dropped: bool) -> Event:
    return Event(
        case_id=case.id,
        at=visit.now,
        action=Action.NOTE.value,
        role=visit.staff.role.value,
        staff_id=visit.staff.id,
        author=visit.staff.name,
        words=words,
        from_state=case.state.value,
        to_state=case.state.value,
        from_office=case.office,
        to_office=case.office,
        facts={"about": "consultation_dropped" if dropped else "consultation_answered", "office": one.office},
    )


async def _refused(
    visit: Visit, case: Case, typed: Typed, reason: str, status: int, *, seen: int | None = None
) -> Response:
    params = {"typed": f"‘{typed.target}’"} if reason == "office_unknown" else {}
    fault = Fault(reason=reason, params=params)
    draft = Draft(typed=typed, fault=fault, part=_PART, seen_version=seen)
    return await card_page(visit, case, status=status, draft=draft)
