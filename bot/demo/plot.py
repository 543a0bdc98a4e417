"""The half-year of the demonstration before it is lived: which cases come when and where."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from bot.demo.lives import Planner, Step
from bot.demo.texts import Subject, Texts
from cases.vocabulary import INTAKE_DESK, OfficeId
from cities.directory import Directory
from handlers.world import World
from intents.city import Place, PlaceKind

SPAN = timedelta(days=184)
MEETINGS = 14
HOME = "yeonsu"
_PEOPLE_TO_CASES = 0.8

# How cases come, in parts of a hundred. A chat has somebody behind it who can be told.
_CHANNELS = MappingProxyType({"web": 84, "phone": 8, "visit": 5, "letter": 3})
_HOURS = (7, 8, 8, 9, 10, 10, 11, 12, 12, 13, 14, 15, 16, 17, 18, 19, 20, 20, 21, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A case to come. `person` is who raises it, None when a clerk writes it down."""

    at: datetime
    subject: Subject
    text: str
    district: str
    place: Place
    channel: str
    person: int | None
    meeting: int | None
    public: bool
    office: OfficeId
    home: OfficeId
    steps: Sequence[Step]
    supported: Sequence[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A meeting with residents to come."""

    title: str
    kind: str
    held_on: date
    district: str
    place: str
    hosts: str
    attendees: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything, in order of time."""

    meetings: Sequence[Gathering]
    cases: Sequence[Planned]


def plot(world: World, texts: Texts, *, seed: int, many: int, end: datetime) -> Plot:
    """A half-year that ends at `end`; the same for the same seed, number and moment."""
    draw = random.Random(seed)  # noqa: S311 - chance, not a secret
    writer = _Writer(world, texts, draw, end)
    meetings = sorted((writer.meeting() for _ in range(MEETINGS)), key=lambda one: one.held_on)
    cases = sorted(writer.cases(many, meetings), key=lambda one: one.at)
    return Plot(meetings, cases)


class _Writer:
    def __init__(self, world: World, texts: Texts, draw: random.Random, end: datetime) -> None:
        self._world, self._texts, self._draw, self._end = world, texts, draw, end
        self._planner = Planner(texts, world.calendar, draw)
        self._places = _places(world.directory)
        # The accounts to look around with are of one district: more comes from there.
        self._districts = sorted(self._places) + [HOME] * 3
        self._people = 1

    def meeting(self) -> Gathering:
        day = (
            (self._end - timedelta(days=self._draw.uniform(2, SPAN.days))).astimezone(self._world.zone).date()
        )
        district = self._draw.choice(sorted(self._places))
        place = self._draw.choice(self._places[district]).name
        given = self._texts.meetings
        return Gathering(
            title=self._draw.choice(given.titles).replace("{p}", place),
            kind=self._draw.choice(given.kinds),
            held_on=self._world.calendar.next_working(day - timedelta(days=3)),
            district=district,
            place=f"{place} 행정복지센터",
            hosts=self._draw.choice(given.hosts),
            attendees=self._draw.randint(12, 90),
        )

    def cases(self, many: int, meetings: Sequence[Gathering]) -> Iterator[Planned]:
        self._people = max(1, int(many * _PEOPLE_TO_CASES))
        at_meetings = [(number, one) for number, one in enumerate(meetings) for _ in range(1 + many // 100)]
        for number, one in at_meetings:
            yield self._case(self._moment(one.held_on, (14, 14, 15, 15, 16)), one.district, number)
        for _ in range(max(0, many - len(at_meetings))):
            day = (self._end - timedelta(days=self._draw.uniform(0, SPAN.days))).astimezone(self._world.zone)
            yield self._case(self._moment(day.date(), _HOURS), "", None)

    def _moment(self, day: date, hours: Sequence[int]) -> datetime:
        clock = time(self._draw.choice(hours), self._draw.randrange(60), self._draw.randrange(60))
        moment = datetime.combine(day, clock, self._world.zone).astimezone(UTC)
        # Today has not all happened yet.
        return moment if moment < self._end else self._end - timedelta(minutes=self._draw.randint(3, 300))

    def _case(self, at: datetime, district: str, meeting: int | None) -> Planned:
        subject = self._subject(district)
        district = district or self._draw.choice(list(subject.districts) or self._districts)
        place = self._draw.choice(self._places[district])
        directory = self._world.directory
        channel = self._draw.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
        strayed = self._planner.strays(subject)
        home = directory.office_of(subject.office, district)
        return Planned(
            at=at,
            subject=subject,
            text=self._texts.told(subject, self._said(district, place), self._draw),
            district=district,
            place=place,
            channel=channel,
            person=self._draw.randrange(self._people) if channel == "web" else None,
            meeting=meeting,
            public=self._draw.random() < 0.86,
            office=directory.office_of(subject.strays_to, district) if strayed else home,
            home=home,
            steps=self._planner.life(subject, at, strayed=strayed),
            supported=self._planner.supporters(at),
        )

    def _subject(self, district: str) -> Subject:
        fitting = [
            one
            for one in self._texts.subjects
            if not district or not one.districts or district in one.districts
        ]
        return self._draw.choice(fitting)

    def _said(self, district: str, place: Place) -> str:
        whole = self._world.directory.place_name(district, place.name, "ko")
        return whole if self._draw.random() < 0.4 else place.name


def _places(directory: Directory) -> dict[str, list[Place]]:
    """The 동, 읍 and 면 of each district that lie in it alone."""
    found: dict[str, list[Place]] = {}
    for place in directory.city.places:
        if place.kind in (PlaceKind.ADMIN_DONG, PlaceKind.EUP_MYEON) and len(place.districts) == 1:
            found.setdefault(place.districts[0], []).append(place)
    return found


def offices_named(texts: Texts) -> set[str]:
    """Every department and authority that the texts speak of."""
    return {name for one in texts.subjects for name in (one.office, one.strays_to)} - {INTAKE_DESK}
