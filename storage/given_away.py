"""What offices had once and sent elsewhere (보낸 건의): few lines of the history among many."""

from sqlalchemy import Select, and_, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId
from storage.tables import CaseEventRow

# As in the partial index, word for word: otherwise it would not be used.
_GIVEN_AWAY = and_(
    CaseEventRow.from_office != literal("", literal_execute=True),
    CaseEventRow.from_office != CaseEventRow.to_office,
)


def given_away(offices: frozenset[OfficeId] | None) -> Select[int]:
    """The ids of cases that these offices (None: any) sent elsewhere."""
    statement = select(CaseEventRow.case_id).where(_GIVEN_AWAY)
    if offices is not None:
        statement = statement.where(CaseEventRow.from_office.in_(sorted(offices)))
    return statement


async def was_given_away_by(connection: AsyncConnection, case_id: int, offices: frozenset[OfficeId]) -> bool:
    """True when one of these offices had the case once and sent it elsewhere."""
    result = await connection.execute(
        select(CaseEventRow.id)
        .where(CaseEventRow.case_id == case_id, CaseEventRow.from_office.in_(offices), _GIVEN_AWAY)
        .limit(1)
    )
    return result.one_or_none() is not None
