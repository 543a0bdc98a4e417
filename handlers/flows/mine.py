"""My cases (내 건의): the list, one case by number or by a few words, its history in plain words."""

from cases.numbers import CaseNumber
from cases.transitions import allowed_actions
from cases.vocabulary import Action, State
from handlers.flows.meant import meant
from handlers.flows.smalltalk import MENU
from handlers.notices import card_params, closing_choices
from handlers.replies import Choice, Reply, Rows, Said, day, day_of, office, said, term
from handlers.scene import Outcome, Scene, answer
from intents.reading import Reading
from storage.casebook import Case, Event, case_by_id, case_by_number, cases_of, history_of
from storage.people import supporter_count, supporters

_PAGE = 6
_LOOKED_THROUGH = 100
_LATEST_EVENTS = 12
_LONGEST_WORDS = 300
_NEVER_TOLD = frozenset({Action.NOTE, Action.SUPPORT, Action.CONFIRM, Action.PHONED})
_BETWEEN_THEM = frozenset(
    {Action.ASK, Action.REPLY, Action.ADD, Action.RATE, Action.WITHDRAW, Action.SECOND_LOOK}
)


async def listed(scene: Scene) -> Outcome:
    """The first page of what the person raised."""
    return await _page(scene, 0)


async def wanted(scene: Scene, _text: str, _reading: Reading) -> Outcome:
    """Asked for in words."""
    return await _page(scene, 0)


