"""What a job is (작업): when it falls due, and what one batch of it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from handlers.ports import Clock, Waker
from handlers.world import World
from schedules.timetable import Timetable, When
from storage.engine import Database
from storage.files import FileStore
from storage.jobs import NOTHING, Figures, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What jobs are given. `clock` is the true time, by which leases run; `owner` names this process."""

    database: Database
    database_url: str
    world: World
    files: FileStore
    data_folder: Path
    waker: Waker
    clock: Clock
    owner: str
    public_url: str = ""
    """Where people reach the program; "" when nobody said."""
    watch: Callable[[Run], None] | None = None
    """Is shown every run after each of its batches."""
    alive: Callable[[], None] = lambda: None
    """Is called now and then while something is done, so that long work is not taken for standing still."""

    @property
    def timetable(self) -> Timetable:
        """The city's dates."""
        return Timetable(self.world.directory.city, self.world.calendar)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of a run: its transaction, which the cursor moves with, and the moment that is now."""

    connection: AsyncConnection
    tools: Tools
    run: Run
    now: datetime

    @property
    def world(self) -> World:
        """The city and its wording."""
        return self.tools.world


@dataclass(frozen=True, slots=True)
class Step:
    """How far a batch came. `counted` is added to the figures of the run, number by number."""

    cursor: str = ""
    counted: Figures = field(default_factory=lambda: NOTHING)
    finished: bool = True


Work = Callable[[Batch], Awaitable[Step]]
Labour = Callable[[Tools, Run], Awaitable[Figures]]


class JobFault(Exception):  # noqa: N818 - an outcome to word
    """A job could not do its work and said why; it is tried again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job. Exactly one of `work` (batches in transactions) and `labour` (outside of any) is given.

    `makes_up` says whether every missed period is made up for, or the newest only.
    """

    name: str
    when: When
    work: Work | None = None
    labour: Labour | None = None
    makes_up: bool = False


def added(figures: Figures, counted: Figures) -> Figures:
    """The figures with what a batch counted added to them; tables are added row by row."""
    total: dict[str, object] = dict(figures)
    for name, value in counted.items():
        before = total.get(name)
        if isinstance(before, int) and isinstance(value, int):
            total[name] = before + value
        elif isinstance(before, dict) and isinstance(value, dict):
            total[name] = dict(added(before, value))
        else:
            total[name] = value
    return total
