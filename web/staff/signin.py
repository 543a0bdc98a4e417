"""Signing in and out (로그인). Tries are counted before they are checked, so none slips by in parallel."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from storage.audit import Entry, note
from storage.staff import Credentials, credentials_of, set_staff, use_totp_step
from storage.staff_sessions import clear_ended_sessions, end_session, open_session
from storage.throttle import count_try, forget_tries, take_back_try
from web.staff.accounts import plain_login
from web.staff.forms import read_form
from web.staff.pages import Console, Visit, go, trimmed
from web.staff.passwords import LONGEST
from web.staff.sessions import (
    COOKIE,
    IDLE,
    forget,
    form_seal,
    form_token,
    is_sealed,
    new_session,
    remember,
    remember_form,
    token_hash,
)
from web.staff.totp import matching_step

log = structlog.get_logger()

SPAN = timedelta(minutes=15)
TRIES_PER_LOGIN = 5
TRIES_PER_ADDRESS = 20

_HOME = "/staff"
_FIRST = "/staff/day"
"""Where a day begins."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What the sign-in form brought."""

    login: str
    password: str
    code: str

    @property
    def login_key(self) -> str:
        """Under which tries for this login are counted; the login itself may be anything."""
        return "staff:" + hashlib.sha256(self.login.encode()).hexdigest()


async def show_sign_in(console: Console, request: Request) -> Response:
    """The sign-in page."""
    return sign_in_page(console, request)


async def sign_in(console: Console, request: Request) -> Response:
    """Check a sign-in, and begin a new session when it is right."""
    form = await read_form(request)
    if not is_sealed(console, request, form.get("csrf", "")):
        return sign_in_page(console, request, status=403, fault="stale", next_page=form.get("next", ""))
    typed = Typed(
        plain_login(trimmed(form.get("login", "")))[:200],
        trimmed(form.get("password", ""))[: LONGEST + 1],
        trimmed(form.get("code", ""))[:20],
    )
    now = console.services.clock()
    address_key = address_key_of(request)
    if await _too_many(console, typed, address_key, now):
        answer = sign_in_page(console, request, status=429, fault="too_many", next_page=form.get("next", ""))
        answer.headers["Retry-After"] = str(int(SPAN.total_seconds()))
        return answer
    staff_id = await _checked(console, typed, now)
    if staff_id is None:
        await _failed(console, typed, now)
        return sign_in_page(
            console, request, status=403, fault="wrong", next_page=form.get("next", ""), login=typed.login
        )
    return await begin_session(console, request, staff_id, typed, form, now)


async def sign_out(visit: Visit) -> Response:
    """End this session, here and in the database."""
    async with visit.console.database.begin() as connection:
        await end_session(connection, visit.staff.id, visit.session.token_hash)
        await visit.note(connection, "sign.out", visit.staff.login)
    answer = go("/staff/sign-in")
    forget(answer, secure=visit.console.services.secure_cookies)
    return answer


def sign_in_page(
    console: Console,
    request: Request,
    *,
    status: int = 200,
    fault: str = "",
    next_page: str = "",
    login: str = "",
    kept: Mapping[str, str] | None = None,
) -> Response:
    """The sign-in page; `kept` are words that were being sent when the session had ended."""
    token = form_token(request)
    html = console.wording.page(
        "sign_in.html",
        locale_of(request),
        seal=form_seal(console, token),
        next_page=safe_next(next_page or request.query_params.get("next", "")),
        fault=fault,
        login=login,
        kept=kept or {},
    )
    answer = HTMLResponse(html, status, headers={"Cache-Control": "no-store"})
    remember_form(answer, token, secure=console.services.secure_cookies)
    return answer


def locale_of(request: Request) -> str:
    """The language for somebody not signed in: as asked for, else as their browser prefers; Korean first."""
    asked = request.query_params.get("locale", "")
    if asked in {"ko", "en"}:
        return asked
    preferred = request.headers.get("accept-language", "ko").strip().casefold()
    return "en" if preferred.startswith("en") else "ko"


