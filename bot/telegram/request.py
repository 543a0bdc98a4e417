"""HTTP to Telegram over aiohttp, where python-telegram-bot would use httpx.

Why: httpx gets slower the more connections it has, aiohttp does not. And an error from here says
whether Telegram can have seen the request (`is_certainly_unsent`), so whether it may be repeated freely.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlencode

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

CHUNK = 64 * 1024
"""Bytes written at a time; a smaller body fits the socket's buffer and cannot get stuck."""
LARGEST_ANSWER = 25 * 1024 * 1024
"""Bytes; Telegram lets a bot download files up to 20 MB (getFile)."""


class UnsentTimedOut(TimedOut):
    """A time-out before anything was sent: repeating the request cannot double it."""


class UnsentNetworkError(NetworkError):
    """No connection, so nothing was sent: repeating the request cannot double it."""


def is_certainly_unsent(error: TelegramError) -> bool:
    """Whether Telegram cannot have seen the request. False means: nobody knows."""
    return isinstance(error, UnsentTimedOut | UnsentNetworkError)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait, None for ever: for a connection in use by others (`pool`), for the connection to
    stand (`connect`), for Telegram to take the next piece (`write`; `media_write` with files), for it
    to answer (`read`)."""

    read: float | None = 5.0
    write: float | None = 5.0
    connect: float | None = 5.0
    pool: float | None = 1.0
    media_write: float | None = 20.0


class AiohttpRequest(BaseRequest):
    """Sends the calls of a `telegram.Bot`; `connections` at most at the same time.

    `proxy` is the URL of an HTTP proxy. Raises as `BaseRequest.do_request` asks: `TimedOut`,
    `NetworkError`. No error and no log line holds a URL, since the bot's token is part of it.
    """

    def __init__(
        self, connections: int = 32, timeouts: Timeouts | None = None, proxy: str | None = None
    ) -> None:
        self._connections = connections
        self._timeouts = timeouts or Timeouts()
        self._proxy = proxy
        self._places = asyncio.Semaphore(connections)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer; python-telegram-bot adds a long poll's own seconds to it."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Makes ready to send; needs a running event loop."""
        if self._session is None or self._session.closed:
            # The semaphore limits connections, not the connector: so a wait for one has its own error.
            self._places = asyncio.Semaphore(self._connections)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        """Closes all connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Sends one request; returns the HTTP status and the body of the answer."""
        files = request_data.multipart_data if request_data else {}
        usual = self._timeouts
        write = _seconds(write_timeout, usual.media_write if files else usual.write)
        limits = aiohttp.ClientTimeout(
            total=None,
            sock_connect=_seconds(connect_timeout, usual.connect),
            sock_read=_seconds(read_timeout, usual.read),
        )
        try:
            async with self._place(_seconds(pool_timeout, usual.pool)), asyncio.timeout(None) as stuck:
                body, headers = await _body(request_data, _Watch(stuck, write))
                return await self._exchange(method, url, body, headers, limits)
        except (aiohttp.ClientError, OSError, ValueError) as caught:
            error = _without_url(caught)
        # Raised out here so that aiohttp's own error, whose text may hold the URL, is not carried along.
        raise error

    @asynccontextmanager
    async def _place(self, seconds: float | None) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(seconds):
                await self._places.acquire()
        except TimeoutError:
            raise UnsentTimedOut(
                f"Pool timeout: all {self._connections} connections to Telegram are busy. "
                "The request was *not* sent. Allow more connections or a longer pool time-out."
            ) from None
        try:
            yield
        finally:
            self._places.release()

    async def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | AsyncIterator[bytes] | None,
        headers: dict[str, str],
        limits: aiohttp.ClientTimeout,
    ) -> tuple[int, bytes]:
        if self._session is None or self._session.closed:
            raise RuntimeError(
                "AiohttpRequest is not initialized, or was shut down: await initialize() first"
            )
        async with self._session.request(
            method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
        ) as response:
            answer = await _read_at_most(response, LARGEST_ANSWER)
            return response.status, answer

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """The answer as JSON; raises `TelegramError`. Unlike the original it logs nothing of the answer."""
        try:
            answer = json.loads(payload.decode(errors="replace"))
        except ValueError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


def _seconds(given: object, usual: float | None) -> float | None:
    if isinstance(given, int | float):
        return float(given)
    return None if given is None else usual


@dataclass(frozen=True, slots=True)
class _Watch:
    """Ends the request when Telegram takes no piece for `seconds`; aiohttp has no time-out for that."""

    stuck: asyncio.Timeout
    seconds: float | None

    async def pieces(self, body: bytes) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        for start in range(0, len(body), CHUNK):
            if self.seconds is not None:
                self.stuck.reschedule(loop.time() + self.seconds)
            yield body[start : start + CHUNK]
        self.stuck.reschedule(None)


async def _body(
    data: RequestData | None, watch: _Watch
) -> tuple[bytes | AsyncIterator[bytes] | None, dict[str, str]]:
    if data is None:
        return None, {}
    if data.contains_files:
        body, kind = await _with_files(data)
    else:
        body, kind = urlencode(data.json_parameters).encode(), "application/x-www-form-urlencoded"
    headers = {"Content-Type": kind, "Content-Length": str(len(body))}
    return (body if len(body) <= CHUNK else watch.pieces(body)), headers


async def _with_files(data: RequestData) -> tuple[bytes, str]:
    # Names of files go as they are: Telegram shows a percent-encoded one to people as such.
    form = aiohttp.FormData(data.json_parameters, quote_fields=False)
    for name, (filename, content, media_type) in data.multipart_data.items():
        file = io.BytesIO(await _bytes_of(content))
        form.add_field(name, file, filename=filename, content_type=media_type)
    payload = form()
    return await payload.as_bytes(), payload.headers["Content-Type"]


async def _bytes_of(content: bytes | IO[bytes]) -> bytes:
    return content if isinstance(content, bytes) else await asyncio.to_thread(content.read)


async def _read_at_most(response: aiohttp.ClientResponse, most: int) -> bytes:
    pieces = bytearray()
    async for piece in response.content.iter_chunked(CHUNK):
        pieces += piece
        if len(pieces) > most:
            raise NetworkError(f"the answer is longer than {most} bytes")
    return bytes(pieces)


def _without_url(caught: Exception) -> NetworkError:
    """What happened, in words that cannot hold the URL (and so the token)."""
    kind = type(caught).__name__
    if isinstance(caught, aiohttp.ConnectionTimeoutError):
        return UnsentTimedOut("Connect timeout: Telegram was not reached. The request was *not* sent.")
    if isinstance(caught, TimeoutError):
        return TimedOut(f"Timed out ({kind}): nobody knows whether Telegram has done it")
    if isinstance(caught, aiohttp.ClientConnectorError | aiohttp.InvalidURL):
        return UnsentNetworkError(f"No connection to Telegram ({kind}). The request was *not* sent.")
    return NetworkError(f"Connection to Telegram broke ({kind}): nobody knows whether it has done it")
