"""One case of a queue at a time (배정 확인): confirm its office or mend it with one key, and see the next."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from cases.numbers import CaseNumber
from cases.transitions import NotAllowed
from cases.vocabulary import INTAKE_DESK, Action, OfficeId
from handlers.casework import MOST_WORDS, Deed, Impossible, Outrun, perform
from handlers.staff.offices import find_office
from storage.casebook import Case, case_by_id, case_by_number
from storage.desk import Move, Queue, count_queue, moves_of, waiting
from web.staff.desk import COUNTED, bouncers
from web.staff.desk_reading import Candidate, Known, candidates, place_of
from web.staff.offices import best_office, near_names, office_names
from web.staff.pages import NotFound, Visit, go
from web.staff.rights import actor_of

_MOST_SKIPPED = 100_000
_PATH = "/staff/desk/review"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    reason: str
    typed: str = ""
    near: str = ""


async def show_review(visit: Visit) -> Response:
    """The next case of the queue."""
    queue, skipped = _queue(visit.asked("queue")), _skipped(visit.asked("skip"))
    async with visit.console.database.read() as connection:
        found = await waiting(connection, queue, limit=1, skipped=skipped)
        case = await case_by_id(connection, found[0].case_id) if found else None
    return await _page(visit, queue, skipped, case)


async def decide_review(visit: Visit) -> Response:
    """Confirm the office, or send the case where it belongs; then on to the next."""
    number = CaseNumber.parse(visit.part("number"))
    queue, skipped = _queue(visit.typed("queue")), _skipped(visit.typed("skip"))
    if number is None:
        raise NotFound
    async with visit.console.database.read() as connection:
        case = await case_by_number(connection, number)
    if case is None:
        raise NotFound
    deed = _deed(visit, case)
    if isinstance(deed, _Fault):
        return await _page(visit, queue, skipped, case, status=422, fault=deed)
    try:
        async with visit.console.database.begin() as connection:
            await perform(connection, visit.console.services.world, case.id, deed, visit.now)
    except Outrun:
        now = await _anew(visit, case)
        if now is None or now.reviewed_at is not None or now.office != case.office or not now.state.is_open:
            return go(f"{_address(queue, skipped)}&done=other")
        return await _page(visit, queue, skipped, now, status=409, fault=_Fault(reason="outrun"))
    except NotAllowed as refused:
        fault = _Fault(reason=refused.reason.value)
        return await _page(visit, queue, skipped, await _anew(visit, case), status=409, fault=fault)
    except Impossible as refused:
        return await _page(visit, queue, skipped, case, status=422, fault=_Fault(reason=refused.reason))
    visit.console.services.waker.wake()
    return go(f"{_address(queue, skipped)}&done={deed.action.value}")


def _deed(visit: Visit, case: Case) -> Deed | _Fault:
    version = visit.typed("version")
    expected = int(version) if version.isdecimal() and len(version) < 10 else case.version
    if visit.typed("verdict") == "confirm":
        action, target, words = Action.CONFIRM, None, ""
    else:
        typed = visit.typed("offer") or visit.typed("target")
        found = _office(visit, case, typed)
        if isinstance(found, _Fault):
            return found
        action, target, words = Action.MOVE, found, visit.typed("words")[:MOST_WORDS]
    return Deed(
        action=action,
        by=actor_of(visit.staff),
        author=visit.staff.name,
        words=words,
        target=target,
        expected_version=expected,
    )


def _office(visit: Visit, case: Case, typed: str) -> OfficeId | _Fault:
    directory = visit.console.wording.directory
    office = best_office(directory, typed) if typed else None
    if office is None and typed:
        among = [one for one, _ in office_names(directory, visit.locale)]
        office = find_office(directory, typed, among, case.district).office
    if office is None or directory.is_authority(office):
        near = ", ".join(near_names(directory, typed, visit.locale)) if typed else ""
        return _Fault(reason="office", typed=typed, near=near)
    return office


async def _anew(visit: Visit, case: Case) -> Case | None:
    async with visit.console.database.read() as connection:
        return await case_by_id(connection, case.id)


async def _page(
    visit: Visit,
    queue: Queue,
    skipped: int,
    case: Case | None,
    *,
    status: int = 200,
    fault: _Fault | None = None,
) -> Response:
    async with visit.console.database.read() as connection:
        many = await count_queue(connection, queue, at_most=COUNTED)
        moves: list[Move] = [] if case is None else (await moves_of(connection, [case.id]))[case.id]
    return visit.page(
        "review.html",
        status,
        queue=queue.value,
        many=many,
        counted=COUNTED,
        skip=skipped,
        skipping=_address(queue, skipped + 1),
        first=_address(queue, 0),
        case=case,
        moves=moves,
        bouncers=bouncers(moves),
        offered=[] if case is None else _offered(visit, case),
        confirmable=case is not None and case.office != INTAKE_DESK and case.state.is_open,
        offices=office_names(visit.console.wording.directory, visit.locale),
        words=visit.typed("words") or visit.console.wording.say("desk.review.reason", "ko"),
        fault=fault,
        done=visit.asked("done") if visit.asked("done") in ("confirm", "move", "other") else "",
    )


def _offered(visit: Visit, case: Case) -> list[Candidate]:
    """The best offices for the case's text but the one that has it."""
    world, directory = visit.console.services.world, visit.console.wording.directory
    reading = world.understanding.read(case.text)
    known = Known(reading, reading.place)
    spot = place_of(known, "")
    district = case.district or (spot.district if spot else "")
    found = candidates(directory, known, district, visit.locale)
    return [one for one in found if one.office != case.office]


def _queue(text: str) -> Queue:
    return Queue(text) if text in set(Queue) else Queue.BOT


def _skipped(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
    return min(number, _MOST_SKIPPED)


def _address(queue: Queue, skipped: int) -> str:
    return f"{_PATH}?{urlencode({'queue': queue.value, 'skip': str(skipped)})}"
