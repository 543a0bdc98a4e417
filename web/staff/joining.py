"""The page behind an invitation's link (초대 받은 사람): login and password are chosen there, once."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from storage.audit import Entry, note
from storage.invitations import Invitation, end_invitation, invitation_of
from storage.staff import NewStaff, add_staff
from storage.tables import JsonObject
from storage.throttle import count_try
from web.staff.accounts import account_fault, plain_login
from web.staff.forms import read_form
from web.staff.pages import Console, trimmed
from web.staff.passwords import LONGEST, weakness
from web.staff.sessions import form_seal, form_token, is_sealed, remember_form
from web.staff.signin import (
    SPAN,
    TRIES_PER_ADDRESS,
    Typed,
    address_key_of,
    begin_session,
    locale_of,
)

# Here `login` means that the login itself will not do.
_WEAK: Mapping[str, str] = MappingProxyType({"login": "same_login"})


class _Late(Exception):  # noqa: N818 - takes back a transaction that somebody else was quicker in
    pass


async def show_joining(console: Console, request: Request) -> Response:
    """What the account will be, and the fields for its login and password."""
    invitation = await _invitation(console, request, console.services.clock())
    return _page(console, request, invitation, status=200 if invitation else 410)


async def join(console: Console, request: Request) -> Response:
    """Make the account, use the invitation up, and sign the person in."""
    form = await read_form(request)
    now = console.services.clock()
    invitation = await _invitation(console, request, now)
    if invitation is None:
        return _page(console, request, None, status=410)
    if not is_sealed(console, request, form.get("csrf", "")):
        return _page(console, request, invitation, status=403, fault="stale", form=form)
    if await _too_many(console, request, now):
        return _page(console, request, invitation, status=429, fault="too_many", form=form)
    login, password = plain_login(trimmed(form.get("login", ""))), trimmed(form.get("new", ""))
    fault = account_fault(login, invitation.name, invitation.role)
    if not fault:
        weak = weakness(password, login)
        fault = "different" if password != trimmed(form.get("again", "")) else _WEAK.get(weak, weak)
    if not fault:
        staff_id = await _made(console, invitation, login, password, now)
        if staff_id is not None:
            typed = Typed(login, password, "")
            return await begin_session(console, request, staff_id, typed, {"next": "/staff"}, now)
        fault = "taken"
    return _page(console, request, invitation, status=422, fault=fault, form=form)


async def _invitation(console: Console, request: Request, now: datetime) -> Invitation | None:
    async with console.database.read() as connection:
        return await invitation_of(connection, str(request.path_params["token"])[:200], now)


async def _too_many(console: Console, request: Request, now: datetime) -> bool:
    async with console.database.begin() as connection:
        tries = await count_try(connection, address_key_of(request), span=SPAN, now=now)
    return tries > TRIES_PER_ADDRESS


async def _made(
    console: Console, invitation: Invitation, login: str, password: str, now: datetime
) -> int | None:
    """The new account's id; None when the login is taken, or the link was used a moment ago."""
    new = NewStaff(
        login=login,
        name=invitation.name,
        role=invitation.role,
        password_hash=await console.passwords.hash(password[: LONGEST + 1]),
        offices=invitation.offices,
        must_change=False,
    )
    with suppress(_Late):
        async with console.database.begin() as connection:
            staff_id = await add_staff(connection, new, now)
            if staff_id is None or not await end_invitation(
                connection, invitation.id, now, staff_id=staff_id
            ):
                raise _Late
            facts: JsonObject = {"role": new.role.value, "offices": sorted(new.offices)}
            done = Entry(action="invitation.used", subject=login, staff_id=staff_id, who=login, facts=facts)
            await note(connection, console.services.world.sealer, done, now)
            return staff_id
    return None


def _page(
    console: Console,
    request: Request,
    invitation: Invitation | None,
    *,
    status: int,
    fault: str = "",
    form: Mapping[str, str] | None = None,
) -> Response:
    token = form_token(request)
    html = console.wording.page(
        "joining.html",
        locale_of(request),
        seal=form_seal(console, token),
        path=request.url.path,
        invitation=invitation,
        fault=fault,
        login=trimmed((form or {}).get("login", ""))[:64],
    )
    answer = HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    remember_form(answer, token, secure=console.services.secure_cookies)
    return answer
