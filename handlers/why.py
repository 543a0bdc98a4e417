"""Why a case went to its office, for staff (배정 이유): words of the text, and the past cases like it."""

import asyncio
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.numbers import CaseNumber
from handlers.world import World
from intents.reasons import Reasons
from storage.casebook import Case
from storage.learning import cases_taught

_LOOKED_AT = 200
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Why:
    """Words that speak for the office, and up to three confirmed cases of it that are most like this one."""

    reasons: Reasons
    cases: tuple[CaseNumber, ...]


async def explain(connection: AsyncConnection, world: World, case: Case) -> Why:
    """Why this case's office would be proposed today; among past cases the newest 200 are looked at."""
    department = case.office.rpartition("/")[2]
    taught = await cases_taught(connection, department, limit=_LOOKED_AT)
    others = [
        (CaseNumber(one.year, one.running), one.text)
        for one in taught
        if (one.year, one.running) != (case.year, case.running)
    ]
    offices = world.understanding.by_office

    def think() -> Why:
        return Why(offices.why(case.text, department), tuple(offices.likest(case.text, others, _SHOWN)))

    return await asyncio.to_thread(think)
