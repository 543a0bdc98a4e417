"""The half-yearly account (반기 보고): every open case is spoken of to everyone it concerns, once."""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from cases.numbers import CaseNumber
from cases.quiet import release_time
from handlers.replies import Lane, Param, Said, day, office, phone_of, said, term
from schedules.districts import tell_districts
from schedules.jobs import Batch, Step, added
from schedules.telling import DEEDS, LONGEST_TITLE, MOST_DEEDS, deed_line, newest_words, shortened
from schedules.timetable import account_before
from storage.contacts import half_year_calls
from storage.jobs import NOTHING, Figures
from storage.letters import Letter, put_letters
from storage.rounds import (
    Deed,
    Ear,
    Told,
    deeds_between,
    ears_between,
    last_resident,
    tally_without_chat,
    told_between,
)

JOB = "half_account"
PEOPLE_AT_ONCE = 1000
MOST_IN_FULL = 10
"""Cases of one person told in full; the others get a line each, so that it stays one message."""


Row = TypeVar("Row")


async def tell_residents(batch: Batch) -> Step:
    """One batch of residents, in order of their ids; the last one counts the cases of the whole city."""
    connection, run = batch.connection, batch.run
    first = int(run.cursor or 0) + 1
    last = first + PEOPLE_AT_ONCE - 1
    moment, since = run.due_at, account_before(batch.tools.timetable, run.due_at)
    told = await told_between(connection, first, last, moment=moment, since=since, now=batch.now)
    counted: Figures = NOTHING
    if told:
        actions = [action.value for action in DEEDS]
        deeds = await deeds_between(connection, first, last, moment=moment, since=since, actions=actions)
        account = _Account(batch, told, deeds, await ears_between(connection, first, last))
        await put_letters(
            connection,
            account.letters(),
            template="half.account",
            lane=Lane.BULK,
            created_at=batch.now,
            not_before=release_time(batch.now, batch.world.zone),
        )
        counted = account.counted()
    if last < await last_resident(connection):
        return Step(str(last), counted, finished=False)
    rows = await tally_without_chat(connection, moment, since)
    city = _city([(row.district, row.state, row.cases, row.without_word) for row in rows])
    by_phone = await half_year_calls(connection, moment, batch.now)
    without_chat = {"without_chat": sum(row.cases for row in rows), "by_phone": by_phone}
    counted = added(added(counted, city), without_chat)
    groups = await tell_districts(batch, added(run.figures, counted))
    return Step("", added(counted, {"groups": groups}))


def _city(rows: Iterable[tuple[str, str, int, int]]) -> Figures:
    """Cases counted by district and state: how many, and how many without a word from their office."""
    districts: dict[str, dict[str, int]] = {}
    for district, state, cases, silent in rows:
        place = districts.setdefault(district, {"open": 0, "without_word": 0})
        place["open"] += cases
        place["without_word"] += silent
        place[state] = place.get(state, 0) + cases
    return {
        "open": sum(place["open"] for place in districts.values()),
        "without_word": sum(place["without_word"] for place in districts.values()),
        "districts": districts,
    }


