"""Years in the life of a city: what each case goes through, drawn beforehand, and who ought to hear."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.transitions import Actor, NotAllowed
from cases.vocabulary import Action, Kind, OfficeId, Role
from handlers import casework
from handlers.casework import Deed, Draft, Impossible
from schedules.runner import Ran
from storage import people
from storage.outbox import let_go
from storage.tables import ConversationRow, OutboxRow, SupportRow
from tests.schedules.small_city import small_world
from tests.schedules.town import DESK, PARKS, ROADS, Town

OFFICES = (ROADS, PARKS, OfficeId("seohae/roads"), OfficeId("parks_policy"), DESK)
CLOSING = frozenset({Action.ANSWER, Action.INFEASIBLE, Action.WITHDRAW})


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is done to a case on a day; whether the rules still allow it then is theirs to say."""

    action: Action
    day: int


@dataclass
class Life:
    """One case as it is planned, and as far as it came."""

    filed: int
    raiser: int
    office: OfficeId
    supporters: tuple[int, ...]
    steps: list[Step]
    meeting: int | None = None
    case_id: int = 0
    number: str = ""
    open: bool = False


@dataclass
class Soul:
    """A resident: their rows, and whether a word reaches them."""

    resident: int = 0
    conversation: int = 0
    reachable: bool = True
    notices: bool = True


def fate(draw: random.Random, filed: int) -> list[Step]:
    """What staff and the resident do to a case, of the kinds a city knows."""
    luck = draw.random()
    if luck < 0.12:
        # Nobody takes it; the desk sends it on late, or never.
        return [Step(Action.MOVE, filed + draw.randint(3, 40))] if draw.random() < 0.7 else []
    taken = filed + draw.randint(0, 2)
    return [Step(Action.TAKE, taken), *_after_taking(draw, luck, taken)]


def _after_taking(draw: random.Random, luck: float, taken: int) -> list[Step]:
    def later(action: Action, least: int, most: int) -> Step:
        return Step(action, taken + draw.randint(least, most))

    if luck < 0.60:
        return [later(draw.choice([Action.ANSWER, Action.ANSWER, Action.INFEASIBLE]), 0, 25)]
    if luck < 0.72:
        # Forgotten: for long, or for good.
        return [later(Action.ANSWER, 100, 900)] if draw.random() < 0.6 else []
    if luck < 0.86:
        notes = [later(Action.PROGRESS, 20, 1000) for _ in range(draw.randint(0, 4))]
        return [later(Action.LONG_TERM, 1, 20), *notes]
    if luck < 0.93:
        reply = [later(Action.REPLY, 6, 60)] if draw.random() < 0.6 else []
        return [later(Action.ASK, 0, 5), *reply, later(Action.ANSWER, 70, 200)]
    if luck < 0.97:
        return [later(Action.ANSWER, 1, 20), later(Action.SECOND_LOOK, 21, 110)]
    return [later(Action.EXTEND, 1, 9), later(Action.WITHDRAW, 10, 60)]


