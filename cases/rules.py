"""The table of everything that can happen to a case (건의): who may, from which state, and where it leads.

A row to read is a row to change: nothing about an action is written anywhere else than here, but for what
needs the case itself (whose office, whose case), which `cases.transitions` looks at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cases.vocabulary import OPEN_STATES, Action, Role, State

CLOSED_STATES = frozenset(State) - OPEN_STATES

WORDS_TO_THE_PERSON = frozenset(
    {
        Action.START,
        Action.ASK,
        Action.PROGRESS,
        Action.LONG_TERM,
        Action.EXTEND,
        Action.ANSWER,
        Action.INFEASIBLE,
        Action.HAND_OVER,
        Action.MERGE,
    }
)
"""By which an office says something on a case to the person; why it went elsewhere (이관) is none."""

WORDS_OF_THE_PERSON = frozenset({Action.REPLY, Action.ADD, Action.SECOND_LOOK})
"""By which the person says something that an office has to read."""


class Target(StrEnum):
    """What an action must be given to send the case to."""

    NOTHING = "nothing"
    OFFICE = "office"  # another office of the city
    AUTHORITY = "authority"  # another authority (이송 기관), an id beginning with @
    CASE = "case"  # another case, which it is merged into (병합)


class Audience(StrEnum):
    """Who hears of a decision (알림 받는 사람)."""

    RESIDENT = "resident"
    OFFICE = "office"
    OFFICE_HEAD = "office_head"
    DESK_HEAD = "desk_head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table (규칙): what must hold before, and what holds after.

    `leads_to` None leaves the state as it is; `question` says whether a question to the resident waits
    afterwards, None leaves that too. `once` is once for one case and resident.
    """

    roles: frozenset[Role]
    starts: frozenset[State | None] = OPEN_STATES
    leads_to: State | None = None
    needs_words: bool = False
    needs_date: bool = False
    needs_target: Target = Target.NOTHING
    needs_question: bool = False
    needs_public: bool = False
    once: bool = False
    question: bool | None = None
    tells: frozenset[Audience] = frozenset()


_RAISER = frozenset({Role.RAISER})
_STAFF = frozenset({Role.OFFICER, Role.HEAD, Role.DESK, Role.ADMIN})
_RESIDENT = frozenset({Audience.RESIDENT})
_OFFICE = frozenset({Audience.OFFICE})

RULES: Mapping[Action, Rule] = MappingProxyType(
    {
        Action.FILE: Rule(
            # An officer takes in who came to their own office; for any other one there is the desk.
            roles=_STAFF | {Role.RAISER, Role.SYSTEM},
            starts=frozenset({None}),
            leads_to=State.RECEIVED,
            tells=_RESIDENT | _OFFICE,
        ),
        Action.TAKE: Rule(
            roles=_STAFF, starts=frozenset({State.RECEIVED}), leads_to=State.REVIEWING, tells=_RESIDENT
        ),
        Action.START: Rule(
            roles=_STAFF,
            starts=OPEN_STATES - {State.IN_PROGRESS},
            leads_to=State.IN_PROGRESS,
            tells=_RESIDENT,
        ),
        Action.ASK: Rule(roles=_STAFF, needs_words=True, question=True, tells=_RESIDENT),
        # No words needed: a photo alone can be the reply, and the same for what is added.
        Action.REPLY: Rule(roles=_RAISER, needs_question=True, question=False, tells=_OFFICE),
        Action.ADD: Rule(roles=_RAISER, tells=_OFFICE),
        # The program moves a case back to the intake desk that no office takes.
        Action.MOVE: Rule(
            roles=_STAFF | {Role.SYSTEM},
            leads_to=State.RECEIVED,
            needs_words=True,
            needs_target=Target.OFFICE,
            tells=_RESIDENT | _OFFICE,
        ),
        # Open to a case already long-term: a plan gets a new date.
        Action.LONG_TERM: Rule(roles=_STAFF, leads_to=State.LONG_TERM, needs_date=True, tells=_RESIDENT),
        # The reason is told to the resident; that the old date has not passed is for who has a clock.
        Action.EXTEND: Rule(
            roles=_STAFF,
            starts=OPEN_STATES - {State.LONG_TERM},
            needs_words=True,
            once=True,
            tells=_RESIDENT,
        ),
        Action.PROGRESS: Rule(roles=_STAFF, needs_words=True, tells=_RESIDENT),
        Action.NOTE: Rule(roles=_STAFF, starts=frozenset(State), needs_words=True),
        # The desk looked at what the program had sent by itself, and found it right.
        Action.CONFIRM: Rule(roles=frozenset({Role.DESK, Role.ADMIN})),
        # For who has no chat: what was said on the telephone, their answer too; on a closed case as well.
        Action.PHONED: Rule(roles=_STAFF, starts=frozenset(State), needs_words=True, question=False),
        Action.ANSWER: Rule(
            roles=_STAFF, leads_to=State.DONE, needs_words=True, question=False, tells=_RESIDENT
        ),
        Action.INFEASIBLE: Rule(
            roles=_STAFF, leads_to=State.INFEASIBLE, needs_words=True, question=False, tells=_RESIDENT
        ),
        Action.HAND_OVER: Rule(
            roles=_STAFF,
            leads_to=State.HANDED_OVER,
            needs_words=True,
            needs_target=Target.AUTHORITY,
            question=False,
            tells=_RESIDENT,
        ),
        # There is no way back: everybody has been told the other number.
        Action.MERGE: Rule(
            roles=_STAFF,
            leads_to=State.MERGED,
            needs_words=True,
            needs_target=Target.CASE,
            question=False,
            tells=_RESIDENT,
        ),
        Action.WITHDRAW: Rule(
            roles=_RAISER,
            leads_to=State.WITHDRAWN,
            needs_words=True,
            question=False,
            tells=_RESIDENT | _OFFICE,
        ),
        Action.SUPPORT: Rule(roles=frozenset({Role.SUPPORTER}), needs_public=True, once=True),
        # What was merged goes on elsewhere: there is nothing yet to be satisfied with.
        Action.RATE: Rule(roles=_RAISER, starts=CLOSED_STATES - {State.MERGED}),
        Action.SECOND_LOOK: Rule(
            roles=_RAISER,
            starts=frozenset({State.DONE, State.INFEASIBLE, State.HANDED_OVER}),
            leads_to=State.REVIEWING,
            once=True,
            tells=_RESIDENT | _OFFICE | {Audience.OFFICE_HEAD},
        ),
    }
)
