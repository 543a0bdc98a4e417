"""What a row of an imported file is (가져온 행): a case or a meeting, with everything the row says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.figures import IMPORTED
from cases.proposals import Outcome
from cases.vocabulary import INTAKE_DESK, Kind, OfficeId, State
from intents.masking import mask
from reports.checking import START_OF_WORK, Cells, City, end_of
from reports.terms import CHANNELS, KINDS, OUTCOMES, STATE_OF_OUTCOME, STATES

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
LONGEST_ANSWER = 4_000
MOST_TIMES = 99
_TITLE_OF_TEXT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseIn:
    """A case of a file. Moments are aware; `closed_at` equals `received_at` where the file does not say."""

    row: int
    source_ref: str | None
    kind: Kind
    title: str
    text: str
    state: State
    outcome: Outcome | None
    office: OfficeId
    district: str
    place: str
    channel: str
    meeting: str
    field: str
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None
    planned_on: date | None
    answer: str
    rating: int | None
    interviews: int
    site_visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingIn:
    """A meeting of a file."""

    row: int
    source_ref: str | None
    kind: str
    title: str
    held_on: date
    district: str
    place: str
    hosts: str
    attendees: int | None


def case_reader(city: City) -> Callable[[Cells], CaseIn]:
    """Reads rows as cases of that city."""
    return lambda cells: _case(cells, city)


def meeting_reader(city: City) -> Callable[[Cells], MeetingIn]:
    """Reads rows as meetings of that city."""
    return lambda cells: _meeting(cells, city)


def _case(cells: Cells, city: City) -> CaseIn:
    kind = Kind(cells.one_of("kind", KINDS.get) or Kind.SUGGESTION)
    state, outcome = _state(cells)
    district, place = _where(cells, city)
    received = cells.day("received", needed=True, until=city.today) or city.today
    text = _covered(cells.text("text", LONGEST_TEXT))
    title = _covered(cells.text("title", LONGEST_TITLE)) or text[:_TITLE_OF_TEXT]
    if not title:
        cells.wrong("title", "empty")
    due_on = cells.day("due")
    return CaseIn(
        row=cells.row.number,
        source_ref=cells.text("source_ref", 64) or None,
        kind=kind,
        title=title,
        text=text or title,
        state=state,
        outcome=outcome,
        office=_office(cells, city, district, state),
        district=district,
        place=place,
        channel=cells.one_of("channel", CHANNELS.get) or IMPORTED,
        meeting=cells.text("meeting", 200),
        field=cells.text("field", 64),
        received_at=city.at(received, START_OF_WORK),
        due_at=end_of(city, due_on) if due_on else city.due_at(kind, received),
        closed_at=_closed_at(cells, city, received, state),
        planned_on=cells.day("planned"),
        answer=_covered(cells.text("answer", LONGEST_ANSWER)),
        rating=_rating(cells),
        interviews=cells.count("interviews", MOST_TIMES) or 0,
        site_visits=cells.count("site_visits", MOST_TIMES) or 0,
    )


def _covered(text: str) -> str:
    return mask(text).text if text else ""


def _state(cells: Cells) -> tuple[State, Outcome | None]:
    decided = cells.one_of("outcome", OUTCOMES.get)
    # A file of proposals may say in the column of states how they were decided.
    word = cells.one_of("state", lambda one: STATES.get(one) or OUTCOMES.get(one), needed=decided is None)
    if word in set(State):
        return State(word), Outcome(decided) if decided else None
    said = decided or word
    if not said:
        return State.RECEIVED, None
    return STATE_OF_OUTCOME[Outcome(said)], Outcome(said)


def _where(cells: Cells, city: City) -> tuple[str, str]:
    place = cells.text("place", 64)
    district = cells.one_of("district", city.names.district) or ""
    return district or city.names.district_of_place(place), place


def _office(cells: Cells, city: City, district: str, state: State) -> OfficeId:
    found = cells.one_of("office", lambda name: city.names.office(name, district))
    office = OfficeId(found) if found else INTAKE_DESK
    if city.directory.is_authority(office) and state is not State.HANDED_OVER:
        cells.wrong("office", "authority", city.directory.name(office, "ko"))
    return office


def _closed_at(cells: Cells, city: City, received: date, state: State) -> datetime | None:
    # An open case's day of "처리" is that of the last step: it is not over.
    if state.is_open:
        return None
    closed = cells.day("closed", until=city.today)
    if closed is None:
        return city.at(received, START_OF_WORK)
    if closed < received:
        cells.wrong("closed", "before_received", closed.isoformat())
    return max(end_of(city, closed), city.at(received, START_OF_WORK) + timedelta(minutes=1))


def _rating(cells: Cells) -> int | None:
    rating = cells.count("rating", 5)
    if rating == 0:
        cells.wrong("rating", "no_number", "0")
    return rating


def _meeting(cells: Cells, city: City) -> MeetingIn:
    kind = cells.text("kind", 64, needed=True)
    district, place = _where(cells, city)
    held_on = cells.day("held_on", needed=True) or city.today
    return MeetingIn(
        row=cells.row.number,
        source_ref=cells.text("source_ref", 64) or None,
        kind=kind,
        title=cells.text("title", 200) or " ".join(part for part in (kind, place) if part),
        held_on=held_on,
        district=district,
        place=place,
        hosts=cells.text("hosts", 200),
        attendees=cells.count("attendees"),
    )
