"""The ledger (건의 대장): lists of cases for the console, found by index and paged by key.

A list over several offices and states is put together from one short, ordered list for each of them, so
that a page costs the same with a thousand cases and with a million.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, RowMapping, Select, and_, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import InstrumentedAttribute

from cases.numbers import CaseNumber
from cases.transitions import ALARMING_MOVES
from cases.vocabulary import Kind, OfficeId, State
from intents.finding import Wanted, says, wanted
from storage.narrowing import Mark, Order, Search, branches, filters, is_loose, whose
from storage.tables import CaseRow, MeetingRow
from storage.words import has_part_of, has_words, newest_near, newest_with

STRETCH = 4_000
"""Cases of each office and state that are passed over at most before a page is shown as it is."""

_READ_THROUGH = 1_000
"""Texts that are compared with a word that was misspelt."""

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a list."""

    id: int
    number: CaseNumber
    title: str
    state: State
    kind: Kind
    office: OfficeId
    district: str
    place: str
    received_at: datetime
    due_at: datetime
    question_waiting: bool
    spoke_last: bool
    """True while the resident's words wait to be read."""
    second_look: bool
    """True while the second look that the resident asked for goes on."""
    bounced: bool
    """True when it was moved so often that the intake desk's head must see to it."""
    version: int

    def mark(self, order: Order) -> Mark:
        """Where a page that ends with this line goes on."""
        return Mark(self.due_at if order is Order.DUE else self.received_at, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list: its lines, where the next begins (None: there is none).

    `unfinished`: only a stretch of the list was read, and the next page may hold lines or none. `nearly`:
    nothing says it exactly, these say something like it.
    """

    entries: list[Entry]
    more: Mark | None = None
    unfinished: bool = False
    nearly: bool = False


_SHOWN = (
    CaseRow.id,
    CaseRow.year,
    CaseRow.running,
    CaseRow.title,
    CaseRow.state,
    CaseRow.kind,
    CaseRow.office,
    CaseRow.district,
    CaseRow.place,
    CaseRow.received_at,
    CaseRow.due_at,
    CaseRow.question_waiting,
    CaseRow.spoke_last,
    CaseRow.second_look_used,
    CaseRow.moves,
    CaseRow.version,
)


async def page_of_cases(
    connection: AsyncConnection, search: Search, *, limit: int, after: Mark | None = None
) -> Page:
    """One page of a list: at most `limit` lines, those after the mark."""
    words = wanted(search.words)
    if search.words and not words:
        return Page(entries=[])
    found_by, extra = _rare(search), None
    if found_by is None and words and search.offices is None:
        found_by = CaseRow.id.in_(await newest_with(connection, words))
    elif words:
        extra = await has_words(connection, words)
    if found_by is None:
        page = await _listed(connection, search, extra, limit, after)
    else:
        where = and_(found_by, *whose(search), *([] if extra is None else [extra]))
        page = await _read(connection, search, [(where,)], limit, after, None)
    if words and not page.entries and page.more is None and after is None:
        nearly = await _nearly(connection, search, words, limit)
        return Page(entries=nearly, nearly=bool(nearly))
    return page


async def find_cases(
    connection: AsyncConnection, search: Search, *, limit: int, after: Mark | None = None
) -> list[Entry]:
    """The lines of `page_of_cases` alone."""
    return (await page_of_cases(connection, search, limit=limit, after=after)).entries


def _rare(search: Search) -> ColumnElement[bool] | None:
    """What of a search finds so few cases that they are best found by it."""
    if search.meeting is not None:
        return CaseRow.meeting_id == search.meeting
    if search.meeting_kind:
        held = select(MeetingRow.id).where(MeetingRow.kind == search.meeting_kind)
        return CaseRow.meeting_id.in_(held)
    if search.place and search.offices is None:
        return CaseRow.place == search.place
    return None


async def _listed(
    connection: AsyncConnection,
    search: Search,
    extra: ColumnElement[bool] | None,
    limit: int,
    after: Mark | None,
) -> Page:
    """A page out of the ordered lists of offices and states."""
    short = list(branches(search))
    if not short:
        return Page(entries=[])
    end = None
    if not search.given_away and (extra is not None or is_loose(search)):
        end = await _end_of_stretch(connection, search, short, after)
    wheres = short if extra is None else [(*where, extra) for where in short]
    return await _read(connection, search, wheres, limit, after, end)


async def _read(
    connection: AsyncConnection,
    search: Search,
    wheres: Sequence[tuple[ColumnElement[bool], ...]],
    limit: int,
    after: Mark | None,
    end: Mark | None,
) -> Page:
    conditions = list(filters(search))
    conditions += [] if after is None else [_beyond(search.order, after)]
    conditions += [] if end is None else [_up_to(search.order, end)]
    lists = [
        _ordered(
            select(CaseRow.id, _moment(search.order).label("at")).where(*where, *conditions), search.order
        ).limit(limit + 1)
        for where in wheres
    ]
    # Which they are is found in the indexes alone; only those that are shown are read.
    rows = await connection.execute(_together(lists, search.order, limit + 1))
    entries = await _entries(connection, [row.id for row in rows])
    if len(entries) > limit:
        return Page(entries=entries[:limit], more=entries[limit - 1].mark(search.order))
    return Page(entries=entries, more=end, unfinished=end is not None)


async def _entries(connection: AsyncConnection, ids: Sequence[int]) -> list[Entry]:
    result = await connection.execute(select(*_SHOWN).where(CaseRow.id.in_(ids)))
    found = {row["id"]: _entry(row) for row in result.mappings()}
    return [found[one] for one in ids if one in found]


async def _end_of_stretch(
    connection: AsyncConnection,
    search: Search,
    short: Sequence[tuple[ColumnElement[bool], ...]],
    after: Mark | None,
) -> Mark | None:
    """The first mark at which one of the short lists has been read far enough; None when all end before."""
    moment = _moment(search.order)
    bounds = [*_ranges(search), *([] if after is None else [_beyond(search.order, after)])]
    order = search.order
    ends = [
        select(
            _ordered(select(moment.label("at"), CaseRow.id).where(*where, *bounds), order)
            .limit(1)
            .offset(STRETCH)
            .subquery()
        )
        for where in short
    ]
    result = await connection.execute(union_all(*ends))
    marks = [Mark(row.at, row.id) for row in result]
    if not marks:
        return None
    if search.order is Order.DUE:
        return min(marks, key=lambda mark: (mark.at, mark.id))
    return max(marks, key=lambda mark: (mark.at, mark.id))


def _ranges(search: Search) -> Sequence[ColumnElement[bool]]:
    """Bounds of the very moment a list is ordered by: the index begins and ends there."""
    if search.order is Order.NEWEST:
        lower, upper, moment = search.received_from, search.received_before, CaseRow.received_at
    else:
        lower, upper, moment = search.due_from, search.overdue_at or search.due_before, CaseRow.due_at
    return [
        *([] if lower is None else [moment >= lower]),
        *([] if upper is None else [moment < upper]),
    ]


async def _nearly(
    connection: AsyncConnection, search: Search, words: Sequence[Wanted], limit: int
) -> list[Entry]:
    longest = max(words, key=lambda word: len(word.word))
    if not longest.near:
        return []
    by_list = search.offices is not None
    among = has_part_of(longest) if by_list else CaseRow.id.in_(newest_near(longest))
    statement = select(CaseRow.id, CaseRow.title, CaseRow.place, CaseRow.text)
    statement = statement.where(*whose(search), *filters(search), among)
    found = await connection.execute(_ordered(statement, search.order).limit(_READ_THROUGH))
    alike: list[int] = []
    for case_id, *texts in found:
        whole = "\n".join(texts)
        if all(says(word.word, whole) for word in words):
            alike.append(case_id)
            if len(alike) == limit:
                break
    return await _entries(connection, alike)


def _entry(row: RowMapping) -> Entry:
    state = State(row["state"])
    return Entry(
        id=row["id"],
        number=CaseNumber(row["year"], row["running"]),
        title=row["title"],
        state=state,
        kind=Kind(row["kind"]),
        office=OfficeId(row["office"]),
        district=row["district"],
        place=row["place"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        question_waiting=row["question_waiting"],
        spoke_last=row["spoke_last"],
        second_look=row["second_look_used"] and state.is_open,
        bounced=row["moves"] >= ALARMING_MOVES and state.is_open,
        version=row["version"],
    )


def _together(lists: Sequence[Select[int, datetime]], order: Order, limit: int) -> Select[int, datetime]:
    if len(lists) == 1:
        return lists[0]
    rows = union_all(*(select(one.subquery()) for one in lists)).subquery()
    if order is Order.DUE:
        return select(rows.c.id, rows.c.at).order_by(rows.c.at, rows.c.id).limit(limit)
    return select(rows.c.id, rows.c.at).order_by(rows.c.at.desc(), rows.c.id.desc()).limit(limit)


def _moment(order: Order) -> InstrumentedAttribute[datetime]:
    return CaseRow.due_at if order is Order.DUE else CaseRow.received_at


def _beyond(order: Order, after: Mark) -> ColumnElement[bool]:
    if order is Order.NEWEST:
        at = CaseRow.received_at
        return and_(at <= after.at, or_(at < after.at, CaseRow.id < after.id))
    due = CaseRow.due_at
    return and_(due >= after.at, or_(due > after.at, CaseRow.id > after.id))


def _up_to(order: Order, end: Mark) -> ColumnElement[bool]:
    if order is Order.NEWEST:
        at = CaseRow.received_at
        return and_(at >= end.at, or_(at > end.at, CaseRow.id >= end.id))
    due = CaseRow.due_at
    return and_(due <= end.at, or_(due < end.at, CaseRow.id <= end.id))


def _ordered(statement: Select[*Columns], order: Order) -> Select[*Columns]:
    if order is Order.NEWEST:
        return statement.order_by(CaseRow.received_at.desc(), CaseRow.id.desc())
    return statement.order_by(CaseRow.due_at, CaseRow.id)
