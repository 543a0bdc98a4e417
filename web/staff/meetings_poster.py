"""The poster of a meeting (안내문): one sheet of A4 with the code that leads into the chat."""

import io

import segno
from starlette.responses import Response

from storage.meetings import Meeting
from web.staff.meetings import meeting_of
from web.staff.pages import NotFound, Visit


async def show_poster(visit: Visit) -> Response:
    """The sheet, with the address written out for those who type it."""
    meeting = await meeting_of(visit)
    return visit.page(
        "poster.html", meeting=meeting, web=web_link(visit, meeting), telegram=telegram_link(visit, meeting)
    )


async def show_code(visit: Visit) -> Response:
    """The code of the link into the web chat, as SVG."""
    return _picture(web_link(visit, await meeting_of(visit)))


async def show_telegram_code(visit: Visit) -> Response:
    """The code of the link into Telegram, as SVG, where the bot's name is known."""
    link = telegram_link(visit, await meeting_of(visit))
    if not link:
        raise NotFound
    return _picture(link)


def web_link(visit: Visit, meeting: Meeting) -> str:
    """The address that opens the web chat under this meeting."""
    root = visit.console.services.public_url or str(visit.request.base_url)
    return f"{root.rstrip('/')}/m/{meeting.code}"


def telegram_link(visit: Visit, meeting: Meeting) -> str:
    """The address that opens Telegram under this meeting; empty while the bot's name is not known."""
    name = visit.console.services.bot_name()
    return f"https://t.me/{name}?start=m-{meeting.code}" if name else ""


def _picture(link: str) -> Response:
    # A quarter of it may be hidden by a fold or a thumb, and it is still read.
    drawn = io.BytesIO()
    segno.make(link, error="q").save(drawn, kind="svg", scale=8, border=3, dark="#000", light="#fff")
    return Response(drawn.getvalue(), media_type="image/svg+xml")
