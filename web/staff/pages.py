"""What a page of the console is, and what it is given: the table in `web.staff.routes` holds them all."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cases.vocabulary import Role
from intents.cleaning import clean
from storage import audit
from storage.engine import Database
from storage.staff import Staff
from storage.staff_sessions import Session
from web.staff.forms import Upload
from web.staff.passwords import Passwords
from web.staff.services import StaffServices
from web.staff.vault import Vault
from web.staff.wording import Wording

Form = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """The console itself: its services, its wording, its way with passwords."""

    services: StaffServices
    wording: Wording
    passwords: Passwords

    @property
    def database(self) -> Database:
        """The database."""
        return self.services.database

    @property
    def vault(self) -> Vault:
        """What locks up the secrets of authenticator apps."""
        return Vault(self.services.secret_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of somebody who is signed in, may open this page, and sent no forged form."""

    console: Console
    request: Request
    staff: Staff
    session: Session
    form: Form
    now: datetime
    upload: Upload | None = None
    """The file that came with the form, on pages that take one."""

    @property
    def locale(self) -> str:
        """The language of the page."""
        return self.staff.locale

    def part(self, name: str) -> str:
        """A part of the path."""
        return clean(str(self.request.path_params[name]))

    def number(self, name: str) -> int:
        """A part of the path that is an id. Raises NotFound when it is none."""
        text = self.part(name)
        if not text.isascii() or not text.isdecimal() or len(text) > 18:
            raise NotFound
        return int(text)

    def typed(self, name: str) -> str:
        """A field of the form, without blanks around it; empty when it was not sent."""
        return trimmed(self.form.get(name, ""))

    def asked(self, name: str) -> str:
        """A field of the address (`?name=…`), empty when it is not there."""
        return trimmed(self.request.query_params.get(name, ""))[:200]

    def say(self, key: str, **params: object) -> str:
        """A text of the console in the person's language."""
        return self.console.wording.say(f"staff_web.{key}", self.locale, **params)

    async def note(
        self, connection: AsyncConnection, action: str, subject: str = "", **facts: object
    ) -> None:
        """Note in the sealed log what this person does; last in the transaction that does it.

        `action` has its words in the locales (`audit.did.people.added`); `facts` are plain values, never
        words of residents.
        """
        entry = audit.Entry(
            action=action, subject=subject, staff_id=self.staff.id, who=self.staff.login, facts=facts
        )
        await audit.note(connection, self.console.services.world.sealer, entry, self.now)

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A page of the console for this person."""
        html = self.console.wording.page(
            template, self.locale, staff=self.staff, csrf=self.session.csrf, now=self.now, **values
        )
        return HTMLResponse(html, status)


Show = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One row of the table of pages: where, for whom, and what it does.

    `before_change` pages open even while a one-time password still has to be changed. `takes_file` ones read
    a file with their form; how large it may be is said in `web.security`.
    """

    method: str
    path: str
    roles: frozenset[Role]
    show: Show
    before_change: bool = False
    takes_file: bool = False


class NotFound(Exception):  # noqa: N818 - an outcome to show, not a fault
    """Nothing there, or nothing this person may know of: the two look the same."""


def trimmed(text: str) -> str:
    """What was typed into a field, without blanks around it and characters that no database takes."""
    return clean(text).strip()


def go(path: str) -> Response:
    """Send the browser on after a form was done, so that reloading does not repeat it."""
    return RedirectResponse(path, 303)
