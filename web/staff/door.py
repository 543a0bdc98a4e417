"""The door of every page: who are you, may you, is this form ours. No page opens in another way."""

from collections.abc import Mapping
from hmac import compare_digest

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from storage.away import DatabaseAway
from web.staff.forms import Upload, read_form, read_form_with_file
from web.staff.pages import Console, Form, NotFound, Page, Visit, go, trimmed
from web.staff.sessions import visitor
from web.staff.signin import locale_of, sign_in_page, to_sign_in

log = structlog.get_logger()

CHANGE_PASSWORD = "/staff/password"  # noqa: S105 - a path

# Of a form that could not be accepted these are shown again, so that no words are lost.
_WORDS = ("words", "reason", "text")


class Door:
    """Lets requests in to one page."""

    def __init__(self, console: Console, page: Page) -> None:
        self._console = console
        self._page = page

    async def enter(self, request: Request) -> Response:
        """Answer a request to the page; while the database is away, with a page that says so."""
        try:
            answer = await self._answer(request)
        except DatabaseAway as error:
            log.error("console_waits_for_database", page=self._page.path, error=str(error))
            answer = away_page(self._console, request, {})
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def _answer(self, request: Request) -> Response:
        now = self._console.services.clock()
        known = await visitor(self._console, request, now)
        form, upload = await self._form(request, known=known is not None)
        if known is None:
            return self._turned_away(request, form)
        session, staff = known
        visit = Visit(
            console=self._console,
            request=request,
            staff=staff,
            session=session,
            form=form,
            now=now,
            upload=upload,
        )
        if request.method == "POST" and not _same(form.get("csrf", ""), session.csrf):
            return refusal(visit, 403, "stale_form")
        if staff.must_change and not self._page.before_change:
            return go(CHANGE_PASSWORD)
        if staff.role not in self._page.roles:
            return refusal(visit, 403, "not_for_you")
        try:
            return await self._page.show(visit)
        except NotFound:
            return refusal(visit, 404, "not_found")
        except DatabaseAway as error:
            log.error("console_waits_for_database", page=self._page.path, error=str(error))
            return away_page(self._console, request, form, staff.locale)

    async def _form(self, request: Request, *, known: bool) -> tuple[Form, Upload | None]:
        if request.method != "POST":
            return {}, None
        if not self._page.takes_file:
            return await read_form(request), None
        # Of somebody who may not be here not even the words of such a form are worth reading.
        return await read_form_with_file(request) if known else ({}, None)

    def _turned_away(self, request: Request, form: Form) -> Response:
        if request.method != "POST":
            return to_sign_in(request)
        return sign_in_page(
            self._console,
            request,
            status=403,
            fault="ended",
            next_page=_page_of(request.url.path),
            kept=kept_words(form),
        )


def refusal(visit: Visit, status: int, reason: str) -> Response:
    """A page that says why not, with the words that were being sent."""
    return visit.page("refusal.html", status, reason=reason, kept=kept_words(visit.form))


def away_page(console: Console, request: Request, form: Form, locale: str = "") -> Response:
    """A page that says that nothing was done because the database is away, with the words that were sent."""
    html = console.wording.page(
        "away.html",
        locale or locale_of(request),
        kept=kept_words(form),
        again=_page_of(request.url.path),
    )
    return HTMLResponse(html, 503, headers={"Retry-After": "5"})


def kept_words(form: Form) -> Mapping[str, str]:
    """The words of a form worth keeping."""
    return {name: trimmed(form[name]) for name in _WORDS if trimmed(form.get(name, ""))}


def _page_of(path: str) -> str:
    """The page on which a form stood: a case's card, else the section it belongs to."""
    parts = path.split("/")
    return "/".join(parts[: 4 if path.startswith("/staff/cases/") else 3])


def _same(given: str, right: str) -> bool:
    return compare_digest(given.encode(), right.encode())
