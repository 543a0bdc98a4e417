"""On which channels and databases a test runs, and what only one of the channels has.

Every test runs twice: in the web chat on SQLite, and on Telegram on PostgreSQL. The main conversations run
on all four pairs.
"""

from collections.abc import Callable
from typing import TypeVar

from tests.doubles.bot_api import Person
from tests.support.devices import TelegramDevice, WebDevice
from tests.support.residents import Resident

Test = TypeVar("Test", bound=Callable[..., object])

WEB, TELEGRAM = "web", "telegram"
PAIRS = ((WEB, "sqlite"), (TELEGRAM, "postgresql"))
ALL_PAIRS = (*PAIRS, (WEB, "postgresql"), (TELEGRAM, "sqlite"))


def on_every_pair(test: Test) -> Test:
    """Run the test on each channel over each database."""
    return _on(test, ALL_PAIRS)


def on_telegram(test: Test) -> Test:
    """Run the test on Telegram only, over both databases."""
    return _on(test, tuple(pair for pair in ALL_PAIRS if pair[0] == TELEGRAM))


def on_the_web(test: Test) -> Test:
    """Run the test in the web chat only, over both databases."""
    return _on(test, tuple(pair for pair in ALL_PAIRS if pair[0] == WEB))


def pairs_of(test: object) -> tuple[tuple[str, str], ...]:
    """The channels and databases a test runs on."""
    return getattr(test, "pairs", PAIRS)


def _on(test: Test, pairs: tuple[tuple[str, str], ...]) -> Test:
    setattr(test, "pairs", pairs)  # noqa: B010 - functions take attributes, their type does not say so
    return test


def telegram_person(resident: Resident) -> Person:
    """The person at Telegram, who can edit, block, and send stickers."""
    assert isinstance(resident.device, TelegramDevice)
    return resident.device.person


def browser_of(resident: Resident) -> WebDevice:
    """The browser, which can send a turn again under its own id."""
    assert isinstance(resident.device, WebDevice)
    return resident.device
