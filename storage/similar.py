"""Cases about the same thing near the same place (비슷한 건의): by their keys, then by letters."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, distinct, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import OfficeId
from intents.similar import KEYS_ASKED, best, sketch
from storage.casebook import Case, cases_by_ids
from storage.tables import CaseKeyRow, CaseRow

SAME_WORDS_AT_MOST = 1_000
"""Copies of one text are counted up to so many."""

_OF_EACH_KEY = 64
_FETCHED = 72
_COMPARED = 24
_LEAST = 1 / 50
"""Of the weight of the case that shares most, what another must share to be worth comparing."""
_READ_WHOLE = 12
_CHARACTERS = 1_000
_OTHER_PLACE = 0.8
"""What is left of the likeness where the two name different places of one district."""
_OTHER_OFFICE = 0.8
"""What is left of it where they lie at different offices: short texts about one park share half of their
letters, whether a lamp is out or a car parks there."""

_NEWEST_OF_KEYS = union_all(
    *(
        select(
            select(CaseKeyRow.key, CaseKeyRow.case_id)
            .where(CaseKeyRow.key == bindparam(f"key_{number}"))
            .order_by(CaseKeyRow.case_id.desc())
            .limit(_OF_EACH_KEY)
            .subquery()
        )
        for number in range(KEYS_ASKED)
    )
)
_CANDIDATES = select(
    CaseRow.id,
    func.substr(CaseRow.text, 1, _CHARACTERS).label("words"),
    CaseRow.place,
    CaseRow.office,
    CaseRow.public,
    CaseRow.resident_id,
    CaseRow.merged_into,
).where(CaseRow.id.in_(bindparam("found", expanding=True)), CaseRow.form.is_not(None))


@dataclass(frozen=True, slots=True)
class _Matter:
    """What is looked for: where it is and whose, as far as it is known; and what may be shown."""

    place: str
    office: str | None
    only_public: bool = False
    without: int | None = None

    def may_show(self, public: bool, resident_id: int | None) -> bool:
        """True for a case that whoever asks may be shown."""
        return (public or not self.only_public) and (self.without is None or resident_id != self.without)

    def share(self, place: str, office: str) -> float:
        """What is left of the likeness to a case of that place and office."""
        here = not self.place or place in ("", self.place)
        theirs = self.office is None or office == self.office
        return (1.0 if here else _OTHER_PLACE) * (1.0 if theirs else _OTHER_OFFICE)


@dataclass(frozen=True, slots=True)
class Similar:
    """A case and how alike it is, from 0 to 1."""

    case: Case
    likeness: float


async def similar_public(
    connection: AsyncConnection,
    *,
    text: str,
    district: str,
    place: str,
    office: OfficeId | None = None,
    without: int | None,
    at_least: float,
    limit: int = 3,
) -> list[Similar]:
    """The public cases, open or not long closed, most like a text about that place, best first.

    `at_least` is the likeness from which one is shown, 0 to 1; `office` the one it seems to be for, where
    that is known. What was merged stands for the case it went into. `without` leaves out what that resident
    raised.
    """
    matter = _Matter(place, office, only_public=True, without=without)
    return (await _alike(connection, text, [district], matter, at_least))[:limit]


async def duplicates_of(
    connection: AsyncConnection,
    case: Case,
    *,
    offices: frozenset[OfficeId] | None,
    at_least: float,
    limit: int = 5,
) -> list[Similar]:
    """Cases that are probably the same as `case`, best first, public or not, of these offices (None: all).

    Those of its own district, and those whose place nobody knows.
    """
    matter = _Matter(case.place, case.office)
    found = await _alike(connection, case.text, sorted({case.district, ""}), matter, at_least)
    # Of several quite alike the oldest first: it is what the others are mostly merged into.
    others = sorted((one for one in found if one.case.id != case.id), key=_oldest_first)
    return [one for one in others if offices is None or one.case.office in offices][:limit]


def _oldest_first(one: Similar) -> tuple[float, int]:
    return -one.likeness, one.case.id


async def same_words(connection: AsyncConnection, case: Case) -> tuple[int, int]:
    """How many listed cases of the whole city have the very words of `case`, itself among them; of how many
    people. Each counted up to a thousand cases."""
    if case.form is None:
        return 1, 1
    few = select(CaseRow.id, CaseRow.resident_id).where(CaseRow.form == case.form)
    rows = few.limit(SAME_WORDS_AT_MOST).subquery()
    result = await connection.execute(
        select(func.count(), func.count(distinct(rows.c.resident_id))).select_from(rows)
    )
    many, people = result.one()
    return many, people


async def _alike(
    connection: AsyncConnection, text: str, districts: Sequence[str], matter: _Matter, at_least: float
) -> list[Similar]:
    likely = await _likely(connection, text, districts)
    if not likely:
        return []
    rows = [
        row
        for row in (await connection.execute(_CANDIDATES, {"found": list(likely)})).all()
        if row.merged_into is not None or matter.may_show(row.public, row.resident_id)
    ]
    # Of the many copies of one text those of this place are compared first.
    rows.sort(key=lambda row: (-likely[row.id] * matter.share(row.place, row.office), -row.id))
    highest: dict[int, float] = {}
    for row, likeness in best(text, ((row, row.words) for row in rows[:_COMPARED]), limit=_COMPARED):
        score, end = likeness * matter.share(row.place, row.office), row.merged_into or row.id
        if score >= max(at_least, highest.get(end, 0.0)):
            highest[end] = score
    ranked = sorted(highest, key=lambda case_id: (-highest[case_id], -case_id))
    found = await cases_by_ids(connection, ranked[:_READ_WHOLE])
    return [
        Similar(case, highest[case.id])
        for case in found
        if case.form is not None and matter.may_show(case.public, case.resident_id)
    ]


async def _likely(connection: AsyncConnection, text: str, districts: Sequence[str]) -> dict[int, float]:
    """The ids of the cases that share most with the text, and how much: rare keys weigh more."""
    weights: dict[int, float] = defaultdict(float)
    for district in districts:
        keys = sketch(text, district, most=KEYS_ASKED).keys
        if not keys:
            return {}
        # The statement has a place for each; a key asked twice does no harm.
        given = {f"key_{number}": keys[number % len(keys)] for number in range(KEYS_ASKED)}
        having: dict[int, set[int]] = defaultdict(set)
        for key, case_id in (await connection.execute(_NEWEST_OF_KEYS, given)).all():
            having[key].add(case_id)
        # What many have in common says little.
        for cases in having.values():
            weight = 1 / len(cases)
            for case_id in cases:
                weights[case_id] += weight
    least = max(weights.values(), default=0.0) * _LEAST
    ranked = sorted(weights.items(), key=lambda one: (-one[1], -one[0]))
    return {case_id: weight for case_id, weight in ranked[:_FETCHED] if weight >= least}
