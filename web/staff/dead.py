"""Messages that could not be delivered (못 보낸 알림), for the desk: looked at, and sent again."""

from dataclasses import dataclass

from starlette.responses import Response

from storage.dead_letters import DeadLetter, count_dead_letters, dead_letters, send_again
from web.staff.pages import NotFound, Visit, go

PAGE = 50
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Line:
    """A dead letter and how its text begins."""

    letter: DeadLetter
    words: str


async def show_dead(visit: Visit) -> Response:
    """The newest dead letters first."""
    asked = visit.asked("before")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 18 else None
    async with visit.console.database.read() as connection:
        letters = await dead_letters(connection, limit=PAGE + 1, before=before)
        many = await count_dead_letters(connection)
    return visit.page(
        "dead.html",
        lines=[Line(letter, _words(visit, letter)) for letter in letters[:PAGE]],
        many=many,
        more=letters[PAGE - 1].id if len(letters) > PAGE else None,
        done=visit.asked("done") == "again",
    )


async def resend(visit: Visit) -> Response:
    """Let one be tried again from the beginning."""
    async with visit.console.database.begin() as connection:
        if not await send_again(connection, visit.number("id"), visit.now):
            raise NotFound
        await visit.note(connection, "message.sent_again", str(visit.number("id")))
    visit.console.services.waker.wake()
    return go("/staff/dead?done=again")


def _words(visit: Visit, letter: DeadLetter) -> str:
    try:
        text = visit.console.wording.renderer.text(letter.template, letter.params, visit.locale)
    except (LookupError, TypeError, ValueError):
        # It may lie here just because it cannot be put into words.
        return letter.template
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
