import datetime as dt
from dataclasses import replace

import pytest

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

PARKING = OfficeId("yeonsu/parking")
ROADS = OfficeId("yeonsu/roads")
POLICE = OfficeId("@police")
A_DAY = dt.date(2028, 12, 31)

RAISER = Actor(Role.RAISER, resident_id=1)
NEIGHBOUR = Actor(Role.SUPPORTER, resident_id=2)
OFFICER = Actor(Role.OFFICER, staff_id=11, offices=frozenset({PARKING}))
HEAD = Actor(Role.HEAD, staff_id=12, offices=frozenset({PARKING}))
DESK = Actor(Role.DESK, staff_id=13)
ADMIN = Actor(Role.ADMIN, staff_id=14)
READER = Actor(Role.READER, staff_id=15)
SYSTEM = Actor(Role.SYSTEM)
STRANGERS_OFFICER = Actor(Role.OFFICER, staff_id=16, offices=frozenset({ROADS}))
EVERYONE = (RAISER, NEIGHBOUR, OFFICER, HEAD, DESK, ADMIN, READER, SYSTEM, STRANGERS_OFFICER)

ANOTHER = Into(State.REVIEWING, PARKING)

UNFILED = CaseFacts(None, PARKING, raiser_id=1, public=True)
RECEIVED = replace(UNFILED, state=State.RECEIVED)


def taken(facts: CaseFacts, actor: Actor, action: Action) -> Decision:
    """The action with everything it can need."""
    target = POLICE if RULES[action].needs_target is Target.AUTHORITY else ROADS
    return decide(
        facts, actor, action, "현장을 확인했습니다.", target_office=target, date=A_DAY, into=ANOTHER
    )


def refused(
    facts: CaseFacts,
    actor: Actor,
    action: Action,
    words: str | None = "이유",
    *,
    target: OfficeId | None = None,
    into: Into | None = ANOTHER,
) -> Reason:
    with pytest.raises(NotAllowed) as refusal:
        decide(facts, actor, action, words, target_office=target, into=into)
    assert refusal.value.action is action
    return refusal.value.reason


def test_every_action_has_its_row_in_the_table() -> None:
    assert set(RULES) == set(Action)


@pytest.mark.parametrize(
    "action", [action for action, rule in RULES.items() if rule.leads_to in CLOSED_STATES]
)
def test_every_closing_needs_words_tells_the_resident_and_ends_the_question(action: Action) -> None:
    rule = RULES[action]
    assert rule.needs_words
    assert Audience.RESIDENT in rule.tells
    assert rule.question is False
    assert rule.starts == OPEN_STATES


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if rule.leads_to is not None])
def test_every_change_of_state_is_told_to_the_resident(action: Action) -> None:
    assert Audience.RESIDENT in RULES[action].tells


def test_only_a_second_look_opens_a_closed_case() -> None:
    opening = {
        action
        for action, rule in RULES.items()
        if rule.starts & CLOSED_STATES and rule.leads_to in OPEN_STATES
    }
    assert opening == {Action.SECOND_LOOK}


@pytest.mark.parametrize(
    ("state", "action", "leads_to"),
    [
        (State.RECEIVED, Action.TAKE, State.REVIEWING),
        (State.RECEIVED, Action.START, State.IN_PROGRESS),
        (State.REVIEWING, Action.START, State.IN_PROGRESS),
        (State.LONG_TERM, Action.START, State.IN_PROGRESS),
        (State.IN_PROGRESS, Action.LONG_TERM, State.LONG_TERM),
        (State.LONG_TERM, Action.LONG_TERM, State.LONG_TERM),
        (State.REVIEWING, Action.ASK, State.REVIEWING),
        (State.IN_PROGRESS, Action.PROGRESS, State.IN_PROGRESS),
        (State.IN_PROGRESS, Action.MOVE, State.RECEIVED),
        (State.REVIEWING, Action.INFEASIBLE, State.INFEASIBLE),
        (State.REVIEWING, Action.HAND_OVER, State.HANDED_OVER),
        (State.IN_PROGRESS, Action.ANSWER, State.DONE),
        (State.RECEIVED, Action.MERGE, State.MERGED),
        (State.DONE, Action.NOTE, State.DONE),
    ],
)
def test_an_officer_leads_a_case_of_the_own_office_where_the_table_says(
    state: State, action: Action, leads_to: State
) -> None:
    facts = replace(RECEIVED, state=state)
    for actor in (OFFICER, HEAD, DESK, ADMIN):
        assert taken(facts, actor, action).state is leads_to


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (State.REVIEWING, Action.TAKE),
        (State.IN_PROGRESS, Action.START),
        (State.DONE, Action.ANSWER),
        (State.DONE, Action.MOVE),
        (State.WITHDRAWN, Action.ASK),
        (State.MERGED, Action.PROGRESS),
    ],
)
def test_an_action_from_a_state_the_table_does_not_name_is_refused(state: State, action: Action) -> None:
    assert refused(replace(RECEIVED, state=state), OFFICER, action, target=ROADS) is Reason.WRONG_STATE


