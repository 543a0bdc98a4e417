"""Records of the half-yearly accounts (반기 보고 기록), for everyone who signs in: figures, and no person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from cases.vocabulary import State
from schedules.account import JOB
from storage.jobs import Run, runs_of
from web.staff.pages import Visit

_SHOWN = 20
COUNTS = ("open", "people", "told", "unreachable", "stopped", "without_word", "without_chat", "by_phone")
"""The figures of a round that are shown, in order."""


@dataclass(frozen=True, slots=True)
class District:
    """What was open in one district on the day; an empty name is a case without a place."""

    name: str
    open: int
    without_word: int
    states: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class Round:
    """One account as it was held."""

    period: str
    due_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, int]
    districts: tuple[District, ...]


async def show_rounds(visit: Visit) -> Response:
    """The newest account first."""
    async with visit.console.database.read() as connection:
        runs = await runs_of(connection, JOB, limit=_SHOWN)
    return visit.page("rounds.html", rounds=[_round(run) for run in runs], counts=COUNTS)


def _round(run: Run) -> Round:
    districts = run.figures.get("districts")
    places = districts if isinstance(districts, dict) else {}
    return Round(
        run.period,
        run.due_at,
        run.finished_at,
        {name: _number(run.figures, name) for name in COUNTS},
        tuple(
            District(
                name,
                _number(counts, "open"),
                _number(counts, "without_word"),
                {state: _number(counts, state) for state in State if _number(counts, state)},
            )
            for name, counts in sorted(places.items())
        ),
    )


def _number(figures: Mapping[str, object], name: str) -> int:
    value = figures.get(name, 0)
    return value if isinstance(value, int) else 0