@dataclass
class City:
    """The whole of it. `accounts` holds what every account told: half -> (conversation, case number)."""

    town: Town
    draw: random.Random
    first: date
    days: int
    souls: list[Soul]
    lives: list[Life]
    by_day: dict[int, list[tuple[Life, Action]]] = field(default_factory=lambda: defaultdict(list))
    meetings: list[int] = field(default_factory=list)
    seen: int = 0
    accounts: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    keys: list[str] = field(default_factory=list)
    stage: int = 0
    expected: dict[str, set[tuple[int, str]]] = field(default_factory=dict)

    @classmethod
    def drawn(cls, town: Town, *, cases: int, years: int = 3, seed: int = 20261120) -> "City":
        """A city of so many cases, the same for the same seed."""
        draw = random.Random(seed)
        first, days = date(2027, 1, 4), 365 * years + 20
        souls = [Soul() for _ in range(max(2, cases // 2))]
        lives = []
        for _ in range(cases):
            filed = draw.randrange(days)
            people_ = draw.sample(range(len(souls)), k=min(len(souls), 1 + (draw.random() < 0.25)))
            lives.append(Life(filed, people_[0], draw.choice(OFFICES), tuple(people_[1:]), fate(draw, filed)))
        city = cls(town, draw, first, days, souls, lives)
        for life in lives:
            city.by_day[life.filed].append((life, Action.FILE))
            for step in life.steps:
                city.by_day[step.day].append((life, step.action))
        return city

    def moment(self, day: int, hour: int, minute: int = 0) -> datetime:
        """A time of day in the city."""
        on = self.first + timedelta(days=day)
        return self.town.clock(f"{on.isoformat()} {hour:02}:{minute:02}")

    async def settle(self) -> None:
        """The people and the groups of most offices."""
        town = self.town
        town.now = self.moment(0, 7)
        for office in (*OFFICES[:-2], DESK):
            await town.group(office)
        async with town.database.begin() as connection:
            for number, soul in enumerate(self.souls):
                found = await connection.execute(
                    insert(ConversationRow)
                    .values(
                        channel=self.draw.choice(["telegram", "web"]),
                        external_id=f"soul-{number}",
                        created_at=town.now,
                        last_at=town.now,
                    )
                    .returning(ConversationRow.id)
                )
                soul.conversation = found.scalar_one()
                soul.resident = await people.agree(connection, soul.conversation, "test", town.now)

    async def live(self, day: int) -> None:
        """What people do on that day, before the offices close."""
        town = self.town
        if day % 150 == 20:
            self.meetings.append(await town.meeting(f"현장대화 {day}", self.first + timedelta(days=day)))
        town.now = self.moment(day, 9, 30)
        async with town.database.begin() as connection:
            await self._change_hearts(connection)
            for life, action in self.by_day.get(day, ()):
                if action is Action.FILE:
                    await self._file(connection, life)
                elif life.case_id:
                    await self._do(connection, life, action)

    async def _change_hearts(self, connection: AsyncConnection) -> None:
        soul = self.draw.choice(self.souls)
        luck = self.draw.random()
        if luck < 0.10:
            await people.set_conversation(connection, soul.conversation, {"reachable": False})
            soul.reachable = False
        elif luck < 0.16:
            for one in self.souls[:: self.draw.randint(2, 5)]:
                if not one.reachable:
                    await people.set_conversation(connection, one.conversation, {"reachable": True})
                    await let_go(connection, one.conversation)
                    one.reachable = True
        elif luck < 0.20:
            soul.notices = not soul.notices
            await people.set_resident(connection, soul.resident, {"notices": soul.notices})

    async def _file(self, connection: AsyncConnection, life: Life) -> None:
        meeting = self.draw.choice(self.meetings) if self.meetings and self.draw.random() < 0.05 else None
        draft = Draft(
            kind=self.draw.choice([Kind.SUGGESTION, Kind.COMPLAINT, Kind.PROPOSAL]),
            title="길이 어두워요",
            text="길이 어두워요",
            office=self.goes_by(life.office),
            district="yeonsu",
            meeting_id=meeting,
        )
        case = await casework.file(
            connection,
            self.town.world,
            draft,
            by=Actor(Role.RAISER, resident_id=self.souls[life.raiser].resident),
            channel="telegram",
            now=self.town.now,
        )
        life.case_id, life.number, life.open = case.id, str(case.number), True
        for number in life.supporters:
            await connection.execute(
                insert(SupportRow).values(
                    case_id=case.id, resident_id=self.souls[number].resident, created_at=self.town.now
                )
            )

    async def _do(self, connection: AsyncConnection, life: Life, action: Action) -> None:
        by_raiser = action in (Action.REPLY, Action.WITHDRAW, Action.SECOND_LOOK)
        raiser = Actor(Role.RAISER, resident_id=self.souls[life.raiser].resident)
        deed = Deed(
            action=action,
            by=raiser if by_raiser else Actor(Role.DESK),
            words="살펴보고 있습니다.",
            target=self.goes_by(self.draw.choice(OFFICES[:-1])) if action is Action.MOVE else None,
            on=self.town.tools.timetable.day_of(self.town.now) + timedelta(days=200),
        )
        try:
            await casework.perform(connection, self.town.world, life.case_id, deed, self.town.now)
        except (NotAllowed, Impossible):
            return
        if action in CLOSING:
            life.open = False
        elif action is Action.SECOND_LOOK:
            life.open = True

    def goes_by(self, office: OfficeId) -> OfficeId:
        """What the office is called in the pack of now."""
        return self.town.world.directory.heir(office, "") or office

    def ought_to_hear(self) -> set[tuple[int, str]]:
        """Whom an account held now has to reach, and of which case."""
        return {
            (soul.conversation, life.number)
            for life in self.lives
            if life.open
            for soul in (self.souls[number] for number in (life.raiser, *life.supporters))
            if soul.notices
        }

    def reorganise(self) -> None:
        """The program is started anew after the city's next reorganisation."""
        self.stage += 1
        self.town.start_with(small_world(self.stage))

    async def tick(self, day: int, hour: int, minute: int = 0) -> Ran:
        """Let all that is due by then happen, in this process."""
        self.town.now = self.moment(day, hour, minute)
        return await self.town.tick()

    async def read_accounts(self) -> None:
        """Note what accounts were put into the outbox since the last look."""
        async with self.town.database.read() as connection:
            rows = await connection.execute(
                select(OutboxRow.id, OutboxRow.conversation_id, OutboxRow.params, OutboxRow.key)
                .where(OutboxRow.id > self.seen, OutboxRow.template == "half.account")
                .order_by(OutboxRow.id)
            )
            for row in rows:
                self.seen = row.id
                self.keys.append(row.key)
                half = row.key.split(":")[1]
                self.accounts[half] += [(row.conversation_id, number) for number in _numbers(row.params)]


def _numbers(params: dict[str, object]) -> list[str]:
    lines = params["cases"]
    assert isinstance(lines, list)
    return [str(line["params"]["number"]) for line in lines if isinstance(line, dict)]
