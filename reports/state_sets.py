"""Sets of states by which offices count (처리상황 집계 방식): every case has exactly one place in each.

Taken from the published work plans of the offices named; see the handbook for staff. The first set is the
program's own.
"""

from dataclasses import dataclass

from cases.proposals import Outcome
from cases.vocabulary import State

_OPENED = (State.RECEIVED, State.REVIEWING, State.IN_PROGRESS, State.LONG_TERM)


@dataclass(frozen=True, slots=True)
class Part:
    """One column of a set: its name in the locales (`figures.part.…`) and the states that belong to it."""

    name: str
    states: tuple[State, ...]
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class StateSet:
    """One way to count. With `by_outcome` decided proposals are counted by how they were decided."""

    id: str
    parts: tuple[Part, ...]
    by_outcome: bool = False


OWN = StateSet("own", tuple(Part(state.value, (state,)) for state in State))

STATE_SETS: tuple[StateSet, ...] = (
    OWN,
    # Yeonsu-gu 2023: what residents raised at meetings.
    StateSet(
        "district",
        (
            Part("done", (State.DONE, State.MERGED, State.WITHDRAWN)),
            Part("in_progress", (State.RECEIVED, State.REVIEWING, State.IN_PROGRESS)),
            Part("long_term", (State.LONG_TERM,)),
            Part("infeasible", (State.INFEASIBLE,)),
            Part("handed_over", (State.HANDED_OVER,)),
        ),
    ),
    # The mayor's visits, 2023: only what goes on was shown; what ended stands beside it.
    StateSet(
        "visit",
        (
            Part("in_progress", (State.IN_PROGRESS, State.LONG_TERM)),
            Part("reviewing", (State.RECEIVED, State.REVIEWING)),
            Part("infeasible", (State.INFEASIBLE,)),
            Part("done", (State.DONE, State.HANDED_OVER, State.WITHDRAWN, State.MERGED)),
        ),
    ),
    # Incheon 2018, direct complaints (직소민원).
    StateSet(
        "direct",
        (
            Part("done", (State.DONE, State.HANDED_OVER, State.WITHDRAWN, State.MERGED)),
            Part("cannot", (State.INFEASIBLE,)),
            Part("review", _OPENED),
        ),
    ),
    # Incheon 2020, findings of the council.
    StateSet(
        "finding",
        (
            Part("ended", (State.DONE, State.HANDED_OVER, State.WITHDRAWN, State.MERGED)),
            Part("going_on", _OPENED),
            Part("cannot", (State.INFEASIBLE,)),
        ),
    ),
    # Incheon 2013, policy tasks: a new one has only been taken in.
    StateSet(
        "task",
        (
            Part("kept", (State.REVIEWING, State.IN_PROGRESS, State.LONG_TERM)),
            Part("ended", (State.DONE, State.INFEASIBLE, State.HANDED_OVER, State.WITHDRAWN)),
            Part("replaced", (State.MERGED,)),
            Part("new", (State.RECEIVED,)),
        ),
    ),
    # Proposals 2020: by their outcome where there is one, else undecided.
    StateSet(
        "proposal",
        (
            Part("adopted", (), (Outcome.ADOPTED,)),
            Part("adopted_in_part", (), (Outcome.ADOPTED_IN_PART,)),
            Part("adopted_as_amended", (), (Outcome.ADOPTED_AS_AMENDED,)),
            Part("not_adopted", (), (Outcome.NOT_ADOPTED,)),
            Part("second_review", (), (Outcome.SECOND_REVIEW,)),
            Part("undecided", tuple(State)),
        ),
        by_outcome=True,
    ),
)


def set_of(name: str) -> StateSet:
    """The set of that id; the program's own for an unknown one."""
    return next((one for one in STATE_SETS if one.id == name), OWN)
