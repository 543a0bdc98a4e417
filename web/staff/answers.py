"""Answers kept for the next time (답변 틀): of their own offices for heads, of the city for the desk."""

from starlette.responses import Response

from cases.vocabulary import OfficeId, Role
from handlers.casework import MOST_WORDS
from storage.answers import (
    CITY,
    Answer,
    add_answer,
    answer_by_id,
    answers_for,
    change_answer,
    remove_answer,
)
from storage.staff import Staff
from web.staff.filling import FIELDS, FIELDS_EN
from web.staff.offices import best_office, office_names
from web.staff.pages import NotFound, Visit, go

_LONGEST_TITLE = 100
_PATH = "/staff/answers"


async def show_answers(visit: Visit) -> Response:
    """All that this person may change, and a form for a new one."""
    return await _page(visit)


async def add(visit: Visit) -> Response:
    """Keep a new answer."""
    office = _office(visit)
    title, words = visit.typed("title")[:_LONGEST_TITLE], visit.typed("words")
    if office is None or not may_change(visit.staff, office):
        return await _page(visit, 422, fault="office", title=title, words=words)
    if not title or not words or len(words) > MOST_WORDS:
        return await _page(visit, 422, fault="empty", title=title, words=words)
    async with visit.console.database.begin() as connection:
        await add_answer(connection, office, title, words, staff_id=visit.staff.id, now=visit.now)
        await visit.note(connection, "answer.added", office=office)
    return go(f"{_PATH}?done=added")


async def change(visit: Visit) -> Response:
    """Write an answer anew, or offer it no more."""
    title, words = visit.typed("title")[:_LONGEST_TITLE], visit.typed("words")
    async with visit.console.database.begin() as connection:
        before = await answer_by_id(connection, visit.number("id"))
        if before is None or not may_change(visit.staff, before.office):
            raise NotFound
        seen = visit.typed("version") == str(before.version)
        if visit.typed("remove"):
            done = seen and await remove_answer(connection, before, staff_id=visit.staff.id, now=visit.now)
        elif not title or not words or len(words) > MOST_WORDS:
            return await _page(visit, 422, fault="empty", title=title, words=words)
        else:
            done = seen and await change_answer(
                connection, before, title, words, staff_id=visit.staff.id, now=visit.now
            )
        if done:
            action = "answer.removed" if visit.typed("remove") else "answer.changed"
            await visit.note(connection, action, str(before.id), office=before.office)
    if not done:
        return await _page(visit, 409, fault="outrun", title=title, words=words)
    return go(f"{_PATH}?done={'removed' if visit.typed('remove') else 'changed'}")


def may_change(staff: Staff, office: OfficeId) -> bool:
    """True for the answers of one's own offices; the city's belong to the desk and administrators."""
    if staff.role in {Role.DESK, Role.ADMIN}:
        return True
    return office != CITY and office in staff.offices


def _office(visit: Visit) -> OfficeId | None:
    typed = visit.typed("office")
    return best_office(visit.console.wording.directory, typed) if typed else CITY


async def _page(
    visit: Visit, status: int = 200, *, fault: str = "", title: str = "", words: str = ""
) -> Response:
    everywhere = visit.staff.role in {Role.DESK, Role.ADMIN}
    async with visit.console.database.read() as connection:
        found = await answers_for(connection, None if everywhere else visit.staff.offices)
    directory = visit.console.wording.directory
    answers: list[Answer] = [one for one in found if may_change(visit.staff, one.office)]
    return visit.page(
        "answers.html",
        status,
        answers=answers,
        everywhere=everywhere,
        offices=office_names(directory, visit.locale, None if everywhere else visit.staff.offices),
        fields=[f"{{{name}}}" for name in (FIELDS if visit.locale == "ko" else FIELDS_EN)],
        fault=fault,
        done=visit.asked("done") if visit.asked("done") in {"added", "changed", "removed"} else "",
        typed={"title": title, "words": words, "office": visit.typed("office")},
    )
