"""The chat's page, and the language it is in."""

import json
import re
from pathlib import Path
from typing import Annotated

import structlog
from fastapi import Path as PathParameter
from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError

from storage.webchat import conversation_at, set_locale
from web.chat.models import LONGEST_TEXT, LanguageIn
from web.chat.visitor import Visitor, preferred_locale, remember, remember_locale, visitor_of
from web.problems import Problem
from web.services import WebServices

WORDS = "web.chat."
"""The page's texts in the catalogue; what follows is the name the page's script knows them by."""

_TEMPLATES = Path(__file__).parent.parent / "templates"
# A start payload has 64 characters at most, "m-" among them.
_MEETING_CODE = re.compile(r"[A-Za-z0-9_-]{1,62}")

MeetingCode = Annotated[str, PathParameter(description="The code in a meeting's link.")]

log = structlog.get_logger(__name__)


class Page:
    """Serves the page in the visitor's language."""

    def __init__(self, services: WebServices) -> None:
        self._services = services
        pages = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
        self._template = pages.get_template("chat.html")

    async def show(self, request: Request) -> HTMLResponse:
        """The chat."""
        return await self._page(request, start="")

    async def show_meeting(self, code: MeetingCode, request: Request) -> HTMLResponse:
        """The chat, opened by a meeting's link: what is raised now belongs to that meeting."""
        if not _MEETING_CODE.fullmatch(code):
            raise Problem("not_found")
        return await self._page(request, start=f"m-{code}")

    async def speak(self, language: LanguageIn, request: Request, response: Response) -> None:
        """Hold the conversation in another language from now on; what was said before changes with it."""
        visitor = visitor_of(request)
        async with self._services.database.begin() as connection:
            conversation = await conversation_at(connection, visitor.address)
            if conversation is not None:
                await set_locale(connection, conversation.id, language.locale)
        remember(response, visitor, secure=self._services.secure_cookies)
        remember_locale(response, language.locale, secure=self._services.secure_cookies)

    async def _page(self, request: Request, start: str) -> HTMLResponse:
        visitor = visitor_of(request)
        locale = await self._locale(request, visitor)
        words = {
            key.removeprefix(WORDS): text
            for key, text in self._services.renderer.texts(WORDS, locale).items()
        }
        city = self._services.city
        answer = HTMLResponse(
            self._template.render(
                locale=locale,
                words=words,
                words_json=json.dumps(words, ensure_ascii=False),
                city=city.name if locale == "ko" else city.name_en or city.name,
                call_centre=city.call_centre,
                longest_text=LONGEST_TEXT,
                start=start,
                # Tells the browser whose words it keeps; opens nothing.
                conversation=visitor.address[:16],
                other_locale="en" if locale == "ko" else "ko",
            ),
            headers={"Cache-Control": "no-store"},
        )
        remember(answer, visitor, secure=self._services.secure_cookies)
        return answer

    async def _locale(self, request: Request, visitor: Visitor) -> str:
        try:
            async with self._services.database.read() as connection:
                conversation = await conversation_at(connection, visitor.address)
        except (SQLAlchemyError, OSError) as error:
            # The page opens all the same: it keeps what is typed until the database is back.
            log.warning("web.page_without_database", error=type(error).__name__)
            conversation = None
        return preferred_locale(request) if conversation is None else conversation.locale
