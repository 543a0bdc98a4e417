"""What the intake form understands while a clerk types: the same reading as in the chat."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import INTAKE_DESK, OfficeId
from cities.directory import Directory
from handlers.world import World
from intents.reading import PlaceGuess, PlaceReading, Reading
from storage.casebook import Case
from storage.similar import similar_public

BEST = 3
MOST_PLACES = 6
_ALIKE = 0.55


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as a case keeps it: a district's id and a name, either may be empty."""

    district: str
    place: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a text says. `place` is where the clerk says it is; where they do not, where the text does."""

    reading: Reading
    place: PlaceReading

    @property
    def district(self) -> str:
        """The district, where it is clear."""
        return self.place.sure.district if self.place.sure else ""

    def office(self, directory: Directory, district: str) -> OfficeId:
        """Who would receive it: the best office, where it is clearly ahead, else the desk."""
        offices = self.reading.offices
        # Where there is only one to choose from, it is as good as clear.
        if not offices or not (self.reading.confident or len(offices) == 1):
            return INTAKE_DESK
        office = directory.office_of(offices[0].department, district)
        return INTAKE_DESK if directory.is_authority(office) else office


def known_of(world: World, text: str, place: str = "") -> Known:
    """What the text says, and where, with what the clerk typed as the place."""
    reading = world.understanding.read(text)
    if not place:
        return Known(reading, reading.place)
    return Known(reading, world.understanding.places(_in_korean(world.directory, place)))


def _in_korean(directory: Directory, place: str) -> str:
    """The place with its district's Korean name, where the console showed the English one."""
    for district in directory.city.districts:
        if district.name_en and place.startswith(district.name_en):
            return district.name + place.removeprefix(district.name_en)
    return place


def place_of(known: Known, typed: str) -> Spot | None:
    """The place to keep: what is clear, else what was typed, as it is; None when several may be meant."""
    sure = known.place.sure
    if sure is not None:
        return Spot(sure.district, sure.place)
    if not typed:
        return Spot("", "")
    return None if known.place.guesses else Spot("", typed)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An office that may act; `office` is None, and `name` its department's, while a district is missing."""

    office: OfficeId | None
    name: str
    terms: str
    authority: bool
    """True for another authority, to which the desk hands a case over once it is filed."""


def candidates(directory: Directory, known: Known, district: str, locale: str) -> list[Candidate]:
    """The best three offices for the text, the best first."""
    found = []
    for guess in known.reading.offices[:BEST]:
        office = directory.office_of(guess.department, district)
        missing = office == INTAKE_DESK
        name = (
            directory.department_name(guess.department, locale) if missing else directory.name(office, locale)
        )
        terms = ", ".join(guess.terms[:BEST])
        found.append(Candidate(None if missing else office, name, terms, directory.is_authority(office)))
    return found


def places_offered(directory: Directory, known: Known, locale: str) -> list[str]:
    """The names of the places that may be meant; one when it is clear."""
    guesses: Sequence[PlaceGuess] = known.place.guesses[:MOST_PLACES]
    return [directory.place_name(one.district, one.place, locale) for one in guesses]


async def alike(connection: AsyncConnection, text: str, spot: Spot) -> list[Case]:
    """Public cases about the same thing near the same place, the likest first."""
    found = await similar_public(
        connection, text=text, district=spot.district, place=spot.place, without=None, at_least=_ALIKE
    )
    return [one.case for one in found]
