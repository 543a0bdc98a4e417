"""Who writes: a browser with a cookie, known by nothing else."""

import hashlib
import re
import secrets
from dataclasses import dataclass

from fastapi import Request, Response

COOKIE = "sotong_chat"
LOCALE_COOKIE = "sotong_locale"
COOKIE_SECONDS = 400 * 24 * 3600
LOCALES = ("ko", "en")

_SECRET_BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser (방문자), by the secret in its cookie."""

    secret: str

    @property
    def address(self) -> str:
        """The conversation's address: a digest, so that the database opens no conversation (64 letters)."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def arrival_id(self, turn_id: str) -> str:
        """The inbox's id of a turn: the same turn of the same browser gives the same (64 letters)."""
        return hashlib.sha256(f"{self.address}:{turn_id}".encode()).hexdigest()


def visitor_of(request: Request) -> Visitor:
    """The visitor by their cookie; a new one when there is none, or none of ours."""
    secret = request.cookies.get(COOKIE, "")
    if not _SECRET.fullmatch(secret):
        secret = secrets.token_urlsafe(_SECRET_BYTES)
    return Visitor(secret)


def remember(response: Response, visitor: Visitor, *, secure: bool) -> None:
    """Give the browser its cookie, for 400 days from now (the longest browsers keep one)."""
    response.set_cookie(
        COOKIE, visitor.secret, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure
    )


def remember_locale(response: Response, locale: str, *, secure: bool) -> None:
    """Keep the chosen language for a browser that has not said anything yet."""
    response.set_cookie(
        LOCALE_COOKIE, locale, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure
    )


def preferred_locale(request: Request) -> str:
    """The language chosen on the page before, else the browser's first that we speak, else Korean."""
    chosen = request.cookies.get(LOCALE_COOKIE)
    if chosen in LOCALES:
        return chosen
    for entry in request.headers.get("accept-language", "")[:200].split(","):
        language = entry.split(";")[0].strip().split("-")[0].lower()
        if language in LOCALES:
            return language
    return LOCALES[0]
