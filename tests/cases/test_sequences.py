"""Whatever anybody tries, in any order: no case leaves the table of `cases.rules`."""

import datetime as dt
from dataclasses import dataclass, replace

from hypothesis import event, given
from hypothesis import strategies as st

from cases.rules import CLOSED_STATES, RULES, Audience, Target
from cases.transitions import (
    Actor,
    CaseFacts,
    Decision,
    Into,
    NotAllowed,
    Reason,
    allowed_actions,
    decide,
    is_authority,
)
from cases.vocabulary import INTAKE_DESK, OPEN_STATES, Action, OfficeId, Role, State

PARKING, ROADS, POLICE = OfficeId("yeonsu/parking"), OfficeId("yeonsu/roads"), OfficeId("@police")
A_DAY = dt.date(2028, 12, 31)
BOTH_OFFICES = frozenset({PARKING, ROADS})
ANOTHER = Into(State.RECEIVED, PARKING)
INCOMPLETE = frozenset(
    {
        Reason.WORDS_NEEDED,
        Reason.DATE_NEEDED,
        Reason.TARGET_NEEDED,
        Reason.SAME_CASE,
        Reason.TARGET_CLOSED,
    }
)

ACTORS = st.one_of(
    st.builds(Actor, st.sampled_from(Role), st.sampled_from([None, 1, 2]), st.just(7), st.just(BOTH_OFFICES)),
    st.builds(Actor, st.sampled_from([Role.RAISER, Role.DESK]), st.just(1)),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries something: any action at all, or with `pick` one that is open to them, complete."""

    actor: Actor
    action: Action
    words: str | None
    target: OfficeId | None
    date: dt.date | None
    into: Into | None
    pick: int | None

    def within(self, facts: CaseFacts) -> "Attempt":
        choices = sorted(allowed_actions(facts, self.actor))
        if self.pick is None or not choices:
            return self
        action = choices[self.pick % len(choices)]
        target = {Target.OFFICE: self._another(facts), Target.AUTHORITY: POLICE}
        return Attempt(
            self.actor, action, "이유", target.get(RULES[action].needs_target), A_DAY, ANOTHER, None
        )

    def _another(self, facts: CaseFacts) -> OfficeId:
        return ROADS if facts.office == PARKING else PARKING


ATTEMPTS = st.builds(
    Attempt,
    ACTORS,
    st.sampled_from(Action),
    st.sampled_from([None, "", ".", "이유가 있습니다"]),
    st.sampled_from([None, PARKING, ROADS, INTAKE_DESK, POLICE]),
    st.sampled_from([None, A_DAY]),
    st.sampled_from([None, ANOTHER, replace(ANOTHER, same=True), replace(ANOTHER, state=State.DONE)]),
    st.integers(0, 20) | st.none(),
)


@given(
    attempts=st.lists(ATTEMPTS, min_size=20, max_size=60),
    public=st.booleans(),
    raiser_id=st.sampled_from([1, 1, 1, None]),
)
def test_no_sequence_of_actions_by_anybody_leaves_the_table(
    attempts: list[Attempt], public: bool, raiser_id: int | None
) -> None:
    facts = CaseFacts(None, PARKING, raiser_id, public)
    history: list[tuple[CaseFacts, Decision]] = []
    for attempt in attempts:
        decision = _outcome(facts, attempt.within(facts))
        if isinstance(decision, Decision):
            history.append((facts, decision))
            facts = facts.after(decision)
    for before, decision in history:
        _check_step(before, decision)
    counts = {action: sum(decision.action is action for _, decision in history) for action in Action}
    event(f"second looks: {counts[Action.SECOND_LOOK]}")
    assert counts[Action.FILE] == (facts.state is not None)
    assert counts[Action.SECOND_LOOK] <= 1
    assert counts[Action.MOVE] == facts.moves
    closings = sum(
        decision.state in CLOSED_STATES and before.state in OPEN_STATES for before, decision in history
    )
    assert closings == counts[Action.SECOND_LOOK] + (facts.state in CLOSED_STATES)


def _outcome(facts: CaseFacts, attempt: Attempt) -> Decision | Reason:
    offered = attempt.action in allowed_actions(facts, attempt.actor)
    try:
        decision = decide(
            facts,
            attempt.actor,
            attempt.action,
            attempt.words,
            target_office=attempt.target,
            date=attempt.date,
            into=attempt.into,
        )
    except NotAllowed as refusal:
        reason = refusal.reason
    else:
        assert offered, f"{attempt.action} was done though it was not offered"
        return decision
    assert offered == (reason in INCOMPLETE)
    return reason


def _check_step(before: CaseFacts, decision: Decision) -> None:
    rule = RULES[decision.action]
    assert before.state in rule.starts
    assert decision.state is (rule.leads_to or before.state)
    if decision.state is not before.state:
        assert Audience.RESIDENT in decision.tells
    if before.state in CLOSED_STATES and decision.state in OPEN_STATES:
        assert decision.action is Action.SECOND_LOOK
    if before.state in OPEN_STATES and decision.state in CLOSED_STATES:
        assert decision.words
    if decision.state in CLOSED_STATES:
        assert not decision.question_waiting
    if decision.office != before.office:
        assert decision.action in {Action.MOVE, Action.HAND_OVER, Action.SECOND_LOOK}
    assert is_authority(decision.office) == (decision.state is State.HANDED_OVER)
