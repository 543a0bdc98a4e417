"""What a card says of cases like it (비슷한 건의): probable duplicates, copies of a text, what was merged."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from cases.vocabulary import Action
from storage.casebook import Case, case_by_id
from storage.merging import count_merged, merged_into
from storage.similar import SAME_WORDS_AT_MOST, Similar, duplicates_of, same_words
from web.staff.actions import Typed
from web.staff.pages import Visit
from web.staff.rights import may_see, offices_seen, sees_persons

_PROBABLE = 0.6
"""Likeness from which staff are shown a case: a little more than residents need, for they look at many."""
_CAMPAIGN = 5
"""People who sent the same words."""
_SHORTEST = 20
"""Characters of a text that two people hardly write alike by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """What is shown. `copies` counts this case too; `into_seen`: they may open the case it went into."""

    found: list[Similar]
    copies: int
    campaign: bool
    into: Case | None
    into_seen: bool
    took_in: list[Case]
    took_in_many: int

    @property
    def copies_most(self) -> bool:
        """True when there are more copies than were counted."""
        return self.copies >= SAME_WORDS_AT_MOST


async def alike(visit: Visit, case: Case) -> Alike:
    """What the card says of cases like this one, within what the person may see."""
    async with visit.console.database.read() as connection:
        return await _alike(connection, visit, case)


async def _alike(connection: AsyncConnection, visit: Visit, case: Case) -> Alike:
    into = None if case.merged_into is None else await case_by_id(connection, case.merged_into)
    copies, people = await same_words(connection, case) if len(case.text) >= _SHORTEST else (1, 1)
    took_in = await merged_into(connection, case.id)
    return Alike(
        found=await _found(connection, visit, case) if case.state.is_open else [],
        copies=copies,
        campaign=people >= _CAMPAIGN,
        into=into,
        into_seen=into is not None and await may_see(connection, visit.staff, into),
        took_in=took_in,
        took_in_many=await count_merged(connection, case.id) if took_in else 0,
    )


async def _found(connection: AsyncConnection, visit: Visit, case: Case) -> list[Similar]:
    found = await duplicates_of(connection, case, offices=offices_seen(visit.staff), at_least=_PROBABLE)
    return found if sees_persons(visit.staff) else [one for one in found if one.case.public]


def merge_prepared(visit: Visit) -> Typed:
    """The merge form as it is offered: with the number that was pressed, and the usual reason."""
    return Typed(action=Action.MERGE, words=visit.say("act.merge.usual"), target=visit.asked("merge"))
