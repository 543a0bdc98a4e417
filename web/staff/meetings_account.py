"""All that was raised at a meeting (제기된 건의): for its page, its live list and the printed account."""

from dataclasses import dataclass

from starlette.responses import Response

from cases.rules import WORDS_TO_THE_PERSON
from cases.vocabulary import State
from storage.meetings import Meeting, Raised, count_raised, last_words, meeting_by_id, raised_cases
from web.staff.pages import NotFound, Visit
from web.staff.rights import offices_seen, sees_persons

MOST = 2_000
"""Cases of one meeting that are listed; the biggest known brought 186."""
NEWEST = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One case of the account, as this reader may see it: without a title and a link when it is private."""

    raised: Raised
    shown: bool
    linked: bool
    words: str


@dataclass(frozen=True, slots=True)
class Account:
    """What was raised, and how many in each state; the total is the sum of the parts."""

    lines: list[Line]
    sums: list[tuple[State, int]]
    total: int


async def account_of(visit: Visit, meeting: Meeting, *, words: bool = False) -> Account:
    """The account of a meeting as this person may see it; `words` adds the last thing each was told."""
    async with visit.console.database.read() as connection:
        raised = await raised_cases(connection, meeting.id, limit=MOST)
        told = await last_words(connection, meeting.id, WORDS_TO_THE_PERSON) if words else {}
        counts = await count_raised(connection, meeting.id)
    lines = [_line(visit, one, told.get(one.id, "")) for one in raised]
    sums = [(state, counts[state]) for state in State if counts.get(state)]
    return Account(lines, sums, sum(many for _, many in sums))


async def show_account(visit: Visit) -> Response:
    """The account to print: the state of everything and the last word on it."""
    meeting = await _meeting(visit)
    return visit.page(
        "meeting_account.html", meeting=meeting, account=await account_of(visit, meeting, words=True)
    )


async def show_live(visit: Visit) -> Response:
    """The list for the room, large; it renews itself."""
    return await _live(visit, "meeting_live.html")


async def show_live_part(visit: Visit) -> Response:
    """The part of the live list that is renewed."""
    return await _live(visit, "meeting_live_part.html")


async def _live(visit: Visit, template: str) -> Response:
    meeting = await _meeting(visit)
    async with visit.console.database.read() as connection:
        counts = await count_raised(connection, meeting.id)
        newest = await raised_cases(connection, meeting.id, limit=NEWEST, newest_first=True)
    return visit.page(template, meeting=meeting, total=sum(counts.values()), newest=newest)


def _line(visit: Visit, one: Raised, words: str) -> Line:
    offices = offices_seen(visit.staff)
    theirs = offices is None or one.office in offices
    private = not one.public and not (theirs and sees_persons(visit.staff))
    return Line(one, not private, theirs, "" if private else words)


async def _meeting(visit: Visit) -> Meeting:
    async with visit.console.database.read() as connection:
        meeting = await meeting_by_id(connection, visit.number("id"))
    if meeting is None:
        raise NotFound
    return meeting
