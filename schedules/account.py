"""The half-yearly account (반기 보고): every open case is spoken of to everyone it concerns, once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from cases.numbers import CaseNumber
from cases.quiet import release_time
from handlers.replies import Choice, Lane, Param, Said, day, office, phone_of, said, term
from schedules.jobs import Batch, Step
from schedules.telling import DEEDS, LONGEST_TITLE, deed_lines, newest_words, shortened
from schedules.timetable import account_before
from storage.jobs import NOTHING, Figures
from storage.outbox import Post, put
from storage.rounds import (
    Deed,
    Ear,
    Told,
    deeds_between,
    ears_between,
    last_resident,
    tally,
    told_between,
)

JOB = "half_account"
PEOPLE_AT_ONCE = 1000
MOST_IN_FULL = 10
"""Cases of one person told in full; the others get a line each, so that it stays one message."""


async def tell_residents(batch: Batch) -> Step:
    """One batch of residents, in order of their ids; the last one counts the cases of the whole city."""
    connection, run = batch.connection, batch.run
    first = int(run.cursor or 0) + 1
    last = first + PEOPLE_AT_ONCE - 1
    moment, since = run.due_at, account_before(batch.tools.timetable, run.due_at)
    told = await told_between(connection, first, last, moment)
    counted: Figures = NOTHING
    if told:
        actions = [action.value for action in DEEDS]
        deeds = await deeds_between(connection, first, last, moment, since, actions)
        ears = await ears_between(connection, first, last)
        account = _Account(batch, since, told, deeds, ears)
        await put(connection, account.posts())
        counted = account.counted()
    if last < await last_resident(connection):
        return Step(str(last), counted, finished=False)
    return Step("", {**counted, **await _city(batch, moment, since)})


async def _city(batch: Batch, moment: datetime, since: datetime) -> dict[str, object]:
    rows = await tally(batch.connection, moment, since)
    districts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        place = districts[row.district]
        place["open"] += row.cases
        place["without_word"] += row.without_word
        place[row.state.value] += row.cases
    return {
        "open": sum(row.cases for row in rows),
        "without_word": sum(row.without_word for row in rows),
        "without_chat": sum(row.without_chat for row in rows),
        "districts": {district: dict(counts) for district, counts in sorted(districts.items())},
    }


class _Account:
    """What one batch of people is told."""

    def __init__(
        self, batch: Batch, since: datetime, told: Sequence[Told], deeds: Sequence[Deed], ears: Sequence[Ear]
    ) -> None:
        self._batch = batch
        self._since = since
        self._zone = batch.world.zone
        self._by_person: dict[int, list[Told]] = defaultdict(list)
        for one in told:
            self._by_person[one.resident_id].append(one)
        self._deeds: dict[int, list[Deed]] = defaultdict(list)
        for deed in deeds:
            self._deeds[deed.case_id].append(deed)
        self._ears: dict[int, list[Ear]] = defaultdict(list)
        for ear in ears:
            self._ears[ear.resident_id].append(ear)
        self._said: dict[int, Said] = {}

    def posts(self) -> list[Post]:
        """One message a conversation. Who cannot be reached gets it when they are back."""
        morning = release_time(self._batch.now, self._zone)
        posts = []
        for person, cases in self._by_person.items():
            ears = [ear for ear in self._ears[person] if ear.notices]
            if not ears:
                continue
            params = self._params(cases)
            choices = _choices(cases)
            posts += [self._post(ear, params, choices, cases, morning) for ear in ears]
        return posts

    def _post(
        self,
        ear: Ear,
        params: dict[str, object],
        choices: list[object],
        cases: Sequence[Told],
        morning: datetime,
    ) -> Post:
        return Post(
            conversation_id=ear.conversation_id,
            channel=ear.channel,
            lane=Lane.BULK,
            kind="message",
            template="half.account",
            params=params,
            choices=choices,
            created_at=self._batch.now,
            not_before=morning,
            case_id=cases[0].case_id if len(cases) == 1 else None,
            key=f"half:{self._batch.run.period}:{ear.conversation_id}",
            held=not ear.reachable,
        )

    def counted(self) -> Figures:
        """People and accounts (a case told to a person), by how it went."""
        counts = {"people": 0, "told": 0, "unreachable": 0, "stopped": 0, "accounts": 0}
        for person, cases in self._by_person.items():
            ears = self._ears[person]
            counts["people"] += 1
            if any(ear.reachable and ear.notices for ear in ears):
                counts["told"] += 1
                counts["accounts"] += len(cases)
            elif any(ear.notices for ear in ears):
                counts["unreachable"] += 1
            else:
                counts["stopped"] += 1
        return counts

    def _params(self, cases: Sequence[Told]) -> dict[str, object]:
        lines: list[object] = []
        for place, one in enumerate(cases):
            if place < MOST_IN_FULL:
                lines += [""] * bool(lines) + [self._in_full(one)]
            else:
                lines += [""] * (place == MOST_IN_FULL) + [said("half.short", **_name(one))]
        today = self._batch.now.astimezone(self._zone).date()
        return {"day": day(today), "cases": lines, "half": self._batch.run.period}

    def _in_full(self, one: Told) -> Said:
        # A case with many supporters is put together once.
        known = self._said.get(one.case_id)
        if known is None:
            known = self._said[one.case_id] = said(
                "half.case", **_name(one), office=office(one.office), rest=self._rest(one)
            )
        return known

    def _rest(self, one: Told) -> list[str | Said]:
        deeds = self._deeds[one.case_id]
        rest = deed_lines(deeds, self._zone)
        words = newest_words(deeds)
        if words is not None:
            rest.append(words)
        elif one.last_word_at is None or one.last_word_at <= self._since:
            rest.append(self._silence(one))
        if one.planned_on is not None:
            rest.append(said("half.planned", planned=day(one.planned_on)))
        if one.question_waiting:
            rest.append(said("half.waiting"))
        elif one.due_at < self._batch.now:
            rest.append(said("half.overdue", due=day(one.due_at.astimezone(self._zone).date())))
        return rest

    def _silence(self, one: Told) -> Said:
        if self._batch.world.directory.phone(one.office):
            return said("half.silent", office=office(one.office), phone=phone_of(one.office))
        return said("half.silent_no_phone", office=office(one.office))


def _name(one: Told) -> Mapping[str, Param]:
    return {
        "number": str(CaseNumber(one.year, one.running)),
        "title": shortened(one.title, LONGEST_TITLE),
        "state": term(f"state.{one.state}"),
    }


def _choices(cases: Sequence[Told]) -> list[object]:
    one = len(cases) == 1
    choice = Choice("choice.look", f"case:{cases[0].case_id}") if one else Choice("menu.mine", "mine:0")
    return [[{"label": choice.label, "params": {}, "action": choice.action, "telephone": ""}]]