@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if Role.OFFICER in rule.roles])
def test_an_officer_of_another_office_may_do_nothing_to_the_case(action: Action) -> None:
    assert refused(RECEIVED, STRANGERS_OFFICER, action) is Reason.WRONG_OFFICE


@pytest.mark.parametrize("state", State)
def test_a_reader_may_do_nothing_to_any_case(state: State) -> None:
    assert allowed_actions(replace(RECEIVED, state=state), READER) == frozenset()


def test_a_new_case_is_filed_as_received_at_its_office() -> None:
    assert allowed_actions(UNFILED, RAISER) == {Action.FILE}
    decision = decide(UNFILED, RAISER, Action.FILE)
    assert (decision.state, decision.office) == (State.RECEIVED, PARKING)
    assert decision.tells == {Audience.RESIDENT, Audience.OFFICE}


def test_a_case_is_filed_once() -> None:
    assert refused(RECEIVED, DESK, Action.FILE) is Reason.WRONG_STATE


def test_the_raiser_of_an_open_case_may_add_to_it_and_withdraw_it() -> None:
    assert allowed_actions(RECEIVED, RAISER) == {Action.ADD, Action.WITHDRAW}


def test_another_resident_may_not_act_as_the_raiser() -> None:
    assert refused(RECEIVED, Actor(Role.RAISER, resident_id=2), Action.WITHDRAW) is Reason.WRONG_ROLE


def test_a_case_raised_by_telephone_has_no_raiser_in_the_chat() -> None:
    by_phone = replace(RECEIVED, raiser_id=None)
    assert allowed_actions(by_phone, Actor(Role.RAISER)) == frozenset()
    assert allowed_actions(by_phone, RAISER) == frozenset()


def test_a_neighbour_may_support_an_open_public_case_and_nothing_else() -> None:
    assert allowed_actions(RECEIVED, NEIGHBOUR) == {Action.SUPPORT}
    assert refused(replace(RECEIVED, public=False), NEIGHBOUR, Action.SUPPORT) is Reason.WRONG_STATE
    assert refused(replace(RECEIVED, state=State.DONE), NEIGHBOUR, Action.SUPPORT) is Reason.WRONG_STATE


def test_nobody_supports_the_own_case_or_the_same_case_twice() -> None:
    assert refused(RECEIVED, Actor(Role.SUPPORTER, resident_id=1), Action.SUPPORT) is Reason.WRONG_ROLE
    assert refused(replace(RECEIVED, supported=True), NEIGHBOUR, Action.SUPPORT) is Reason.ALREADY_DONE


def test_a_case_moved_to_another_office_begins_there_again_and_the_resident_is_told() -> None:
    decision = decide(
        replace(RECEIVED, state=State.IN_PROGRESS),
        OFFICER,
        Action.MOVE,
        " 도로과 소관입니다. ",
        target_office=ROADS,
    )
    assert (decision.state, decision.office, decision.moves) == (State.RECEIVED, ROADS, 1)
    assert decision.words == "도로과 소관입니다."
    assert decision.tells == {Audience.RESIDENT, Audience.OFFICE}


@pytest.mark.parametrize(("moves", "told"), [(0, False), (1, False), (2, True), (3, True)])
def test_from_the_third_move_on_the_head_of_the_desk_is_told(moves: int, told: bool) -> None:
    decision = taken(replace(RECEIVED, moves=moves), DESK, Action.MOVE)
    assert (Audience.DESK_HEAD in decision.tells) is told


def test_a_case_that_was_moved_often_alarms_nobody_when_it_is_answered() -> None:
    assert taken(replace(RECEIVED, moves=5), OFFICER, Action.ANSWER).tells == {Audience.RESIDENT}


@pytest.mark.parametrize(
    ("action", "target"),
    [
        (Action.MOVE, PARKING),
        (Action.MOVE, POLICE),
        (Action.MOVE, OfficeId("")),
        (Action.HAND_OVER, ROADS),
        (Action.HAND_OVER, INTAKE_DESK),
    ],
)
def test_a_case_goes_to_another_office_by_a_move_and_to_an_authority_by_handing_over(
    action: Action, target: OfficeId
) -> None:
    assert refused(RECEIVED, OFFICER, action, target=target) is Reason.TARGET_NEEDED
    assert refused(RECEIVED, OFFICER, action) is Reason.TARGET_NEEDED


def test_a_case_handed_over_is_closed_at_the_authority() -> None:
    decision = taken(RECEIVED, OFFICER, Action.HAND_OVER)
    assert (decision.state, decision.office) == (State.HANDED_OVER, POLICE)
    assert is_authority(decision.office)


