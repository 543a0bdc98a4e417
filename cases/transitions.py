"""What may be done to a case (건의) and what follows, by the table in `cases.rules`.

`allowed_actions` says which buttons to show, `decide` what pressing one does. Both are pure: the caller
reads `CaseFacts`, asks, and writes the `Decision` in one transaction.
"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from cases.rules import RULES, Audience, Rule, Target
from cases.vocabulary import INTAKE_DESK, Action, Kind, OfficeId, Role, State

ALARMING_MOVES = 3
"""From this move (이관) of one case on, the intake desk's head is told of it."""

_BOUND_TO_OFFICE = frozenset({Role.OFFICER, Role.HEAD})
_PLACES = frozenset({Target.OFFICE, Target.AUTHORITY})


class Reason(StrEnum):
    """Why an action was refused; the wording is in the locales (`refused.wrong_role` …)."""

    WRONG_ROLE = "wrong_role"
    WRONG_OFFICE = "wrong_office"
    WRONG_STATE = "wrong_state"
    ALREADY_DONE = "already_done"
    WORDS_NEEDED = "words_needed"
    DATE_NEEDED = "date_needed"
    TARGET_NEEDED = "target_needed"
    TARGET_ELSEWHERE = "target_elsewhere"
    SAME_CASE = "same_case"
    TARGET_CLOSED = "target_closed"
    TARGET_HIDDEN = "target_hidden"


class NotAllowed(Exception):  # noqa: N818 - a refusal is an outcome the caller words, not a fault
    """An action refused. `reason` is a value to translate; nothing was changed."""

    def __init__(self, action: Action, reason: Reason) -> None:
        super().__init__(f"{action} refused: {reason}")
        self.action = action
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules need to know of a case (건의) before they decide.

    `state` is None for a case not yet filed, `raiser_id` None when it was raised without a chat (전화, 방문).
    `supported` says whether the resident who acts supports it already. No rule differs by `kind` so far.
    """

    state: State | None
    office: OfficeId
    raiser_id: int | None = None
    public: bool = False
    question_waiting: bool = False
    second_look_used: bool = False
    moves: int = 0
    extended: bool = False
    kind: Kind = Kind.SUGGESTION
    supported: bool = False

    def after(self, decision: "Decision") -> "CaseFacts":
        """The facts once the decision is written."""
        return replace(
            self,
            state=decision.state,
            office=decision.office,
            question_waiting=decision.question_waiting,
            second_look_used=decision.second_look_used,
            moves=decision.moves,
            extended=self.extended or decision.action is Action.EXTEND,
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts (행위자). `offices` are the offices a member of staff belongs to; empty for residents."""

    role: Role
    resident_id: int | None = None
    staff_id: int | None = None
    offices: frozenset[OfficeId] = frozenset()