async def page(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """A page by its button."""
    return await _page(scene, _number(arguments))


async def _page(scene: Scene, start: int) -> Outcome:
    resident = scene.talk.resident_id
    found = (
        [] if resident is None else await cases_of(scene.connection, resident, limit=_PAGE + 1, offset=start)
    )
    if not found:
        return answer(Reply("mine.none", {}, MENU))
    buttons: list[tuple[Choice, ...]] = [
        (
            Choice(
                "mine.line",
                f"case:{case.id}",
                {
                    "number": str(case.number),
                    "title": _short(case.title),
                    "state": term(f"state.{case.state}"),
                },
            ),
        )
        for case in found[:_PAGE]
    ]
    turn = []
    if start:
        turn.append(Choice("mine.newer", f"mine:{max(0, start - _PAGE)}"))
    if len(found) > _PAGE:
        turn.append(Choice("mine.older", f"mine:{start + _PAGE}"))
    if turn:
        buttons.append(tuple(turn))
    return answer(Reply("mine.list", {}, tuple(buttons)))


def _short(title: str) -> str:
    return title if len(title) <= 24 else title[:24] + "…"


async def shown(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """One case by its button: the person's own, or a public one."""
    case = await case_by_id(scene.connection, _number(arguments))
    return await _show(scene, case)


async def status_wanted(scene: Scene, text: str, reading: Reading) -> Outcome:
    """One case by its number, or by a few words of it ("지난번 가로등 건")."""
    number = CaseNumber.find(reading.case_number or text)
    if number is not None:
        return await _show(scene, await case_by_number(scene.connection, number))
    found = await matching(scene, text)
    if len(found) == 1:
        return await _show(scene, found[0])
    return await choose(scene, found) if found else await listed(scene)


async def matching(scene: Scene, text: str) -> list[Case]:
    """The person's own cases that these words may mean, best first; the only one when there is one."""
    resident = scene.talk.resident_id
    own = [] if resident is None else await cases_of(scene.connection, resident, limit=_LOOKED_THROUGH)
    return own if len(own) <= 1 else meant(text, own)


async def choose(scene: Scene, found: list[Case]) -> Outcome:
    """Several may be meant: which one?"""
    rows: Rows = tuple(
        (
            Choice(
                "mine.line",
                f"case:{case.id}",
                {
                    "number": str(case.number),
                    "title": _short(case.title),
                    "state": term(f"state.{case.state}"),
                },
            ),
        )
        for case in found
    )
    return answer(Reply("mine.which", {}, (*rows, (Choice("menu.mine", "mine:0"),))))


async def _show(scene: Scene, case: Case | None) -> Outcome:
    own = case is not None and case.resident_id == scene.talk.resident_id and case.resident_id is not None
    if case is None or not (own or case.public):
        # A case of somebody else is answered like one that is not there: its number tells nothing.
        return answer(Reply("mine.unknown", {}, MENU))
    params = card_params(case)
    due = day_of(case.due_at)
    late = case.state.is_open and case.due_at < scene.now and not case.question_waiting
    params["due"] = said("mine.due_passed", due=due) if late else due
    if case.state is State.LONG_TERM and case.planned_on is not None:
        params["due"] = said("mine.planned", day=day(case.planned_on))
    params["supporters"] = await supporter_count(scene.connection, case.id)
    params["received"] = day_of(case.received_at)
    template = "mine.case" if own else "mine.public_case"
    if own and not case.state.is_open:
        template = "mine.closed_case"
    params["into"] = await _number_of(scene, case.merged_into)
    if params["into"]:
        params["state"] = said("mine.merged", into=params["into"])
        if own:
            template = "mine.merged_case"
    backing = not own and scene.talk.resident_id in await supporters(scene.connection, case.id)
    choices = _choices(scene, case, own=own, backing=backing)
    return answer(Reply(template, params, choices, case_id=case.id))


async def _number_of(scene: Scene, case_id: int | None) -> str:
    case = None if case_id is None else await case_by_id(scene.connection, case_id)
    return "" if case is None else str(case.number)


def _choices(scene: Scene, case: Case, *, own: bool, backing: bool) -> Rows:
    history = Choice("choice.history", f"history:{case.id}")
    if not own:
        allowed = allowed_actions(case.facts(supported=backing), scene.supporter)
        behind = (Choice("choice.support", f"support:{case.id}"),) if Action.SUPPORT in allowed else ()
        merged = closing_choices(case) if case.merged_into is not None else ()
        return ((*behind, history), *merged)
    allowed = allowed_actions(case.facts(), scene.raiser)
    rows: list[tuple[Choice, ...]] = [(history,)]
    if Action.REPLY in allowed:
        rows.append((Choice("choice.reply", f"reply:{case.id}"),))
    if Action.ADD in allowed:
        rows.append(
            (Choice("choice.add", f"add:{case.id}"), Choice("choice.withdraw", f"withdraw:{case.id}"))
        )
    if not case.state.is_open:
        rows.extend(closing_choices(case))
    return tuple(rows)


async def history(scene: Scene, arguments: tuple[str, ...]) -> Outcome:
    """Who has it, who had it before, and why it moved: in plain words, oldest first."""
    case = await case_by_id(scene.connection, _number(arguments))
    own = case is not None and case.resident_id == scene.talk.resident_id and case.resident_id is not None
    if case is None or not (own or case.public):
        return answer(Reply("mine.unknown", {}, MENU))
    events = [event for event in await history_of(scene.connection, case.id) if _tellable(event, own=own)]
    # The first line says when it began, however long the story is.
    told = events if len(events) <= _LATEST_EVENTS else [events[0], *events[1 - _LATEST_EVENTS :]]
    lines: list[str | Said] = [_line(scene, event) for event in told]
    return answer(Reply("history.text", card_params(case) | {"lines": lines}, case_id=case.id))


def _tellable(event: Event, *, own: bool) -> bool:
    """Notes of the office are internal; what the office and the person say to each other is theirs alone."""
    if event.action in _NEVER_TOLD:
        return False
    return own or event.action not in _BETWEEN_THEM


def _line(scene: Scene, event: Event) -> Said:
    return said(
        f"history.{event.action}",
        day=day_of(event.at),
        office=office(event.to_office),
        before=office(event.from_office),
        words=event.words[:_LONGEST_WORDS] + ("…" if len(event.words) > _LONGEST_WORDS else ""),
        state=term(f"state.{event.to_state}"),
    )


def _number(arguments: tuple[str, ...]) -> int:
    # An id beyond 63 bits is no row of ours, and PostgreSQL would refuse to look.
    text = arguments[0] if arguments else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0
