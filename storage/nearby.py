"""Open cases of the same office and district (이웃 건의), among which one alike may be."""

from sqlalchemy import Integer, Select, bindparam, desc, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import State
from storage.statements import written_out
from storage.tables import CaseRow


def _newest_of(state: State) -> Select[int, str]:
    # One short, ordered list for each state, as the index has them: together they are few.
    return select(CaseRow.id, CaseRow.text).where(
        CaseRow.id.in_(
            select(CaseRow.id)
            .where(
                CaseRow.district == bindparam("place"),
                CaseRow.office == bindparam("desk"),
                CaseRow.state == written_out(state.value),
                CaseRow.public,
                or_(CaseRow.resident_id.is_(None), CaseRow.resident_id != bindparam("own")),
            )
            .order_by(desc(CaseRow.id))
            .limit(bindparam("most", type_=Integer))
        )
    )


_TOGETHER = union_all(*(_newest_of(state) for state in State if state.is_open)).subquery()
_OPEN_PUBLIC = (
    select(_TOGETHER.c.id, _TOGETHER.c.text)
    .order_by(desc(_TOGETHER.c.id))
    .limit(bindparam("most", type_=Integer))
)


async def open_public_texts(
    connection: AsyncConnection, *, district: str, office: str, without: int | None, limit: int
) -> list[tuple[int, str]]:
    """Id and text of the newest open public cases of one office in one district: where a similar one is.

    `without` leaves out what that resident raised.
    """
    given = {"place": district, "desk": office, "own": without or 0, "most": limit}
    result = await connection.execute(_OPEN_PUBLIC, given)
    return [(case_id, words) for case_id, words in result]
