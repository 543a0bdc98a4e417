"""A small city made by hand, and the real pack of Incheon, each understood once a run."""

import pytest

from cities.reading import load_city
from intents.city import City
from intents.understanding import Understanding
from tests.intents.small_city import small_city


@pytest.fixture(scope="session")
def incheon() -> City:
    return load_city("incheon")


@pytest.fixture(scope="session")
def understanding(incheon: City) -> Understanding:
    return Understanding(incheon)


@pytest.fixture(scope="session")
def small() -> Understanding:
    return Understanding(small_city())
