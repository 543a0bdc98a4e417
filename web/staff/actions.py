"""The forms of a case card: one row for each thing staff can do, in the order they are offered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.numbers import CaseNumber
from cases.rules import RULES, Target
from cases.vocabulary import Action, OfficeId
from cities.directory import Directory
from handlers.casework import MOST_WORDS, Deed
from handlers.staff.offices import find_office
from storage.casebook import Case
from web.staff.filling import fill_fields, open_fields
from web.staff.offices import best_office, office_names
from web.staff.pages import Visit
from web.staff.rights import actor_of


class Words(StrEnum):
    """Whether a form has a field for words."""

    NONE = "none"
    OPTIONAL = "optional"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class ActionForm:
    """One form (처리): its action and which fields it shows. `closes` ends the case."""

    action: Action
    words: Words = Words.NEEDED
    closes: bool = False

    @property
    def target(self) -> str:
        """What the form asks to send the case to: nothing, office, authority or case."""
        return RULES[self.action].needs_target.value

    @property
    def date(self) -> bool:
        """True when the form asks for a day."""
        return RULES[self.action].needs_date

    @property
    def internal(self) -> bool:
        """True when the resident does not read what is written here."""
        return not RULES[self.action].tells


FORMS: tuple[ActionForm, ...] = (
    ActionForm(Action.TAKE, Words.NONE),
    ActionForm(Action.START, Words.NONE),
    ActionForm(Action.ANSWER, closes=True),
    ActionForm(Action.ASK),
    ActionForm(Action.PROGRESS),
    ActionForm(Action.MOVE),
    ActionForm(Action.LONG_TERM, Words.OPTIONAL),
    ActionForm(Action.EXTEND),
    ActionForm(Action.HAND_OVER, closes=True),
    ActionForm(Action.INFEASIBLE, closes=True),
    ActionForm(Action.MERGE, closes=True),
    ActionForm(Action.NOTE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a form was not accepted: a text below `staff_web.fault.`, and what fills it."""

    reason: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into a form, to be shown again when it is not accepted."""

    action: Action
    words: str = ""
    target: str = ""
    on: str = ""


def form_of(name: str) -> ActionForm | None:
    """The form of that action, or None when the console has none."""
    return next((form for form in FORMS if form.action.value == name), None)


def typed_of(visit: Visit, form: ActionForm) -> Typed:
    """What the form brought."""
    return Typed(
        action=form.action,
        words=visit.typed("words"),
        target=visit.typed("target")[:200],
        on=visit.typed("on")[:20],
    )


def deed_of(visit: Visit, case: Case, typed: Typed) -> Deed | Fault:
    """What is to be done, or what of the form could not be understood."""
    directory = visit.console.wording.directory
    target = _target(directory, case, typed, visit.locale)
    if isinstance(target, Fault):
        return target
    into = _into(typed)
    if isinstance(into, Fault):
        return into
    try:
        on = date.fromisoformat(typed.on) if typed.on else None
    except ValueError:
        return Fault(reason="date_unreadable")
    words = fill_fields(typed.words, case, visit.console.wording, visit.now)
    if len(words) > MOST_WORDS:
        return Fault(reason="words_too_long", params={"most": str(MOST_WORDS), "many": str(len(words))})
    still_open = open_fields(words) if RULES[typed.action].tells else []
    if still_open:
        return Fault(reason="fields_open", params={"fields": " ".join(still_open)})
    return Deed(
        action=typed.action,
        by=actor_of(visit.staff),
        author=visit.staff.name,
        words=words,
        target=target,
        on=on,
        into=into,
        expected_version=seen_version(visit, case),
    )


def seen_version(visit: Visit, case: Case) -> int:
    """The version of the case that was before the person's eyes when they filled the form."""
    version = visit.typed("version")
    return int(version) if version.isdecimal() and len(version) < 10 else case.version


def _into(typed: Typed) -> CaseNumber | Fault | None:
    if RULES[typed.action].needs_target is not Target.CASE:
        return None
    if not typed.target:
        return Fault(reason="case_needed")
    return CaseNumber.parse(typed.target) or Fault(reason="case_unreadable")


def _target(directory: Directory, case: Case, typed: Typed, locale: str) -> OfficeId | Fault | None:
    if RULES[typed.action].needs_target in (Target.NOTHING, Target.CASE) or not typed.target:
        return None
    office = best_office(directory, typed.target)
    if office is not None:
        return office
    offices = [one for one, _ in office_names(directory, locale)]
    found = find_office(directory, typed.target, offices, case.district)
    if found.office is not None:
        return found.office
    near = ", ".join(directory.name(one, locale) for one in found.candidates)
    reason = "office_unknown_near" if near else "office_unknown"
    return Fault(reason=reason, params={"typed": f"‘{typed.target}’", "near": near})