def safe_next(path: str) -> str:
    """Where to go after signing in: a page of the console, never another site."""
    inside = path.startswith((f"{_HOME}/", f"{_HOME}?"))
    return path if inside and "\\" not in path and path.isprintable() else _FIRST


def to_sign_in(request: Request) -> Response:
    """Send somebody whose session ended to the sign-in page, and from there back here."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go(f"/staff/sign-in?next={quote(wanted)}" if wanted != _HOME else "/staff/sign-in")


async def _too_many(console: Console, typed: Typed, address_key: str, now: datetime) -> bool:
    async with console.database.begin() as connection:
        by_login = await count_try(connection, typed.login_key, span=SPAN, now=now)
        by_address = await count_try(connection, address_key, span=SPAN, now=now)
        known = await credentials_of(connection, typed.login) if by_login == TRIES_PER_LOGIN + 1 else None
        if known is not None:
            await _note(console, connection, "sign.stopped", typed.login, known.staff_id, now)
    return by_login > TRIES_PER_LOGIN or by_address > TRIES_PER_ADDRESS


async def _failed(console: Console, typed: Typed, now: datetime) -> None:
    # What was typed is noted only when it is a login: it may be a password. For an unknown one as much is
    # done, so that the time taken tells nothing.
    async with console.database.begin() as connection:
        known = await credentials_of(connection, typed.login)
        login = typed.login if known else ""
        await _note(console, connection, "sign.failed", login, known.staff_id if known else None, now)


async def _note(
    console: Console,
    connection: AsyncConnection,
    action: str,
    login: str,
    staff_id: int | None,
    now: datetime,
) -> None:
    entry = Entry(action=action, subject=login, staff_id=staff_id, who=login)
    await note(connection, console.services.world.sealer, entry, now)


async def _checked(console: Console, typed: Typed, now: datetime) -> int | None:
    """The id of the account that may sign in, or None. Which of the parts was wrong is not told."""
    async with console.database.read() as connection:
        known = await credentials_of(connection, typed.login)
    right = await console.passwords.matches(known.password_hash if known else None, typed.password)
    if known is None or not right or not known.active:
        return None
    if not await _code_is_right(console, known, typed.code, now):
        return None
    if console.passwords.is_outdated(known.password_hash):
        anew = await console.passwords.hash(typed.password)
        async with console.database.begin() as connection:
            await set_staff(connection, known.staff_id, {"password_hash": anew})
    return known.staff_id


async def _code_is_right(console: Console, known: Credentials, code: str, now: datetime) -> bool:
    if known.totp_secret is None or known.totp_last is None:
        return True
    secret = console.vault.open(known.totp_secret, known.staff_id)
    if secret is None:
        log.error("totp_secret_not_opened", staff_id=known.staff_id, advice="SOTONG_SECRET_KEY has changed")
        return False
    step = matching_step(secret, code, now)
    if step is None:
        return False
    async with console.database.begin() as connection:
        if console.vault.is_open(known.totp_secret):
            locked = console.vault.lock(secret, known.staff_id)
            await set_staff(connection, known.staff_id, {"totp_secret": locked})
        return await use_totp_step(connection, known.staff_id, step)


async def begin_session(
    console: Console,
    request: Request,
    staff_id: int,
    typed: Typed,
    form: Mapping[str, str],
    now: datetime,
) -> Response:
    """Sign somebody in whose identity was checked, and send them on to where they wanted."""
    # Always a new token: one that somebody planted in the browser beforehand must not become a session.
    token, session = new_session(staff_id, now)
    async with console.database.begin() as connection:
        await clear_ended_sessions(connection, now=now, idle_since=now - IDLE)
        await end_session(connection, staff_id, token_hash(request.cookies.get(COOKIE, "")))
        await open_session(connection, session)
        await forget_tries(connection, typed.login_key)
        await take_back_try(connection, address_key_of(request))
        await _note(console, connection, "sign.in", typed.login, staff_id, now)
    answer = go(safe_next(form.get("next", "")))
    remember(answer, token, secure=console.services.secure_cookies)
    return answer


def address_key_of(request: Request) -> str:
    """Under which tries from this address of the network are counted."""
    return f"address:{request.client.host if request.client else ''}"[:128]
