"""My account (내 계정): password, authenticator app, language, and where I am signed in."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from starlette.responses import Response

from storage.staff import Credentials, credentials_by_id, set_staff, use_totp_step
from storage.staff_sessions import end_session, end_sessions, sessions_of
from storage.throttle import count_try, forget_tries
from web.staff.pages import NotFound, Visit, go
from web.staff.passwords import weakness
from web.staff.sessions import IDLE
from web.staff.totp import enrolment_address, matching_step, new_secret, picture

LOCALES = ("ko", "en")
SPAN = timedelta(minutes=15)
CHECKS = 10
"""Wrong passwords or codes given inside a session within SPAN before it has to rest."""

_DONE = frozenset({"password", "language", "totp_on", "totp_off", "session", "sessions"})


async def show_account(visit: Visit) -> Response:
    """The page of my account."""
    return await _page(visit)


async def show_password(visit: Visit) -> Response:
    """The page that opens first while a one-time password has not been changed."""
    return visit.page("password.html", fault="")


async def change_password(visit: Visit) -> Response:
    """Give myself a new password; every other session of mine ends."""
    known = await _credentials(visit)
    fault = await _password_fault(visit, known)
    if fault:
        if visit.staff.must_change:
            return visit.page("password.html", 422, fault=fault)
        return await _page(visit, 422, password=fault)
    kept = await visit.console.passwords.hash(visit.typed("new"))
    async with visit.console.database.begin() as connection:
        await set_staff(connection, visit.staff.id, {"password_hash": kept, "must_change": False})
        await end_sessions(connection, visit.staff.id, but=visit.session.token_hash)
        await visit.note(connection, "account.password", visit.staff.login)
    return go("/staff/day" if visit.staff.must_change else "/staff/account?done=password")


async def change_language(visit: Visit) -> Response:
    """Read the console in another language."""
    if visit.typed("locale") not in LOCALES:
        raise NotFound
    async with visit.console.database.begin() as connection:
        await set_staff(connection, visit.staff.id, {"locale": visit.typed("locale")})
    return go("/staff/account?done=language")


async def begin_totp(visit: Visit) -> Response:
    """Make a secret for the authenticator app. It counts from the first right code on, not before."""
    if visit.staff.has_totp:
        return go("/staff/account")

    async def begin() -> Response:
        locked = visit.console.vault.lock(new_secret(), visit.staff.id)
        async with visit.console.database.begin() as connection:
            await set_staff(connection, visit.staff.id, {"totp_secret": locked, "totp_last": None})
            await visit.note(connection, "account.totp_begun", visit.staff.login)
        return go("/staff/account#totp")

    return await _with_password(visit, begin)


async def show_totp_picture(visit: Visit) -> Response:
    """The picture the app reads, only while it is being set up."""
    secret = _being_set_up(visit, await _credentials(visit))
    if secret is None:
        raise NotFound
    issuer = visit.console.wording.directory.city_name("en")
    svg = picture(enrolment_address(secret, visit.staff.login, f"sotong {issuer}"))
    return Response(svg, media_type="image/svg+xml")


async def confirm_totp(visit: Visit) -> Response:
    """Turn the app on, once a code from it was right."""
    secret = _being_set_up(visit, await _credentials(visit))
    if secret is None:
        return go("/staff/account")
    if await _rests(visit):
        return await _page(visit, 429, totp="too_many")
    step = matching_step(secret, visit.typed("code"), visit.now)
    if step is None:
        return await _page(visit, 422, totp="code")
    async with visit.console.database.begin() as connection:
        await use_totp_step(connection, visit.staff.id, step)
        await forget_tries(connection, _key(visit))
        await end_sessions(connection, visit.staff.id, but=visit.session.token_hash)
        await visit.note(connection, "account.totp_on", visit.staff.login)
    return go("/staff/account?done=totp_on")


async def end_totp(visit: Visit) -> Response:
    """Turn the app off, or stop setting it up."""

    async def end() -> Response:
        async with visit.console.database.begin() as connection:
            await set_staff(connection, visit.staff.id, {"totp_secret": None, "totp_last": None})
            await visit.note(connection, "account.totp_off", visit.staff.login)
        return go("/staff/account?done=totp_off")

    return await _with_password(visit, end)


async def end_one_session(visit: Visit) -> Response:
    """Sign out a browser of mine."""
    async with visit.console.database.begin() as connection:
        await end_session(connection, visit.staff.id, visit.typed("session"))
        await visit.note(connection, "account.session_ended", visit.staff.login)
    return go("/staff/account?done=session")


async def end_other_sessions(visit: Visit) -> Response:
    """Sign out everywhere but here."""
    async with visit.console.database.begin() as connection:
        await end_sessions(connection, visit.staff.id, but=visit.session.token_hash)
        await visit.note(connection, "account.sessions_ended", visit.staff.login)
    return go("/staff/account?done=sessions")


def _being_set_up(visit: Visit, known: Credentials) -> str | None:
    """The secret of an app that has not given its first right code yet."""
    if known.totp_secret is None or known.totp_last is not None:
        return None
    return visit.console.vault.open(known.totp_secret, visit.staff.id)


async def _page(visit: Visit, status: int = 200, **faults: str) -> Response:
    known = await _credentials(visit)
    async with visit.console.database.read() as connection:
        sessions = await sessions_of(connection, visit.staff.id, now=visit.now, idle_since=visit.now - IDLE)
    secret = _being_set_up(visit, known)
    return visit.page(
        "account.html",
        status,
        sessions=sessions,
        here=visit.session.token_hash,
        setting_up=secret is not None,
        secret=secret or "",
        faults=faults,
        locales=LOCALES,
        done=visit.asked("done") if visit.asked("done") in _DONE else "",
    )


async def _with_password(visit: Visit, then: Callable[[], Awaitable[Response]]) -> Response:
    """Whoever found an open browser must not change how its owner signs in."""
    if await _rests(visit):
        return await _page(visit, 429, totp="too_many")
    known = await _credentials(visit)
    if not await visit.console.passwords.matches(known.password_hash, visit.typed("password")):
        return await _page(visit, 422, totp="wrong")
    async with visit.console.database.begin() as connection:
        await forget_tries(connection, _key(visit))
    return await then()


async def _password_fault(visit: Visit, known: Credentials) -> str:
    if await _rests(visit):
        return "too_many"
    if not await visit.console.passwords.matches(known.password_hash, visit.typed("password")):
        return "wrong"
    async with visit.console.database.begin() as connection:
        await forget_tries(connection, _key(visit))
    if visit.typed("new") != visit.typed("again"):
        return "different"
    if visit.typed("new") == visit.typed("password"):
        return "same"
    return weakness(visit.typed("new"), visit.staff.login)


async def _rests(visit: Visit) -> bool:
    async with visit.console.database.begin() as connection:
        return await count_try(connection, _key(visit), span=SPAN, now=visit.now) > CHECKS


def _key(visit: Visit) -> str:
    return f"staff-check:{visit.staff.id}"


async def _credentials(visit: Visit) -> Credentials:
    async with visit.console.database.read() as connection:
        known = await credentials_by_id(connection, visit.staff.id)
    if known is None:
        raise NotFound
    return known
