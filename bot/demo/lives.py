"""How a case of the demonstration goes: its steps with their times, drawn by chance from a seed."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from bot.demo.texts import Subject, Texts
from cases.calendar import WorkCalendar
from cases.vocabulary import Action, Kind

# How cases end up, in parts of a hundred; what there is not time for yet stays open.
_FATES = MappingProxyType(
    {
        "quick": 46,
        "steady": 24,
        "late": 7,
        "long": 9,
        "no": 8,
        "withdrawn": 3,
        "untaken": 3,
    }
)
_RATINGS = (1, 2, 3, 4, 4, 5, 5, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something done to a case at a moment. `desk`: by the intake desk; `home`: sent to where it belongs."""

    at: datetime
    action: Action
    words: str = ""
    desk: bool = False
    home: bool = False
    on: date | None = None
    rating: int = 0


class Planner:
    """Draws lives. The same seed, calendar and moment give the same ones."""

    def __init__(self, texts: Texts, calendar: WorkCalendar, draw: random.Random) -> None:
        self._texts = texts
        self._calendar = calendar
        self._draw = draw

    def strays(self, subject: Subject) -> bool:
        """Whether the case goes to a wrong office first."""
        return subject.authority or self._draw.random() < 0.14

    def life(self, subject: Subject, received: datetime, *, strayed: bool) -> list[Step]:
        """Everything that will be done to a case, in order of time."""
        now, steps = received, []
        if subject.authority:
            now = self._later(now, 0.5, 3)
            return [self._take(now), self._close(now, Action.HAND_OVER, subject.hand_over, home=True)]
        if strayed:
            now = self._later(now, 0.3, 2)
            steps.append(Step(at=now, action=Action.MOVE, words=self._say("moved"), home=True))
        fate = self._draw.choices(list(_FATES), list(_FATES.values()))[0]
        if fate == "untaken":
            # The clock gives it to the intake desk after two working days; the desk sends it on.
            now = self._later(now, 5, 7)
            steps.append(Step(at=now, action=Action.MOVE, words=self._say("checked"), desk=True, home=True))
        if fate == "withdrawn":
            at = self._any_hour(now + timedelta(days=self._draw.uniform(0.2, 4)))
            return [*steps, Step(at=at, action=Action.WITHDRAW, words=self._say("withdrawn"))]
        now = self._later(now, 0.1, 1.7)
        steps.append(self._take(now))
        steps += self._talk(now)
        return sorted([*steps, *self._rest(fate, subject, now)], key=lambda step: step.at)

    def supporters(self, received: datetime) -> list[datetime]:
        """When others stand behind the case."""
        if self._draw.random() > 0.35:
            return []
        many = min(int(self._draw.expovariate(0.25)) + 1, 24)
        return sorted(
            self._any_hour(received + timedelta(days=self._draw.uniform(0.2, 25))) for _ in range(many)
        )

    def _rest(self, fate: str, subject: Subject, now: datetime) -> list[Step]:
        match fate:
            case "steady" | "untaken":
                return self._steady(subject, self._later(now, 1, 4))
            case "late":
                return self._late(subject, now)
            case "long":
                return self._long(subject, now)
            case "no":
                words = subject.no or self._say("no")
                return self._ended(self._later(now, 2, 7), Action.INFEASIBLE, words, (1, 1, 2, 3, 4))
        days = 3 if subject.kind is Kind.COMPLAINT else 7
        return self._ended(self._later(now, 0.5, days), Action.ANSWER, self._answer(subject), _RATINGS)

    def _steady(self, subject: Subject, now: datetime) -> list[Step]:
        pace = 0.5 if subject.kind is Kind.COMPLAINT else 1.0
        steps = [Step(at=now, action=Action.START)]
        if self._draw.random() < 0.75:
            at = self._later(now, 1, 2)
            steps.append(Step(at=at, action=Action.EXTEND, words=self._say("extended")))
        for _ in range(self._draw.randint(1, 2)):
            now = self._later(now, 4 * pace, 9 * pace)
            steps.append(Step(at=now, action=Action.PROGRESS, words=self._progress(subject)))
        end = self._later(now, 2 * pace, 12 * pace)
        return steps + self._ended(end, Action.ANSWER, self._answer(subject), _RATINGS)

    def _late(self, subject: Subject, now: datetime) -> list[Step]:
        steps = []
        if self._draw.random() < 0.5:
            at = self._later(now, 1.5, 3)
            steps.append(Step(at=at, action=Action.EXTEND, words=self._say("extended")))
        end = self._later(now, 22, 60)
        return steps + self._ended(end, Action.ANSWER, self._answer(subject), (1, 1, 2, 2, 3))

    def _long(self, subject: Subject, now: datetime) -> list[Step]:
        now = self._later(now, 3, 9)
        on = now.date() + timedelta(days=self._draw.randint(200, 520))
        words = subject.long or self._say("long")
        steps = [Step(at=now, action=Action.LONG_TERM, words=words, on=on)]
        if self._draw.random() < 0.6:
            at = self._later(now, 30, 90)
            steps.append(Step(at=at, action=Action.PROGRESS, words=self._progress(subject)))
        return steps

    def _talk(self, now: datetime) -> list[Step]:
        """What is asked and answered, added, or noted beside."""
        steps = []
        if self._draw.random() < 0.14:
            asked = self._later(now, 0.05, 0.4)
            steps.append(Step(at=asked, action=Action.ASK, words=self._say("questions")))
            if self._draw.random() < 0.8:
                at = self._any_hour(asked + timedelta(hours=self._draw.uniform(1, 40)))
                steps.append(Step(at=at, action=Action.REPLY, words=self._say("replies")))
        if self._draw.random() < 0.1:
            at = self._any_hour(now + timedelta(days=self._draw.uniform(0.5, 6)))
            steps.append(Step(at=at, action=Action.ADD, words=self._say("added")))
        if self._draw.random() < 0.3:
            steps.append(Step(at=self._later(now, 0.1, 3), action=Action.NOTE, words=self._say("notes")))
        return steps

    def _ended(self, at: datetime, action: Action, words: str, ratings: tuple[int, ...]) -> list[Step]:
        steps = [Step(at=at, action=action, words=words)]
        after = self._any_hour(at + timedelta(days=self._draw.uniform(0.1, 8)))
        if self._draw.random() < 0.45:
            steps.append(Step(at=after, action=Action.RATE, rating=self._draw.choice(ratings)))
        if self._draw.random() < 0.05:
            again = self._any_hour(after + timedelta(days=2))
            taken = self._later(again, 1, 4)
            steps.append(Step(at=again, action=Action.SECOND_LOOK, words=self._say("second_look")))
            steps.append(Step(at=self._later(taken, 1, 6), action=Action.ANSWER, words=words))
        return steps

    def _take(self, at: datetime) -> Step:
        return Step(at=at, action=Action.TAKE)

    def _close(self, now: datetime, action: Action, words: str, *, home: bool) -> Step:
        return Step(at=self._later(now, 0.2, 1.5), action=action, words=words, home=home)

    def _answer(self, subject: Subject) -> str:
        return self._draw.choice(
            subject.answer if self._draw.random() < 0.5 else self._texts.words["answers"]
        )

    def _progress(self, subject: Subject) -> str:
        return self._draw.choice([*subject.progress, *self._texts.words["progress"]])

    def _say(self, name: str) -> str:
        return self._texts.one_of(name, self._draw)

    def _later(self, moment: datetime, least: float, most: float) -> datetime:
        """Some working days later, in the hours of work."""
        days = self._draw.uniform(least, most)
        local = moment.astimezone(self._calendar.zone)
        day = self._calendar.add_working_days(local.date(), int(days + 0.5))
        clock = time(9 + self._draw.randrange(9), self._draw.randrange(60), self._draw.randrange(60))
        later = datetime.combine(self._calendar.next_working(day), clock, self._calendar.zone)
        if later <= local:
            return (local + timedelta(minutes=self._draw.randint(5, 90))).astimezone(UTC)
        return later.astimezone(UTC)

    def _any_hour(self, moment: datetime) -> datetime:
        """The same day between eight in the morning and ten in the evening, not earlier than `moment`."""
        local = moment.astimezone(self._calendar.zone)
        if 8 <= local.hour < 22:
            return moment
        morning = datetime.combine(local.date(), time(8, self._draw.randrange(60)), self._calendar.zone)
        return (morning if local < morning else morning + timedelta(days=1)).astimezone(UTC)