@dataclass(frozen=True, slots=True)
class Into:
    """The case that another is to be merged into (병합 대상), and what of it the rules look at.

    `same` when it is that other case itself, or was merged into it; `tells_strangers` when somebody would
    hear of it from then on to whom it does not belong, though it is not public.
    """

    state: State
    office: OfficeId
    same: bool = False
    tells_strangers: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What an allowed action does (처리): the case afterwards, and who is told.

    `words` are stripped, or None. A resident who acted is "told" by the answer to their own turn.
    """

    action: Action
    state: State
    office: OfficeId
    question_waiting: bool
    second_look_used: bool
    moves: int
    tells: frozenset[Audience]
    words: str | None = None
    date: dt.date | None = None


def is_authority(office: OfficeId) -> bool:
    """True when the id names another authority (이송 기관, `@police`), False for an office of the city."""
    return office.startswith("@")


def allowed_actions(facts: CaseFacts, actor: Actor) -> frozenset[Action]:
    """Every action the actor could take now, given the words, date or target it needs."""
    return frozenset(action for action in RULES if _refusal(facts, actor, action) is None)


def decide(
    facts: CaseFacts,
    actor: Actor,
    action: Action,
    words: str | None = None,
    *,
    target_office: OfficeId | None = None,
    date: dt.date | None = None,
    into: Into | None = None,
) -> Decision:
    """What the action does to the case.

    `words` is the reason, question or answer (blanks and marks alone are none), `target_office` where a case
    is moved or handed over to, `into` the case it is merged into, `date` the planned day of a long-term case
    in the city's zone; whether it lies ahead is for the caller, who has a clock. Raises NotAllowed, and then
    nothing is to be written.
    """
    rule = RULES[action]
    refusal = _refusal(facts, actor, action)
    if refusal is None and rule.needs_target is Target.CASE:
        refusal = _refusal_of_merging(actor, into)
    refusal = refusal or _missing(facts, rule, words, target_office, date)
    if refusal is not None:
        raise NotAllowed(action, refusal)
    state = rule.leads_to or facts.state
    assert state is not None, f"{action} would leave a case without a state"
    moves = facts.moves + (rule.needs_target is Target.OFFICE)
    alarming = moves > facts.moves and moves >= ALARMING_MOVES
    return Decision(
        action=action,
        state=state,
        office=_office_after(facts, rule, target_office),
        question_waiting=facts.question_waiting if rule.question is None else rule.question,
        second_look_used=facts.second_look_used or action is Action.SECOND_LOOK,
        moves=moves,
        tells=rule.tells | {Audience.DESK_HEAD} if alarming else rule.tells,
        words=words.strip() if words and words.strip() else None,
        date=date if rule.needs_date else None,
    )


def _refusal(facts: CaseFacts, actor: Actor, action: Action) -> Reason | None:
    rule = RULES[action]
    if actor.role not in rule.roles or not _is_who_they_say(facts, actor):
        return Reason.WRONG_ROLE
    if actor.role in _BOUND_TO_OFFICE and facts.office not in actor.offices:
        return Reason.WRONG_OFFICE
    if rule.once and _done_before(facts, action):
        return Reason.ALREADY_DONE
    ready = (
        facts.state in rule.starts
        and (facts.question_waiting or not rule.needs_question)
        and (facts.public or not rule.needs_public)
    )
    return None if ready else Reason.WRONG_STATE


def _refusal_of_merging(actor: Actor, into: Into | None) -> Reason | None:
    if into is None:
        return Reason.TARGET_NEEDED
    if into.same:
        return Reason.SAME_CASE
    if actor.role in _BOUND_TO_OFFICE and into.office not in actor.offices:
        return Reason.TARGET_ELSEWHERE
    if not into.state.is_open:
        return Reason.TARGET_CLOSED
    return Reason.TARGET_HIDDEN if into.tells_strangers else None


def _is_who_they_say(facts: CaseFacts, actor: Actor) -> bool:
    if actor.role is Role.RAISER:
        return actor.resident_id is not None and actor.resident_id == facts.raiser_id
    if actor.role is Role.SUPPORTER:
        return actor.resident_id is not None and actor.resident_id != facts.raiser_id
    return True


def _done_before(facts: CaseFacts, action: Action) -> bool:
    match action:
        case Action.SECOND_LOOK:
            return facts.second_look_used
        case Action.EXTEND:
            return facts.extended
        case _:
            return facts.supported


def _missing(
    facts: CaseFacts, rule: Rule, words: str | None, target: OfficeId | None, date: dt.date | None
) -> Reason | None:
    if rule.needs_target in _PLACES and not _fits(rule.needs_target, facts.office, target):
        return Reason.TARGET_NEEDED
    if rule.needs_words and not any(letter.isalnum() for letter in words or ""):
        return Reason.WORDS_NEEDED
    if rule.needs_date and date is None:
        return Reason.DATE_NEEDED
    return None


def _fits(wanted: Target, current: OfficeId, target: OfficeId | None) -> bool:
    if not target or target == current:
        return False
    return is_authority(target) == (wanted is Target.AUTHORITY)


def _office_after(facts: CaseFacts, rule: Rule, target: OfficeId | None) -> OfficeId:
    if rule.needs_target in _PLACES and target:
        return target
    # A case handed over has no office of the city any more: the second look begins at the desk.
    if rule.leads_to is State.REVIEWING and is_authority(facts.office):
        return INTAKE_DESK
    return facts.office
