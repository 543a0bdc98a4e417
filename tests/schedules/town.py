"""A small city for tests of what falls due: people, offices and cases, under a clock of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import insert, select, update

from cases.transitions import Actor
from cases.vocabulary import Action, Kind, OfficeId, Role
from handlers import casework
from handlers.casework import Deed, Draft
from handlers.world import World
from schedules.jobs import Job, Tools
from schedules.runner import Ran
from schedules.table import JOBS
from schedules.tick import tick
from storage import people
from storage.casebook import Case, case_by_id
from storage.engine import Database
from storage.files import FileStore
from storage.jobs import Run, last_runs
from storage.meetings import add_meeting
from storage.tables import ConversationRow, OutboxRow, ResidentRow, SupportRow

# The copy and the sweep by night have tests of their own; a thousand of them prove nothing more.
LIVED: tuple[Job, ...] = tuple(job for job in JOBS if job.labour is None)

ROADS = OfficeId("yeonsu/roads")
PARKS = OfficeId("yeonsu/parks")
DESK = OfficeId("desk")


@dataclass(frozen=True, slots=True)
class Person:
    """A resident and their conversation."""

    id: int
    conversation: int


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox as its reader sees it."""

    template: str
    text: str
    state: str
    not_before: datetime
    key: str | None
    case_id: int | None
    params: dict[str, object]
    choices: list[list[dict[str, object]]]

    @property
    def actions(self) -> list[str]:
        """What its buttons do."""
        return [str(choice["action"]) for row in self.choices for choice in row]


class Nobody:
    """Wakes no one."""

    def wake(self) -> None:
        """Nothing is sent in these tests."""


