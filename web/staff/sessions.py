"""Cookies and sessions (로그인 상태): who is signed in, until when, and how forged forms are told apart.

The cookie is SameSite=Lax, not Strict: officers come by links in Telegram, and Strict would show them the
sign-in page each time. Nothing is changed by GET, and every form carries its session's secret.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from storage.staff import Staff
from storage.staff_sessions import Session, find_session, touch_session
from web.staff.pages import Console

COOKIE = "sotong_staff"
FORM_COOKIE = "sotong_staff_form"
PATH = "/staff"

LONGEST = timedelta(hours=12)
IDLE = timedelta(hours=2)
_TOUCH_AFTER = timedelta(minutes=1)


def token_hash(token: str) -> str:
    """What the database keeps of a cookie: enough to find it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_session(staff_id: int, now: datetime) -> tuple[str, Session]:
    """A fresh token for the cookie, and the session it stands for."""
    token = secrets.token_urlsafe(32)
    session = Session(
        token_hash=token_hash(token),
        staff_id=staff_id,
        csrf=secrets.token_urlsafe(32),
        created_at=now,
        seen_at=now,
        expires_at=now + LONGEST,
    )
    return token, session


async def visitor(console: Console, request: Request, now: datetime) -> tuple[Session, Staff] | None:
    """The session a request belongs to and its person, or None. Keeps the session awake."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    async with console.database.read() as connection:
        found = await find_session(connection, token_hash(token), now=now, idle_since=now - IDLE)
    # Not at every click: a write each time would cost more than the pages themselves.
    if found is not None and now - found[0].seen_at > _TOUCH_AFTER:
        async with console.database.begin() as connection:
            await touch_session(connection, found[0].token_hash, now)
    return found


def remember(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        path=PATH,
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, *, secure: bool) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path=PATH, secure=secure, httponly=True, samesite="lax")


def form_token(request: Request) -> str:
    """The browser's token for forms before sign-in: the one it has, else a new one."""
    return request.cookies.get(FORM_COOKIE, "")[:64] or secrets.token_urlsafe(32)


def form_seal(console: Console, token: str) -> str:
    """What a form sent with that token must carry; only we can reckon it."""
    key = console.services.secret_key.encode()
    return hmac.new(key, b"staff-form:" + token.encode(), hashlib.sha256).hexdigest()


def is_sealed(console: Console, request: Request, seal: str) -> bool:
    """True when the form came from our own sign-in page in this browser."""
    token = request.cookies.get(FORM_COOKIE, "")
    return bool(token) and hmac.compare_digest(form_seal(console, token).encode(), seal.encode())


def remember_form(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its token for forms before sign-in."""
    response.set_cookie(FORM_COOKIE, token, path=PATH, secure=secure, httponly=True, samesite="lax")
