"""The draft (쓰고 있는 건의): what is known of a case that is not filed yet, kept in the dialogue."""

from dataclasses import replace
from typing import Self

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass as checked

from cases.vocabulary import INTAKE_DESK, Kind, OfficeId
from cities.directory import Directory
from intents.reading import PlaceGuess, Reading
from storage.tables import JsonObject

LONGEST_TEXT = 20_000
WHOLE_CITY = "*"
"""The district of a draft whose person said that the whole city is meant."""


@checked(frozen=True, slots=True)
class Option:
    """A department that may act; `place` options carry district and name instead."""

    department: str = ""
    district: str = ""
    place: str = ""


@checked(frozen=True, slots=True)
class Draft:
    """One problem on its way to a card."""

    text: str
    title: str
    kind: str
    department: str = ""
    """The chosen department, `@authority` or `desk`; empty while it must still be asked."""
    district: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    offices: tuple[str, ...] = ()
    """The best departments, best first."""
    places: tuple[Option, ...] = ()
    """The places it may be, when the text leaves it open."""
    parts: tuple[str, ...] = ()
    """The problems of one message, until the person said whether they are one case or several."""
    rest: tuple[str, ...] = ()
    """Further problems of the same message, to be filed after this one."""
    photos: tuple[str, ...] = ()
    """Names of kept files."""
    public: bool = True
    routed_by: str = "bot"
    settled: tuple[str, ...] = ()
    """Questions that were answered and are not asked again: similar."""

    def office(self, directory: Directory) -> OfficeId:
        """Who would receive it now. What another authority must do goes to the intake desk to hand over."""
        if self.authority(directory) is not None:
            return INTAKE_DESK
        return directory.office_of(self.department or INTAKE_DESK, self.named_district())

    def authority(self, directory: Directory) -> OfficeId | None:
        """The other authority that seems to be in charge, or None."""
        office = directory.office_of(self.department or INTAKE_DESK, "")
        return office if directory.is_authority(office) else None

    def needs_place(self, directory: Directory) -> bool:
        """True when the office depends on a district that is not known."""
        return not self.district and directory.needs_district(self.department)

    def answered(self, question: str) -> Self:
        """The draft with a question settled."""
        return replace(self, settled=(*self.settled, question))

    def at(self, district: str, place: str) -> Self:
        """The draft with its place known."""
        return replace(self, district=district, place=place, places=())

    def named_district(self) -> str:
        """The district's id, or "" when none or the whole city is meant."""
        return "" if self.district == WHOLE_CITY else self.district


_DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)


def draft_of(data: JsonObject) -> Draft:
    """The draft that a dialogue keeps. Raises ValueError when there is none."""
    return _DRAFT.validate_python(data["draft"])


def kept(draft: Draft) -> JsonObject:
    """What the dialogue keeps of a draft."""
    return {"draft": _DRAFT.dump_python(draft, mode="json")}


def drafted(text: str, reading: Reading) -> Draft:
    """A draft out of what was understood from a text."""
    guesses = reading.place.guesses
    sure = reading.place.sure
    departments = tuple(guess.department for guess in reading.offices[:3])
    # Where there is only one to choose from, the card itself is the question.
    clear = reading.confident or len(departments) == 1
    return Draft(
        text=text[:LONGEST_TEXT],
        title=reading.title,
        kind=Kind(reading.kind).value,
        department=departments[0] if clear and departments else "",
        district=sure.district if sure else "",
        place=sure.place if sure else "",
        offices=departments,
        places=tuple(_option(guess) for guess in guesses) if sure is None else (),
        parts=reading.parts if len(reading.parts) > 1 else (),
    )


def _option(guess: PlaceGuess) -> Option:
    return Option(district=guess.district, place=guess.place)