@dataclass
class Town:
    """The city. `now` is the time everyone lives at; `tick` lets all that is due happen."""

    database: Database
    world: World
    tools: Tools
    now: datetime
    _numbers: "count[int]" = field(default_factory=count)

    async def tick(self) -> Ran:
        """Let all that is due by now happen."""
        return await tick(self.tools, self.now, LIVED)

    def start_with(self, world: World) -> None:
        """The program is started anew, with another pack."""
        self.world = world
        self.tools = replace(self.tools, world=world)

    async def until(self, moment: str) -> Ran:
        """Go on to that moment of the city's clock, ticking once there."""
        self.now = self.clock(moment)
        return await self.tick()

    def clock(self, text: str) -> datetime:
        """A moment of the city's own clock, such as 2027-01-11 10:00."""
        return datetime.fromisoformat(text).replace(tzinfo=self.world.zone).astimezone(UTC)

    async def person(self, *, channel: str = "telegram", locale: str = "ko") -> Person:
        """Somebody who agreed to be served."""
        async with self.database.begin() as connection:
            result = await connection.execute(
                insert(ConversationRow)
                .values(
                    channel=channel,
                    external_id=f"person-{next(self._numbers)}",
                    locale=locale,
                    created_at=self.now,
                    last_at=self.now,
                )
                .returning(ConversationRow.id)
            )
            conversation = result.scalar_one()
            return Person(await people.agree(connection, conversation, "test", self.now), conversation)

    async def group(self, office: OfficeId) -> int:
        """A staff group bound to an office; its conversation."""
        async with self.database.begin() as connection:
            result = await connection.execute(
                insert(ConversationRow)
                .values(
                    channel="telegram",
                    external_id=f"group-{next(self._numbers)}",
                    is_group=True,
                    office=office,
                    created_at=self.now,
                    last_at=self.now,
                )
                .returning(ConversationRow.id)
            )
            return result.scalar_one()

    async def wishes(self, person: Person, **values: bool) -> None:
        """Set what a resident wishes."""
        async with self.database.begin() as connection:
            await connection.execute(update(ResidentRow).where(ResidentRow.id == person.id).values(**values))

    async def blocks(self, person: Person) -> None:
        """The person blocks the bot, and the bot has noticed."""
        async with self.database.begin() as connection:
            await people.set_conversation(connection, person.conversation, {"reachable": False})

    async def meeting(self, title: str, held_on: date) -> int:
        """A meeting with residents; its id."""
        async with self.database.begin() as connection:
            return await add_meeting(
                connection,
                code=f"code-{next(self._numbers)}",
                title=title,
                kind="현장대화의 날",
                held_on=held_on,
                district="yeonsu",
                place="",
                now=self.now,
            )

    async def raises(
        self,
        person: Person | None,
        title: str = "가로등이 꺼졌어요",
        *,
        office: OfficeId = ROADS,
        kind: Kind = Kind.SUGGESTION,
        meeting: int | None = None,
        public: bool = True,
    ) -> Case:
        """A case is filed."""
        role = Role.DESK if person is None else Role.RAISER
        draft = Draft(
            kind=kind,
            title=title,
            text=title,
            office=office,
            district="yeonsu",
            meeting_id=meeting,
            public=public,
        )
        async with self.database.begin() as connection:
            return await casework.file(
                connection,
                self.world,
                draft,
                by=Actor(role, resident_id=person.id if person else None),
                channel="telegram",
                now=self.now,
            )

    async def supports(self, person: Person, case: Case) -> None:
        """Somebody stands behind a case."""
        async with self.database.begin() as connection:
            await connection.execute(
                insert(SupportRow).values(case_id=case.id, resident_id=person.id, created_at=self.now)
            )

    async def does(
        self,
        case: Case,
        action: Action,
        words: str = "",
        *,
        person: Person | None = None,
        target: OfficeId | None = None,
        on: date | None = None,
        rating: int | None = None,
    ) -> Case:
        """The intake desk, which may do everything, or the person who raised it, does something."""
        by = Actor(Role.DESK, staff_id=None) if person is None else Actor(Role.RAISER, resident_id=person.id)
        deed = Deed(
            action=action,
            by=by,
            words=words,
            target=target,
            on=on,
            facts=None if rating is None else {"rating": rating},
        )
        async with self.database.begin() as connection:
            return await casework.perform(connection, self.world, case.id, deed, self.now)

    async def case(self, case: Case) -> Case:
        """The case as it is now."""
        async with self.database.read() as connection:
            found = await case_by_id(connection, case.id)
        assert found is not None
        return found

    async def told(self, conversation: int, *templates: str) -> list[Message]:
        """What was put into the outbox for a conversation, oldest first; of these templates only."""
        async with self.database.read() as connection:
            rows = await connection.execute(
                select(OutboxRow.__table__, ConversationRow.locale)
                .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
                .where(OutboxRow.conversation_id == conversation)
                .order_by(OutboxRow.id)
            )
            found = rows.mappings().all()
        return [
            Message(
                row["template"],
                self.world.renderer.text(row["template"], row["params"], row["locale"]),
                row["state"],
                row["not_before"],
                row["key"],
                row["case_id"],
                row["params"],
                row["choices"],
            )
            for row in found
            if not templates or row["template"] in templates
        ]

    async def runs(self) -> dict[str, Run]:
        """Each job's newest run."""
        async with self.database.read() as connection:
            return await last_runs(connection)


def open_town(url: str, world: World, folder: Path, now: datetime) -> Town:
    """The city over a migrated database; close it with `close_town`."""
    database = Database(url)
    return Town(database, world, _tools(url, database, world, folder), now)


def _tools(url: str, database: Database, world: World, folder: Path) -> Tools:
    return Tools(
        database_url=url,
        database=database,
        world=world,
        files=FileStore(folder / "files"),
        data_folder=folder,
        waker=Nobody(),
        clock=lambda: datetime.now(UTC),
        owner="a test",
    )


async def close_town(town: Town) -> None:
    """Give everything back."""
    town.tools.files.close()
    await town.database.close()


def templates(messages: Sequence[Message]) -> list[str]:
    """Which templates these messages are of."""
    return [message.template for message in messages]


DAY = timedelta(days=1)
