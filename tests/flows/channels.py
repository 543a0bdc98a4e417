"""What only one of the channels has: marks for its tests, and the person's device there."""

import pytest

from tests.doubles.bot_api import Person
from tests.support.residents import Resident, TelegramDevice, WebDevice

ON_TELEGRAM = pytest.mark.parametrize("channel", ["telegram"])
ON_THE_WEB = pytest.mark.parametrize("channel", ["web"])


def telegram_person(resident: Resident) -> Person:
    """The person at Telegram, who can edit, block, and send stickers."""
    assert isinstance(resident.device, TelegramDevice)
    return resident.device.person


def browser_of(resident: Resident) -> WebDevice:
    """The browser, which can send a turn again under its own id."""
    assert isinstance(resident.device, WebDevice)
    return resident.device
