"""The sealed log of what staff did (감사 기록), for administrators: looked through, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from starlette.responses import Response

from cases.vocabulary import Role
from locales.catalogue import fill
from storage.audit import Sealed, Wanted, entries
from storage.staff import Staff, all_staff
from web.staff.pages import Visit

PAGE = 50

DID = "audit.did."
"""Below this stand the words for everything that is noted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown. `facts` are names of facts with their values in words."""

    entry: Sealed
    who: str
    what: str
    facts: tuple[tuple[str, str], ...]
    sound: bool


async def show_audit(visit: Visit) -> Response:
    """The newest entries first, narrowed by person, action, subject and days."""
    wanted = _wanted(visit)
    async with visit.console.database.read() as connection:
        people = await all_staff(connection)
        found = await entries(connection, wanted, PAGE + 1)
    names, actions = {person.id: person for person in people}, _actions(visit)
    asked = {name: visit.asked(name) for name in ("who", "action", "subject", "from", "to")}
    kept = {name: value for name, value in asked.items() if value}
    more = urlencode(kept | {"before": str(found[PAGE - 1].number)}) if len(found) > PAGE else ""
    return visit.page(
        "audit.html",
        lines=[_line(visit, entry, names, actions) for entry in found[:PAGE]],
        people=people,
        actions=sorted(actions.items(), key=lambda one: one[1]),
        asked=asked,
        narrowed=bool(kept),
        more=more,
    )


def _wanted(visit: Visit) -> Wanted:
    return Wanted(
        staff_id=_whole(visit.asked("who")),
        action=visit.asked("action"),
        subject=visit.asked("subject"),
        since=_midnight(visit, visit.asked("from"), 0),
        until=_midnight(visit, visit.asked("to"), 1),
        before=_whole(visit.asked("before")),
    )


def _actions(visit: Visit) -> dict[str, str]:
    texts = visit.console.wording.renderer.texts(DID, visit.locale)
    return {key.removeprefix(DID): words for key, words in texts.items()}


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def _midnight(visit: Visit, typed: str, days: int) -> datetime | None:
    try:
        day = date.fromisoformat(typed) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(day, time(), visit.console.services.world.zone)


def _line(visit: Visit, entry: Sealed, people: Mapping[int, Staff], actions: Mapping[str, str]) -> Line:
    person = people.get(entry.staff_id) if entry.staff_id is not None else None
    who = f"{person.name} ({person.login})" if person else entry.who
    sealer = visit.console.services.world.sealer
    return Line(
        entry=entry,
        who=who or _term(visit, "audit.nobody"),
        what=actions.get(entry.action) or _of_history(visit, entry),
        facts=tuple(
            (_fact_name(visit, name), _words(visit, name, value))
            for name, value in entry.facts.items()
            if not (name == "role" and entry.action.startswith("case."))
        ),
        sound=entry.key != sealer.name or entry.sealed_by(sealer) == entry.seal,
    )


def _of_history(visit: Visit, entry: Sealed) -> str:
    """What a card's history says of an action that has no words of its own here."""
    texts = visit.console.wording.renderer.texts("staff_web.history.", visit.locale)
    key = f"staff_web.history.{entry.action.removeprefix('case.')}"
    return fill(texts[key], lambda _name: "…") if key in texts else entry.action


_FACTS = frozenset({"role", "role_before", "office", "offices", "state", "kind", "name", "rows", "file"})


def _fact_name(visit: Visit, name: str) -> str:
    return _term(visit, f"audit.fact.{name}") if name in _FACTS else name


def _words(visit: Visit, name: str, value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_words(visit, name, one) for one in value) or "–"
    text = str(value)
    if name in ("office", "offices"):
        return visit.console.wording.directory.name(text, visit.locale)
    if name in ("role", "role_before") and text in set(Role):
        return _term(visit, f"staff_web.role.{text}")
    return _term(visit, f"state.{text}") if name == "state" else text


def _term(visit: Visit, key: str) -> str:
    return visit.console.wording.say(key, visit.locale)
