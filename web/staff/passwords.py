"""Passwords (비밀번호): hashed with argon2id off the event loop, never kept or logged."""

import asyncio
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

SHORTEST = 10
LONGEST = 200

# Letters and digits that are not taken for one another when copied from paper.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4

Result = TypeVar("Result")


class Passwords:
    """Hashes and checks passwords, two at a time at most: each takes 32 MB while it runs.

    The parameters lie above the least that OWASP's password storage guide asks for (19 MiB, two passes).
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")
        self._nobodys = _random_hash(self._hasher)

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        return await self._in_thread(partial(self._hasher.hash, _plain(password)))

    async def matches(self, kept: str | None, password: str) -> bool:
        """True when the password is the one that was kept.

        For somebody unknown (None) as much work is done as for anybody, so that the time taken tells nothing.
        """
        right = await self._in_thread(partial(self._verify, kept or self._nobodys, _plain(password)))
        return right and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """True when the hash was made with other parameters and should be made anew."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def one_time_password() -> str:
    """A password to be handed over once and changed at the first sign-in: kx7m-29qt-…, 79 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def weakness(password: str, login: str) -> str:
    """Why a new password will not do (`short`, `long`, `login`, `plain`), or an empty text when it will."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if login.casefold() in password.casefold():
        return "login"
    return "plain" if len(set(password)) < SHORTEST // 2 else ""


def _random_hash(hasher: PasswordHasher) -> str:
    """A hash of no password at all: checking against it takes as long as against a real one."""
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${digest}"


def _plain(password: str) -> str:
    # The same word typed on a phone and on a keyboard may differ in its code points.
    return unicodedata.normalize("NFKC", password)
