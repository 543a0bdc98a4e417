"""What guards every page: headers, the size of bodies, requests that come from other sites."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import Problems

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE

# 20,000 characters fit, however a client escapes them (six bytes each).
BODY_LIMIT = 128 * KILOBYTE
BODY_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        # A picture of 12 MB, and what multipart wraps around it.
        "/chat/photos": 12 * MEGABYTE + 16 * KILOBYTE,
        "/telegram": MEGABYTE,
        # A table of 100,000 rows, and its form.
        "/staff/import": 31 * MEGABYTE,
        "/staff": 256 * KILOBYTE,
    }
)
"""The most bytes a body may have, by the beginning of the path; all others BODY_LIMIT."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """Puts HEADERS on every answer that does not set them itself, and HSTS where https is used."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; other scopes pass untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_guarded)


class BodyLimit:
    """Refuses a body that is larger than its path may have, counting what really arrives."""

    def __init__(self, app: ASGIApp, *, problems: Problems) -> None:
        self._app = app
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request with 413 as soon as too much was announced or has arrived."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdecimal() or int(announced) > limit:
            await self._problems.answer("too_large")(scope, receive, send)
            return
        arrived = 0

        async def receive_counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > limit:
                raise HTTPException(413)
            return message

        await self._app(scope, receive_counted, send)


class SameSite:
    """Refuses changes that a browser sends on behalf of another site's page."""

    def __init__(self, app: ASGIApp, *, problems: Problems) -> None:
        self._app = app
        self._problems = problems

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; browsers say where it comes from, programs do not and pass."""
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS:
            origin = Headers(scope=scope).get("sec-fetch-site", "none")
            if origin not in {"none", "same-origin"}:
                await self._problems.answer("other_site")(scope, receive, send)
                return
        await self._app(scope, receive, send)


def limit_of(path: str) -> int:
    """The most bytes a body sent to this path may have."""
    return next((limit for start, limit in BODY_LIMITS.items() if path.startswith(start)), BODY_LIMIT)
