"""Telling the groups of offices that consult one another (실무자 협의): what is asked, what was answered."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId
from handlers.notices import card_params, post
from handlers.replies import Lane, Reply, day, office
from storage.casebook import Case
from storage.outbox import put
from storage.people import groups_of


async def tell_asked(
    connection: AsyncConnection, case: Case, consulted: OfficeId, question: str, on: date, now: datetime
) -> None:
    """To the consulted office's groups: who asks what, and by when."""
    params = card_params(case) | {"words": question, "on": day(on)}
    await _tell(connection, consulted, Reply(template="staff.consulted", params=params, case_id=case.id), now)


async def tell_answered(
    connection: AsyncConnection, case: Case, consulted: OfficeId, words: str, now: datetime
) -> None:
    """To the groups of the office in charge: what the other office answered."""
    params = card_params(case) | {"words": words, "consulted": office(consulted)}
    reply = Reply(template="staff.consultation_answered", params=params, case_id=case.id)
    await _tell(connection, case.office, reply, now)


async def _tell(connection: AsyncConnection, to: OfficeId, reply: Reply, now: datetime) -> None:
    groups = await groups_of(connection, to)
    await put(connection, [post(reply, group, Lane.STAFF, now) for group in groups])
