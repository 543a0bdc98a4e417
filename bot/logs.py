"""Logs: one line an event, with ids and error types, never with words of people or secrets."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.faults import place_of

# These write addresses, which hold the bot's token, or bodies, which hold people's words, or mere noise.
_QUIET = (
    "aiohttp",
    "alembic",
    "apscheduler",
    "httpcore",
    "httpx",
    "sqlalchemy",
    "telegram",
    "uvicorn.access",
    "uvicorn.error",
)


def set_up_logs(*, as_json: bool) -> None:
    """Send structlog and the standard library's loggers through one format to standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_words,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An error's type and place instead of its trace.

    Libraries log what nobody caught with the error's own words and the values around it, and those may be a
    person's.
    """
    told = event.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else told
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        # The first line says what happened; the error itself is quoted behind it.
        event["event"] = str(event["event"]).partition("\n")[0]
        event["error"], event["at"] = type(error).__name__, place_of(error)
    return event
