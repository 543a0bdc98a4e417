"""Residents and staff around the whole running program, on each channel and on each database."""

import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from PIL import Image

from bot.app import build_world
from cities.reading import load_city
from handlers.world import World
from tests.flows.channels import pairs_of
from tests.support.devices import Device, TelegramDevice, WebDevice
from tests.support.offices import Officer
from tests.support.program import RunningProgram, open_program
from tests.support.residents import Resident

NewResident = Callable[[], Resident]


@pytest.fixture(scope="session")
def incheon() -> World:
    """Incheon, read once a run: it does not change while a program runs."""
    return build_world(load_city("incheon"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each conversation on the channels and databases it names (tests/flows/channels.py)."""
    if "channel" in metafunc.fixturenames:
        metafunc.parametrize(("channel", "database_kind"), pairs_of(metafunc.function), indirect=True)
    elif "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", ("sqlite", "postgresql"), indirect=True)


@pytest.fixture
def channel(request: pytest.FixtureRequest) -> str:
    """Where people write: web or telegram."""
    name: str = request.param
    return name


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Where everything is kept: sqlite or postgresql."""
    name: str = request.param
    return name


@pytest.fixture
async def program(
    migrated_database_url: str, channel: str, tmp_path: Path, incheon: World
) -> AsyncIterator[RunningProgram]:
    """The whole program, running."""
    with_telegram = channel == "telegram"
    async with open_program(migrated_database_url, tmp_path, incheon, with_telegram=with_telegram) as running:
        yield running


@pytest.fixture
async def newcomer(program: RunningProgram) -> NewResident:
    """Somebody who has never written before; another one at each call."""
    made: list[Resident] = []

    def make() -> Resident:
        resident = Resident(_device(program, 1001 + len(made)))
        made.append(resident)
        return resident

    return make


def _device(program: RunningProgram, user_id: int) -> Device:
    if program.telegram is None:
        return WebDevice(program)
    return TelegramDevice(program, program.telegram.person(user_id))


@pytest.fixture
async def stranger(newcomer: NewResident) -> Resident:
    """Somebody who has agreed to nothing yet."""
    return newcomer()


@pytest.fixture
async def resident(newcomer: NewResident) -> Resident:
    """Somebody who has agreed and may write."""
    person = newcomer()
    await person.agrees()
    return person


@pytest.fixture
async def neighbour(newcomer: NewResident, resident: Resident) -> Resident:
    """Another resident who has agreed."""
    person = newcomer()
    await person.agrees()
    return person


@pytest.fixture
def officer(program: RunningProgram) -> Officer:
    """Somebody of whichever office has the case."""
    return Officer(program)


@pytest.fixture
def picture() -> bytes:
    """A photo from a telephone."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(content, "JPEG")
    return content.getvalue()
