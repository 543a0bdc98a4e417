"""Living the demonstration's half-year through the program's own doors, at a clock of the past."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.demo.lives import Step
from bot.demo.plot import SPAN, Planned, Plot
from cases.rules import RULES
from cases.transitions import Actor, NotAllowed, decide
from cases.vocabulary import Action, OfficeId, Role
from handlers.casework import Deed, Draft, Impossible, Outrun, file, perform
from schedules.jobs import Tools
from schedules.table import JOBS
from schedules.tick import tick
from storage.casebook import Case, Event, add_event, case_by_id
from storage.clocks import next_due
from storage.demonstration import somebody
from storage.meetings import add_meeting
from storage.people import agree, support

# Digests have nobody to go to, and copies and tidying up are for a program that runs.
_LIVED = tuple(job for job in JOBS if job.name.startswith("half_"))
_MORNING = time(9, 5)
_CONSENT = "demonstration"


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    at: datetime
    order: int
    case: int = field(compare=False)
    step: Step | None = field(compare=False, default=None)
    supporter: bool = field(compare=False, default=False)


@dataclass(slots=True)
class Lived:
    """How far it came: cases filed, things done, and things that could not be done any more."""

    filed: int = 0
    done: int = 0
    moot: int = 0


class Life:
    """Lives a plot over an empty database. `desk` and `officers` are the accounts that act."""

    def __init__(
        self,
        tools: Tools,
        plot: Plot,
        *,
        end: datetime,
        desk: int,
        officers: dict[OfficeId, int],
        show: Callable[[Lived], None],
    ) -> None:
        self._tools, self._world, self._plot, self._end = tools, tools.world, plot, end
        self._desk, self._officers, self._show = desk, officers, show
        self._meetings: list[int] = []
        self._cases: dict[int, int] = {}
        self._people: dict[int, int] = {}
        self.lived = Lived()

    async def live(self) -> Lived:
        """Do all of it. What the rules do not allow any more when its time comes is left out."""
        await self._hold_meetings()
        due = [one for one in self._everything() if one.at < self._end]
        heapq.heapify(due)
        before = self._end - SPAN
        for morning in [*self._mornings(), self._end]:
            await self._until(due, morning)
            if await self._falls_due(before, morning):
                await tick(self._tools, morning, _LIVED)
            before = morning
            self._show(self.lived)
        return self.lived

    async def _falls_due(self, before: datetime, morning: datetime) -> bool:
        """Whether the clock of a case, or a job of the calendar, is due: most mornings none is."""
        async with self._tools.database.read() as connection:
            clock = await next_due(connection)
        timetable = self._tools.timetable
        return (clock is not None and clock <= morning) or any(
            next(job.when(timetable, before, morning), None) is not None for job in _LIVED
        )

    def _everything(self) -> Iterator[_Due]:
        order = 0
        for number, planned in enumerate(self._plot.cases):
            yield _Due(planned.at, order := order + 1, number)
            for step in planned.steps:
                yield _Due(step.at, order := order + 1, number, step)
            for at in planned.supported if planned.public else ():
                yield _Due(at, order := order + 1, number, supporter=True)

    def _mornings(self) -> Iterator[datetime]:
        calendar = self._world.calendar
        day: date = (self._end - SPAN).astimezone(calendar.zone).date()
        while (morning := datetime.combine(day, _MORNING, calendar.zone)) < self._end:
            if calendar.is_working(day):
                yield morning
            day += timedelta(days=1)

    async def _hold_meetings(self) -> None:
        async with self._tools.database.begin() as connection:
            for number, one in enumerate(self._plot.meetings, 1):
                morning = datetime.combine(one.held_on, _MORNING, self._world.zone)
                meeting = await add_meeting(
                    connection,
                    code=f"demo-{number}",
                    title=one.title,
                    kind=one.kind,
                    held_on=one.held_on,
                    district=one.district,
                    place=one.place,
                    hosts=one.hosts,
                    attendees=one.attendees,
                    now=morning - timedelta(days=7),
                )
                self._meetings.append(meeting)

    async def _until(self, due: list[_Due], moment: datetime) -> None:
        if not due or due[0].at >= moment:
            return
        async with self._tools.database.begin() as connection:
            while due and due[0].at < moment:
                await self._do(connection, heapq.heappop(due))

    async def _do(self, connection: AsyncConnection, due: _Due) -> None:
        planned = self._plot.cases[due.case]
        if due.supporter:
            await self._support(connection, self._cases[due.case], due)
        elif due.step is None:
            self._cases[due.case] = await self._file(connection, planned)
            self.lived.filed += 1
        else:
            await self._step(connection, planned, self._cases[due.case], due.step)

    async def _file(self, connection: AsyncConnection, planned: Planned) -> int:
        person = None
        if planned.person is not None:
            person = await self._resident(connection, planned.person, planned.at)
        reading = self._world.understanding.read(planned.text)
        draft = Draft(
            kind=planned.subject.kind,
            title=reading.title,
            text=planned.text,
            office=planned.office,
            district=planned.district,
            place=planned.place.name,
            latitude=planned.place.latitude,
            longitude=planned.place.longitude,
            meeting_id=None if planned.meeting is None else self._meetings[planned.meeting],
            public=planned.public,
            routed_by="desk" if person is None else "bot",
        )
        by = Actor(Role.RAISER, resident_id=person) if person else Actor(Role.DESK, staff_id=self._desk)
        case = await file(connection, self._world, draft, by=by, channel=planned.channel, now=planned.at)
        return case.id

    async def _resident(self, connection: AsyncConnection, number: int, now: datetime) -> int:
        """Who has that number; they agree to be served when they come first. Nobody can be reached there."""
        if number not in self._people:
            talk = await somebody(connection, f"demonstration-{number}", now)
            self._people[number] = await agree(connection, talk, _CONSENT, now)
        return self._people[number]

    async def _support(self, connection: AsyncConnection, case_id: int, due: _Due) -> None:
        case = await case_by_id(connection, case_id)
        others = [one for one in self._people.values() if case and one != case.resident_id]
        if case is None or not others:
            return
        resident = others[due.order * 7919 % len(others)]
        try:
            decide(case.facts(), Actor(Role.SUPPORTER, resident_id=resident), Action.SUPPORT)
        except NotAllowed:
            self.lived.moot += 1
            return
        if await support(connection, case.id, resident, due.at):
            await add_event(connection, _support_event(case, resident, due.at))

    async def _step(self, connection: AsyncConnection, planned: Planned, case_id: int, step: Step) -> None:
        case = await case_by_id(connection, case_id)
        if case is None:
            return
        deed = Deed(
            action=step.action,
            by=self._actor(case, step),
            author=self._author(case, step),
            words=step.words,
            target=planned.home if step.home else None,
            on=step.on,
            facts={"rating": step.rating} if step.rating else None,
        )
        try:
            await perform(connection, self._world, case_id, deed, step.at)
        except (NotAllowed, Impossible, Outrun):
            # The clock, or the resident, was quicker: as in life.
            self.lived.moot += 1
        else:
            self.lived.done += 1

    def _actor(self, case: Case, step: Step) -> Actor:
        if RULES[step.action].roles == frozenset({Role.RAISER}):
            return Actor(Role.RAISER, resident_id=case.resident_id)
        if step.desk:
            return Actor(Role.DESK, staff_id=self._desk)
        return Actor(Role.OFFICER, staff_id=self._officers.get(case.office), offices=frozenset({case.office}))

    def _author(self, case: Case, step: Step) -> str:
        if RULES[step.action].roles == frozenset({Role.RAISER}):
            return ""
        if step.desk:
            return "접수창구"
        department = case.office.rpartition("/")[2]
        return f"{self._world.directory.department_name(department, 'ko')} 담당자"


def _support_event(case: Case, resident: int, at: datetime) -> Event:
    return Event(
        case_id=case.id,
        at=at,
        action=Action.SUPPORT.value,
        role=Role.SUPPORTER.value,
        resident_id=resident,
        from_state=case.state.value,
        to_state=case.state.value,
        from_office=case.office,
        to_office=case.office,
    )