def test_a_reply_is_taken_only_while_a_question_waits() -> None:
    assert refused(RECEIVED, RAISER, Action.REPLY) is Reason.WRONG_STATE
    asked = RECEIVED.after(decide(RECEIVED, OFFICER, Action.ASK, "어느 쪽 차로인가요?"))
    assert asked.question_waiting
    assert not decide(asked, RAISER, Action.REPLY).question_waiting


def test_a_question_still_waits_after_a_move_and_no_more_after_the_answer() -> None:
    asked = replace(RECEIVED, question_waiting=True)
    assert taken(asked, OFFICER, Action.MOVE).question_waiting
    assert not taken(asked, OFFICER, Action.ANSWER).question_waiting


@pytest.mark.parametrize("words", [None, "", "   ", " . ", "...!", "\n\t"])
@pytest.mark.parametrize("action", [action for action, rule in RULES.items() if rule.needs_words])
def test_blanks_and_dots_are_no_reason(action: Action, words: str | None) -> None:
    actor = RAISER if Role.RAISER in RULES[action].roles else OFFICER
    target = POLICE if action is Action.HAND_OVER else ROADS
    assert refused(RECEIVED, actor, action, words, target=target) is Reason.WORDS_NEEDED


def test_a_long_term_case_needs_its_planned_date() -> None:
    assert refused(RECEIVED, OFFICER, Action.LONG_TERM) is Reason.DATE_NEEDED
    assert decide(RECEIVED, OFFICER, Action.LONG_TERM, date=A_DAY).date == A_DAY


def test_a_note_is_told_to_nobody_and_is_possible_on_a_closed_case() -> None:
    for state in State:
        assert taken(replace(RECEIVED, state=state), OFFICER, Action.NOTE).tells == frozenset()


@pytest.mark.parametrize("state", sorted(CLOSED_STATES - {State.MERGED}))
def test_a_closed_case_can_be_rated_by_its_raiser_alone(state: State) -> None:
    closed = replace(RECEIVED, state=state)
    assert {actor for actor in EVERYONE if Action.RATE in allowed_actions(closed, actor)} == {RAISER}
    assert refused(RECEIVED, RAISER, Action.RATE) is Reason.WRONG_STATE


@pytest.mark.parametrize("state", [State.DONE, State.INFEASIBLE, State.HANDED_OVER])
def test_a_second_look_opens_the_case_once_and_goes_to_the_head_of_the_office(state: State) -> None:
    decision = decide(replace(RECEIVED, state=state), RAISER, Action.SECOND_LOOK)
    assert (decision.state, decision.office) == (State.REVIEWING, PARKING)
    assert Audience.OFFICE_HEAD in decision.tells
    again = replace(RECEIVED.after(decision), state=state)
    assert refused(again, RAISER, Action.SECOND_LOOK) is Reason.ALREADY_DONE


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.MERGED, State.IN_PROGRESS])
def test_there_is_no_second_look_at_what_was_withdrawn_merged_or_is_open(state: State) -> None:
    assert refused(replace(RECEIVED, state=state), RAISER, Action.SECOND_LOOK) is Reason.WRONG_STATE


def test_a_second_look_at_a_case_handed_over_begins_at_the_desk() -> None:
    handed_over = RECEIVED.after(taken(RECEIVED, OFFICER, Action.HAND_OVER))
    assert decide(handed_over, RAISER, Action.SECOND_LOOK).office == INTAKE_DESK


@pytest.mark.parametrize(
    ("into", "why"),
    [
        (None, Reason.TARGET_NEEDED),
        (replace(ANOTHER, same=True), Reason.SAME_CASE),
        (replace(ANOTHER, office=ROADS), Reason.TARGET_ELSEWHERE),
        *((replace(ANOTHER, state=state), Reason.TARGET_CLOSED) for state in sorted(CLOSED_STATES)),
        (replace(ANOTHER, tells_strangers=True), Reason.TARGET_HIDDEN),
    ],
)
def test_a_case_is_merged_only_into_another_open_one_of_the_own_offices_that_may_be_told(
    into: Into | None, why: Reason
) -> None:
    for actor in (OFFICER, HEAD):
        assert refused(RECEIVED, actor, Action.MERGE, into=into) is why


def test_the_desk_merges_cases_of_different_offices() -> None:
    elsewhere = replace(ANOTHER, office=ROADS)
    assert decide(RECEIVED, DESK, Action.MERGE, "같은 일이에요.", into=elsewhere).office == PARKING


def test_a_merged_case_is_over_and_cannot_be_rated() -> None:
    merged = RECEIVED.after(taken(RECEIVED, OFFICER, Action.MERGE))
    assert allowed_actions(merged, RAISER) == frozenset()
    assert allowed_actions(merged, OFFICER) == {Action.NOTE, Action.PHONED}


def test_a_refusal_says_which_action_and_why() -> None:
    with pytest.raises(NotAllowed, match="answer refused: wrong_role"):
        decide(RECEIVED, READER, Action.ANSWER, "끝났습니다.")
