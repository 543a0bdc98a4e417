"""What every handler is given beside the turn: the city, its calendar, understanding and wording."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.calendar import WorkCalendar
from cases.deadlines import due, unit_of
from cases.vocabulary import Kind
from cities.directory import Directory
from handlers.rendering import Renderer
from intents.understanding import Understanding
from storage.audit import Sealer


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of the city at one moment: its pack with the console's edits, and what was learned."""

    directory: Directory
    calendar: WorkCalendar
    understanding: Understanding
    renderer: Renderer


class World:
    """The outlook of now, for everything that runs; `take` swaps the whole of it at once.

    What is new is built aside and then taken, so that nobody ever sees half of it. Edits keep every office,
    so a turn that reads the old directory and the new calendar is still right.
    """

    __slots__ = ("_outlook", "demonstration", "sealer", "turns_per_minute")

    def __init__(self, outlook: Outlook, *, turns_per_minute: int = 40, sealer: Sealer | None = None) -> None:
        self._outlook = replace(outlook, renderer=outlook.renderer.copy())
        self.turns_per_minute = turns_per_minute
        """Turns that one conversation may take in a minute; from a phone nobody types that many."""
        self.sealer = sealer or Sealer("")
        """Seals what staff do. Of a world without the program's secret key the seals prove nothing."""
        self.demonstration = False
        """True where everything there is was made up, to be looked at."""

    @property
    def outlook(self) -> Outlook:
        """All of it as it is now."""
        return self._outlook

    def take(self, outlook: Outlook) -> None:
        """Go on with another outlook: whoever is reading keeps what they have.

        The renderer stays the same one, so that whoever holds it speaks of the city as it is now.
        """
        renderer = self._outlook.renderer
        renderer.follow(outlook.directory)
        self._outlook = replace(outlook, renderer=renderer)

    def take_understanding(self, understanding: Understanding) -> None:
        """Go on with another understanding of texts, and everything else as it is."""
        self.take(replace(self._outlook, understanding=understanding))

    def own(self, *, turns_per_minute: int, sealer: Sealer) -> "World":
        """A world of the same outlook, for one program."""
        return World(self._outlook, turns_per_minute=turns_per_minute, sealer=sealer)

    @property
    def directory(self) -> Directory:
        """The offices."""
        return self._outlook.directory

    @property
    def calendar(self) -> WorkCalendar:
        """The city's working days."""
        return self._outlook.calendar

    @property
    def understanding(self) -> Understanding:
        """What reads texts."""
        return self._outlook.understanding

    @property
    def renderer(self) -> Renderer:
        """What puts templates into words."""
        return self._outlook.renderer

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return self.calendar.zone

    def due_at(self, kind: Kind, received: datetime) -> datetime:
        """When the answer to a case of this kind is due, by the pack's deadlines."""
        amount, unit = self.directory.city.deadlines.by_kind[kind.value]
        return due(received, amount, unit_of(unit), self.calendar)
