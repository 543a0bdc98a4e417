"""The words cases are found by (찾기): written with a case, removed with its text, asked by index alone."""

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from intents.finding import Wanted, keys_of
from storage.tables import CaseRow, CaseWordRow

MOST_FOUND = 5_000
"""Cases that a search over the whole city looks through, the newest of those with its rarest pair."""

_NEAR_OF_EACH = 1_500
_WRITE = insert(CaseWordRow)


async def write_words(connection: AsyncConnection, case_id: int, *texts: str) -> None:
    """Let a case be found by its texts."""
    rows = [{"key": key, "case_id": case_id} for key in keys_of(*texts)]
    if rows:
        await connection.execute(_WRITE, rows)


async def forget_words(connection: AsyncConnection, case_ids: Sequence[int]) -> None:
    """Let cases not be found by words any more; to be done while their texts are still there."""
    result = await connection.execute(
        select(CaseRow.id, CaseRow.title, CaseRow.place, CaseRow.text).where(CaseRow.id.in_(case_ids))
    )
    for case_id, *texts in result.all():
        await connection.execute(
            delete(CaseWordRow).where(CaseWordRow.key.in_(keys_of(*texts)), CaseWordRow.case_id == case_id)
        )


async def has_words(connection: AsyncConnection, words: Sequence[Wanted]) -> ColumnElement[bool]:
    """The condition that a case has all the words: first its rarest pair, then the others."""
    keys = _keys(words)
    if not keys:
        # The pairs that begin with one character are too many to ask for each case.
        one = words[0].word
        return or_(CaseRow.title.contains(one, autoescape=True), CaseRow.text.contains(one, autoescape=True))
    rarest = await _rarest(connection, keys)
    return and_(_has(CaseWordRow.key == rarest), _all_of(CaseRow.id, [key for key in keys if key != rarest]))


def has_part_of(word: Wanted) -> ColumnElement[bool]:
    """The condition that a case has a word like this one, or a part of it."""
    return _has(CaseWordRow.key.in_(word.near))


async def newest_with(connection: AsyncConnection, words: Sequence[Wanted]) -> Select[int]:
    """The ids of the newest cases that have all the words, found from the rarest pair."""
    keys = _keys(words)
    if not keys:
        first, last = words[0].stretch or (0, 0)
        stretch = select(CaseWordRow.case_id).where(CaseWordRow.key.between(first, last))
        return stretch.limit(MOST_FOUND)
    rarest = await _rarest(connection, keys)
    others = _all_of(CaseWordRow.case_id, [key for key in keys if key != rarest])
    found = select(CaseWordRow.case_id).where(CaseWordRow.key == rarest, others)
    return found.order_by(CaseWordRow.case_id.desc()).limit(MOST_FOUND)


def newest_near(word: Wanted) -> Select[int]:
    """The ids of cases that have a word like this one: the newest with a pair of its own, some others."""
    parts = [
        select(
            select(CaseWordRow.case_id)
            .where(CaseWordRow.key == key)
            .order_by(CaseWordRow.case_id.desc())
            .limit(_NEAR_OF_EACH)
            .subquery()
        )
        for key in word.keys
    ]
    others = CaseWordRow.key.in_([key for key in word.near if key not in set(word.keys)])
    parts.append(select(select(CaseWordRow.case_id).where(others).limit(_NEAR_OF_EACH).subquery()))
    return select(union_all(*parts).subquery().c.case_id)


def _keys(words: Sequence[Wanted]) -> list[int]:
    return list(dict.fromkeys(key for word in words for key in word.keys))


def _all_of(
    case_id: ColumnElement[int] | InstrumentedAttribute[int], keys: Sequence[int]
) -> ColumnElement[bool]:
    """The condition that a case has every one of the pairs; one shape of statement for any number of them."""
    other = CaseWordRow.__table__.alias()
    many = select(func.count()).select_from(other).where(other.c.case_id == case_id, other.c.key.in_(keys))
    return many.scalar_subquery() == len(keys)


async def _rarest(connection: AsyncConnection, keys: Sequence[int]) -> int:
    if len(keys) == 1:
        return keys[0]
    counts = [
        select(literal(key).label("key"), func.count().label("many")).select_from(
            select(CaseWordRow.case_id).where(CaseWordRow.key == key).limit(MOST_FOUND).subquery()
        )
        for key in keys
    ]
    result = await connection.execute(union_all(*counts))
    many: dict[int, int] = {row.key: row.many for row in result}
    return min(keys, key=lambda key: many[key])


def _has(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(CaseWordRow.case_id == CaseRow.id, which).correlate(CaseRow)
