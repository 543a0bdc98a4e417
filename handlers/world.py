"""What every handler is given beside the turn: the city, its calendar, understanding and wording."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from cases.calendar import WorkCalendar
from cases.deadlines import due, unit_of
from cases.vocabulary import Kind
from cities.directory import Directory
from handlers.rendering import Renderer
from intents.understanding import Understanding


@dataclass(frozen=True, slots=True)
class World:
    """Values that do not change while the program runs."""

    directory: Directory
    calendar: WorkCalendar
    understanding: Understanding
    renderer: Renderer
    turns_per_minute: int = 40
    """Turns that one conversation may take in a minute; from a phone nobody types that many."""

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return self.calendar.zone

    def due_at(self, kind: Kind, received: datetime) -> datetime:
        """When the answer to a case of this kind is due, by the pack's deadlines."""
        amount, unit = self.directory.city.deadlines.by_kind[kind.value]
        return due(received, amount, unit_of(unit), self.calendar)
