"""What stands beside a case on its card: consultations, the conflict, ready answers, the map."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.transitions import allowed_actions
from cases.vocabulary import Action, Role
from storage.answers import CITY, Answer, answers_for
from storage.casebook import Case
from storage.conflicts import GRADES, Conflict, conflict_of
from storage.consultations import Consultation, Outcome, consultations_of
from web.staff.maps import can_draw
from web.staff.pages import Visit
from web.staff.rights import actor_of
from web.staff.tiles import Tile, tiles_around


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """All of it, as this person may see and do it."""

    consultations: tuple[Consultation, ...] = ()
    writable: frozenset[int] = frozenset()
    """Ids of the consultations whose part this person may write."""
    may_manage: bool = False
    """True for who may consult others and grade the conflict."""
    conflict: Conflict | None = None
    grades: tuple[int, ...] = GRADES
    answers: tuple[Answer, ...] = ()
    drawn: bool = False
    tiles: tuple[Tile, ...] = ()


async def beside(connection: AsyncConnection, visit: Visit, case: Case) -> Beside:
    """What this person is shown; a reader sees the map alone."""
    city = visit.console.wording.directory.city
    drawn = can_draw(city, case)
    tiles = tiles_around(visit.console.services.map_tiles, city, case)
    if visit.staff.role is Role.READER:
        return Beside(drawn=drawn, tiles=tiles)
    asked = await consultations_of(connection, case.id)
    manages = may_manage(visit, case)
    return Beside(
        consultations=tuple(asked),
        writable=frozenset(one.id for one in asked if may_write(visit, one)),
        may_manage=manages,
        conflict=await conflict_of(connection, case.id),
        answers=tuple(await answers_for(connection, {CITY, case.office})) if manages else (),
        drawn=drawn,
        tiles=tiles,
    )


def next_check(today: date) -> date:
    """The next of the two half-yearly checks (갈등진단): the first of January or July, 2020 work plan."""
    return date(today.year, 7, 1) if today.month < 7 else date(today.year + 1, 1, 1)


def may_write(visit: Visit, consultation: Consultation) -> bool:
    """True for the people of the consulted office, as long as it is awaited."""
    return consultation.office in visit.staff.offices and consultation.outcome is Outcome.AWAITED


def may_manage(visit: Visit, case: Case) -> bool:
    """True for the office in charge, the desk and administrators: those who may leave a note."""
    return Action.NOTE in allowed_actions(case.facts(), actor_of(visit.staff))