class _Account:
    """What one batch of people is told.

    The parameters are put together as JSON: most of their parts are the same in thousands of messages, and
    are written once.
    """

    def __init__(
        self, batch: Batch, told: Sequence[Told], deeds: Sequence[Deed], ears: Sequence[Ear]
    ) -> None:
        self._batch = batch
        self._zone = batch.world.zone
        self._cases = _by(told, lambda one: one.resident_id)
        self._deeds = _by(deeds, lambda deed: deed.case_id)
        self._ears = _by(ears, lambda ear: ear.resident_id)
        self._day = _json(day(batch.now.astimezone(self._zone).date()))
        self._in_full: dict[int, str] = {}
        self._parts: dict[tuple[str, Hashable], str] = {}

    def letters(self) -> list[Letter]:
        """One message a conversation. Who cannot be reached gets it when they are back."""
        letters = []
        for person, cases in self._cases.items():
            ears = [ear for ear in self._ears.get(person, ()) if ear.notices]
            if not ears:
                continue
            params, choices = self._params(cases), _choices(cases)
            case_id = cases[0].case_id if len(cases) == 1 else None
            letters += [self._letter(ear, params, choices, case_id) for ear in ears]
        return letters

    def _letter(self, ear: Ear, params: str, choices: str, case_id: int | None) -> Letter:
        # Of one width, so that a million keys come in order: an index is filled four times as fast.
        key = f"half:{self._batch.run.period}:{ear.conversation_id:010}"
        state = "waiting" if ear.reachable else "held"
        return Letter(ear.conversation_id, ear.channel, params, choices, case_id, key, state)

    def counted(self) -> Figures:
        """People and accounts (a case told to a person) by how it went, and the cases they raised."""
        raised = [one for cases in self._cases.values() for one in cases if one.raised]
        city = _city((one.district, one.state, 1, one.silent) for one in raised)
        return added(self._counted_people(), city)

    def _counted_people(self) -> Figures:
        counts = {"people": 0, "told": 0, "unreachable": 0, "stopped": 0, "accounts": 0}
        for person, cases in self._cases.items():
            ears = self._ears.get(person, ())
            counts["people"] += 1
            if any(ear.reachable and ear.notices for ear in ears):
                counts["told"] += 1
                counts["accounts"] += len(cases)
            elif any(ear.notices for ear in ears):
                counts["unreachable"] += 1
            else:
                counts["stopped"] += 1
        return counts

    def _params(self, cases: Sequence[Told]) -> str:
        lines: list[str] = []
        for place, one in enumerate(cases):
            if place < MOST_IN_FULL:
                lines += ['""'] * bool(lines) + [self._full(one)]
            else:
                lines += ['""'] * (place == MOST_IN_FULL) + [_json(said("half.short", **_name(one)))]
        return f'{{"day":{self._day},"half":"{self._batch.run.period}","cases":[{",".join(lines)}]}}'

    def _full(self, one: Told) -> str:
        # A case with many supporters is put together once.
        known = self._in_full.get(one.case_id)
        if known is None:
            number, title = CaseNumber(one.year, one.running), _json(shortened(one.title, LONGEST_TITLE))
            state = self._part("state", one.state, lambda: term(f"state.{one.state}"))
            officer = self._part("office", one.office, lambda: office(one.office))
            known = self._in_full[one.case_id] = (
                '{"as":"said","value":"half.case","params":{'
                f'"number":"{number}","title":{title},"state":{state},"office":{officer},'
                f'"rest":[{",".join(self._rest(one))}]}}}}'
            )
        return known

    def _rest(self, one: Told) -> list[str]:
        deeds = self._deeds.get(one.case_id, [])
        rest = [self._deed(deed) for deed in deeds[-MOST_DEEDS:]]
        words = newest_words(deeds)
        if words is not None:
            rest.append(_json(words))
        elif one.silent:
            rest.append(self._part("silent", one.office, lambda: self._silence(one)))
        if one.planned_on is not None:
            rest.append(_json(said("half.planned", planned=day(one.planned_on))))
        if one.question_waiting:
            rest.append(_json(said("half.waiting")))
        elif one.overdue_since is not None:
            due = one.overdue_since.astimezone(self._zone).date()
            rest.append(self._part("overdue", due, lambda: said("half.overdue", due=day(due))))
        return rest

    def _deed(self, deed: Deed) -> str:
        on = deed.at.astimezone(self._zone).date()
        return self._part(deed.action, on, lambda: deed_line(deed.action, on))

    def _silence(self, one: Told) -> Said:
        if self._batch.world.directory.phone(one.office):
            return said("half.silent", office=office(one.office), phone=phone_of(one.office))
        return said("half.silent_no_phone", office=office(one.office))

    def _part(self, kind: str, value: Hashable, make: Callable[[], Said]) -> str:
        known = self._parts.get((kind, value))
        if known is None:
            known = self._parts[kind, value] = _json(make())
        return known


def _by(rows: Iterable[Row], of: Callable[[Row], int]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[of(row)].append(row)
    return found


# Made once: `json.dumps` makes one for each value that is not written its usual way.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _name(one: Told) -> Mapping[str, Param]:
    return {
        "number": str(CaseNumber(one.year, one.running)),
        "title": shortened(one.title, LONGEST_TITLE),
        "state": term(f"state.{one.state}"),
    }


def _choices(cases: Sequence[Told]) -> str:
    if len(cases) == 1:
        return _ONE_CHOICE % cases[0].case_id
    return _MY_CASES


_ONE_CHOICE = '[[{"label":"choice.look","params":{},"action":"case:%d","telephone":""}]]'
_MY_CASES = '[[{"label":"menu.mine","params":{},"action":"mine:0","telephone":""}]]'
